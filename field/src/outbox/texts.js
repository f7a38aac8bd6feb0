// The outbox in words: how much waits, since when, and what a status is called.

const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const JUST = "刚刚";
const WORDS = { waiting: "待上传", sending: "上传中", kept: "已收到", refused: "被退回" };

export const statusWord = (status) => WORDS[status] || status;

/** @param {number} ms how long ago; a clock that was set in between gives "" */
export function ago(ms) {
  if (!(ms >= -MINUTE) || ms > 400 * DAY) return "";
  if (ms < MINUTE) return JUST;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} 分钟前`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} 小时前` : `${Math.floor(ms / DAY)} 天前`;
}

/** @param {{count: number, photos: number, oldest_at: number | null, refused: number}} waiting @param {number} now */
export function waitingSentence({ count, photos, oldest_at, refused }, now) {
  const since = oldest_at === null ? "" : ago(now - oldest_at);
  const parts = [];
  if (count) parts.push([`${count} 条待上传`, since === JUST ? JUST : since && `最早 ${since}`].filter(Boolean).join("，"));
  if (photos) parts.push(`${photos} 张照片待上传`);
  if (refused) parts.push(`${refused} 条被退回`);
  return parts.join("，") || "全部已上传";
}

/** What a flush came to. */
export function flushSentence({ busy, stopped, kept, refused, left, photos_left, again_in_ms }) {
  if (busy) return "正在上传";
  if (stopped) return stopped.message;
  const done = [kept ? `已上传 ${kept} 条` : "", refused ? `${refused} 条被退回` : ""].filter(Boolean);
  if (again_in_ms !== null && left + photos_left > 0) done.push(`还有 ${left + photos_left} 项，${Math.max(1, Math.ceil(again_in_ms / 1000))} 秒后自动重试`);
  return done.join("，") || "全部已上传";
}
