// Judging what came back for a batch: receipts to be believed, or what to do instead. Pure.
import { troubleOf } from "../api/request.js";

/**
 * @typedef {{how: "receipts", receipts: (object | null)[]}
 *   | {how: "smaller"} | {how: "pause", told_ms: number | null} | {how: "stop", code: string, message: string}} Verdict
 */

/**
 * @param {import("../api/request.js").Answer} answer
 * @param {{id: string}[]} rows  what was sent, in order
 * @returns {Verdict} with `receipts`, null stands where an item's receipt cannot be believed
 */
export function judge({ status, data, retry_after_ms }, rows) {
  if (status === 413) return { how: "smaller" };
  if (status === 429 || status === 503) return { how: "pause", told_ms: retry_after_ms };
  if ((status === 401 || status === 403) && data && typeof data.code === "string") return stop(status, data);
  if (status !== 200 || !data || !Array.isArray(data.receipts)) return { how: "pause", told_ms: null };
  if (data.receipts.length !== rows.length) return { how: "pause", told_ms: null };
  return { how: "receipts", receipts: data.receipts.map((receipt, at) => believed(receipt, rows[at])) };
}

function stop(status, data) {
  const { code, message } = troubleOf(status, data);
  return { how: "stop", code, message };
}

/** By id and by place: an answer that lost its order says nothing. */
function believed(receipt, { id }) {
  if (!receipt || typeof receipt !== "object") return null;
  const { status, received_at, code, field, message } = receipt;
  if ((status === "accepted" || status === "duplicate") && receipt.id === id) return typeof received_at === "string" ? { status, received_at } : null;
  if (status !== "refused" || (receipt.id !== id && receipt.id !== null) || typeof code !== "string") return null;
  return { status, code, field: field || null, message: typeof message === "string" ? message : "服务器没有说明原因。" };
}
