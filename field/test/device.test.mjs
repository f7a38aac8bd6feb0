import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentOf, codeOf } from "./kit.mjs";
import { createBridge, pickFile, withShell } from "../src/device/bridge.js";
import { fitted, shrink, webCamera } from "../src/device/camera.js";
import { createLocation } from "../src/device/location.js";
import { textOf, webNfc } from "../src/device/nfc.js";
import { webPermission } from "../src/device/permission.js";
import { detector } from "../src/device/qr.js";
import { webVoice } from "../src/device/voice.js";
import { createClock, moment } from "../src/outbox/clock.js";

test("the clock tells how far the wall clock was moved, and takes sleep for sleep", () => {
  const environment = environmentOf(null);
  const clock = createClock(environment);
  environment.time.pass(5000);
  assert.deepEqual(clock.mark(), { session: clock.session, monotonic_ms: 5000, wall_jump_ms: 0 });
  environment.time.wall -= 3600000;
  assert.equal(clock.mark().wall_jump_ms, -3600000);
  environment.time.wall += 3600000;
  clock.sleep();
  environment.time.wall += 7200000; // the phone slept: only the wall clock went on
  clock.wake();
  assert.deepEqual([clock.mark().monotonic_ms, clock.mark().wall_jump_ms], [7205000, 0]);
  clock.sleep();
  environment.time.wall -= 60000; // set back while nobody looked: no sleep does that
  clock.wake();
  assert.equal(clock.mark().wall_jump_ms, -60000);
  environment.time.wall = Date.parse("1970-01-01T00:00:10Z");
  assert.ok(clock.mark().wall_jump_ms < -1e12);
  assert.equal(clock.moment(), "1970-01-01T08:00:10.000+08:00");
});

test("moments carry the phone's offset; a clock before 1970 is said to be at 1970", () => {
  assert.equal(moment(Date.parse("2026-11-20T00:00:00.5Z"), 480), "2026-11-20T08:00:00.500+08:00");
  assert.equal(moment(0, -210), "1969-12-31T20:30:00.000-03:30");
  assert.equal(moment(-5e9, 480), "1970-01-01T08:00:00.000+08:00");
});

test("skew against the server is known after an answer, by the clock that nobody sets", () => {
  const environment = environmentOf(null);
  const clock = createClock(environment);
  assert.equal(clock.skew(), null);
  clock.hear(new Date(environment.time.wall - 90000).toISOString(), 2000);
  assert.equal(clock.skew(), 89000);
  environment.time.pass(1000);
  environment.time.wall += 10000;
  assert.equal(clock.skew(), 99000);
  clock.hear("no time");
  assert.equal(clock.skew(), 99000);
});

function locating() {
  const environment = environmentOf(null);
  const clock = createClock(environment);
  const told = [];
  let ears = null;
  const position = { watch: (onFix, onTrouble) => ((ears = { onFix, onTrouble }), () => (ears = null)) };
  const location = createLocation({ bridge: { position }, clock, changed: () => told.push(1) });
  const fix = (lon, accuracy_m) => ears.onFix({ lon, lat: 26.5, accuracy_m, at: environment.time.wall });
  return { location, environment, fix, told, ears: () => ears };
}

test("the last good fix is kept with its age; a coarse one does not push it out until it is old", () => {
  const { location, environment, fix } = locating();
  assert.equal(location.position(), null);
  location.start();
  fix(106.1234567, 12.34);
  assert.deepEqual(location.position(), { lon: 106.123457, lat: 26.5, accuracy_m: 12.3, fixed_at: "2026-11-20T08:00:00.000+08:00" });
  environment.time.pass(60000);
  fix(106.9, 2500);
  assert.equal(location.position().lon, 106.123457);
  assert.equal(location.state().age_ms, 60000);
  environment.time.pass(11 * 60000);
  fix(106.9, 2500);
  assert.equal(location.position().lon, 106.9);
  fix(0, 5);
  const nowhere = location.position();
  assert.equal(nowhere.lon, 0); // on the equator's meridian, but not 0/0
});

test("0/0 and nonsense are no fixes", () => {
  const { location, ears } = locating();
  location.start();
  ears().onFix({ lon: 0, lat: 0, accuracy_m: 1, at: 0 });
  ears().onFix({ lon: NaN, lat: 26, accuracy_m: 1, at: 0 });
  assert.deepEqual([location.position(), location.approach()], [null, []]);
});

test("the approach is a dozen fixes at most, oldest first, some seconds apart, the newest among them", () => {
  const { location, environment, fix } = locating();
  location.start();
  for (let second = 0; second <= 300; second += 2) {
    fix(106 + second / 1000, 10);
    environment.time.pass(2000);
  }
  const approach = location.approach();
  assert.equal(approach.length, 12);
  assert.deepEqual(approach[11], [2, 106.3, 26.5, 10]);
  assert.ok(approach.every(([before], at) => at === 0 || before < approach[at - 1][0]));
  assert.ok(approach.slice(0, -1).every(([before], at) => at === 0 || approach[at - 1][0] - before >= 10));
  environment.time.pass(16 * 60000);
  assert.deepEqual(location.approach(), []);
});

