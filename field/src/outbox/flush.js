// Flushing: texts first, photos after, one sender at a time in all tabs; what it came to is said, never thrown.
import { Trouble, unlessFull } from "../trouble.js";
import { flushSentence } from "./texts.js";

/**
 * @typedef {object} Flushed
 * @property {number} sent  envelopes that went out, repeats included
 * @property {number} kept
 * @property {number} refused
 * @property {number} left  envelopes still in the line
 * @property {number} photos
 * @property {number} photos_left
 * @property {{code: string, message: string} | null} stopped
 * @property {number | null} again_in_ms
 * @property {boolean} busy
 * @property {string} sentence
 */

/** @param {import("./parts.js").Parts} parts */
export function createFlush({ vault, locks, store, changed }, { sender, photos, queue, pauses }) {
  let running = null;
  let next = null; // what was kept while the line was being emptied may have missed the last look at it
  let byHand = false;
  const nothing = () => ({ sent: 0, kept: 0, refused: 0, left: 0, photos: 0, photos_left: 0, stopped: null, again_in_ms: null, busy: false });

  async function finished(totals) {
    const { count, photos: photosLeft } = await queue.waiting();
    const whole = { ...totals, left: count, photos_left: photosLeft };
    return { ...whole, sentence: flushSentence(whole) };
  }

  /** What stopped is remembered for the screens, in every tab and after a restart. */
  const remember = (stopped) =>
    store.writeOnce(["state"], async (tx) => {
      const before = await tx.get("state", "stopped");
      if (stopped) await tx.put("state", { name: "stopped", ...stopped });
      else if (before) await tx.drop("state", "stopped");
    });

  async function work(totals) {
    totals.again_in_ms = await sender.run(totals);
    if (totals.again_in_ms === null) totals.again_in_ms = await photos.run(totals);
    await unlessFull(remember(totals.stopped));
  }

  async function flush(why) {
    const totals = nothing();
    if (vault.locked) return finished({ ...totals, stopped: told(new Trouble("locked")) });
    const left = pauses.left(why === "hand" || why === "online");
    if (left > 0) return finished({ ...totals, again_in_ms: left });
    try {
      await locks.run("send", () => work(totals), { onlyIfFree: true, otherwise: null }).then((result) => (totals.busy = result === null));
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      Object.assign(totals, { stopped: told(error), again_in_ms: pauses.failed() });
    }
    return finished(totals);
  }

  function start(why) {
    running = flush(why).finally(() => {
      running = null;
      changed();
    });
    return running;
  }

  function follow() {
    const why = byHand ? "hand" : "open";
    next = null;
    byHand = false;
    return start(why);
  }

  return {
    get running() {
      return running !== null;
    },
    /** While one runs, another follows it. @param {"hand" | "open" | "online" | "return" | "timer"} why @returns {Promise<Flushed>} */
    flush(why) {
      if (!running) return start(why);
      byHand = byHand || why === "hand" || why === "online";
      if (!next) next = running.then(follow, follow);
      return next;
    },
  };
}

const told = ({ code, message }) => ({ code, message });
