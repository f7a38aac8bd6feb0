import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { openDB } from "idb";
import { PIN, codeOf, enrolledPhone, environmentOf, fakeBridge, picture, reopen, visit } from "./kit.mjs";
import { createServer, fetchOf } from "./model-server.mjs";
import { isTrouble } from "../src/trouble.js";
import { openPhone } from "../src/phone.js";

const TODAY = { day: "2026-11-20", courier: { number: "K-1", name: "张三" }, villages: [{ code: "520102200201", name: "甲村" }], questions: [], decisions: [] };

test("today's round: asked with its tag, kept for a day without signal", async () => {
  const { phone, server, environment } = await enrolledPhone();
  assert.equal(await phone.round(), null);
  assert.deepEqual(await phone.notes(), { questions: [], decisions: [] });
  server.today = TODAY;
  assert.deepEqual([(await phone.refresh()).changed, (await phone.refresh()).changed], [true, false]);
  server.today = { ...TODAY, day: "2026-11-21" };
  assert.equal((await phone.refresh()).round.day, "2026-11-21");
  environment.fetch = () => Promise.reject(new TypeError("offline"));
  assert.equal(await codeOf(phone.refresh()), "network");
  assert.equal((await (await reopen(environment)).round()).villages[0].name, "甲村");
});

test("my data: the last answer stands in without signal, and says that it is old", async () => {
  const { phone, environment } = await enrolledPhone();
  const inner = environment.fetch;
  assert.deepEqual([(await phone.me("2026-11")).data.path, (await phone.me("2026-11")).fresh], ["/api/v1/field/me?month=2026-11", true]);
  environment.fetch = () => Promise.reject(new TypeError("offline"));
  assert.deepEqual([(await phone.me("2026-11")).fresh, await codeOf(phone.me("2026-10"))], [false, "network"]);
  environment.fetch = inner;
  assert.equal((await phone.findVillages("甲 村"))[0].name, "甲村");
  assert.deepEqual(await phone.checkVersion(), { minimum: 1, current: 2, message: "有新版本。", must_update: false, may_update: true });
  assert.equal((await phone.status()).app.current, 2);
});

test("the server's sentences come through, garbage becomes ours", async () => {
  const { phone, environment } = await enrolledPhone();
  const answers = [new Response("<h1>502</h1>", { status: 502 }), new Response("{", { status: 200 }), new Response(JSON.stringify({ code: "fieldwork.closed", message: "今天没有班期。" }), { status: 422 })];
  environment.fetch = async () => answers.shift();
  const troubles = [];
  for (let at = 0; at < 3; at++) troubles.push(await phone.refresh().catch((error) => error));
  assert.deepEqual(troubles.map(({ code }) => code), ["server", "server", "fieldwork.closed"]);
  assert.equal(troubles[2].message, "今天没有班期。");
  assert.ok(troubles.every((error) => isTrouble(error) && /[\u4e00-\u9fff]/.test(error.message)));
});

test("every request says who asks, with which app, at what time by the phone's clock, and takes no cookie along", async () => {
  const { phone, environment, server } = await enrolledPhone();
  let asked = null;
  environment.fetch = (url, options) => ((asked = options), fetchOf(server)(url, options));
  server.today = TODAY;
  await phone.refresh();
  assert.match(asked.headers.Authorization, /^Bearer T-/);
  assert.deepEqual([asked.headers["Puyou-App"], asked.headers["Device-Time"], asked.credentials, asked.cache], ["1", "2026-11-20T08:00:00.000+08:00", "omit", "no-store"]);
});

test("drafts survive, and are gone when dropped", async () => {
  const { phone, environment } = await enrolledPhone();
  const photo = await phone.holdPhoto(picture(100), "slip");
  await phone.saveDraft("visit", { village: "520102200201", photos: [photo] });
  const again = await reopen(environment);
  await again.unlock(PIN);
  const draft = await again.draft("visit");
  await again.keep(visit(draft.village, { photos: draft.photos }));
  await again.dropDraft("visit");
  assert.equal(await again.draft("visit"), null);
  assert.equal((await again.flush("hand")).photos, 1);
});

