// A world of bad days for the property test: tabs that die at any await, a full phone, clocks that are set, a network that lies.
import { openDB } from "idb";
import { answer, bodyOf } from "./model-server.mjs";
import { fakeCaches } from "./kit.mjs";

/** A small generator of numbers from a seed (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Killed extends Error {}

export const WEATHERS = ["lost", "answer_lost", "delayed", "repeated", "500", "500_after", "413", "429", "503", "garbage", "half", "short", "shuffled", "foreign", "portal"];

/** @param {{server: object, random: () => number, leases: boolean, name: string}} parts */
export function createWorld({ server, random, leases, name }) {
  const world = {
    now: Date.parse("2026-11-20T08:00:00+08:00"), monotonic: 5000, wallOffset: 0,
    weather: [], badness: 0, killing: 0, full: 0, delayed: [], seen: {}, caches: fakeCaches(), held: new Map(), tabs: [],
  };
  const count = (what) => (world.seen[what] = (world.seen[what] || 0) + 1);
  world.count = count;
  world.pass = (ms) => ((world.now += ms), (world.monotonic += ms));

  /** A request that the network kept back arrives now; nobody hears the answer. */
  world.arrive = async () => {
    if (!world.delayed.length) return;
    const [request] = world.delayed.splice(Math.floor(random() * world.delayed.length), 1);
    count("arrived late");
    await server.handle(request);
  };

  world.openTab = () => {
    const tab = { alive: true, transactions: new Set(), connections: new Set(), releases: new Set() };
    const kill = () => {
      tab.alive = false;
      count("killed");
      if (random() < 0.5) world.killing = 0;
      for (const transaction of tab.transactions) quietly(() => transaction.abort());
      for (const connection of tab.connections) connection.close();
      for (const release of tab.releases) release();
    };
    /** Every door to the outside: the tab may die before it, and does nothing any more once it is dead. */
    const door = () => {
      if (tab.alive && world.killing && random() < world.killing) kill();
      if (!tab.alive) throw new Killed();
    };
    tab.environment = {
      name, crypto: globalThis.crypto, caches: leases ? null : guarded(world.caches, door), storage: null, locks: leases ? null : locksOf(world, tab, door),
      wall: () => world.now + world.wallOffset, monotonic: () => world.monotonic, offset: () => 480, random,
      setTimeout: (work, ms) => (ms > 4000 ? null : setImmediate(() => tab.alive && ((world.monotonic += ms / 2), work()))), clearTimeout: () => {},
      online: () => true, channel: () => null, page: null, document: null, iterations: 1, part_bytes: 100,
      openDatabase: (...args) => (door(), openDB(...args).then((db) => watched(db, tab, door, world, random, count))),
      fetch: (url, options) => network(world, server, random, door, count, url, options),
    };
    tab.kill = kill;
    world.tabs.push(tab);
    return tab;
  };
  return world;
}

function watched(db, tab, door, world, random, count) {
  tab.connections.add(db);
  const full = () => {
    if (!world.full || random() >= world.full) return;
    count("full");
    throw new DOMException("full", "QuotaExceededError");
  };
  const source = (inner) =>
    new Proxy(inner, {
      get(target, property) {
        const value = target[property];
        if (typeof value !== "function") return value;
        if (property === "index") return (...args) => source(value.apply(target, args));
        return async (...args) => {
          door();
          if (property === "put") full();
          return value.apply(target, args);
        };
      },
    });
  return {
    close: () => db.close(),
    transaction(...args) {
      door();
      const inner = db.transaction(...args);
      tab.transactions.add(inner);
      inner.done.then(() => tab.transactions.delete(inner), () => tab.transactions.delete(inner));
      return { done: inner.done, abort: () => inner.abort(), get error() { return inner.error; }, objectStore: (store) => source(inner.objectStore(store)) };
    },
  };
}

/** Locks across tabs that a dying tab lets go. */
function locksOf({ held }, tab, door) {
  return {
    async request(name, { ifAvailable }, work) {
      door();
      if (held.has(name) && ifAvailable) return work(null);
      while (held.has(name)) await held.get(name);
      door();
      let release;
      held.set(name, new Promise((resolve) => (release = () => (held.delete(name), resolve()))));
      tab.releases.add(release);
      try {
        return await work({ name });
      } finally {
        if (tab.releases.delete(release) && tab.alive) release();
      }
    },
  };
}

function guarded(caches, door) {
  return {
    open: async (name) => {
      const cache = await caches.open(name);
      return Object.fromEntries(["put", "match", "delete", "keys"].map((verb) => [verb, async (...args) => (door(), cache[verb](...args))]));
    },
    delete: async (name) => (door(), caches.delete(name)),
  };
}

async function network(world, server, random, door, count, url, { method, headers, body }) {
  door();
  const request = { method, path: url, headers: { ...headers }, body: bodyOf(body) };
  const kind = world.weather.length && random() < world.badness ? world.weather[Math.floor(random() * world.weather.length)] : "fine";
  count(kind);
  const reply = await weathers(kind, request, world, server, random);
  door();
  world.pass(50 + Math.floor(random() * 500));
  if (reply === null) throw new TypeError("network");
  return reply;
}

const plain = (text, status, headers) => new Response(text, { status, headers });
const told = (status, code, headers = {}) => answer([status, { code, message: "模型", details: {} }, headers]);

async function weathers(kind, request, world, server, random) {
  const handled = () => server.handle(request);
  switch (kind) {
    case "lost": return null;
    case "answer_lost": return await handled(), null;
    case "delayed": return world.delayed.push(request), null;
    case "repeated": return world.delayed.push(request), answer(await handled());
    case "500": return told(500, "core.broken");
    case "500_after": return await handled(), plain("<h1>500</h1>", 500);
    case "413": return told(413, "ingest.too_much_sent");
    case "429": return told(429, "core.slow_down", { "Retry-After": "30" });
    case "503": return told(503, "core.closed", { "Retry-After": "120" });
    case "garbage": return plain("<html>欢迎使用 WLAN</html>", 200);
    case "portal": return plain("<html>请登录</html>", 403);
    case "half": return halved(await handled());
    case "short": return edited(await handled(), (receipts) => receipts.slice(1));
    case "shuffled": return edited(await handled(), (receipts) => receipts.sort(() => random() - 0.5));
    case "foreign": return edited([200, { receipts: othersOf(request, server) }, {}], (receipts) => receipts);
    default: return answer(await handled());
  }
}

const halved = ([status, data]) => plain(JSON.stringify(data ?? {}).slice(0, 40), status);
const edited = ([status, data, headers], change) => answer([status, data && data.receipts ? { ...data, receipts: change([...data.receipts]) } : data, headers]);

/** Receipts that say accepted for envelopes that were never sent here: as many, with other ids. */
function othersOf({ body, path }) {
  if (path !== "/api/v1/envelopes") return [];
  return JSON.parse(body).envelopes.map(() => ({ id: globalThis.crypto.randomUUID(), status: "accepted", received_at: "2026-11-20T00:00:00Z" }));
}

function quietly(work) {
  try {
    work();
  } catch (_) {
    // it has ended
  }
}
