// Going out and coming home: tracks are kept only between the two, and only if the courier agreed.
import { h } from "../ui/h.js";
import { button } from "../ui/parts.js";
import { asMs, timeOf } from "../ui/times.js";

/** The line with 出班 / 收班. */
export function shift(app, plan, entries) {
  const last = lastMark(entries, plan.day);
  const mark = (event) => app.attempt(async () => {
    await app.phone.keep({ kind: "round_mark", payload: { event, day: plan.day } });
    await app.refresh();
    app.phone.flush("open");
  });
  if (!last) return h("div", { class: "switch" }, button("出班（开始记路线）", () => mark("start")));
  const time = timeOf(asMs(last.happened_at));
  if (last.payload.event === "start") return h("div", { class: "switch" }, h("span", { class: "quiet" }, `${time} 出班`), small("收班", () => mark("end")));
  return h("div", { class: "switch" }, h("span", { class: "quiet" }, `${time} 已收班`), small("再出班", () => mark("start")));
}

const small = (word, act) => h("button", { class: "here plain-link", type: "button", onclick: act }, word);

/** Pure: the latest 出班 or 收班 of a day. */
export function lastMark(entries, day) {
  const marks = entries.filter((entry) => entry.kind === "round_mark" && entry.payload.day === day && !entry.withdrawn_by);
  return marks.sort((one, other) => asMs(other.happened_at) - asMs(one.happened_at))[0] ?? null;
}
