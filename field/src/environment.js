// The outside world of the phone's core, in one object, so that tests can replace every piece of it.
import { openDB } from "idb";

/**
 * @typedef {object} Environment
 * @property {string} name  the database's name
 * @property {typeof openDB} openDatabase
 * @property {Crypto} crypto
 * @property {(url: string, options: object) => Promise<Response>} fetch
 * @property {LockManager | null} locks
 * @property {CacheStorage | null} caches  where the second copy lives
 * @property {StorageManager | null} storage
 * @property {() => number} wall  milliseconds since 1970 by the clock that people can set
 * @property {() => number} monotonic  milliseconds by the clock that they cannot
 * @property {() => number} offset  minutes ahead of UTC
 * @property {() => number} random
 * @property {(work: () => void, ms: number) => any} setTimeout
 * @property {(handle: any) => void} clearTimeout
 * @property {() => boolean} online
 * @property {(name: string) => {postMessage: Function, close: Function, onmessage: any} | null} channel
 * @property {EventTarget | null} page  window: `online`, `pageshow`
 * @property {Document | null} document  `visibilitychange`
 * @property {((text: string) => Promise<Uint8Array>) | null} [pack]  gzip, where the browser has it
 * @property {number} iterations  of PBKDF2
 * @property {number} part_bytes  of a photo
 */

/** @returns {Environment} the browser's own */
export function browserEnvironment() {
  const here = globalThis;
  const pipe = (name) => (here.BroadcastChannel ? new BroadcastChannel(name) : null);
  return {
    name: "puyou-field",
    openDatabase: openDB,
    crypto: here.crypto,
    fetch: (url, options) => here.fetch(url, options),
    locks: here.navigator.locks || null,
    caches: here.caches || null,
    storage: here.navigator.storage || null,
    wall: () => Date.now(),
    monotonic: () => performance.now(),
    offset: () => -new Date().getTimezoneOffset(),
    random: Math.random,
    setTimeout: (work, ms) => here.setTimeout(work, ms),
    clearTimeout: (handle) => here.clearTimeout(handle),
    online: () => here.navigator.onLine !== false,
    channel: pipe,
    page: here.window || null,
    document: here.document || null,
    pack: here.CompressionStream ? packed : null,
    iterations: 210000,
    part_bytes: 256 * 1024,
  };
}

async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new globalThis.CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
