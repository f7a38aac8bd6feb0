// Room on the phone: asking to be kept, seeing how full it is, and freeing what the server has already.
import { beginningWith } from "./db.js";

const DAY = 86400000;
const PHOTO_DAYS = 14;
const ENVELOPE_DAYS = 40;
const DRAFT_SWEEPS = 30;

/**
 * @param {import("../environment.js").Environment} environment
 * @param {Awaited<ReturnType<import("./db.js").openStore>>} store
 */
export function createSpace({ storage, wall }, store) {
  /** Bytes of photos that are complete on the server, oldest first. @param {number} before @returns {Promise<number>} how many */
  const freePhotos = (before) =>
    store.writeOnce(["photos", "bytes"], async (tx) => {
      const complete = await tx.all("photos", { index: "status", range: beginningWith("complete") });
      const old = complete.filter((photo) => !photo.freed && photo.at < before);
      for (const photo of old) {
        await tx.drop("bytes", photo.sha256);
        await tx.put("photos", { ...photo, freed: true });
      }
      return old.length;
    });

  /** Envelopes that the server has had for so many days, by its own clock: ours may be set. Their receipts stay. */
  const dropEnvelopes = (days) =>
    store.writeOnce(["outbox", "photos", "state"], async (tx) => {
      const kept = await tx.all("outbox", { index: "turn", range: beginningWith("kept") });
      const heard = (await tx.all("state")).filter(({ name }) => name.startsWith("contact:")).map(({ server_time }) => Date.parse(server_time) || 0);
      const before = Math.max(0, ...heard) - days * DAY;
      let dropped = 0;
      for (const row of kept.filter(({ receipt }) => Date.parse(receipt.received_at) < before)) {
        const photos = await Promise.all(row.photos.map((sha256) => tx.get("photos", sha256)));
        if (photos.some((photo) => photo && photo.status === "waiting")) continue;
        await tx.drop("outbox", row.id);
        dropped += 1;
      }
      return dropped;
    });

  /** Photos taken for a form that was never kept: swept past often enough, whatever the clocks say. */
  const dropDrafts = () =>
    store.writeOnce(["photos", "bytes"], async (tx) => {
      for (const photo of await tx.all("photos", { index: "status", range: beginningWith("draft") })) {
        const sweeps = (photo.sweeps || 0) + 1;
        if (sweeps < DRAFT_SWEEPS) await tx.put("photos", { ...photo, sweeps });
        else {
          await tx.drop("photos", photo.sha256);
          await tx.drop("bytes", photo.sha256);
        }
      }
    });

  return {
    /** Ask that the browser does not clear us when room is short. @returns {Promise<boolean | null>} null: not to be told */
    async persist() {
      if (!storage || !storage.persist) return null;
      return (await storage.persisted()) || storage.persist();
    },
    async estimate() {
      if (!storage || !storage.estimate) return null;
      const { usage, quota } = await storage.estimate();
      return { used: usage, quota };
    },
    /** The broom, at every unlocking. */
    async tidy() {
      await freePhotos(wall() - PHOTO_DAYS * DAY);
      await dropEnvelopes(ENVELOPE_DAYS);
      await dropDrafts();
    },
    /** The phone is full: give up everything that the server has. @returns {Promise<boolean>} whether that freed anything */
    async makeRoom() {
      const photos = await freePhotos(Infinity);
      return photos > 0 || (await dropEnvelopes(7)) > 0;
    },
  };
}
