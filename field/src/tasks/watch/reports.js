// Own reports: those still on the phone, and how far the others are, in the office's public words.
import { fill, h } from "../../ui/h.js";
import { button, heading, link, quiet, row, rows } from "../../ui/parts.js";
import { asMs, momentOf } from "../../ui/times.js";

export async function reports(app) {
  const box = h("div", {});
  const update = async () => {
    const [day, entries] = await Promise.all([app.phone.watch(), app.phone.list({ limit: 300 })]);
    const known = new Set((day ? day.reports : []).map((one) => one.id));
    const here = entries.filter((one) => one.kind === "supervisor_report" && !known.has(one.id));
    fill(box, here.length > 0 && [heading("还在手机里"), rows(here.map((one) => waiting(one)), "还在手机里")],
      heading("反映的进展"), day && day.reports.length ? rows(day.reports.map(line), "反映") : quiet("还没有反映过。看到的情况随时可以报，处理到哪一步会在这里说明。"),
      day && quiet(`进展取于 ${momentOf(day.heard_at, Date.now())}`));
  };
  await update();
  const look = () => app.attempt(async () => {
    await app.phone.refresh();
    await app.refresh();
  });
  return { title: "我的反映", way: "messages", body: [h("div", { class: "stack" }, link("反映情况", "#/report", "button main"), button("看最新进展", look)), box], update };
}

function waiting(one) {
  const words = { refused: "被退回", kept: "已收到", sending: "正在上报", waiting: "待上报" };
  return row({ href: `#/entry/${one.id}`, name: one.payload.text.slice(0, 30), under: one.refusal ? one.refusal.message : momentOf(asMs(one.happened_at), Date.now()), end: words[one.status], look: one.status === "refused" ? "bad" : "" });
}

function line(one) {
  const ask = one.may_rate && !one.score ? "请评价" : null;
  return row({ href: `#/seen/${one.id}`, name: `${one.category}·${one.place.name}`, under: `${one.words}${one.due_on && !one.closed ? `，${one.due_on.slice(5).replace("-", "月")}日前` : ""}`, end: ask || (one.closed ? "已办结" : "办理中"), look: ask ? "bad" : "" });
}
