// What is in the outbox: counts, lists, the undo of an unsent visit and the correction of a sent one.
import { beginningWith } from "../store/db.js";
import { Trouble } from "../trouble.js";
import { UNSENT } from "./parts.js";
import { waitingSentence } from "./texts.js";

/** @param {import("./parts.js").Parts} parts @param {ReturnType<import("./envelope.js").createEnvelopes>} envelopes */
export function createQueue({ store, vault, clock, copy, changed }, envelopes) {
  const rowOf = (id) => store.read(["outbox"], (tx) => tx.get("outbox", id));
  const known = async (id) => (await rowOf(id)) || unknown();

  const read = new WeakMap(); // hands → envelopes opened with them: an envelope never changes, and is forgotten with the key

  async function envelopeOf(row, hands) {
    if (!read.has(hands)) read.set(hands, new Map());
    const known = read.get(hands);
    if (!known.has(row.id)) known.set(row.id, await hands.open(row.sealed, row.id));
    return JSON.parse(known.get(row.id));
  }

  async function opened(row, hands) {
    const { kind, happened_at, payload } = await envelopeOf(row, hands);
    const refusal = row.refusal && (await hands.open(row.refusal, `${row.id}:refusal`));
    return { id: row.id, kind, status: row.status, at: row.at, happened_at, payload, receipt: row.receipt, refusal, names: row.photos };
  }

  /** Readable while locked. */
  async function waiting() {
    const numbers = await store.read(["outbox", "photos"], async (tx) => {
      const of = (status) => tx.count("outbox", { index: "turn", range: beginningWith(status) });
      const firsts = await Promise.all(UNSENT.map((status) => tx.all("outbox", { index: "turn", range: beginningWith(status), limit: 1 })));
      const oldest = firsts.flat().sort((one, other) => one.turn - other.turn)[0];
      const refused = await tx.all("outbox", { index: "turn", range: beginningWith("refused") });
      const held = new Set(refused.flatMap((row) => row.photos)); // not sent unless their envelope is taken
      const photos = (await tx.all("photos", { index: "status", range: beginningWith("waiting") })).filter(({ sha256 }) => !held.has(sha256));
      return { count: (await of("waiting")) + (await of("sending")), refused: refused.length, photos: photos.length, oldest_at: oldest ? oldest.at : null };
    });
    return { ...numbers, sentence: waitingSentence(numbers, clock.now()) };
  }

  /** Newest first; `before` is the id of the last one seen. */
  async function list({ status, limit = 100, before } = {}) {
    const hands = vault.hold();
    const [rows, photos, own] = await store.read(["outbox", "photos", "state"], async (tx) => [
      await tx.all("outbox", { index: "turns" }),
      await tx.all("photos"),
      await tx.get("state", "device"),
    ]);
    const mine = rows.filter((row) => !own || row.courier === own.courier.number);
    const all = await Promise.all(mine.reverse().map((row) => opened(row, hands)));
    const later = followers(all);
    const wanted = all.filter((entry) => !status || entry.status === status || (status === "waiting" && entry.status === "sending"));
    const from = before ? wanted.findIndex((entry) => entry.id === before) + 1 : 0;
    return wanted.slice(from, from + limit).map(({ names, ...entry }) => ({
      ...entry,
      photos: photos.filter((photo) => names.includes(photo.sha256)).map(({ sha256, status: how, received, size }) => ({ sha256, status: how, received, size })),
      withdrawn_by: later.withdrawn.get(entry.id) || null,
      corrected_by: later.corrected.get(entry.id) || null,
    }));
  }

  const visitOf = async (id) => {
    const entry = await opened(await known(id), vault.hold());
    return entry.kind === "visit" ? entry : unknown();
  };

  return {
    waiting,
    list,
    /** @param {string} id @param {string} reason */
    async undo(id, reason) {
      await visitOf(id);
      const [stored] = await envelopes.keep([{ kind: "withdrawal", payload: { visit: id, reason } }]);
      return stored;
    },
    /** A new visit in the place of an old one; what is not said anew is said again. */
    async correct(id, { happened_at, ...changes }) {
      const old = await visitOf(id);
      const payload = { ...old.payload, ...changes, corrects: id };
      const [stored] = await envelopes.keep([{ kind: "visit", payload, happened_at: happened_at || old.happened_at }]);
      return stored;
    },
    /** A refused envelope waits again, word for word; so do its refused photos. */
    async retry(id) {
      vault.hold();
      await known(id);
      const row = await store.write(["outbox", "photos"], async (tx) => {
        const now = await tx.get("outbox", id);
        if (now.status === "refused") await tx.put("outbox", { ...now, status: "waiting", refusal: null });
        for (const photo of await Promise.all(now.photos.map((sha256) => tx.get("photos", sha256))))
          if (photo && photo.status === "refused") await tx.put("photos", { ...photo, status: "waiting", refusal: undefined });
        return now;
      });
      if (row.status !== "kept") copy.add([row]);
      changed();
    },
    async receipts({ limit = 200 } = {}) {
      const hands = vault.hold();
      const rows = (await store.read(["receipts"], (tx) => tx.all("receipts", { index: "at" }))).reverse().slice(0, limit);
      return Promise.all(rows.map(async ({ id, status, received_at, sealed }) => ({ id, status, received_at, ...(await hands.open(sealed, `${id}:receipt`)) })));
    },
  };
}

function followers(entries) {
  const pairs = (kind, name) => entries.filter((entry) => entry.kind === kind && entry.payload[name]).map((entry) => [entry.payload[name], entry.id]);
  return { withdrawn: new Map(pairs("withdrawal", "visit")), corrected: new Map(pairs("visit", "corrects")) };
}

function unknown() {
  throw new Trouble("unknown_envelope");
}
