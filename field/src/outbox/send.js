// Sending envelopes: one sender, oldest first, and nothing leaves the line before its receipt.
import { beginningWith } from "../store/db.js";
import { Trouble, isTrouble, unlessFull } from "../trouble.js";
import { judge } from "./answers.js";
import { doorOf } from "./door.js";
import { UNSENT } from "./parts.js";
import { tokensOf } from "./tokens.js";

const MOST = 50;
const MOST_BYTES = 900000; // under 1 MiB with the list around it
const PATIENCE = 2; // failures of a whole batch before smaller ones are tried

/** @param {import("./parts.js").Parts} parts @param {ReturnType<import("./receipts.js").createReceipts>} receipts */
export function createSender({ store, vault, api, changed }, receipts, pauses) {
  let most = MOST;
  const alone = new Set(); // envelopes that failed by themselves, or whose receipts found no room: the others go first

  /** The oldest that wait, all of one device. */
  const nextRows = (stopped) =>
    store.read(["outbox"], async (tx) => {
      const lists = await Promise.all(UNSENT.map((status) => tx.all("outbox", { index: "turn", range: beginningWith(status) })));
      const rows = lists.flat().filter((row) => !alone.has(row.id) && !stopped.has(row.device)).sort((one, other) => one.turn - other.turn);
      return cut(rows.filter((row) => row.device === rows[0].device), most);
    });

  const mark = (rows, from, to) =>
    store.write(["outbox"], async (tx) => {
      for (const { id } of rows) {
        const row = await tx.get("outbox", id);
        if (row && row.status === from) await tx.put("outbox", { ...row, status: to });
      }
    });

  async function post(sent, token) {
    const text = `{"envelopes":[${sent.map((item) => item.text).join(",")}]}`;
    return api.request("POST", `${doorOf(token)}/envelopes`, { token, text, timeout_ms: 60000 });
  }

  /** One batch, there and back. @returns {Promise<import("./answers.js").Verdict & {kept?: number, refused?: number}>} */
  async function batch(rows, hands) {
    const token = (await tokensOf(store, hands))[rows[0].device];
    if (!token) return { how: "stop", ...spoken(new Trouble("no_token")) };
    const sent = await Promise.all(rows.map(async (row) => ({ row, text: await hands.open(row.sealed, row.id) })));
    await unlessFull(mark(rows, "waiting", "sending"));
    changed();
    try {
      const answer = await post(sent, token);
      await unlessFull(receipts.hear(rows[0].device, answer.data));
      const verdict = judge(answer, rows);
      if (verdict.how !== "receipts") return verdict;
      const taken = await receipts.take(sent, verdict.receipts, hands);
      const whole = verdict.receipts.every(Boolean);
      return { how: whole ? "receipts" : "pause", told_ms: null, ...taken };
    } catch (error) {
      if (isTrouble(error, "storage_full")) return { how: "full", ...spoken(error) };
      if (!isTrouble(error, "network") && !isTrouble(error, "timeout")) throw error;
      return { how: "pause", told_ms: null, offline: true };
    } finally {
      await unlessFull(mark(rows, "sending", "waiting"));
    }
  }

  /** Halve after 413, or when whole batches keep failing; one that fails alone is set aside so that others pass. */
  const shrink = (rows) => {
    if (rows.length > 1) most = Math.max(1, Math.floor(rows.length / 2));
    else alone.add(rows[0].id);
  };

  return {
    /** Sends until the line is empty or the server wants peace. @returns {Promise<number | null>} how long that is */
    async run(totals) {
      const stopped = new Set();
      let retried = false;
      while (!vault.locked) {
        const rows = await nextRows(stopped);
        if (!rows.length && (retried || !alone.size)) break;
        if (!rows.length) {
          retried = true;
          alone.clear();
          continue;
        }
        const result = await batch(rows, vault.hold());
        totals.sent += rows.length;
        totals.kept += result.kept || 0;
        totals.refused += result.refused || 0;
        if (result.how === "receipts") {
          pauses.worked();
          most = Math.min(MOST, most * 2);
        } else if (result.how === "stop") {
          totals.stopped = { code: result.code, message: result.message };
          stopped.add(rows[0].device);
        } else if (result.how === "full") {
          retried = true;
          totals.stopped = { code: result.code, message: result.message };
          for (const { id } of rows) alone.add(id);
        } else if (result.how === "smaller") {
          shrink(rows);
        } else {
          if (!result.offline && result.told_ms === null && pauses.failures >= PATIENCE) shrink(rows);
          return pauses.failed(result.told_ms);
        }
      }
      if (!alone.size) return null;
      alone.clear();
      return pauses.failed();
    },
  };
}

/** The first rows, as many as a batch holds. */
function cut(rows, most) {
  let bytes = 0;
  const end = rows.findIndex((row, at) => at > 0 && (at >= most || (bytes += rows[at - 1].bytes + 1) + row.bytes > MOST_BYTES));
  return end < 0 ? rows.slice(0, most) : rows.slice(0, end);
}

const spoken = ({ code, message }) => ({ code, message });
