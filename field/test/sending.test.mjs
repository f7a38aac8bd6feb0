import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { PIN, codeOf, enrolledPhone, picture, reopen, visit } from "./kit.mjs";
import { createServer, fetchOf } from "./model-server.mjs";
import { createPauses } from "../src/outbox/pauses.js";
import { judge } from "../src/outbox/answers.js";
import { ago, flushSentence, waitingSentence } from "../src/outbox/texts.js";

const reply = (status, data, headers = {}) => new Response(typeof data === "string" ? data : JSON.stringify(data), { status, headers });

/** Answers of our own for some requests; null lets the model answer. */
function between(environment, server, interfere) {
  const inner = fetchOf(server);
  environment.fetch = async (url, options) => (await interfere(url, options)) || inner(url, options);
}

test("receipts are believed by id and place, never otherwise", () => {
  const rows = [{ id: "a" }, { id: "b" }];
  const kept = (id) => ({ id, status: "accepted", received_at: "2026-11-20T00:00:00Z" });
  const verdict = (status, data) => judge({ status, data, retry_after_ms: null }, rows);
  assert.deepEqual(verdict(200, { receipts: [kept("a"), kept("b")] }).receipts.map(Boolean), [true, true]);
  assert.deepEqual(verdict(200, { receipts: [kept("b"), kept("a")] }).receipts, [null, null]);
  assert.deepEqual(verdict(200, { receipts: [{ id: "a", status: "accepted" }, { id: "b", status: "well" }] }).receipts, [null, null]);
  assert.deepEqual(verdict(200, { receipts: [{ id: null, status: "refused", code: "bad_json" }, { id: "a", status: "refused", code: "x" }] }).receipts.map(Boolean), [true, false]);
  for (const data of [undefined, null, [], { receipts: [kept("a")] }, { receipts: "ok" }]) assert.equal(verdict(200, data).how, "pause");
  for (const status of [201, 400, 404, 500, 502]) assert.equal(verdict(status, { receipts: [kept("a"), kept("b")] }).how, "pause");
  assert.equal(verdict(403, undefined).how, "pause"); // a portal in between, not the server
  assert.deepEqual(verdict(403, { code: "ingest.revoked_token", message: "已停用" }), { how: "stop", code: "ingest.revoked_token", message: "已停用" });
});

test("pauses grow with jitter up to ten minutes; what the server told is kept, by hand too", () => {
  let now = 0;
  const pauses = createPauses({ monotonic: () => now, random: () => 0.5 });
  const grown = Array.from({ length: 9 }, () => pauses.failed());
  assert.deepEqual(grown, [5000, 10000, 20000, 40000, 80000, 160000, 320000, 600000, 600000]);
  assert.deepEqual([pauses.left(false), pauses.left(true)], [600000, 0]);
  pauses.failed(30000);
  assert.deepEqual([pauses.left(false), pauses.left(true)], [31500, 31500]);
  now += 31500;
  assert.equal(pauses.left(false), 0);
  pauses.worked();
  assert.equal(pauses.failures, 0);
});

test("413 halves the batch until it passes", async () => {
  const { phone, server, environment } = await enrolledPhone();
  const sizes = [];
  between(environment, server, (url, { body }) => {
    if (!url.endsWith("/envelopes")) return null;
    const { length } = JSON.parse(body).envelopes;
    sizes.push(length);
    return length > 3 ? reply(413, { code: "ingest.too_much_sent", message: "太多" }) : null;
  });
  for (let at = 0; at < 10; at++) await phone.keep(visit());
  assert.equal((await phone.flush("hand")).kept, 10);
  assert.deepEqual(sizes.slice(0, 3), [10, 5, 2]);
});

test("one envelope that the server cannot stomach does not hold up the others", async () => {
  const { phone, server, environment } = await enrolledPhone();
  const { id } = await phone.keep(visit());
  for (let at = 0; at < 6; at++) await phone.keep(visit());
  let sick = true;
  between(environment, server, (url, { body }) => (sick && url.endsWith("/envelopes") && body.includes(id) ? reply(500, "<h1>oops</h1>") : null));
  for (let at = 0; at < 12; at++) await phone.flush("hand");
  assert.equal(server.envelopes.size, 6);
  sick = false;
  await phone.flush("hand");
  assert.equal(server.envelopes.size, 7);
});

