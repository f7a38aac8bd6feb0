// One report of one's own: what became of it step by step, and what its reporter may do now.
import { fill, h } from "../../ui/h.js";
import { button, choices, facts, field, heading, link, notice, quiet } from "../../ui/parts.js";
import { confirmed } from "../../ui/dialog.js";
import { asMs, momentOf } from "../../ui/times.js";

const most = 500;

export async function seen(app, { args: [id] }) {
  const box = h("div", {});
  let drawn = "";
  const update = async () => {
    const [day, entries] = await Promise.all([app.phone.watch(), app.phone.list({ limit: 300 })]);
    const one = day && day.reports.find((each) => each.id === id);
    const said = entries.filter((each) => each.payload.report === id && each.status !== "refused");
    const now = JSON.stringify([one, said.map((each) => [each.id, each.status])]);
    if (now === drawn) return; // what is being written stays
    drawn = now;
    fill(box, one ? page(app, one, said) : notice("没有这件反映", null, "", link("我的反映", "#/reports")));
  };
  await update();
  return { title: "反映的进展", back: "#/reports", way: "messages", body: [box], update };
}

function page(app, one, said) {
  return [
    notice(one.words, one.closed ? null : one.due_on ? `这一步应在 ${one.due_on} 前办完` : null),
    facts([["编号", one.tracking], ["类别", one.category], ["地点", one.place.name], ["看到的时间", momentOf(asMs(one.happened_at), Date.now())]]),
    h("p", { class: "told" }, one.text),
    heading("办理过程"),
    h("ol", { class: "steps" }, one.steps.map((step) => h("li", {}, h("strong", {}, step.words), h("span", { class: "under" }, momentOf(asMs(step.at), Date.now())), step.text && h("p", {}, step.text)))),
    said.filter((each) => each.status !== "kept").map(() => quiet("您的答复已存在手机里，有信号时自动送出。")),
    confirming(app, one, said), rating(app, one, said), withdrawing(app, one, said),
  ];
}

const has = (said, kind) => said.some((each) => each.kind === kind && each.status !== "kept");

function confirming(app, one, said) {
  if (!(one.may_confirm || one.may_reopen) || has(said, "supervisor_confirmation")) return null;
  const area = h("textarea", { rows: "2", maxlength: String(most) });
  const text = field("您看到的情况（选填）", area);
  const send = (fixed) => say(app, "supervisor_confirmation", { report: one.id, fixed, text: area.value.trim() });
  return [heading("解决了吗"), text.node, h("div", { class: "stack" }, one.may_confirm && button("已解决", () => send(true), "main"), button(one.closed ? "没有解决，请重新办理" : "没有解决", () => send(false)))];
}

function rating(app, one, said) {
  if (!one.may_rate || has(said, "supervisor_rating")) return null;
  if (one.score) return quiet(`您评了 ${one.score} 分。`);
  const form = { score: null };
  const send = () => (form.score ? say(app, "supervisor_rating", { report: one.id, score: form.score }) : app.say("请先选几分"));
  return [heading("办得怎么样"), choices("1 分最差，5 分最好", { 1: "1", 2: "2", 3: "3", 4: "4", 5: "5" }, null, (value) => (form.score = Number(value))), button("送出评价", send, "main")];
}

function withdrawing(app, one, said) {
  if (!one.may_withdraw || has(said, "supervisor_withdrawal")) return null;
  const act = async () => {
    if (await confirmed("撤回这件反映？", "撤回后不再办理。受理以后就不能撤回了。", "撤回", "danger")) await say(app, "supervisor_withdrawal", { report: one.id });
  };
  return button("撤回", act, "danger");
}

const say = (app, kind, payload) => app.attempt(async () => {
  await app.phone.keep({ kind, payload });
  app.say("已存在手机里，有信号时自动送出");
  await app.phone.flush("hand");
  await app.phone.refresh().catch(() => {});
  await app.refresh();
});
