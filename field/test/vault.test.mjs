import assert from "node:assert/strict";
import { test } from "node:test";
import { openDB } from "idb";
import { PIN, codeOf, enrolledPhone, fakeCaches, reopen, visit } from "./kit.mjs";

const troubleOf = (promise) => promise.then(() => null, (error) => error);

/** Everything in the database as one text, bytes as they are. */
async function dump(name) {
  const db = await openDB(name);
  const all = [];
  for (const store of db.objectStoreNames) if (store !== "round") for (const row of await db.getAll(store)) all.push(store, spelled(row));
  db.close();
  return all.join("\n");
}
const spelled = (value) => {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return Buffer.from(value.buffer || value).toString("latin1");
  if (value === null || typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, inner]) => `${name}=${spelled(inner)}`).join(" ");
};

test("without the PIN nothing is read, kept or sent, but the round and what waits are there", async () => {
  const { phone, server, environment } = await enrolledPhone();
  server.today = { day: "2026-11-20", villages: [{ code: "520102200201", name: "甲村" }], questions: [{ id: 1, text: "哪天去的" }], decisions: [{ visit: "x", ground: "照片不清" }] };
  await phone.refresh();
  await phone.keep(visit("520102200201", { note: "张大爷家的信" }));
  phone.lock();
  for (const call of [() => phone.list(), () => phone.keep(visit()), () => phone.notes(), () => phone.receipts(), () => phone.exportOutbox(), () => phone.draft("a"), () => phone.refresh(), () => phone.me()])
    assert.equal(await codeOf(Promise.resolve().then(call)), "locked");
  const flushed = await phone.flush("hand");
  assert.deepEqual([flushed.stopped.code, flushed.left, server.envelopes.size], ["locked", 1, 0]);
  assert.equal((await phone.round()).villages[0].name, "甲村");
  assert.equal((await phone.round()).decisions, undefined);
  assert.equal((await phone.status()).waiting.count, 1);
  const text = await dump(environment.name);
  const [token] = server.tokens.keys();
  for (const secret of ["张大爷", "520102200201", token, "照片不清", PIN]) assert.ok(!text.includes(secret) && !text.includes(Buffer.from(secret).toString("latin1")), secret);
  const copied = JSON.stringify([...environment.caches.all.values()].map((cache) => [...cache.values()]));
  assert.ok(copied.length > 100 && !copied.includes("520102200201") && !copied.includes(token));
  await phone.unlock(PIN);
  assert.equal((await phone.notes()).decisions[0].ground, "照片不清");
});

test("wrong PINs slow down, across a restart too, and a right one is forgiven", async () => {
  const { phone, environment } = await enrolledPhone();
  phone.lock();
  const left = [];
  for (let wrong = 0; wrong < 3; wrong++) left.push((await troubleOf(phone.unlock("000000"))).details.left);
  assert.deepEqual(left, [2, 1, 0]);
  const waiting = await troubleOf(phone.unlock(PIN));
  assert.deepEqual([waiting.code, waiting.details.wait_ms], ["wait", 15000]);
  environment.time.wall += 86400000; // setting the clock does not help
  assert.equal(await codeOf(phone.unlock(PIN)), "wait");
  environment.time.monotonic += 15001;
  assert.equal((await troubleOf(phone.unlock("000000"))).details.wait_ms, 30000);
  const again = await reopen(environment); // nor does a restart
  assert.equal(await codeOf(again.unlock(PIN)), "wait");
  environment.time.monotonic += 30001;
  await again.unlock(PIN);
  again.lock();
  assert.equal((await troubleOf(again.unlock("000000"))).details.left, 2);
});

