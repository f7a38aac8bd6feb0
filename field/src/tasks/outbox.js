// What waits on this phone, what is on its way, what came back, and what the server has.
import { h, fill } from "../ui/h.js";
import { button, heading, link, quiet, row, rows } from "../ui/parts.js";
import { asMs, momentOf } from "../ui/times.js";
import { handedSentence, kinds, grounds } from "../ui/words.js";
import { stopped } from "./warnings.js";
import { stateWord } from "./round.js";

const shownAtMost = 60;
const groups = [["refused", "被退回，要看一下"], ["sending", "正在上传"], ["waiting", "已存在手机里，等着上传"], ["kept", "已提交，有回执"]];

export async function outbox(app) {
  const box = h("div", {});
  const result = h("p", { role: "status", class: "quiet" });
  const update = async () => {
    const [entries, waiting, status, round] = await Promise.all([app.phone.list({ limit: shownAtMost }), app.phone.waiting(), app.phone.status(), app.phone.round()]);
    const names = new Map((round ? round.villages : []).map((one) => [one.code, one.name]));
    fill(box, status.stopped && stopped(status.stopped), photosLine(entries, waiting), groups.map(([state, words]) => group(entries.filter((entry) => entry.status === state), words, names)),
      !entries.length && quiet("还没有记录。写下的先存在手机里，有信号时自动上传。"),
      h("div", { class: "stack" }, h("p", {}), link("导出、从文件恢复", "#/files")));
  };
  await update();
  const send = button("现在上传", () => app.attempt(() => sendNow(app, send, result)), "main");
  return { title: "待上传", back: "#/", way: "round", body: [result, box], foot: [send], update };
}

async function sendNow(app, send, result) {
  send.disabled = true;
  result.textContent = "正在上传 …";
  try {
    const done = await app.phone.flush("hand");
    result.textContent = resultWords(done);
  } finally {
    send.disabled = false;
    await app.refresh();
  }
}

/** Pure: what a flush did, in words. */
export function resultWords({ kept, refused, left, photos_left: photosLeft, stopped: why, busy, again_in_ms: again }) {
  if (busy) return "另一个窗口正在上传。";
  const parts = [kept ? `上传了 ${kept} 条` : null, refused ? `被退回 ${refused} 条` : null, left ? `还有 ${left} 条` : null, photosLeft ? `还有 ${photosLeft} 张照片` : null].filter(Boolean);
  if (why) return `${why.message}${parts.length ? `（${parts.join("，")}）` : ""}`;
  if (!parts.length) return "都已上传。";
  const later = again ? `，约 ${Math.max(1, Math.round(again / 1000))} 秒后自动再试` : "";
  return `${parts.join("，")}${later}。`;
}

function group(entries, words, names) {
  if (!entries.length) return null;
  return [heading(`${words}（${entries.length}）`), rows(entries.map((entry) => line(entry, names)), words)];
}

function line(entry, names) {
  const under = entry.refusal ? entry.refusal.message : aboutEntry(entry);
  const end = entry.withdrawn_by ? "已撤销" : entry.corrected_by ? "已更正" : stateWord(entry.status);
  const look = entry.status === "refused" ? "bad" : entry.status === "kept" ? "good" : "";
  return row({ href: `#/entry/${entry.id}`, name: `${nameOf(entry, names)} ${momentOf(asMs(entry.happened_at), Date.now())}`, under, end, look });
}

/** Pure: what an envelope is about, by village where it has one. */
export function nameOf({ kind, payload }, names) {
  if (kind === "visit") return names.get(payload.village) ?? payload.village;
  if (kind === "hindrance") return `不能投递·${names.get(payload.village) ?? payload.village}`;
  if (kind === "round_mark") return payload.event === "start" ? "出班" : "收班";
  return kinds[kind] ?? kind;
}

export function aboutEntry({ kind, payload }) {
  if (kind === "visit") return handedSentence(payload.handed, payload.nothing_today);
  if (kind === "hindrance") return `${grounds[payload.ground]} ${payload.from} 至 ${payload.until}`;
  return payload.text || payload.note || payload.reason || kinds[kind];
}

function photosLine(entries, { photos }) {
  if (!photos) return null;
  const all = entries.flatMap((entry) => entry.photos).filter((photo) => photo.status !== "kept");
  const size = all.reduce((sum, photo) => sum + photo.size, 0);
  const received = all.reduce((sum, photo) => sum + photo.received, 0);
  const share = size ? Math.round((received / size) * 100) : 0;
  const bar = h("i");
  bar.style.width = `${share}%`;
  return h("div", { class: "field" }, h("p", {}, `照片 ${photos} 张待传，已传 ${megabytes(received)} / ${megabytes(size)}`), h("div", { class: "bar", role: "progressbar", "aria-valuenow": String(share), "aria-label": "照片上传进度" }, bar));
}

export const megabytes = (bytes) => `${(bytes / 1_048_576).toFixed(1)} MB`;