test("a photo that no form claimed is swept away after many openings, one that waits never", async () => {
  const { phone } = await enrolledPhone();
  const lost = await phone.holdPhoto(picture(100), "slip");
  const waiting = await phone.holdPhoto(picture(101), "slip");
  await phone.keep(visit("520102200201", { photos: [waiting] }));
  for (let at = 0; at < 31; at++) await phone.unlock(PIN);
  assert.equal(await phone.photo(lost.sha256), null);
  assert.ok(await phone.photo(waiting.sha256));
});

/** A database that is full: every put fails until something was deleted `after` times. */
function fullPhone(after) {
  const state = { full: false, deleted: 0 };
  const put = (target, args) => {
    if (state.full && state.deleted < after) throw new DOMException("full", "QuotaExceededError");
    return target.put(...args);
  };
  const store = (inner) =>
    new Proxy(inner, { get: (target, name) => (name === "put" ? async (...args) => put(target, args) : name === "delete" ? (...args) => ((state.deleted += 1), target.delete(...args)) : typeof target[name] === "function" ? target[name].bind(target) : target[name]) });
  const openDatabase = async (...args) => {
    const db = await openDB(...args);
    const transaction = (...what) => {
      const inner = db.transaction(...what);
      return { done: inner.done, abort: () => inner.abort(), get error() { return inner.error; }, objectStore: (name) => store(inner.objectStore(name)) };
    };
    return { transaction, close: () => db.close() };
  };
  return { state, openDatabase };
}

test("storage full: nothing half-saved, said clearly; what waits can still be sent", async () => {
  const { state, openDatabase } = fullPhone(Infinity);
  const { phone, server, environment } = await enrolledPhone({ openDatabase });
  await phone.keep(visit());
  state.full = true;
  assert.equal(await codeOf(phone.keep(visit())), "storage_full");
  assert.equal(await codeOf(phone.holdPhoto(picture(100), "slip")), "storage_full");
  const again = await reopen(environment);
  await again.unlock(PIN); // a full phone opens all the same
  assert.equal((await again.list()).length, 1);
  const flushed = await again.flush("hand");
  assert.deepEqual([server.envelopes.size, flushed.left, flushed.stopped.code], [1, 1, "storage_full"]);
  state.full = false;
  assert.equal((await again.keep(visit())).counter, 2);
  environment.time.pass(3600000);
  assert.equal((await again.flush("hand")).left, 0);
  assert.equal(server.envelopes.size, 2);
});

test("storage full: photos that the server has make room first, those that wait are never touched", async () => {
  const { state, openDatabase } = fullPhone(1);
  const { phone } = await enrolledPhone({ openDatabase });
  const sent = await phone.holdPhoto(picture(200), "slip");
  await phone.keep(visit("520102200201", { photos: [sent] }));
  await phone.flush("hand");
  const waiting = await phone.holdPhoto(picture(201), "slip");
  await phone.keep(visit("520102200201", { photos: [waiting] }));
  Object.assign(state, { full: true, deleted: 0 });
  assert.equal(await codeOf(phone.keep(visit())), "nothing");
  assert.equal(await phone.photo(sent.sha256), null);
  assert.ok(await phone.photo(waiting.sha256));
});

test("lasting storage is asked for; how full the phone is is told", async () => {
  let asked = 0;
  const storage = { persisted: async () => false, persist: async () => ((asked += 1), true), estimate: async () => ({ usage: 5, quota: 10 }) };
  const { phone } = await enrolledPhone({ storage });
  const { persisted, space } = await phone.status();
  assert.deepEqual([asked, persisted, space], [1, true, { used: 5, quota: 10 }]);
});

