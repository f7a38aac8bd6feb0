// The phone put together: everything that screens may call hangs here. What each call gives is told in field/README.md.
import { createApi } from "./api/request.js";
import { version } from "./api/version.js";
import { villages } from "./api/villages.js";
import { uuid4 } from "./crypto/random.js";
import { createBridge } from "./device/bridge.js";
import { createLocation } from "./device/location.js";
import { createEnrolment } from "./enrolment.js";
import { browserEnvironment } from "./environment.js";
import { createClock } from "./outbox/clock.js";
import { createEnvelopes } from "./outbox/envelope.js";
import { createFile } from "./outbox/file.js";
import { createFlush } from "./outbox/flush.js";
import { createPauses } from "./outbox/pauses.js";
import { createPhotos } from "./outbox/photos.js";
import { createQueue } from "./outbox/queue.js";
import { createReceipts } from "./outbox/receipts.js";
import { createSender } from "./outbox/send.js";
import { createTriggers } from "./outbox/triggers.js";
import { createCopy, takeBack } from "./store/copy.js";
import { openStore } from "./store/db.js";
import { createDrafts } from "./store/drafts.js";
import { createEvents } from "./events.js";
import { createLocks } from "./store/locks.js";
import { createRound } from "./store/round.js";
import { createSpace } from "./store/space.js";
import { createVault } from "./store/vault.js";
import { createWatch } from "./store/watch.js";
import { Trouble } from "./trouble.js";