test("denied, unavailable, timeout: seen, not guessed; a visit is possible without", () => {
  const { location, ears, fix, told } = locating();
  assert.equal(location.state().permission, "unknown");
  location.start();
  ears().onTrouble("timeout");
  assert.deepEqual([location.state().trouble, location.state().permission], ["timeout", "unknown"]);
  ears().onTrouble("denied");
  assert.deepEqual([location.state().trouble, location.state().permission], ["denied", "denied"]);
  fix(106, 20);
  assert.deepEqual([location.state().trouble, location.state().permission], [null, "granted"]);
  ears().onTrouble("unavailable");
  assert.equal(location.state().permission, "granted");
  assert.equal(told.length, 4);
  location.start();
  location.stop();
  assert.deepEqual([ears(), location.state().watching], [null, false]);
});

test("the bridge: the browser's senses, or a shell's, one by one", async () => {
  const page = { navigator: { vibrate: () => true, geolocation: { watchPosition: (found, failed) => (found({ coords: { longitude: 106, latitude: 26, accuracy: 5 }, timestamp: 9 }), failed({ code: 1 }), 7), clearWatch: (id) => heard.push(id) } } };
  const heard = [];
  const bridge = createBridge(page);
  bridge.position.watch((fix) => heard.push(fix), (why) => heard.push(why))();
  assert.deepEqual(heard, [{ lon: 106, lat: 26, accuracy_m: 5, at: 9 }, "denied", 7]);
  assert.deepEqual(await bridge.integrity(), { shell: "web", mock: null, rooted: null });
  assert.equal(bridge.nfc.available, false);
  const shell = { rootedNow: true, integrity() { return Promise.resolve({ shell: "native", mock: true, rooted: this.rootedNow }); }, other: 1 };
  const native = createBridge({ ...page, PuyouShell: shell });
  assert.deepEqual(await native.integrity(), { shell: "native", mock: true, rooted: true });
  assert.equal(native.camera.take, native.camera.take);
  assert.equal("other" in native, false);
  assert.equal(withShell(bridge, undefined), bridge);
  const without = createBridge({ navigator: {} });
  let why = null;
  without.position.watch(() => {}, (told) => (why = told));
  assert.equal(why, "unavailable");
});

test("what was allowed is asked of the browser; one that cannot be asked is unknown", async () => {
  const permissions = { query: async ({ name }) => (name === "camera" ? Promise.reject(new TypeError("unknown name")) : { state: "denied" }) };
  assert.deepEqual(await webPermission({ navigator: { geolocation: {}, mediaDevices: {}, permissions } }), { position: "denied", camera: "unknown" });
  assert.deepEqual(await webPermission({ navigator: {} }), { position: "unavailable", camera: "unavailable" });
  assert.deepEqual(await webPermission({ navigator: { geolocation: {}, mediaDevices: {} } }), { position: "unknown", camera: "unknown" });
});

/** A page with a canvas that answers with as many bytes as its quality asks for. */
function picturePage({ bytesAt = () => 1000, refuse } = {}) {
  const drawn = [];
  const stopped = [];
  class Image {
    naturalWidth = 4000;
    naturalHeight = 3000;
    set src(address) {
      setImmediate(address === "blob:bad" ? this.onerror : this.onload);
    }
  }
  const canvas = () => ({ getContext: () => ({ drawImage: (...args) => drawn.push(args.slice(1)) }), toBlob: (done, type, quality) => done(new Blob([new Uint8Array(bytesAt(quality))], { type })) });
  const getUserMedia = async () => (refuse ? Promise.reject(Object.assign(new Error("no"), { name: refuse })) : { getTracks: () => [{ stop: () => stopped.push(1) }] });
  return { drawn, stopped, crypto, Image, document: { createElement: canvas }, navigator: { mediaDevices: { getUserMedia } }, URL: { createObjectURL: (file) => (file.size ? "blob:good" : "blob:bad"), revokeObjectURL: () => {} } };
}

test("a photo is drawn anew at 1600 px at most, named by its hash, and made smaller until it fits", async () => {
  assert.deepEqual([fitted(4000, 3000), fitted(3000, 4000), fitted(800, 600), fitted(100000, 10)], [[1600, 1200], [1200, 1600], [800, 600], [1600, 1]]);
  const page = picturePage({ bytesAt: (quality) => (quality > 0.6 ? 3e6 : 5000) });
  const captured = await shrink(page, new Blob(["jpeg with exif"]));
  assert.deepEqual(page.drawn, [[0, 0, 1600, 1200]]);
  assert.deepEqual([captured.size, captured.type, captured.width, captured.bytes.length], [5000, "image/jpeg", 1600, 5000]);
  assert.equal(captured.sha256, Buffer.from(await crypto.subtle.digest("SHA-256", captured.bytes)).toString("hex"));
  assert.match(captured.taken_at, /^\d{4}-.*[+-]\d\d:\d\d$/);
  assert.equal(await codeOf(shrink(page, new Blob([]))), "bad_picture");
  assert.equal(await codeOf(shrink(picturePage({ bytesAt: () => 3e6 }), new Blob(["x"]))), "bad_picture");
});

