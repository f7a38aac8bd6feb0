// Photos and voice: held sealed on the phone, sent in parts after their envelope's receipt, freed when the server has them whole.
import { troubleOf } from "../api/request.js";
import { hexDigest } from "../crypto/digest.js";
import { beginningWith } from "../store/db.js";
import { Trouble, isTrouble, unlessFull } from "../trouble.js";
import { doorOf } from "./door.js";
import { tokensOf } from "./tokens.js";

const LIMITS = { photo: 2 * 1024 * 1024, voice: 1024 * 1024 };
const SETBACKS = 3; // beginnings anew and parts that brought nothing, before a pause
const SMALLEST = 4096;

/**
 * @typedef {object} Photo  a row of `photos`; its sealed bytes lie in `bytes` under the same name
 * @property {string} sha256
 * @property {"photo" | "voice"} what
 * @property {string} role
 * @property {string} type
 * @property {number} size
 * @property {string} taken_at
 * @property {number} at
 * @property {"draft" | "waiting" | "complete" | "refused"} status
 * @property {number} received
 * @property {string} [device]  whose envelope names it
 * @property {boolean} [freed]
 * @property {{code: string, message: string}} [refusal]
 */

/** @param {import("./parts.js").Parts} parts */
export function createPhotos({ environment, store, vault, clock, api, changed }, pauses) {
  const { crypto } = environment;
  const rowOf = (sha256) => store.read(["photos"], (tx) => tx.get("photos", sha256));
  const change = (sha256, changes) =>
    store.write(["photos"], async (tx) => {
      const row = await tx.get("photos", sha256);
      if (row) await tx.put("photos", { ...row, ...changes });
    });

  /** Store captured bytes sealed, under their own name. */
  async function hold(captured, what, role) {
    const hands = vault.hold();
    if (captured.bytes.length > LIMITS[what]) throw new Trouble("photo_too_big", { size: captured.bytes.length, limit: LIMITS[what] });
    const sha256 = await hexDigest(crypto, captured.bytes);
    const taken_at = captured.taken_at || clock.moment();
    const sealed = await hands.sealBytes(captured.bytes, sha256);
    const row = { sha256, what, role, type: captured.type, size: captured.bytes.length, taken_at, at: clock.now(), status: "draft", received: 0 };
    await store.write(["photos", "bytes"], async (tx) => {
      const known = await tx.get("photos", sha256);
      if (!known || known.status === "draft") await tx.put("photos", row);
      if (!known || !known.freed) await tx.put("bytes", { sha256, sealed });
    });
    return { sha256, role, taken_at };
  }

  async function bytesOf(sha256, hands) {
    const kept = await store.read(["bytes"], (tx) => tx.get("bytes", sha256));
    return kept ? hands.openBytes(kept.sealed, sha256).catch(() => null) : null;
  }

  /** Photos whose envelope the server has, oldest first. */
  const sendable = (stopped) =>
    store.read(["photos", "outbox"], async (tx) => {
      const waiting = await tx.all("photos", { index: "status", range: beginningWith("waiting") });
      const kept = new Set((await tx.all("outbox", { index: "turn", range: beginningWith("kept") })).flatMap((row) => row.photos));
      return waiting.filter((photo) => kept.has(photo.sha256) && !stopped.has(photo.device));
    });

  const refuse = (photo, { code, message }) => change(photo.sha256, { status: "refused", refusal: { code, message } });

  /** One photo up to its end. @returns {Promise<{how: "complete" | "refused" | "stop" | "pause", told_ms?: number | null, trouble?: Trouble}>} */
  async function sendOne(photo, token, hands) {
    const bytes = await bytesOf(photo.sha256, hands);
    if (!bytes || (await hexDigest(crypto, bytes)) !== photo.sha256) {
      await refuse(photo, new Trouble("photo_missing"));
      return { how: "refused" };
    }
    const photos = `${doorOf(token)}/photos`;
    const announce = () => api.request("POST", photos, { token, text: JSON.stringify({ sha256: photo.sha256, size: photo.size, type: photo.type }) });
    const put = (from) => api.request("PUT", `${photos}/${photo.sha256}?from=${from}`, { token, bytes: bytes.slice(from, from + part), timeout_ms: 90000 });
    let part = environment.part_bytes;
    let setbacks = 0;
    let answer = await announce();
    while (setbacks <= SETBACKS && !vault.locked) {
      const state = stateOf(answer, photo);
      if (state && state.complete) return await change(photo.sha256, { status: "complete", received: photo.size }), { how: "complete" };
      if (state) {
        answer = await put(state.received);
        const after = stateOf(answer, photo);
        if (after && !after.complete && after.received <= state.received) setbacks += 1;
        if (after && !after.complete) await unlessFull(change(photo.sha256, { received: after.received }));
        changed();
        continue;
      }
      const next = otherwise(answer);
      if (next.how === "smaller" && part > SMALLEST) part = Math.floor(part / 2);
      else if (next.how === "again") setbacks += 1;
      else return next.how === "smaller" ? { how: "pause" } : next;
      answer = await announce();
    }
    return { how: "pause" };
  }

  return {
    hold,
    /** For showing. @returns {Promise<Blob | null>} null when its bytes were freed */
    async show(sha256) {
      const hands = vault.hold();
      const [row, bytes] = [await rowOf(sha256), await bytesOf(sha256, hands)];
      return row && bytes ? new Blob([bytes], { type: row.type }) : null;
    },
    drop: (sha256) =>
      store.write(["photos", "bytes"], async (tx) => {
        const row = await tx.get("photos", sha256);
        if (!row || row.status !== "draft") return;
        await tx.drop("photos", sha256);
        await tx.drop("bytes", sha256);
      }),
    /** Sends what may be sent. @returns {Promise<number | null>} how long to leave the server alone */
    async run(totals) {
      const stopped = new Set();
      while (!vault.locked) {
        const [photo] = await sendable(stopped);
        if (!photo) return null;
        const hands = vault.hold();
        const token = (await tokensOf(store, hands))[photo.device];
        const result = token ? await tried(() => sendOne(photo, token, hands), photo, refuse) : { how: "stop", trouble: new Trouble("no_token") };
        if (result.how === "pause") return pauses.failed(result.told_ms === undefined ? null : result.told_ms);
        if (result.how === "complete") totals.photos += 1;
        if (result.how === "stop") {
          stopped.add(photo.device);
          totals.stopped = { code: result.trouble.code, message: result.trouble.message };
        } else pauses.worked();
        changed();
      }
      return null;
    },
  };
}