test("429 and 503 wait as told; nothing is asked before", async () => {
  const { phone, server, environment } = await enrolledPhone();
  await phone.keep(visit());
  let asked = 0;
  between(environment, server, (url) => (url.endsWith("/envelopes") && (asked += 1) === 1 ? reply(503, { code: "core.closed", message: "维护" }, { "Retry-After": "120" }) : null));
  const first = await phone.flush("timer");
  assert.ok(first.again_in_ms >= 120000 && first.again_in_ms <= 132000);
  assert.match(first.sentence, /还有 1 项，1[23]\d 秒后自动重试/);
  await phone.flush("hand");
  assert.equal(asked, 1);
  environment.time.pass(133000);
  assert.equal((await phone.flush("timer")).kept, 1);
});

test("airplane mode in the middle: the answer is lost, the repeat is a duplicate with the first receipt", async () => {
  const { phone, server, environment } = await enrolledPhone();
  const { id } = await phone.keep(visit());
  let lost = false;
  environment.fetch = async (url, options) => {
    const answered = await fetchOf(server)(url, options);
    if (!lost && url.endsWith("/envelopes")) throw ((lost = true), new TypeError("gone"));
    return answered;
  };
  const first = await phone.flush("hand");
  assert.deepEqual([first.left, first.stopped], [1, null]);
  assert.equal((await phone.list())[0].status, "waiting");
  await phone.flush("hand");
  const [entry] = await phone.list();
  assert.deepEqual([entry.receipt.status, entry.receipt.received_at], ["duplicate", server.envelopes.get(id).received_at]);
});

test("ten days without signal: all is kept, the sentence says since when, then all goes in order", async () => {
  const { phone, server, environment } = await enrolledPhone();
  let signal = false;
  between(environment, server, () => (signal ? null : Promise.reject(new TypeError("offline"))));
  for (let day = 0; day < 10; day++) {
    for (let at = 0; at < 8; at++) await phone.keep(visit());
    environment.time.pass(86400000);
    await phone.flush("timer");
  }
  assert.equal((await phone.waiting()).sentence, "80 条待上传，最早 10 天前");
  signal = true;
  environment.time.pass(86400000);
  assert.equal((await phone.flush("online")).kept, 80);
  assert.deepEqual([...server.envelopes.values()].map(({ text }) => JSON.parse(text).counter), Array.from({ length: 80 }, (_, at) => at + 1));
});

test("the nonce of the last contact signs the next envelope", async () => {
  const { phone, server, environment } = await enrolledPhone();
  const first = await phone.keep(visit());
  environment.time.pass(60000);
  await phone.flush("hand");
  const second = await phone.keep(visit());
  await phone.flush("hand");
  const nonce = (id) => JSON.parse(server.envelopes.get(id).text).proof.nonce;
  assert.notEqual(nonce(first.id), nonce(second.id));
});

