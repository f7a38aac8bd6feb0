import assert from "node:assert/strict";
import { test } from "node:test";
import { CODE, chainFaults } from "./model-server.mjs";
import { PIN, codeOf, enrolledPhone, environmentOf, fakeBridge, reopen, visit } from "./kit.mjs";
import { createServer, fetchOf } from "./model-server.mjs";
import { openPhone } from "../src/phone.js";

test("a visit is kept, sent, and its receipt stays", async () => {
  const { phone, server } = await enrolledPhone();
  const stored = await phone.keep(visit());
  assert.equal(stored.counter, 1);
  assert.equal((await phone.waiting()).sentence, "1 条待上传，刚刚");
  const flushed = await phone.flush("hand");
  assert.deepEqual([flushed.kept, flushed.left, flushed.sentence], [1, 0, "已上传 1 条"]);
  assert.deepEqual([...server.envelopes.keys()], [stored.id]);
  const [entry] = await phone.list();
  assert.deepEqual([entry.status, entry.receipt.status, entry.payload.village], ["kept", "accepted", "520102200201"]);
  const [receipt] = await phone.receipts();
  assert.deepEqual([receipt.id, receipt.kind, receipt.village], [stored.id, "visit", "520102200201"]);
});

test("one 到了 serves all villages of a point: one stop, own counts, chained, stored together", async () => {
  const { phone, server } = await enrolledPhone();
  const arrival = await phone.arrive();
  const each = { 520102200202: { handed: { letters: 2 }, nothing_today: false } };
  await phone.keepVisit({ arrival, villages: ["520102200201", "520102200202"], each, nothing_today: true, note: "" });
  await phone.flush("hand");
  const texts = [...server.envelopes.values()].map(({ text }) => text);
  const payloads = texts.map((text) => JSON.parse(text).payload);
  assert.equal(new Set(payloads.map((payload) => payload.stop)).size, 1);
  assert.deepEqual(payloads.map((payload) => payload.handed), [undefined, { letters: 2 }]);
  assert.ok(payloads.every((payload) => !("note" in payload) && payload.clock.session && payload.permission.camera === null));
  assert.deepEqual(chainFaults(texts), []);
});

test("an unsent visit is undone by a withdrawal, a sent one is corrected by a new one", async () => {
  const { phone, server } = await enrolledPhone();
  const first = await phone.keep(visit());
  const undone = await phone.undo(first.id, "点错了");
  await phone.flush("hand");
  const second = await phone.keep(visit("520102200203", { handed: { letters: 1 }, nothing_today: false }));
  await phone.flush("hand");
  const corrected = await phone.correct(second.id, { handed: { letters: 3 } });
  await phone.flush("hand");
  const last = JSON.parse(server.envelopes.get(corrected.id).text);
  assert.deepEqual([last.payload.corrects, last.payload.handed.letters, last.payload.village], [second.id, 3, "520102200203"]);
  const entries = new Map((await phone.list()).map((entry) => [entry.id, entry]));
  assert.equal(entries.get(first.id).withdrawn_by, undone.id);
  assert.equal(entries.get(second.id).corrected_by, corrected.id);
  assert.equal(await codeOf(phone.undo("nobody", "x")), "unknown_envelope");
});

test("a refused envelope stays with its reason, and may be tried again word for word", async () => {
  const { phone, server } = await enrolledPhone();
  server.refuse = () => "unknown_village";
  const { id } = await phone.keep(visit());
  await phone.flush("hand");
  const [entry] = await phone.list({ status: "refused" });
  assert.deepEqual([entry.id, entry.refusal.code, entry.refusal.message], [id, "unknown_village", "模型：unknown_village"]);
  assert.equal((await phone.waiting()).sentence, "1 条被退回");
  server.refuse = () => null;
  await phone.retry(id);
  await phone.flush("hand");
  assert.equal((await phone.list())[0].status, "kept");
});

test("halves of characters are mended, not refused", async () => {
  const { phone, server } = await enrolledPhone();
  const { id } = await phone.keep(visit("520102200201", { note: "到\ud83d了" }));
  await phone.flush("hand");
  assert.equal(JSON.parse(server.envelopes.get(id).text).payload.note, "到\ufffd了");
});

