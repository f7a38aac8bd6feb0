// A phone for tests: every piece of the outside world replaced, several phones and tabs in one process.
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { openPhone } from "../src/phone.js";
import { CODE, createServer, fetchOf } from "./model-server.mjs";

let count = 0;
export const PIN = "246810";

/** Cache Storage in memory. */
export function fakeCaches() {
  const all = new Map();
  const address = (request) => (typeof request === "string" ? request : request.url);
  const open = async (name) => {
    if (!all.has(name)) all.set(name, new Map());
    const held = all.get(name);
    return {
      put: async (request, response) => void held.set(address(request), await response.text()),
      match: async (request) => (held.has(address(request)) ? new Response(held.get(address(request))) : undefined),
      delete: async (request) => held.delete(address(request)),
      keys: async () => [...held.keys()].map((url) => ({ url: `http://phone${url}` })),
    };
  };
  return { open, delete: async (name) => all.delete(name), all };
}

/** Locks between tabs of one phone, as browsers have them. */
export function fakeLocks() {
  const queues = new Map();
  return {
    async request(name, { ifAvailable }, work) {
      const before = queues.get(name);
      if (before && ifAvailable) return work(null);
      let release;
      const mine = (before || Promise.resolve()).then(() => new Promise((resolve) => (release = resolve)));
      queues.set(name, mine);
      await before;
      await Promise.resolve();
      try {
        return await work({ name });
      } finally {
        release();
        if (queues.get(name) === mine) queues.delete(name);
      }
    },
  };
}

export const fakeBridge = (changes = {}) => ({
  position: { watch: () => () => {} },
  integrity: async () => ({ shell: "web", mock: null, rooted: null }),
  permission: async () => ({ position: "granted", camera: "prompt" }),
  ...changes,
});

/** @returns {import("../src/environment.js").Environment & {time: {wall: number, monotonic: number, pass: (ms: number) => void}}} */
export function environmentOf(server, changes = {}) {
  const time = { wall: Date.parse("2026-11-20T08:00:00+08:00"), monotonic: 1000, pass: (ms) => ((time.wall += ms), (time.monotonic += ms)) };
  return {
    name: `phone-${(count += 1)}`, openDatabase: openDB, crypto: globalThis.crypto, fetch: fetchOf(server), locks: fakeLocks(), caches: fakeCaches(),
    storage: null, wall: () => time.wall, monotonic: () => time.monotonic, offset: () => 480, random: Math.random,
    setTimeout: (work, ms) => setTimeout(work, ms).unref(), clearTimeout, online: () => true, channel: () => null, page: null, document: null,
    iterations: 10, part_bytes: 100, time, ...changes,
  };
}

/** A phone that has been enrolled with a model server. */
export async function enrolledPhone(changes = {}) {
  const environment = environmentOf(null, changes);
  const server = changes.server || createServer({ now: environment.wall, part: environment.part_bytes });
  if (!changes.fetch) environment.fetch = fetchOf(server);
  const phone = await openPhone({ environment, bridge: fakeBridge(changes.bridge) });
  const { recovery } = await phone.enrol({ code: CODE, pin: PIN, label: "测试机" });
  return { phone, server, environment, recovery };
}

export const reopen = (environment, bridge = {}) => openPhone({ environment, bridge: fakeBridge(bridge) });
export const visit = (village = "520102200201", more = {}) => ({ kind: "visit", payload: { village, nothing_today: true, ...more } });
export const picture = (size, fill = 7) => ({ bytes: new Uint8Array(size).map((_, at) => (at * fill) % 251), type: "image/jpeg", taken_at: "2026-11-20T08:00:00+08:00" });
export const codeOf = (promise) => promise.then(() => "nothing", (error) => error.code || String(error.stack));
