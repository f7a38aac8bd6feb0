// One at a time across tabs: `navigator.locks`, or a lease row with a heartbeat where the browser has none.
import { randomName } from "../crypto/random.js";
import { isTrouble } from "../trouble.js";

const BEAT = 1000;
const STALE = 5000;

/**
 * @param {import("../environment.js").Environment} environment
 * @param {{write: Function}} store
 * @returns {{run: <T>(name: string, work: () => Promise<T>, options?: {onlyIfFree?: boolean, otherwise?: T}) => Promise<T>}}
 */
export function createLocks(environment, store) {
  return environment.locks ? ofBrowser(environment) : ofLeases(environment, store);
}

function ofBrowser({ locks, name: app }) {
  return {
    run: (name, work, { onlyIfFree = false, otherwise } = {}) =>
      locks.request(`${app}:${name}`, { ifAvailable: onlyIfFree }, (held) => (held ? work() : otherwise)),
  };
}

function ofLeases(environment, store) {
  const me = randomName(environment.crypto);
  const seen = new Map(); // name → what the lease said last, and since when by the clock that nobody sets
  const mine = new Set();
  const pause = () => new Promise((resolve) => environment.setTimeout(resolve, BEAT / 4));
  const beat = async (name) => {
    if (!mine.has(name)) return;
    await store.writeOnce(["state"], async (tx) => {
      const row = await tx.get("state", `lease:${name}`);
      if (row && row.holder === me && mine.has(name)) await tx.put("state", { ...row, beat: row.beat + 1 });
    });
    if (mine.has(name)) environment.setTimeout(() => beat(name).catch(() => {}), BEAT);
  };

  const isStale = (name, row) => {
    const before = seen.get(name);
    const same = before && before.holder === row.holder && before.beat === row.beat;
    if (!same) seen.set(name, { holder: row.holder, beat: row.beat, since: environment.monotonic() });
    return Boolean(same) && environment.monotonic() - before.since > STALE;
  };
  /** A phone that is too full for the row goes without it: two tabs at once cost a repeat, never the chain. */
  const take = (name) => tryTake(name).catch((error) => isTrouble(error, "storage_full") || Promise.reject(error));
  const tryTake = (name) =>
    store.writeOnce(["state"], async (tx) => {
      const row = await tx.get("state", `lease:${name}`);
      if (row && !isStale(name, row)) return false;
      await tx.put("state", { name: `lease:${name}`, holder: me, beat: 0 });
      return true;
    });
  const leave = (name) =>
    store.writeOnce(["state"], async (tx) => {
      const row = await tx.get("state", `lease:${name}`);
      if (row && row.holder === me) await tx.drop("state", `lease:${name}`);
    });
  return {
    async run(name, work, { onlyIfFree = false, otherwise } = {}) {
      while (mine.has(name) || !(await take(name))) {
        if (onlyIfFree) return otherwise;
        await pause();
      }
      mine.add(name);
      environment.setTimeout(() => beat(name).catch(() => {}), BEAT);
      try {
        return await work();
      } finally {
        mine.delete(name);
        await leave(name).catch(() => {});
      }
    },
  };
}
