// The second copy of what waits: sealed rows in Cache Storage, which does not break together with IndexedDB.
import { toBytes, toText } from "../crypto/base64url.js";
import { UNSENT } from "../outbox/parts.js";

export const CACHE = "puyou-outbox-copy";
const PLACE = "/field/copy/";

/**
 * Best effort: a copy that fails never hinders the first one; `mend` makes up for it at the next unlocking.
 * @param {import("../environment.js").Environment} environment
 * @param {Awaited<ReturnType<import("./db.js").openStore>>} store
 */
export function createCopy(environment, store) {
  let line = Promise.resolve(); // one step after the other, in order
  const then = (work) => (line = line.then(work).catch(() => {}));
  const cache = async () => environment.caches && environment.caches.open(`${CACHE}:${environment.name}`);
  const put = async (name, value) => (await cache())?.put(PLACE + name, new Response(JSON.stringify(pack(value))));
  const get = async (name) => {
    const found = await (await cache())?.match(PLACE + name);
    return found ? unpack(await found.json()) : null;
  };
  const drop = async (name) => (await cache())?.delete(PLACE + name);

  /** Ids of the copied rows. */
  const names = async () => {
    const keys = (await (await cache())?.keys()) || [];
    const all = keys.map((request) => decodeURIComponent(new URL(request.url, "http://phone").pathname.slice(PLACE.length)));
    return all.filter((name) => name !== "state");
  };
  const rows = async () => (await Promise.all((await names()).map(get))).filter(Boolean);

  /** Everything but rows that is needed to open and to send them. */
  const state = () =>
    store.read(["state"], async (tx) => {
      const all = await tx.all("state");
      return all.filter(({ name }) => ["pin", "recovery", "tokens", "device", "phone"].includes(name) || /^(head|contact):/.test(name));
    });
  const copyState = async () => {
    const kept = await state();
    if (kept.some(({ name }) => name === "device")) await put("state", kept);
  };

  return {
    /** @param {import("../outbox/parts.js").Row[]} added */
    add: (added) => then(async () => (await Promise.all(added.map((row) => put(row.id, row))), await copyState())),
    drop: (ids) => then(() => Promise.all(ids.map(drop))),
    keepState: () => then(copyState),
    /** Resolves when all that was asked for is written. */
    settled: () => line,
    clear: () => then(() => environment.caches && environment.caches.delete(`${CACHE}:${environment.name}`)),
    /** @returns {Promise<{state: object[], rows: import("../outbox/parts.js").Row[]} | null>} */
    async read() {
      const kept = await get("state").catch(() => null);
      return kept && { state: kept, rows: await rows() };
    },
    /** Copy and first one agree again: what either lacks is taken from the other. @returns {Promise<number>} rows taken back */
    async mend() {
      await line;
      const copied = await this.read().catch(() => null);
      const taken = copied ? await takeBack(store, copied) : 0;
      const [waiting, done] = await unsentAndDone(store);
      const have = new Set(copied ? copied.rows.map((row) => row.id) : []);
      this.drop(done.filter((id) => have.has(id)));
      this.add(waiting.filter((row) => !have.has(row.id)));
      return taken;
    },
  };
}

/** Rows that only the copy has, and a chain's head that is further on there (a database that was set back). */
export const takeBack = (store, { state, rows }) =>
  store.write(["outbox", "receipts", "state"], async (tx) => {
    for (const head of state.filter(({ name }) => name.startsWith("head:"))) {
      const own = await tx.get("state", head.name);
      if (!own || own.counter < head.counter) await tx.put("state", head);
    }
    const last = await tx.last("outbox", { index: "turns" });
    let turn = last ? last.turn : 0;
    let taken = 0;
    for (const row of rows.sort((one, other) => one.turn - other.turn)) {
      if ((await tx.get("outbox", row.id)) || (await tx.get("receipts", row.id))) continue;
      await tx.put("outbox", { ...row, turn: (turn += 1), status: row.status === "refused" ? "refused" : "waiting" });
      taken += 1;
    }
    return taken;
  });

const unsentAndDone = (store) =>
  store.read(["outbox"], async (tx) => {
    const all = await tx.all("outbox");
    return [all.filter((row) => UNSENT.includes(row.status)), all.filter((row) => row.status === "kept").map((row) => row.id)];
  });

const isBytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
const plain = (value) => value !== null && typeof value === "object";

/** Rows with bytes in them as JSON, and back. */
export function pack(value) {
  if (isBytes(value)) return { $: toText(value instanceof ArrayBuffer ? value : value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)) };
  if (Array.isArray(value)) return value.map(pack);
  return plain(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, pack(inner)])) : value;
}

export function unpack(value) {
  if (Array.isArray(value)) return value.map(unpack);
  if (!plain(value)) return value;
  if (typeof value.$ === "string") return toBytes(value.$);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unpack(inner)]));
}
