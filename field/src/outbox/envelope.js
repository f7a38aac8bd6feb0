// Envelopes: built, signed, chained and stored together with the head of the chain, or not at all.
import { utf8 } from "../crypto/base64url.js";
import { canonical, mended } from "../crypto/canonical.js";
import { hexDigest } from "../crypto/digest.js";
import { sign } from "../crypto/keys.js";
import { uuid7 } from "../crypto/random.js";
import { Trouble } from "../trouble.js";

const LARGEST = 60000; // contracts: 64 KiB
const TRIES = 5;

/**
 * @typedef {{kind: string, payload: object, happened_at?: string}} Fact
 * @typedef {{id: string, counter: number, at: number}} Stored
 */

/** @param {import("./parts.js").Parts} parts */
export function createEnvelopes({ environment, store, vault, clock, locks, copy, changed }) {
  const { crypto } = environment;

  /** What a new envelope follows: this phone's key, the last envelope, the last nonce. */
  const readBase = () =>
    store.read(["state", "keys"], async (tx) => {
      const own = await tx.get("state", "device");
      const key = own && (await tx.get("keys", own.device));
      if (!key) throw new Trouble("not_enrolled");
      const head = (await tx.get("state", `head:${own.device}`)) || { counter: 0, prev: null };
      const contact = await tx.get("state", `contact:${own.device}`);
      return { key, head, nonce: contact.nonce, courier: own.courier.number };
    });

  async function signed({ kind, payload, happened_at }, { key, nonce }, head) {
    const envelope = mended({
      schema: 1, id: uuid7(crypto, clock.now()), kind, happened_at: happened_at || clock.moment(),
      counter: head.counter + 1, device: key.device, source: "app", payload: said(payload),
      proof: { key_id: key.key_id, alg: "es256", prev: head.prev, nonce },
    });
    envelope.proof.signature = await sign(crypto, key.pair.privateKey, canonical(envelope));
    const text = canonical(envelope);
    if (utf8(text).length > LARGEST) throw new Trouble("too_long");
    return { envelope, text, digest: await hexDigest(crypto, text) };
  }

  async function chained(facts, base) {
    const links = [];
    let head = base.head;
    for (const fact of facts) {
      const link = await signed(fact, base, head);
      head = { counter: link.envelope.counter, prev: link.digest };
      links.push(link);
    }
    return links;
  }

  async function rowOf({ envelope, text, digest }, courier, hands) {
    const { id, device, counter } = envelope;
    const bytes = utf8(text).length;
    const photos = photosOf(envelope.payload);
    return { id, device, courier, counter, digest, bytes, photos, status: "waiting", at: clock.now(), receipt: null, refusal: null, sealed: await hands.seal(text, id) };
  }

  /** The one transaction: rows, chain's head, photos; null when another tab was quicker. */
  const commit = (rows, base) =>
    store.write(["outbox", "state", "photos"], async (tx) => {
      const { device } = base.key;
      const head = (await tx.get("state", `head:${device}`)) || { counter: 0 };
      if (head.counter !== base.head.counter) return null;
      await claimPhotos(tx, rows);
      const turn = await nextTurn(tx);
      for (const [at, row] of rows.entries()) await tx.put("outbox", { ...row, turn: turn + at });
      const last = rows[rows.length - 1];
      const fresh = { name: `head:${device}`, device, counter: last.counter, prev: last.digest };
      await tx.put("state", fresh);
      return fresh;
    });

  async function attempt(facts, hands) {
    const base = await readBase();
    const rows = await Promise.all((await chained(facts, base)).map((link) => rowOf(link, base.courier, hands)));
    const head = await commit(rows, base);
    if (!head) return null;
    copy.add(rows, head);
    return rows.map(({ id, counter, at }) => ({ id, counter, at }));
  }

  return {
    /** @param {Fact[]} facts @returns {Promise<Stored[]>} all of them or none. Troubles: see README */
    async keep(facts) {
      const hands = vault.hold();
      const stored = await locks.run("chain", async () => {
        for (let tries = 0; tries < TRIES; tries++) {
          const done = await attempt(facts, hands);
          if (done) return done;
        }
        throw new Trouble("chain_busy");
      });
      changed();
      return stored;
    },
  };
}

/** Without fields that were left empty. */
const said = (payload) => Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined && value !== ""));

/** The names of all bytes that a payload speaks of. */
export function photosOf(payload) {
  const named = (payload.photos || []).map((photo) => (typeof photo === "string" ? photo : photo.sha256));
  return [...new Set(payload.voice ? [...named, payload.voice] : named)];
}

async function claimPhotos(tx, rows) {
  for (const sha256 of rows.flatMap((row) => row.photos)) {
    const photo = await tx.get("photos", sha256);
    if (!photo) throw new Trouble("photo_missing", { sha256 });
    if (photo.status === "draft") await tx.put("photos", { ...photo, status: "waiting", device: rows[0].device });
  }
}

/** The next place in the line, whatever the clocks say. */
export async function nextTurn(tx) {
  const last = await tx.last("outbox", { index: "turns" });
  return last ? last.turn + 1 : 1;
}
