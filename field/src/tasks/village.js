// One village: what it is owed, when it was last reached, where it receives mail, and what can be done here.
import { h, fill } from "../ui/h.js";
import { button, facts, heading, link, notice, row, rows } from "../ui/parts.js";
import { asMs, metres, momentOf, shortDay } from "../ui/times.js";
import { handedSentence, modes } from "../ui/words.js";
import { planOf } from "./plan.js";
import { stateWord } from "./round.js";

export async function village(app, { args: [code] }) {
  const { phone } = app;
  const box = h("div", {});
  const stored = await phone.round();
  const listed = stored && stored.villages.find((one) => one.code === code);
  if (!listed) return { title: "村", back: "#/", way: "round", body: [notice("名单里没有这个村", "可以在“名单外的村”里找到它。", "", link("找村", "#/search"))] };
  const update = async () => {
    const entries = await phone.list({ limit: 200 });
    const plan = planOf(stored, entries, phone.location().position, Date.now());
    const one = [...plan.planned, ...plan.others].find((other) => other.code === code);
    fill(box, about(one, stored), visits(entries, code));
  };
  await update();
  return { title: listed.name, back: "#/", way: "round", body: [box], foot: foot(app, code), update };
}

function about(one, stored) {
  const { due, point } = one;
  return facts([
    ["乡镇", one.township],
    ["应投", due ? `每${due.period === "day" ? "天" : "周"} ${due.times} 次；本周应 ${due.need} 次，已 ${one.made} 次` : null],
    ["上次", one.last ? shortDay(one.last) : "还没有到过"],
    ["距离", one.metres === null ? "不知道" : metres(one.metres)],
    ["送到", modes[one.mode] ?? null],
    ["接转点", point ? point.name : null],
    ["同一点的村", sharers(one, stored)],
    ["村码", one.tag ? "有，到村时可以扫" : null],
    ["提醒", one.note || null],
  ]);
}

function sharers(one, stored) {
  if (!one.point || one.point.villages.length < 2) return null;
  const names = new Map(stored.villages.map((other) => [other.code, other.name]));
  return one.point.villages.filter((code) => code !== one.code).map((code) => names.get(code)).filter(Boolean).join("、") || null;
}

function visits(entries, code) {
  const own = entries.filter((entry) => entry.kind === "visit" && entry.payload.village === code);
  if (!own.length) return null;
  const one = (entry) => row({ href: `#/entry/${entry.id}`, name: momentOf(asMs(entry.happened_at), Date.now()), under: handedSentence(entry.payload.handed, entry.payload.nothing_today), end: entry.withdrawn_by ? "已撤销" : stateWord(entry.status), look: entry.status === "refused" ? "bad" : "" });
  return [heading("手机里的记录"), rows(own.map(one), "手机里的记录")];
}

function foot(app, code) {
  return h("div", { class: "pair wide-last" }, link("不能投递", `#/hindrance/${code}`), button("到了", () => app.go(`#/arrived/${code}`), "main"));
}
