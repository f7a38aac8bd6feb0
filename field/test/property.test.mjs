// Phone and server agree after any schedule of bad days, on the real code of the outbox.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { deleteDB, openDB } from "idb";
import { keyOfCode } from "../src/crypto/pin.js";
import { readCode } from "../src/crypto/random.js";
import { openBytes } from "../src/crypto/sealed.js";
import { fromUtf8, toBytes } from "../src/crypto/base64url.js";
import { isTrouble } from "../src/trouble.js";
import { openPhone } from "../src/phone.js";
import { CODE, chainFaults, createServer } from "./model-server.mjs";
import { PIN, fakeBridge, picture } from "./kit.mjs";
import { Killed, WEATHERS, createWorld, numbers } from "./world.mjs";

const SEED = Number(process.env.PUYOU_SEED || 20261120);
const RUNS = Number(process.env.PUYOU_RUNS || 400);
const TIME_LIMIT = Number(process.env.PUYOU_LIMIT || 14000);
const DAY = 86400000;
const seen = {};
let worlds = 0;

const tab = fc.integer({ min: 0, max: 1 });
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("keep"), tab, many: fc.integer({ min: 1, max: 3 }), photo: fc.boolean(), bad: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("undo"), tab }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("correct"), tab }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("flush"), tab, times: fc.integer({ min: 1, max: 5 }), why: fc.constantFrom("hand", "timer", "online") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("file"), tab }) },
);
const weather = fc.record({ do: fc.constant("weather"), kinds: fc.subarray(WEATHERS, { maxLength: 5 }), badness: fc.constantFrom(0.3, 0.7, 1) });
const step = fc.oneof(
  { weight: 12, arbitrary: act },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("both"), one: act, two: act }) },
  { weight: 3, arbitrary: weather },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("killing"), chance: fc.constantFrom(0, 0.003, 0.01, 0.04) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("full"), chance: fc.constantFrom(0, 0.3, 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass"), ms: fc.constantFrom(1000, 60000, 7200000, 10 * DAY) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("clock"), to: fc.constantFrom("right", "1970", "ahead", "behind") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("arrive") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart"), tab }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lock"), tab }) },
);

class Story {
  constructor(seed, leases) {
    this.random = numbers(seed);
    this.server = createServer({ now: () => this.world.now, part: 100 });
    this.server.refuse = (envelope) => (envelope.payload.note === "坏" ? "bad_field" : null);
    this.name = `story-${(worlds += 1)}`;
    this.world = createWorld({ server: this.server, random: this.random, leases, name: this.name });
    this.promised = new Set(); // 已存在手机里
    this.tabs = [null, null];
  }

  async begin() {
    const first = await this.open(0, false);
    await first.phone.enrol({ code: CODE, pin: PIN });
    await this.open(1);
  }

  async open(at, unlock = true) {
    const { killing, full } = this.world;
    Object.assign(this.world, { killing: 0, full: 0 });
    const opened = this.world.openTab();
    opened.phone = await openPhone({ environment: opened.environment, bridge: fakeBridge() });
    if (unlock) await opened.phone.unlock(PIN);
    this.tabs[at] = opened;
    Object.assign(this.world, { killing, full });
    return opened;
  }

  /** Memory for the next story. */
  async end() {
    for (const { kill } of this.world.tabs) kill();
    await deleteDB(this.name);
  }

  async restart(at) {
    if (this.tabs[at].alive) this.tabs[at].kill();
    await this.open(at);
  }

  /** Do it in a tab; troubles that a person would be told are fine, a dead tab is opened again, anything else is a fault. */
  async inTab(at, work) {
    const { phone } = this.tabs[at];
    if (!(await phone.status().catch(() => ({ locked: false }))).locked || !this.tabs[at].alive) return this.tried(at, () => work(phone));
    return this.tried(at, async () => (await phone.unlock(PIN), work(phone)));
  }

  async tried(at, work) {
    try {
      await work();
    } catch (error) {
      const dead = error instanceof Killed || error.cause instanceof Killed || !this.tabs[at].alive;
      if (!dead && !isTrouble(error)) throw error;
      if (!dead) this.world.count(`trouble ${error.code}`);
    }
  }

  async keep(phone, { many, photo, bad }) {
    const photos = photo ? [await phone.holdPhoto(picture(150 + Math.floor(this.random() * 200), 1 + Math.floor(this.random() * 200)), "slip")] : undefined;
    const villages = Array.from({ length: many }, (_, at) => `52010220020${at}`);
    const stored = await phone.keepVisit({ arrival: await phone.arrive(), villages, photos, note: bad ? "坏" : "" });
    stored.forEach(({ id }) => this.promised.add(id));
  }

  async about(phone, verb) {
    const visits = (await phone.list()).filter((entry) => entry.kind === "visit");
    if (!visits.length) return;
    const { id } = visits[Math.floor(this.random() * visits.length)];
    const stored = verb === "undo" ? await phone.undo(id, "点错了") : await phone.correct(id, { nothing_today: true });
    this.promised.add(stored.id);
  }

  async file(phone) {
    const { blob, key } = await phone.exportOutbox();
    await phone.importOutbox(blob, key);
  }

  async flush(phone, { why, times }) {
    for (let again = 0; again < times; again++) {
      const { again_in_ms: wait } = await phone.flush(why);
      if (this.random() < 0.7) this.world.pass(wait || 1000);
      if (this.random() < 0.3) await this.world.arrive();
    }
  }

  async act(action) {
    const how = {
      keep: (phone) => this.keep(phone, action),
      undo: (phone) => this.about(phone, "undo"),
      correct: (phone) => this.about(phone, "correct"),
      flush: (phone) => this.flush(phone, action),
      file: (phone) => this.file(phone),
    };
    await this.inTab(action.tab, how[action.do]);
  }

