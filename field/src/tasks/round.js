// Today's list: the next village on top with one large button, the others below.
import { h, fill } from "../ui/h.js";
import { button, heading, link, notice, quiet } from "../ui/parts.js";
import { asMs, dotDay, metres, shortDay, timeOf } from "../ui/times.js";
import { statusWord } from "../outbox/texts.js";
import { fixLine } from "./fix.js";
import { planOf } from "./plan.js";
import { senses } from "./senses.js";
import { shift } from "./shift.js";
import { warnings } from "./warnings.js";

export async function round(app) {
  const { phone } = app;
  const fix = fixLine(phone);
  const box = h("div", {});
  const head = h("span", { class: "aside figure" });
  const update = async () => {
    const [stored, entries, draft] = await Promise.all([phone.round(), phone.list({ limit: 200 }), phone.draft("visit")]);
    const sense = await senses(app, entries);
    const here = phone.location();
    fix.rest(restWords(sense));
    const plan = stored && planOf(stored, entries, here.position, Date.now());
    head.textContent = plan ? `已到 ${plan.served}` : "";
    const title = app.frame.head.querySelector("h1");
    if (title && app.screen && app.screen.name === "round") title.textContent = titleOf(plan);
    const told = warnings({ app, round: stored, plan, location: here, now: Date.now() });
    fill(box, told, sense.agreed === null && stored && consentNotice(), stored && stored.on_leave && notice("今天您在休假", "有人代班。确实到了村，也可以打卡。"), draft && unfinished(app, draft), plan ? list(app, plan, stored, fix, entries) : empty(app));
  };
  await update();
  const moved = phone.on("location", later(update));
  const plan = await planFor(phone);
  return { title: titleOf(plan), aside: head, body: [box], way: "round", update, leave: () => (moved(), fix.end()) };
}

async function planFor(phone) {
  const stored = await phone.round();
  return stored && planOf(stored, [], null, Date.now());
}

/** Why the phone does not look where it is, or null while it does. */
function restWords({ agreed, on }) {
  if (on) return null;
  return agreed ? "还没出班，不定位" : "没有同意定位，不取位置。照样可以打卡";
}

const consentNotice = () => notice("先看一下告知书", "登记哪些信息、做什么用、您有什么权利。不同意也能打卡，只是不定位。", "", link("看告知书", "#/consent"));

const titleOf = (plan) => (plan ? `今天 ${plan.planned.length} 个村` : "今天");

/** At most once in three seconds: a list that jumps cannot be tapped. */
function later(act) {
  let waiting = null;
  return () => {
    if (!waiting) waiting = setTimeout(() => ((waiting = null), act()), 3000);
  };
}

function empty(app) {
  const load = () => app.attempt(async () => {
    await app.phone.refresh();
    await app.show();
  });
  return notice("还没有今天的名单", "名单在有信号时取一次，之后没有信号也能用。", "", button("取今天的名单", load, "main"), link("到了一个村，先打卡", "#/search"));
}

function unfinished(app, draft) {
  const drop = async () => {
    await app.phone.dropDraft("visit");
    app.refresh();
  };
  const name = draft.villages[0].name;
  return notice(`${name} ${timeOf(asMs(draft.arrival.happened_at))} 还没写完`, null, "warning", link("接着写", "#/visit"), button("不要了", drop));
}

function list(app, plan, stored, fix, entries) {
  const { next } = plan;
  const rest = plan.planned.filter((village) => village !== next);
  const done = plan.planned.length > 0 && !next;
  return [
    shift(app, plan, entries),
    next && nextCard(app, next, fix),
    done && notice("今天的村都到了", "辛苦了。收班前看一眼下面的待上传。"),
    !plan.planned.length && notice("今天没有安排的村", "班期没有排到今天。临时要去的村在下面。"),
    rest.length > 0 && h("ul", { "aria-label": "今天其余的村" }, rest.map((village) => villageRow(app, village))),
    plan.others.length > 0 && [heading("今天没排到的村"), h("ul", { "aria-label": "今天没排到的村" }, plan.others.map((village) => villageRow(app, village)))],
    h("div", { class: "stack" }, h("p", {}), link("名单外的村", "#/search"), stored.outlines || plan.planned.length ? link("看位置图", "#/map") : null),
    quiet(`名单取于 ${shortDay(stored.day)}`),
  ];
}

function nextCard(app, village, fix) {
  return h("section", { class: "next", "aria-label": "下一个村" },
    h("div", { class: "what" }, h("a", { class: "name", href: `#/village/${village.code}` }, village.name), village.metres !== null && h("span", { class: "far" }, metres(village.metres))),
    h("p", { class: "under" }, aboutOf(village)),
    fix.node,
    button("到了", () => app.go(`#/arrived/${village.code}`), "main great", { "aria-label": `到了${village.name}` }),
    h("div", { class: "links" }, link("不能投递", `#/hindrance/${village.code}`, "plain-link"), link("看这个村", `#/village/${village.code}`, "plain-link")));
}

/** 本周第 3 次，应 3 次 · 上次 11.18 */
export function aboutOf(village) {
  const due = village.due && village.due.need ? `，应 ${village.due.need} 次` : "";
  const nth = village.served ? `本周已 ${village.made} 次` : `本周第 ${village.made + 1} 次`;
  const last = village.last ? `上次 ${dotDay(village.last)}` : "还没有到过";
  return [nth + due, village.served ? null : last, village.note].filter(Boolean).join(" · ");
}

function villageRow(app, village) {
  const state = village.visit ? `${timeOf(asMs(village.visit.happened_at))} ${stateWord(village.visit.status)}` : village.served ? "今天已到" : aboutOf(village);
  const far = village.metres !== null && !village.served ? metres(village.metres) : null;
  return h("li", { class: `village${village.served ? " served" : ""}` },
    h("a", { class: "row", href: `#/village/${village.code}` }, h("span", { class: "mark", "aria-hidden": "true" }),
      h("span", { class: "text" }, h("span", { class: "name" }, village.name, village.served && h("span", { class: "hidden" }, "（已到）")), h("span", { class: "under" }, state)),
      far && h("span", { class: "end" }, far)),
    !village.served && h("button", { class: "here", type: "button", "aria-label": `到了${village.name}`, onclick: () => app.go(`#/arrived/${village.code}`) }, "到了"));
}

/** Never “已提交” before the receipt is there. */
export function stateWord(status) {
  return { waiting: "已存在手机里", sending: "正在上传", kept: "已提交", refused: "被退回" }[status] ?? statusWord(status);
}