/** @param {{base?: string, environment?: import("./environment.js").Environment, bridge?: object}} [options] */
export async function openPhone({ base = "", environment = browserEnvironment(), bridge = createBridge() } = {}) {
  if (!environment.crypto || !environment.crypto.subtle) throw new Trouble("no_crypto");
  const store = await openStore(environment);
  const events = createEvents(environment);
  const clock = createClock(environment);
  const api = createApi(environment, clock, base);
  const vault = createVault(environment, store);
  const copy = createCopy(environment, store);
  const space = createSpace(environment, store);
  store.makeRoom = space.makeRoom;
  const parts = { environment, store, vault, clock, api, copy, locks: createLocks(environment, store), changed: () => events.tell("change") };
  const persisted = await space.persist().catch(() => null);

  const receipts = createReceipts(parts);
  const envelopes = createEnvelopes(parts);
  const queue = createQueue(parts, envelopes);
  const pauses = createPauses(environment);
  const photos = createPhotos(parts, pauses);
  const flushing = createFlush(parts, { sender: createSender(parts, receipts, pauses), photos, queue, pauses });
  const enrolment = createEnrolment(parts);
  const round = createRound({ ...parts, receipts, own: enrolment.own });
  const watch = createWatch({ ...parts, receipts, own: enrolment.own });
  const triggers = createTriggers(parts, flushing.flush, (result) => events.tell("flush", result));
  const location = createLocation({ bridge, clock, changed: () => events.tell("location") });
  const state = (name) => store.read(["state"], (tx) => tx.get("state", name));
  const remember = (name, value) => store.write(["state"], (tx) => tx.put("state", { name, value }));

  /** After every opening of the vault: make up for a crash, and sweep. Neither may keep the courier out. */
  async function settle() {
    await copy.mend().catch(() => 0);
    await space.tidy().catch(() => {});
    events.tell("change");
  }

  async function isEnrolled(own) {
    return Boolean(own) && Boolean(await store.read(["keys"], (tx) => tx.get("keys", own.device)));
  }

  async function status() {
    const [own, stopped, app] = await Promise.all([state("device"), state("stopped"), state("app")]);
    const lost = !own && (await copy.read().catch(() => null)) !== null;
    return {
      enrolled: await isEnrolled(own), locked: vault.locked, lost, persisted,
      courier: own ? own.courier : null, role: (own && own.role) || "courier", device: own ? own.device : null,
      waiting: await queue.waiting(), sending: flushing.running,
      stopped: stopped ? { code: stopped.code, message: stopped.message } : null,
      space: await space.estimate().catch(() => null), app: app ? app.value : null,
    };
  }

  async function arrive() {
    const [integrity, permission] = await Promise.all([bridge.integrity(), bridge.permission()]);
    const said = { position: decided(location.state().permission) || decided(permission.position), camera: decided(permission.camera) };
    return { happened_at: clock.moment(), position: location.position(), approach: location.approach(), clock: clock.mark(), integrity, permission: said };
  }

  /** One visit for each village of a stop; `each` lays a village's own fields over the common ones. */
  function visitsOf({ arrival, villages: codes, each = {}, ...fields }) {
    const { happened_at, ...evidence } = arrival;
    const stop = codes.length > 1 ? { stop: uuid4(environment.crypto) } : {};
    return codes.map((village) => ({ kind: "visit", happened_at, payload: { village, ...evidence, ...stop, ...fields, ...each[village] } }));
  }

  const openings = {
    async enrol(request) {
      const done = await enrolment.enrol(request);
      await settle();
      return done;
    },
    unlock: async (pin) => (await vault.unlock(pin), await settle()),
    lock: async () => (vault.lock(), events.tell("change")),
    changePin: async (old, pin) => (await vault.changePin(old, pin), copy.keepState()),
    recover: async (typed, pin) => (await vault.recover(typed, pin), copy.keepState(), await settle()),
    async restore(pin) {
      const copied = (await state("device")) ? null : await copy.read();
      if (!copied) throw new Trouble("nothing_to_restore");
      const put = (rows) =>
        store.write(["state"], async (tx) => {
          for (const row of rows) if (!(await tx.get("state", row.name))) await tx.put("state", row);
        });
      await put(copied.state.filter(({ name }) => name === "pin")); // what a wrong PIN counts against
      await vault.unlock(pin);
      await put(copied.state);
      const restored = await takeBack(store, copied);
      await settle();
      return { restored };
    },
    /** Everything on this phone is forgotten, what waits too. Only when somebody says so twice. */
    async forget({ sure }) {
      if (sure !== true) throw new Trouble("aborted");
      vault.lock();
      await copy.clear();
      const all = ["keys", "state", "round", "outbox", "photos", "bytes", "receipts"];
      await store.write(all, async (tx) => {
        for (const name of all) await tx.clear(name);
      });
      events.tell("change");
    },
  };

  return {
    bridge, clock, status, arrive, on: events.on, ...openings,
    ...createDrafts(parts), ...createFile(parts),
    round: round.round, notes: round.notes, me: round.me,
    refresh: async () => ((await status()).role === "supervisor" ? watch.refresh() : round.refresh()),
    watch: watch.day, findPlaces: watch.find,
    findVillages: async (text) => villages(api, (await enrolment.own()).token, text),
    async checkVersion() {
      const app = await version(api);
      await remember("app", app);
      events.tell("change");
      return app;
    },
    approach: location.start, depart: location.stop, location: location.state,
    keepVisit: (visit) => envelopes.keep(visitsOf(visit)),
    keep: async (fact) => (await envelopes.keep([fact]))[0],
    undo: queue.undo,
    correct: (id, { arrival, ...fields }) => queue.correct(id, { ...arrival, ...fields }),
    holdPhoto: (captured, role = "other") => photos.hold(captured, "photo", role),
    holdVoice: async (captured) => (await photos.hold(captured, "voice", "voice")).sha256,
    photo: photos.show, dropPhoto: photos.drop,
    waiting: queue.waiting, list: queue.list, retry: queue.retry, receipts: queue.receipts,
    async flush(why) {
      const result = await flushing.flush(why);
      triggers.after(result);
      return result;
    },
    start: triggers.start, stop: triggers.stop,
    /** Ends this page's part: timers, positioning, database. */
    async close() {
      triggers.stop();
      location.stop();
      events.close();
      await copy.settled();
      await store.close();
    },
  };
}

/** What a person has not been asked yet, or the browser does not tell, is null. */
const decided = (said) => (["granted", "denied", "unavailable"].includes(said) ? said : null);