  async take(one) {
    const { world } = this;
    if (one.do === "both") await Promise.all([this.act({ ...one.one, tab: 0 }), this.act({ ...one.two, tab: 1 })]);
    else if (one.do === "weather") Object.assign(world, { weather: one.kinds, badness: one.badness });
    else if (one.do === "killing") world.killing = one.chance;
    else if (one.do === "full") world.full = one.chance;
    else if (one.do === "pass") world.pass(one.ms);
    else if (one.do === "clock") world.wallOffset = { right: 0, 1970: -world.now + 1000, ahead: 3 * DAY, behind: -2 * DAY }[one.to];
    else if (one.do === "arrive") await world.arrive();
    else if (one.do === "restart") await this.restart(one.tab);
    else if (one.do === "lock") await this.inTab(one.tab, (phone) => phone.lock());
    else await this.act(one);
    for (const at of [0, 1]) if (!this.tabs[at].alive) await this.open(at);
    await this.nothingLeft(one);
  }

  async rows() {
    const db = await openDB(this.name);
    const [rows, receipts] = [await db.getAll("outbox"), await db.getAllKeys("receipts")];
    db.close();
    return { rows: new Map(rows.map((row) => [row.id, row])), receipts: new Set(receipts) };
  }

  /** At any moment: what was promised is in the outbox, and only what the server has is called kept. */
  async nothingLeft(after) {
    const { rows, receipts } = await this.rows();
    for (const id of receipts) assert.ok(this.server.envelopes.has(id), `${id} has a receipt that was never given`);
    for (const id of this.promised) assert.ok(rows.has(id) || receipts.has(id), `${id} left the outbox after ${JSON.stringify(after)}`);
    for (const { id, status, digest, receipt } of rows.values()) {
      if (status !== "kept") continue;
      const there = this.server.envelopes.get(id);
      assert.ok(there, `${id} is called received after ${JSON.stringify(after)}`);
      assert.deepEqual([there.digest, there.received_at], [digest, receipt.received_at]);
    }
  }

  async goodDays() {
    Object.assign(this.world, { weather: [], badness: 0, killing: 0, full: 0, wallOffset: 0 });
    await Promise.all([0, 1].map((at) => this.restart(at)));
    const [{ phone }] = this.tabs;
    while (this.world.delayed.length) await this.world.arrive();
    await this.drain(phone);
    for (const { id } of await phone.list({ status: "refused", limit: 1e6 })) await phone.retry(id);
    await this.drain(phone);
    return phone;
  }

  async drain(phone) {
    for (let tries = 0; tries < 60; tries++) {
      const { left, photos_left: photos, stopped, busy } = await phone.flush("timer");
      assert.equal(stopped, null);
      if (!left && !photos && !busy) return;
      this.world.pass(3600000);
    }
    assert.fail("the line did not empty on good days");
  }

  async agree(phone) {
    const entries = new Map((await phone.list({ limit: 1e6 })).map((entry) => [entry.id, entry]));
    const receipts = new Set((await phone.receipts({ limit: 1e6 })).map(({ id }) => id));
    for (const id of this.promised) assert.ok(entries.has(id) || receipts.has(id), "promised and gone");
    for (const [id, { status }] of entries) {
      assert.ok(status === "kept" || status === "refused", status);
      assert.equal(this.server.envelopes.has(id), status === "kept", `${status} on the phone`);
      assert.equal(receipts.has(id), status === "kept");
    }
    for (const id of this.server.envelopes.keys()) assert.ok(receipts.has(id), "the server has what the phone has not");
    const texts = [...[...this.server.envelopes.values()].map(({ text }) => text), ...(await refusedTexts(phone))];
    assert.deepEqual(chainFaults(texts), []);
    for (const { photos } of [...entries.values()].filter(({ status }) => status === "kept")) for (const photo of photos) this.whole(photo);
  }

  whole({ sha256, status }) {
    const there = this.server.photos.get(sha256);
    assert.deepEqual([status, there && there.complete], ["complete", true]);
    assert.equal(createHash("sha256").update(there.bytes).digest("hex"), sha256);
  }
}

async function refusedTexts(phone) {
  const file = await phone.exportOutbox({ photos: false }).catch(() => null);
  if (!file) return [];
  const { iv, data } = JSON.parse(await file.blob.text());
  const key = await keyOfCode(globalThis.crypto, readCode(file.key, 25), "export");
  const inside = JSON.parse(fromUtf8(await openBytes(globalThis.crypto, key, { iv: toBytes(iv), data: toBytes(data) }, "puyou-outbox-1")));
  return inside.envelopes.map(({ text }) => text);
}

test("after any schedule followed by good days, phone and server agree", async (context) => {
  const told = fc.asyncProperty(weather, fc.array(step, { minLength: 4, maxLength: 30 }), fc.integer(), fc.boolean(), async (sky, steps, seed, leases) => {
    const story = new Story(seed, leases);
    await story.begin();
    for (const one of [sky, ...steps]) await story.take(one);
    await story.agree(await story.goodDays());
    for (const [what, often] of Object.entries(story.world.seen)) seen[what] = (seen[what] || 0) + often;
    await story.end();
    seen.stories = (seen.stories || 0) + 1;
    seen.promised = (seen.promised || 0) + story.promised.size;
  });
  await fc.assert(told, { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT, verbose: 1 });
  context.diagnostic(JSON.stringify(seen));
  assert.ok(seen.stories >= 15, "too few stories to say anything");
  if (seen.stories >= 150) for (const what of [...WEATHERS, "killed", "full", "arrived late"]) assert.ok(seen[what] > 0, `${what} never happened`);
});
