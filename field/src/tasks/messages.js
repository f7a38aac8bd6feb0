// Questions of the desk to be answered, and decisions about own visits, with the way to appeal.
import { fill, h } from "../ui/h.js";
import { heading, link, notice, quiet, row, rows } from "../ui/parts.js";
import { asMs, momentOf, shortDay } from "../ui/times.js";

export const decisionWords = { accepted: "认可", rejected: "不算数" };

export async function messages(app) {
  const box = h("div", {});
  const update = async () => {
    const [{ questions, decisions }, entries] = await Promise.all([app.phone.notes(), app.phone.list({ limit: 200 })]);
    const about = (kind, name) => new Set(entries.filter((entry) => entry.kind === kind).map((entry) => entry.payload[name]));
    fill(box, asking(questions, about("answer", "question")), deciding(decisions, about("appeal", "visit")));
  };
  await update();
  return { title: "询问与审核", way: "messages", body: [box], update };
}

function asking(questions, answered) {
  return [heading("县局的询问"), questions.length ? rows(questions.map((one) => asked(one, answered)), "询问") : quiet("没有要回答的询问。")];
}

function deciding(decisions, appealed) {
  const none = quiet("最近没有审核结果。被判“不算数”的到村，会在这里说明原因，并可以申诉。");
  return [heading("审核结果"), decisions.length ? h("div", { class: "stack" }, decisions.map((one) => decided(one, appealed))) : none];
}

function asked(one, answered) {
  const done = answered.has(one.id);
  return row({ href: done ? undefined : `#/question/${one.id}`, name: one.village_name, under: one.text, end: done ? "已回答" : "去回答", look: done ? "" : "bad" });
}

function decided(one, appealed) {
  const open = canAppeal(one, appealed, Date.now());
  const look = /^reject/.test(one.decision) ? "danger" : "";
  const text = [one.ground, one.at && `${momentOf(asMs(one.at), Date.now())} 审核`].filter(Boolean).join("。");
  return notice(`${one.village_name} ${shortDay(one.day)}：${decisionWords[one.decision] ?? one.decision}`, text, look, appealLine(one, appealed), open && link("申诉", `#/appeal/${one.visit}`));
}

const appealWords = { waiting: "申诉处理中", upheld: "申诉成立，恢复算数", dismissed: "申诉不成立" };

function appealLine(one, appealed) {
  if (one.appeal) return h("p", {}, [appealWords[one.appeal.state] ?? "已申诉", one.appeal.ground].filter(Boolean).join("："));
  if (appealed.has(one.visit)) return h("p", {}, "申诉已写好，见待上传");
  return /^reject/.test(one.decision) && one.appealable_until ? h("p", {}, `可以申诉到${shortDay(one.appealable_until)}`) : null;
}

/** Pure: a rejection may be appealed once, until its day. */
export function canAppeal(one, appealed, now) {
  if (!/^reject/.test(one.decision) || one.appeal || appealed.has(one.visit)) return false;
  return !one.appealable_until || asMs(`${one.appealable_until.slice(0, 10)}T23:59:59+08:00`) >= now;
}
