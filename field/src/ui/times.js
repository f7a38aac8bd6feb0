// Moments, days and distances in words. Days are those of China, wherever the phone thinks it is.
const china = 8 * 3_600_000;

/** The day (YYYY-MM-DD) of a moment in milliseconds. */
export function dayOf(ms) {
  return new Date(ms + china).toISOString().slice(0, 10);
}

/** 10:23 */
export function timeOf(ms) {
  return new Date(ms + china).toISOString().slice(11, 16);
}

/** 11月18日 from a day. */
export function shortDay(day) {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`;
}

/** 11.18 from a day. */
export const dotDay = (day) => `${Number(day.slice(5, 7))}.${Number(day.slice(8, 10))}`;

/** Today 10:23, otherwise 11月18日 10:23. */
export function momentOf(ms, now) {
  const day = dayOf(ms);
  return day === dayOf(now) ? `今天 ${timeOf(ms)}` : `${shortDay(day)} ${timeOf(ms)}`;
}

/** A moment that may come as milliseconds or as RFC 3339 text. */
export function asMs(moment) {
  return typeof moment === "number" ? moment : Date.parse(moment);
}

export function metres(distance) {
  if (distance < 1000) return `${Math.max(10, Math.round(distance / 10) * 10)} 米`;
  return `${(distance / 1000).toFixed(distance < 10_000 ? 1 : 0)} 公里`;
}

/** A length of time as a person would say it. */
export function lengthOf(ms) {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 1) return `${Math.max(1, Math.round(Math.abs(ms) / 1000))} 秒`;
  if (minutes < 60) return `${minutes} 分钟`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} 小时`;
  return `${Math.round(minutes / 1440)} 天`;
}
