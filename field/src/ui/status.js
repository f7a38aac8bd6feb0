// The line that is always true: what waits on this phone, since when, and whether it is on its way.
import { fill, h } from "./h.js";

export async function showStatus(line, phone) {
  const [waiting, status] = await Promise.all([phone.waiting(), phone.status()]);
  const { text, more, trouble } = statusWords(waiting, status);
  line.className = `status${trouble ? " trouble" : ""}${status.sending ? " sending" : ""}`;
  fill(line, h("span", { class: "state" }, text), h("span", { class: "more" }, more));
  return { waiting, status };
}

/** Pure: the words of the line. */
export function statusWords(waiting, status) {
  const trouble = Boolean(waiting.refused || status.stopped || status.lost);
  return { text: waiting.sentence, more: side(waiting, status), trouble };
}

function side(waiting, status) {
  if (status.stopped) return "已停止上传，点此看原因";
  if (waiting.refused) return `${waiting.refused} 条被退回`;
  if (status.sending && (waiting.count || waiting.photos)) return "正在上传";
  if (waiting.photos) return `照片 ${waiting.photos} 张待传`;
  return waiting.count ? "点此查看" : "查看记录";
}