test("envelopes are tidied away forty days after their receipt by the server's clock; the receipt stays", async () => {
  const { phone, environment } = await enrolledPhone();
  const old = await phone.keep(visit());
  await phone.flush("hand");
  environment.time.wall += 400 * 86400000; // the clock is set; that makes nothing old
  await phone.unlock(PIN);
  assert.equal((await phone.list()).length, 1);
  await phone.keep(visit());
  await phone.flush("hand"); // the model's clock is the same one, so now time has really passed
  await phone.unlock(PIN);
  assert.equal((await phone.list()).length, 1);
  assert.ok((await phone.receipts()).some(({ id }) => id === old.id));
});

test("without a lasting database or without https it is said at once", async () => {
  const server = createServer();
  const broken = { ...environmentOf(server), openDatabase: async () => Promise.reject(new DOMException("private", "InvalidStateError")) };
  assert.equal(await codeOf(openPhone({ environment: broken, bridge: fakeBridge() })), "no_storage");
  assert.equal(await codeOf(openPhone({ environment: { ...environmentOf(server), crypto: {} }, bridge: fakeBridge() })), "no_crypto");
});

test("a new phone: every call says what is missing", async () => {
  const server = createServer();
  const phone = await openPhone({ environment: environmentOf(server), bridge: fakeBridge() });
  const status = await phone.status();
  assert.deepEqual([status.enrolled, status.locked, status.courier, status.lost, status.waiting.sentence], [false, true, null, false, "全部已上传"]);
  assert.equal(await codeOf(phone.unlock(PIN)), "not_enrolled");
  assert.equal(await codeOf(phone.restore(PIN)), "nothing_to_restore");
});

test("screens in every tab hear of a change", async () => {
  const pipes = new Set();
  const channel = () => {
    const pipe = { postMessage: (data) => pipes.forEach((other) => other !== pipe && other.onmessage({ data })), close: () => pipes.delete(pipe), onmessage: () => {} };
    pipes.add(pipe);
    return pipe;
  };
  const { phone, environment } = await enrolledPhone({ channel });
  const other = await reopen(environment);
  let heard = 0;
  const off = other.on("change", () => (heard += 1));
  await phone.keep(visit());
  assert.equal(heard, 1);
  off();
  await phone.keep(visit());
  assert.equal(heard, 1);
});

const source = path.resolve(import.meta.dirname, "../src");
const own = ["outbox", "store", "crypto", "device", "api"].flatMap((folder) => readdirSync(path.join(source, folder)).map((name) => `${folder}/${name}`));
const modules = [...own, "phone.js", "enrolment.js", "environment.js", "events.js", "trouble.js", "version.js"].map((name) => [name, readFileSync(path.join(source, name), "utf8")]);

test("only enrolment, send.js and photos.js write to the network; one module calls fetch", () => {
  const writing = modules.filter(([, text]) => /"(POST|PUT|PATCH|DELETE)"/.test(text)).map(([name]) => name);
  assert.deepEqual(writing.sort(), ["api/enrol.js", "outbox/photos.js", "outbox/send.js"]);
  assert.deepEqual(modules.filter(([, text]) => /\.fetch\(/.test(text)).map(([name]) => name).sort(), ["api/request.js", "environment.js"]);
});

test("modules open with what they are for, stay small, and use nothing that Chromium 80 lacks", () => {
  const missing = /structuredClone|\.at\(-?\d|randomUUID|replaceAll|allSettled|Promise\.any|\?\?=|\|\|=|&&=|#\w+\(|Object\.hasOwn|Array\.fromAsync|\.findLast|WeakRef|toSorted|Error\([^)]*, \{ cause/;
  for (const [name, text] of modules) {
    assert.match(text, /^\/\/ \S.{15,}[.:]/, name);
    assert.ok(text.split("\n").length <= 250, `${name} is long`);
    assert.doesNotMatch(text, missing, name);
    assert.doesNotMatch(text, /^await /m, `${name} waits at its top`);
  }
});

test("every trouble that is thrown has its sentence", () => {
  const catalogue = modules.find(([name]) => name === "trouble.js")[1];
  for (const [name, text] of modules) for (const [, code] of text.matchAll(/(?:new Trouble|fail)\("(\w+)"/g)) assert.match(catalogue, new RegExp(`^  ${code}: "`, "m"), `${name}: ${code}`);
});