test("the try is counted before it is made: killing the app does not make it free", async () => {
  const { phone, environment } = await enrolledPhone();
  const derive = environment.crypto.subtle.deriveBits;
  const crypto = new Proxy(globalThis.crypto, {
    get: (target, name) => (name === "subtle" ? new Proxy(target.subtle, { get: (inner, verb) => (verb === "deriveBits" ? () => new Promise(() => {}) : inner[verb].bind(inner)) }) : target[name].bind ? target[name].bind(target) : target[name]),
  });
  assert.ok(derive);
  await phone.close();
  for (let killed = 0; killed < 3; killed++) {
    const tab = await reopen({ ...environment, crypto });
    tab.unlock("000000");
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  assert.equal(await codeOf((await reopen(environment)).unlock(PIN)), "wait");
});

test("the PIN is changed, the old one opens nothing any more", async () => {
  const { phone, environment } = await enrolledPhone();
  await phone.keep(visit());
  assert.equal(await codeOf(phone.changePin("111111", "135790")), "wrong_pin");
  assert.equal(await codeOf(phone.changePin(PIN, "12a456")), "bad_pin");
  await phone.changePin(PIN, "135790");
  const again = await reopen(environment);
  assert.equal(await codeOf(again.unlock(PIN)), "wrong_pin");
  await again.unlock("135790");
  assert.equal((await again.list()).length, 1);
});

test("a forgotten PIN: the recovery text sets a new one, and nothing is lost", async () => {
  const { phone, environment, recovery } = await enrolledPhone();
  await phone.keep(visit());
  const again = await reopen(environment);
  assert.match(recovery, /^([2-9A-HJKMNP-Z]{5}-){4}[2-9A-HJKMNP-Z]{5}$/);
  assert.equal(await codeOf(again.recover("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "135790")), "wrong_recovery");
  await again.recover(recovery.toLowerCase(), "135790");
  assert.equal((await again.flush("hand")).kept, 1);
  again.lock();
  await again.unlock("135790");
});

test("the first copy lost: the second one gives back what waits, with the means to send it", async () => {
  const { phone, server, environment } = await enrolledPhone();
  const sent = await phone.keep(visit());
  await phone.flush("hand");
  const stored = await phone.keepVisit({ arrival: await phone.arrive(), villages: ["520102200201", "520102200202"], nothing_today: true });
  await phone.close();
  const fresh = await reopen({ ...environment, name: environment.name, openDatabase: (name, ...rest) => openDB(`${name}-emptied`, ...rest) });
  const status = await fresh.status();
  assert.deepEqual([status.lost, status.enrolled], [true, false]);
  assert.equal(await codeOf(fresh.restore("000000")), "wrong_pin");
  assert.deepEqual(await fresh.restore(PIN), { restored: 2 });
  assert.equal((await fresh.status()).lost, false);
  assert.equal(await codeOf(fresh.keep(visit())), "not_enrolled");
  assert.equal((await fresh.flush("hand")).kept, 2);
  assert.deepEqual([...server.envelopes.keys()], [sent.id, ...stored.map(({ id }) => id)]);
  server.codes.set("ZZZZZ22222", null);
  await fresh.enrol({ code: "ZZZZZ22222", pin: PIN });
  assert.equal((await fresh.keep(visit())).counter, 1);
  assert.equal((await fresh.flush("hand")).kept, 1);
});

test("a database set back to an older state takes the newer links from the copy: no fork", async () => {
  const { phone, server, environment } = await enrolledPhone();
  await phone.keep(visit());
  const before = await snapshot(environment.name);
  await phone.keep(visit());
  await phone.close();
  await setBack(environment.name, before);
  const again = await reopen(environment);
  await again.unlock(PIN);
  assert.equal((await again.keep(visit())).counter, 3);
  assert.equal((await again.flush("hand")).kept, 3);
  assert.equal(new Set([...server.envelopes.values()].map(({ text }) => JSON.parse(text).counter)).size, 3);
});

async function snapshot(name) {
  const db = await openDB(name);
  const rows = {};
  for (const store of db.objectStoreNames) rows[store] = await db.getAll(store);
  db.close();
  return rows;
}
async function setBack(name, rows) {
  const db = await openDB(name);
  for (const [store, old] of Object.entries(rows)) {
    await db.clear(store);
    for (const row of old) await db.put(store, row);
  }
  db.close();
}

test("a copy that cannot be written hinders nothing, and is made up for", async () => {
  const caches = { open: async () => Promise.reject(new Error("broken")), delete: async () => false };
  const { phone, server, environment } = await enrolledPhone({ caches });
  await phone.keep(visit());
  await phone.close();
  environment.caches = fakeCaches();
  const again = await reopen(environment);
  await again.unlock(PIN);
  await again.flush("timer");
  assert.equal(server.envelopes.size, 1);
  await again.keep(visit());
  await again.close();
  const [cache] = environment.caches.all.values();
  assert.equal([...cache.keys()].length, 2); // one row, one state: what has its receipt is not copied any more
});

test("a phone that is handed on forgets everything, when somebody says so", async () => {
  const { phone, environment } = await enrolledPhone();
  await phone.keep(visit());
  assert.equal(await codeOf(phone.forget({})), "aborted");
  await phone.forget({ sure: true });
  const status = await phone.status();
  assert.deepEqual([status.enrolled, status.lost, status.waiting.count], [false, false, 0]);
  assert.ok(!(await dump(environment.name)).includes("P-"));
});
