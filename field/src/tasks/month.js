// 我的数据: what is kept about me, a month at a time: a calendar, each visit with its score and reasons, and for how long.
import { h } from "../ui/h.js";
import { button, heading, link, notice, quiet, row, rows } from "../ui/parts.js";
import { asMs, dayOf, momentOf, shortDay, timeOf } from "../ui/times.js";

export async function month(app, { args: [asked] }) {
  const of = asked ?? dayOf(Date.now()).slice(0, 7);
  const answer = await app.attempt(() => app.phone.me(of));
  const head = monthTools(app, of);
  if (!answer) return { title: "我的数据", back: "#/mine", way: "mine", body: [head, notice("这个月的还没有取过", "有信号时再看，看过的会留在手机里。")] };
  const { data, heard_at: heard, fresh } = answer;
  return { title: "我的数据", back: "#/mine", way: "mine", body: [
    head, !fresh && notice(`没有信号，这是${momentOf(heard, Date.now())}取的`, null, "warning"),
    calendar(of, data.month), quiet("数字是到村次数；“!”表示有疑点的一天。"),
    heading(`到村记录（${data.visits.length}）`), data.visits.length ? rows(data.visits.map(visitLine), "到村记录") : quiet("这个月还没有收到的到村记录。"),
    heading("用过的手机"), rows(data.devices.map(deviceLine), "用过的手机"),
    heading("同意记录"), data.consents.length ? rows(data.consents.map(consentLine), "同意记录") : quiet("还没有。"),
    heading("保存什么、为什么、多久"), rows(data.retention.map((one) => row({ name: one.what, under: `${one.why}。${one.until}` })), "保存期限"),
    h("div", { class: "stack" }, h("p", {}), link("对审核结果有意见，去申诉", "#/messages")),
  ] };
}

function monthTools(app, of) {
  const to = (step) => () => app.go(`#/month/${shifted(of, step)}`);
  return h("div", { class: "sketch-tools" }, button("上月", to(-1)), h("p", { class: "center" }, `${of.slice(0, 4)}年${Number(of.slice(5))}月`), button("下月", to(1), "", { disabled: of >= dayOf(Date.now()).slice(0, 7) }));
}

/** Pure: the month before or after. */
export function shifted(of, step) {
  const date = new Date(`${of}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + step);
  return date.toISOString().slice(0, 7);
}

/** Pure: the weeks of a month, Monday first; null outside it. */
export function weeksOf(of) {
  const first = new Date(`${of}-01T00:00:00Z`);
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const cells = [...Array((first.getUTCDay() + 6) % 7).fill(null), ...Array.from({ length }, (_, index) => `${of}-${String(index + 1).padStart(2, "0")}`)];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => Array.from({ length: 7 }, (__, day) => cells[week * 7 + day] ?? null));
}

function calendar(of, days) {
  const known = new Map(days.map((one) => [one.day, one]));
  const today = dayOf(Date.now());
  const cell = (day) => {
    const one = day && known.get(day);
    const label = one ? `${shortDay(day)}，到村 ${one.visits} 次，算数 ${one.counting} 次${one.findings ? "，有疑点" : ""}` : undefined;
    return h("td", { class: one && one.findings ? "doubt" : undefined, "aria-label": label, "aria-current": day === today ? "date" : undefined }, day && String(Number(day.slice(8))), one && h("b", {}, String(one.visits)));
  };
  return h("table", { class: "calendar" }, h("caption", { class: "hidden" }, "这个月每天到村几次"),
    h("thead", {}, h("tr", {}, [..."一二三四五六日"].map((word) => h("th", { scope: "col" }, word)))), h("tbody", {}, weeksOf(of).map((week) => h("tr", {}, week.map(cell)))));
}

function visitLine(one) {
  const score = one.score === null || one.score === undefined ? null : `证据分 ${Math.round(one.score)}`;
  const under = [score, ...one.reasons, one.ground].filter(Boolean).join("；");
  return row({ name: `${one.village_name} ${momentOf(asMs(one.happened_at), Date.now())}`, under, end: one.decision || one.standing });
}

function deviceLine(one) {
  const until = one.valid_to ? `至 ${one.valid_to}` : "至今";
  return row({ name: one.identifier, under: `${one.valid_from} ${until}`, end: one.standing });
}

const consentLine = (one) => row({ name: one.agreed ? "同意" : "不同意", under: `版本 ${one.version}`, end: `${shortDay(dayOf(asMs(one.at)))} ${timeOf(asMs(one.at))}` });
