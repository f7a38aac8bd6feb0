// The last resort: what has no receipt yet as one encrypted file, and back again.
import { fromUtf8, toBytes, toText, utf8 } from "../crypto/base64url.js";
import { hexDigest } from "../crypto/digest.js";
import { keyOfCode } from "../crypto/pin.js";
import { grouped, randomCode, readCode } from "../crypto/random.js";
import { openBytes, sealBytes } from "../crypto/sealed.js";
import { beginningWith } from "../store/db.js";
import { Trouble } from "../trouble.js";
import { nextTurn, photosOf } from "./envelope.js";
import { tokensOf, tokensRow } from "./tokens.js";

const FORMAT = "puyou-outbox-1";
const KEY_LENGTH = 25; // 31^25: 123 bits

/** @param {import("./parts.js").Parts} parts */
export function createFile({ environment, store, vault, clock, copy, changed }) {
  const { crypto } = environment;

  const gather = () =>
    store.read(["outbox", "photos", "bytes"], async (tx) => {
      const rows = (await tx.all("outbox", { index: "turns" })).filter((row) => row.status !== "kept");
      const photos = await tx.all("photos", { index: "status", range: beginningWith("waiting") });
      return { rows, photos: await Promise.all(photos.map(async (photo) => ({ photo, kept: await tx.get("bytes", photo.sha256) }))) };
    });

  /** Envelopes word for word with their tokens: signed, so that nobody can alter them. */
  async function contents(withPhotos) {
    const hands = vault.hold();
    const { rows, photos } = await gather();
    if (!rows.length && !photos.length) throw new Trouble("nothing_to_export");
    const envelopes = await Promise.all(rows.map(async (row) => ({ text: await hands.open(row.sealed, row.id), courier: row.courier, at: row.at })));
    const wanted = withPhotos ? photos.filter(({ kept }) => kept) : [];
    const pictures = await Promise.all(wanted.map(async ({ photo, kept }) => ({ photo, bytes: toText(await hands.openBytes(kept.sealed, photo.sha256)) })));
    return { envelopes, photos: pictures, tokens: await tokensOf(store, hands) };
  }

  async function readFile(blob, typed) {
    const code = readCode(typed, KEY_LENGTH);
    if (!code) throw new Trouble("wrong_key");
    const file = await new Response(blob).json().catch(() => null);
    if (!file || file.format !== FORMAT || typeof file.data !== "string") throw new Trouble("bad_file");
    const key = await keyOfCode(crypto, code, "export");
    const sealed = { iv: toBytes(file.iv), data: toBytes(file.data) };
    const bytes = await openBytes(crypto, key, sealed, FORMAT).catch(() => null);
    if (!bytes) throw new Trouble("wrong_key");
    return JSON.parse(fromUtf8(bytes));
  }

  async function rowOf({ text, courier, at }, hands) {
    const { id, device, counter, payload } = JSON.parse(text);
    const [digest, sealed] = [await hexDigest(crypto, text), await hands.seal(text, id)];
    return { id, device, courier, counter, digest, bytes: utf8(text).length, photos: photosOf(payload), status: "waiting", at, receipt: null, refusal: null, sealed };
  }

  const storeAll = (rows, photos, tokens) =>
    store.write(["outbox", "receipts", "photos", "bytes", "state"], async (tx) => {
      const added = [];
      let turn = await nextTurn(tx);
      for (const row of rows) {
        if ((await tx.get("outbox", row.id)) || (await tx.get("receipts", row.id))) continue;
        await tx.put("outbox", { ...row, turn: turn++ });
        added.push(row);
      }
      for (const { photo, sealed } of photos) {
        if (await tx.get("photos", photo.sha256)) continue;
        await tx.put("photos", { ...photo, status: "waiting", received: 0 });
        await tx.put("bytes", { sha256: photo.sha256, sealed });
      }
      await tx.put("state", tokens);
      return added;
    });

  return {
    /** @returns {Promise<{blob: Blob, name: string, key: string}>} */
    async exportOutbox({ photos = true } = {}) {
      const inside = await contents(photos);
      const code = randomCode(crypto, KEY_LENGTH);
      const { iv, data } = await sealBytes(crypto, await keyOfCode(crypto, code, "export"), utf8(JSON.stringify(inside)), FORMAT);
      const made_at = clock.moment();
      const text = JSON.stringify({ format: FORMAT, made_at, envelopes: inside.envelopes.length, photos: inside.photos.length, iv: toText(iv), data: toText(data) });
      return { blob: new Blob([text], { type: "application/json" }), name: `puyou-outbox-${made_at.slice(0, 16).replace(/\D/g, "")}.json`, key: grouped(code) };
    },
    /** @param {Blob} blob @param {string} key @returns {Promise<{added: number, known: number}>} */
    async importOutbox(blob, key) {
      const hands = vault.hold();
      const { envelopes, photos, tokens } = await readFile(blob, key);
      const rows = await Promise.all(envelopes.map((envelope) => rowOf(envelope, hands)));
      const pictures = await Promise.all(photos.map(async ({ photo, bytes }) => ({ photo, sealed: await hands.sealBytes(toBytes(bytes), photo.sha256) })));
      const all = await tokensRow({ ...tokens, ...(await tokensOf(store, hands)) }, hands);
      const added = await storeAll(rows, pictures, all);
      copy.add(await store.read(["outbox"], (tx) => Promise.all(added.map((row) => tx.get("outbox", row.id)))));
      changed();
      return { added: added.length, known: rows.length - added.length };
    },
  };
}