async function tried(work, photo, refuse) {
  try {
    const result = await work();
    if (result.how === "refused" && result.trouble) await refuse(photo, result.trouble);
    return result;
  } catch (error) {
    if (!isTrouble(error, "network") && !isTrouble(error, "timeout")) throw error;
    return { how: "pause" };
  }
}

/** How far the server is, when its answer makes sense. */
function stateOf({ status, data }, { sha256, size }) {
  if ((status !== 200 && status !== 201) || !data || data.sha256 !== sha256) return null;
  const { received, complete } = data;
  if (complete === true) return { received: size, complete };
  return Number.isInteger(received) && received >= 0 && received < size ? { received, complete: false } : null;
}

/** What to do about any other answer. `again`: it is elsewhere (409), begins anew (wrong hash) or has forgotten (404): ask where. */
function otherwise({ status, data, retry_after_ms }) {
  const said = data && typeof data.code === "string";
  if (status === 429 || status === 503) return { how: "pause", told_ms: retry_after_ms };
  if (status === 413) return { how: "smaller" };
  if (status === 409 || status === 404 || (status === 422 && said && data.code === "evidence.wrong_hash")) return { how: "again" };
  if ((status === 401 || status === 403) && said) return { how: "stop", trouble: troubleOf(status, data) };
  if (status >= 400 && status < 500 && said) return { how: "refused", trouble: troubleOf(status, data) };
  return { how: "pause", told_ms: null };
}