test("the live camera: shown, snapped, given back; refused or absent is said", async () => {
  const page = picturePage();
  const video = { play: async () => {}, videoWidth: 1280, videoHeight: 720 };
  const preview = await webCamera(page).preview(video);
  assert.ok(video.srcObject);
  assert.deepEqual([(await preview.snap()).width, page.drawn[0]], [1280, [0, 0, 1280, 720]]);
  preview.stop();
  assert.deepEqual([page.stopped.length, video.srcObject], [1, null]);
  assert.equal(await codeOf(webCamera(picturePage({ refuse: "NotAllowedError" })).preview(video)), "camera_denied");
  assert.equal(await codeOf(webCamera(picturePage({ refuse: "NotFoundError" })).preview(video)), "no_camera");
  assert.equal(await codeOf(webCamera({ navigator: {} }).preview(video)), "no_camera");
});

function filePage() {
  const listeners = new Map();
  const input = Object.assign(new EventTarget(), { files: [], attributes: {}, removed: false, setAttribute: (name, value) => (input.attributes[name] = value), remove: () => (input.removed = true), click: () => {} });
  return { input, focus: () => listeners.get("focus")?.(), setTimeout: (work) => setImmediate(work), addEventListener: (name, ear) => listeners.set(name, ear), removeEventListener: (name) => listeners.delete(name), document: { createElement: () => input, body: { append: () => {} } } };
}

test("a file is picked, or the person turns back, which older browsers tell by the focus alone", async () => {
  const page = filePage();
  const picked = pickFile(page, { accept: "image/*", capture: "environment" });
  page.input.files = ["photo"];
  page.input.dispatchEvent(new Event("change"));
  assert.deepEqual([await picked, page.input.attributes, page.input.accept, page.input.removed], ["photo", { capture: "environment" }, "image/*", true]);
  const back = filePage();
  const nothing = pickFile(back);
  back.focus();
  assert.equal(await nothing, null);
});

test("NFC: the text of a tag, or a sentence why not", async () => {
  assert.equal(await codeOf(webNfc({}).read()), "no_nfc");
  const record = (recordType, text) => ({ recordType, data: new DataView(new TextEncoder().encode(text).buffer) });
  assert.equal(textOf({ records: [record("mime", "x"), record("text", "PY1.520102200201.1.abc")] }), "PY1.520102200201.1.abc");
  assert.equal(textOf({ records: [] }), null);
  class Reader {
    async scan() {
      if (Reader.refuse) throw Object.assign(new Error("no"), { name: "NotAllowedError" });
      setImmediate(() => this.onreading({ message: { records: [record("url", "https://a/field/#tag=PY1")] } }));
    }
  }
  assert.equal(await webNfc({ NDEFReader: Reader, AbortController }).read(), "https://a/field/#tag=PY1");
  Reader.refuse = true;
  assert.equal(await codeOf(webNfc({ NDEFReader: Reader, AbortController }).read()), "nfc_denied");
});

test("QR: the browser's detector where it knows QR, else the one in JavaScript", async () => {
  const Detector = Object.assign(class { detect = async () => [{ rawValue: "PY1" }]; }, { getSupportedFormats: async () => ["qr_code"] });
  assert.equal(await (await detector({ BarcodeDetector: Detector }))({}), "PY1");
  const sizes = [];
  const blank = (width, height) => ({ data: new Uint8ClampedArray(width * height * 4).fill(255) });
  const document = { createElement: () => ({ getContext: () => ({ drawImage: (...args) => sizes.push(args.slice(3)), getImageData: (x, y, width, height) => blank(width, height) }) }) };
  Detector.getSupportedFormats = async () => ["ean_13"];
  const look = await detector({ BarcodeDetector: Detector, document });
  assert.equal(await look({ videoWidth: 1280, videoHeight: 720 }), null);
  assert.deepEqual(sizes, [[640, 360]]);
});

test("a spoken note is recorded, or said to be impossible", async () => {
  assert.equal(await codeOf(webVoice({ navigator: {} }).record()), "no_microphone");
  class MediaRecorder {
    static isTypeSupported = (type) => type === "audio/ogg";
    state = "recording";
    start() {
      setImmediate(() => this.ondataavailable({ data: new Blob(["sound"]) }));
    }
    stop() {
      this.state = "inactive";
      setImmediate(() => this.onstop());
    }
  }
  const page = { crypto, MediaRecorder, setTimeout, clearTimeout, navigator: { mediaDevices: { getUserMedia: async () => ({ getTracks: () => [{ stop: () => {} }] }) } } };
  const recording = await webVoice(page).record();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const captured = await recording.stop();
  assert.deepEqual([captured.type, Buffer.from(captured.bytes).toString()], ["audio/ogg", "sound"]);
});