test("a hung line is given up, and the line is not", async () => {
  const { phone, server, environment } = await enrolledPhone();
  await phone.keep(visit());
  environment.setTimeout = (work, ms) => (ms === 60000 ? setImmediate(work) : null);
  environment.clearTimeout = () => {};
  let asked = 0;
  environment.fetch = (url, options) =>
    (asked += 1) > 1 ? fetchOf(server)(url, options) : new Promise((_, reject) => options.signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
  assert.equal((await phone.flush("hand")).left, 1);
  environment.setTimeout = () => null;
  assert.equal((await phone.flush("hand")).kept, 1);
});

test("triggers: on opening, coming online, returning, and by the timer as told; none after stop", async () => {
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const timers = [];
  const { phone, server, environment } = await enrolledPhone({ page, document, setTimeout: (work, ms) => timers.push({ work, ms }), clearTimeout: (handle) => handle && (timers[handle - 1].work = () => {}) });
  const flushed = () => new Promise((resolve) => { const off = phone.on("flush", (result) => (off(), resolve(result))); });
  await phone.keep(visit());
  const [opened] = await Promise.all([flushed(), phone.start()]);
  assert.equal(opened.kept, 1);
  for (const event of ["online", "pageshow"]) {
    await phone.keep(visit());
    const told = flushed();
    page.dispatchEvent(new Event(event));
    assert.equal((await told).kept, 1, event);
  }
  await phone.keep(visit());
  const told = flushed();
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal((await told).kept, 1);
  await phone.keep(visit());
  const timed = flushed();
  const timer = timers.filter(({ ms }) => ms === 60000).pop();
  timer.work();
  assert.equal((await timed).kept, 1);
  phone.stop();
  await phone.keep(visit());
  page.dispatchEvent(new Event("online"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(server.envelopes.size, 5);
  assert.ok(environment.page === page);
});

test("sentences", () => {
  const waiting = (changes) => waitingSentence({ count: 0, photos: 0, refused: 0, oldest_at: null, ...changes }, 7200000);
  assert.equal(waiting({}), "全部已上传");
  assert.equal(waiting({ count: 3, oldest_at: 0, photos: 2, refused: 1 }), "3 条待上传，最早 2 小时前，2 张照片待上传，1 条被退回");
  assert.equal(waiting({ count: 3, oldest_at: 9e12 }), "3 条待上传"); // a clock that was set says nothing
  assert.deepEqual([0, 61000, 3700000, 90000000, -1e9, 1e12].map(ago), ["刚刚", "1 分钟前", "1 小时前", "1 天前", "", ""]);
  assert.equal(flushSentence({ busy: true }), "正在上传");
});

test("photos: golden examples, the model answers as the server does", async () => {
  const folder = path.resolve(import.meta.dirname, "../../contracts/golden/photos");
  for (const file of readdirSync(folder)) {
    const { steps } = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
    const server = createServer();
    server.tokens.set("T", "P-1");
    for (const { request, json, send, status, answer } of steps) {
      const [method, where] = request.split(" ");
      const body = json ? JSON.stringify(json) : Buffer.from(send || "");
      const [got, data] = await server.handle({ method, path: where, headers: { Authorization: "Bearer T" }, body });
      assert.equal(got, status, `${file}: ${request}`);
      for (const [name, value] of Object.entries(answer)) assert.deepEqual(data[name], value, `${file}: ${request}`);
    }
  }
});

async function withPhoto(size = 950) {
  const made = await enrolledPhone();
  const photo = await made.phone.holdPhoto(picture(size), "slip");
  await made.phone.keep(visit("520102200201", { photos: [photo] }));
  return { ...made, photo };
}
const parts = (log) => log.filter((line) => line.startsWith("PUT")).map((line) => Number(line.split("from=")[1]));

test("text first, photos after, in parts that resume where the server is", async () => {
  const { phone, server, environment, photo } = await withPhoto();
  let left = 4;
  between(environment, server, (url, { method }) => (method === "PUT" && left-- <= 0 && left > -2 ? Promise.reject(new TypeError("gone")) : null));
  const first = await phone.flush("hand");
  assert.deepEqual([first.kept, first.photos, first.photos_left], [1, 0, 1]);
  assert.ok(server.log.findIndex((line) => line.includes("envelopes")) < server.log.findIndex((line) => line.includes("photos")));
  const again = await reopen(environment);
  await again.unlock(PIN);
  assert.equal((await again.flush("hand")).photos, 1);
  assert.deepEqual(parts(server.log), [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  assert.ok(server.photos.get(photo.sha256).complete);
  assert.equal((await again.waiting()).sentence, "全部已上传");
});

test("a photo's bytes that rot on the server begin anew; parts that are too big are cut", async () => {
  const { phone, server, environment, photo } = await withPhoto(300);
  let wrong = true;
  between(environment, server, (url, { method }) => {
    if (!wrong || method !== "PUT") return null;
    wrong = false;
    server.photos.get(photo.sha256).bytes = Buffer.alloc(100, 1); // and so the part that comes does not fit: 409, then a wrong hash
    return null;
  });
  assert.equal((await phone.flush("hand")).photos, 1);
  assert.deepEqual(parts(server.log), [0, 100, 200, 0, 100, 200]);
});

test("a server that wants smaller parts gets them", async () => {
  const { phone, server, environment } = await enrolledPhone({ part_bytes: 20000, server: createServer({ part: 6000 }) });
  const photo = await phone.holdPhoto(picture(30000), "place");
  await phone.keep(visit("520102200201", { photos: [photo] }));
  assert.equal((await phone.flush("hand")).photos, 1);
  assert.equal(parts(server.log).filter((from) => from > 0).length, 5);
  assert.ok(environment);
});

test("photos of a refused envelope stay; a photo that the server refuses says why and can be tried again", async () => {
  const { phone, server, environment, photo } = await withPhoto(200);
  server.refuse = () => "unknown_village";
  await phone.flush("hand");
  assert.equal(server.photos.size, 0);
  assert.equal((await phone.waiting()).sentence, "1 条被退回");
  server.refuse = () => null;
  const [{ id }] = await phone.list();
  await phone.retry(id);
  between(environment, server, (url, { method }) => (method === "POST" && url.includes("photos") ? reply(422, { code: "evidence.bad_type", message: "不收" }) : null));
  await phone.flush("hand");
  assert.equal((await phone.list())[0].photos[0].status, "refused");
  environment.fetch = fetchOf(server);
  await phone.retry(id);
  await phone.flush("hand");
  assert.deepEqual((await phone.list())[0].photos.map(({ status }) => status), ["complete"]);
  assert.ok(server.photos.get(photo.sha256).complete);
});

test("a photo that is shown, dropped, missing, too big", async () => {
  const { phone } = await enrolledPhone();
  const one = await phone.holdPhoto(picture(200), "slip");
  const shown = await phone.photo(one.sha256);
  assert.deepEqual([shown.type, shown.size], ["image/jpeg", 200]);
  assert.deepEqual(new Uint8Array(await shown.arrayBuffer()), picture(200).bytes);
  await phone.dropPhoto(one.sha256);
  assert.equal(await phone.photo(one.sha256), null);
  assert.equal(await codeOf(phone.keep(visit("520102200201", { photos: [one] }))), "photo_missing");
  assert.equal(await codeOf(phone.holdPhoto(picture(2 * 1024 * 1024 + 1), "slip")), "photo_too_big");
  assert.equal(await codeOf(phone.holdVoice({ ...picture(1024 * 1024 + 1), type: "audio/webm" })), "photo_too_big");
  const voice = await phone.holdVoice({ ...picture(500), type: "audio/webm" });
  await phone.keep(visit("520102200201", { voice }));
  assert.equal((await phone.flush("hand")).photos, 1);
});

test("what is kept while the line is being emptied is sent by the flush that was asked for after it", async () => {
  const { phone, environment, server } = await enrolledPhone();
  const inner = environment.fetch;
  let asked = null;
  environment.fetch = async (url, options) => {
    const answer = await inner(url, options);
    if (options.method === "POST" && !asked) {
      await phone.keep(visit("520102200202"));
      asked = phone.flush("open");
    }
    return answer;
  };
  await phone.keep(visit("520102200201"));
  const first = await phone.flush("open");
  const second = await asked;
  assert.equal(first.kept + second.kept, 2);
  assert.equal((await phone.waiting()).sentence, "全部已上传");
  assert.equal(server.envelopes.size, 2);
});

test("screens are told once more when a flush has ended: nothing is being sent, and why it stopped is known", async () => {
  const { phone, environment } = await enrolledPhone();
  const seen = [];
  phone.on("change", async () => seen.push(await phone.status()));
  environment.fetch = async () => new Response(JSON.stringify({ code: "ingest.revoked_token", message: "停用了。" }), { status: 403 });
  await phone.keep(visit("520102200201"));
  await phone.flush("hand");
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual([seen.at(-1).sending, seen.at(-1).stopped?.code], [false, "ingest.revoked_token"]);
});

test("coming online skips a pause of ours, as the button does", async () => {
  const { phone, environment } = await enrolledPhone();
  const inner = environment.fetch;
  environment.fetch = () => Promise.reject(new TypeError("offline"));
  await phone.keep(visit("520102200201"));
  for (let day = 0; day < 10; day++) await phone.flush("hand");
  environment.fetch = inner;
  assert.equal((await phone.flush("open")).kept, 0);
  assert.equal((await phone.flush("online")).kept, 1);
});

test("a long batch goes gzipped where the phone can, and plain from then on where the way does not let it through", async () => {
  const { gzipSync, gunzipSync } = await import("node:zlib");
  const heads = [];
  const { phone, environment, server } = await enrolledPhone({ pack: async (text) => gzipSync(text) });
  let deaf = false;
  environment.fetch = (url, options) => {
    const coded = options.headers["Content-Encoding"];
    heads.push(coded);
    if (deaf && coded) return Promise.resolve(reply(400, { code: "ingest.bad_encoding", message: "不支持" }));
    return fetchOf(server)(url, coded ? { ...options, body: gunzipSync(options.body).toString() } : options);
  };
  const keepMany = async () => {
    for (let at = 0; at < 10; at++) await phone.keep(visit("520102200201"));
  };
  await keepMany();
  assert.equal((await phone.flush("hand")).kept, 10);
  deaf = true;
  await keepMany();
  assert.equal((await phone.flush("hand")).kept, 10);
  await keepMany();
  assert.equal((await phone.flush("hand")).kept, 10);
  assert.deepEqual(heads, ["gzip", "gzip", undefined, undefined]);
});
