// The phone's database: its schema with upgrades, and transactions that either hold or leave nothing.
import { Trouble } from "../trouble.js";

/** Versions in order; each is run once on a phone, none is ever changed after it was shipped. */
const UPGRADES = [
  (db) => {
    db.createObjectStore("keys", { keyPath: "device" });
    db.createObjectStore("state", { keyPath: "name" });
    db.createObjectStore("round", { keyPath: "name" });
    const outbox = db.createObjectStore("outbox", { keyPath: "id" });
    outbox.createIndex("turn", ["status", "turn"]);
    outbox.createIndex("turns", "turn");
    db.createObjectStore("photos", { keyPath: "sha256" }).createIndex("status", ["status", "at"]);
    db.createObjectStore("bytes", { keyPath: "sha256" });
    db.createObjectStore("receipts", { keyPath: "id" }).createIndex("at", "at");
  },
];

/**
 * @typedef {object} Work  what a transaction may do; promises of these only may be awaited inside
 * @property {(store: string, key: any) => Promise<any>} get
 * @property {(store: string, row: object) => Promise<any>} put
 * @property {(store: string, key: any) => Promise<void>} drop
 * @property {(store: string) => Promise<void>} clear
 * @property {(store: string, query?: {index?: string, range?: IDBKeyRange, limit?: number}) => Promise<any[]>} all
 * @property {(store: string, query?: {index?: string, range?: IDBKeyRange}) => Promise<number>} count
 * @property {(store: string, query: {index: string, range?: IDBKeyRange}) => Promise<any>} last  the row at the end of an index
 */

/** @param {import("../environment.js").Environment} environment */
export async function openStore(environment) {
  let connection = null;
  const connect = () => {
    if (!connection) connection = open(environment, () => (connection = null)).catch((error) => ((connection = null), refuse(error)));
    return connection;
  };
  const run = async (names, mode, work) => {
    const db = await connect();
    return transact(db, names, mode, work);
  };
  await connect();
  const store = {
    /** Called when the phone is full, before one more try; says whether room was made. */
    makeRoom: async () => false,
    read: (names, work) => run(names, "readonly", work),
    /** @template T @param {string[]} names @param {(work: Work) => Promise<T>} work @returns {Promise<T>} Trouble `storage_full` */
    async write(names, work) {
      try {
        return await run(names, "readwrite", work);
      } catch (error) {
        if (!isFull(error)) throw error;
        const made = await store.makeRoom().catch(() => false); // on a disk that is full to the brim, even deleting may fail
        if (!made) throw new Trouble("storage_full");
      }
      return store.writeOnce(names, work);
    },
    /** Like `write`, without making room first. */
    writeOnce: (names, work) =>
      run(names, "readwrite", work).catch((error) => {
        throw isFull(error) ? new Trouble("storage_full") : error;
      }),
    close: async () => connection && (await connection).close(),
  };
  return store;
}

async function open(environment, onLost) {
  let refuseNow = null;
  const held = new Promise((_, reject) => (refuseNow = () => reject(new Trouble("other_tab"))));
  const opening = environment.openDatabase(environment.name, UPGRADES.length, {
    upgrade: (db, from) => UPGRADES.slice(from).forEach((upgrade) => upgrade(db)),
    blocked: () => refuseNow(),
    blocking: (_current, _wanted, event) => (event.target.close(), onLost()),
    terminated: onLost,
  });
  return Promise.race([opening, held]);
}

function refuse(error) {
  throw error instanceof Trouble ? error : Object.assign(new Trouble("no_storage"), { cause: error });
}

async function transact(db, names, mode, work) {
  const transaction = db.transaction(names, mode, { durability: "strict" });
  const done = transaction.done.then(() => null, (error) => error || transaction.error || new Error("aborted"));
  let result;
  try {
    result = await work(workOf(transaction));
  } catch (error) {
    quietly(() => transaction.abort());
    const reason = await done;
    throw isFull(reason) ? reason : error;
  }
  const failure = await done;
  if (failure) throw failure;
  return result;
}

/** @returns {Work} each of them async: what fails rejects, also on a transaction that has ended */
function workOf(transaction) {
  const source = (store, index) => (index ? transaction.objectStore(store).index(index) : transaction.objectStore(store));
  return {
    get: async (store, key) => transaction.objectStore(store).get(key),
    put: async (store, row) => transaction.objectStore(store).put(row),
    drop: async (store, key) => transaction.objectStore(store).delete(key),
    clear: async (store) => transaction.objectStore(store).clear(),
    all: async (store, { index, range, limit } = {}) => source(store, index).getAll(range, limit),
    count: async (store, { index, range } = {}) => source(store, index).count(range),
    last: async (store, { index, range }) => {
      const cursor = await source(store, index).openCursor(range, "prev");
      return cursor && cursor.value;
    },
  };
}

function quietly(work) {
  try {
    work();
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error; // it has ended already
  }
}

const isFull = (error) => Boolean(error) && error.name === "QuotaExceededError";

/** All keys of an index that begin with this one value. */
export const beginningWith = (value) => IDBKeyRange.bound([value], [value, []]);