test("an envelope over the limit is not kept and leaves no hole in the chain", async () => {
  const { phone } = await enrolledPhone();
  assert.equal(await codeOf(phone.keep(visit("520102200201", { note: "长".repeat(30000) }))), "too_long");
  assert.equal((await phone.keep(visit())).counter, 1);
});

test("fifty go in one batch, oldest first, and a batch stays below a mebibyte", async () => {
  const { phone, server, environment } = await enrolledPhone();
  const batches = [];
  const inner = environment.fetch;
  environment.fetch = (url, options) => {
    if (url.endsWith("/envelopes")) batches.push(JSON.parse(options.body).envelopes.map((envelope) => envelope.counter));
    assert.ok(Buffer.byteLength(options.body) < 1024 * 1024);
    return inner(url, options);
  };
  for (let at = 0; at < 90; at++) await phone.keep(visit("520102200201", at < 30 ? { note: "长".repeat(15000) } : {}));
  await phone.flush("hand");
  assert.equal(server.envelopes.size, 90);
  assert.deepEqual(batches.flat(), Array.from({ length: 90 }, (_, at) => at + 1));
  assert.deepEqual(batches.map((batch) => batch.length <= 50), [true, true, true]);
});

test("two tabs keep at the same time: one chain", async () => {
  for (const locks of [undefined, null]) {
    const { phone, server, environment } = await enrolledPhone(locks === null ? { locks } : {});
    const other = await reopen(environment);
    await other.unlock(PIN);
    await Promise.all(Array.from({ length: 12 }, (_, at) => (at % 2 ? phone : other).keep(visit())));
    const [one, two] = await Promise.all([phone.flush("hand"), other.flush("hand")]);
    assert.equal(one.kept + two.kept, 12);
    assert.equal([one, two].filter((flushed) => flushed.busy).length, 1);
    assert.deepEqual(chainFaults([...server.envelopes.values()].map(({ text }) => text)), []);
  }
});

test("revoked: the outbox stays, the reason is said and remembered, and the way back is open", async () => {
  const { phone, server, environment } = await enrolledPhone();
  await phone.keep(visit());
  const [token] = server.tokens.keys();
  server.ended.add(token);
  const flushed = await phone.flush("hand");
  assert.deepEqual(flushed.stopped, { code: "ingest.revoked_token", message: "模型：ingest.revoked_token" });
  assert.equal((await phone.waiting()).count, 1);
  assert.equal((await (await reopen(environment)).status()).stopped.code, "ingest.revoked_token");
  server.ended.clear();
  assert.equal((await phone.flush("hand")).kept, 1);
  assert.equal((await phone.status()).stopped, null);
});

test("another courier on the phone: what waited is sent under the old key, and not shown to the new one", async () => {
  const { phone, server } = await enrolledPhone();
  await phone.keep(visit());
  server.codes.set("ZZZZZ22222", null);
  server.courier = "K-2";
  assert.deepEqual(await phone.enrol({ code: "zzzzz-22222", pin: PIN }), { courier: { number: "K-2", name: "张三K-2" }, recovery: null });
  const fresh = await phone.keep(visit("520102200209"));
  assert.equal(fresh.counter, 1);
  assert.equal((await phone.flush("hand")).kept, 2);
  assert.equal(new Set([...server.envelopes.values()].map(({ device }) => device)).size, 2);
  assert.deepEqual((await phone.list()).map((entry) => entry.id), [fresh.id]);
});

test("a lost answer to an enrolment is asked again with the same key", async () => {
  const server = createServer({});
  const environment = environmentOf(server);
  let lose = true;
  environment.fetch = async (url, options) => {
    const answered = await fetchOf(server)(url, options);
    if (lose && url.endsWith("/enrolments")) throw new TypeError("lost");
    return answered;
  };
  const phone = await openPhone({ environment, bridge: fakeBridge() });
  assert.equal(await codeOf(phone.enrol({ code: "abcde", pin: PIN })), "bad_code_form");
  assert.equal(await codeOf(phone.enrol({ code: CODE, pin: "12345" })), "bad_pin");
  assert.equal(await codeOf(phone.enrol({ code: CODE, pin: PIN })), "network");
  assert.equal((await phone.status()).enrolled, false);
  lose = false;
  const again = await reopen(environment);
  assert.equal((await again.enrol({ code: "ABCDE-23456", pin: PIN })).courier.number, "K-1");
  assert.equal(server.keys.size, 1);
  assert.equal(await codeOf(again.keep(visit())), "nothing");
});
