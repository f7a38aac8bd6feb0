// A supervisor's first screen: what is asked of them, what is unfinished, and the way to report something.
import { fill, h } from "../../ui/h.js";
import { button, heading, link, notice, quiet, row, rows } from "../../ui/parts.js";
import { dayOf, momentOf, shortDay } from "../../ui/times.js";

export async function home(app) {
  const box = h("div", {});
  const update = async () => {
    const [day, entries, drafts] = await Promise.all([app.phone.watch(), app.phone.list({ limit: 300 }), unfinished(app)]);
    fill(box, day ? [warnings(day, entries), drafts, tasks(day, entries), quiet(`任务取于 ${momentOf(day.heard_at, Date.now())}`)] : empty(app));
  };
  await update();
  return { title: "监督任务", way: "round", body: [box], foot: null, update };
}

function empty(app) {
  const load = () => app.attempt(async () => {
    await app.phone.refresh();
    await app.show();
  });
  return [notice("还没有取到任务", "任务在有信号时取一次，之后没有信号也能填。", "", button("取我的任务", load, "main")), report()];
}

const report = () => h("div", { class: "stack" }, link("反映情况", "#/report", "button main"));

async function unfinished(app) {
  const draft = await app.phone.draft("report");
  return draft ? notice("有一件反映还没写完", draft.text ? draft.text.slice(0, 40) : null, "warning", link("接着写", "#/report")) : null;
}

function warnings(day, entries) {
  const declared = entries.some((one) => one.kind === "supervisor_declaration" && one.status !== "refused");
  const fresh = day.declared && day.declared.version >= day.interest_version;
  return [
    !day.active && notice("不在聘期内", "聘期内见到的情况仍可补报，新的任务和反映须在聘期内。", "warning"),
    !fresh && !declared && notice("请先声明利益关系", "您或近亲属与邮政企业有没有劳动、投资等关系。有也不要紧，如实说明即可。", "", link("去声明", "#/declaration")),
  ];
}

function tasks(day, entries) {
  const open = day.tasks.map((task) => ({ ...task, mine: resultsOf(task, entries) }));
  return [
    report(),
    heading(`任务（${open.length}）`),
    open.length ? rows(open.map(line), "任务") : quiet("现在没有交给您的任务。平时看到的情况随时可以反映。"),
  ];
}

/** Pure: how often a task was reported, what still waits on this phone included. */
export function resultsOf(task, entries) {
  const waiting = entries.filter((one) => one.kind === "supervisor_result" && one.payload.task === task.id && one.status !== "kept" && one.status !== "refused");
  return task.results + waiting.length;
}

function line(task) {
  const late = task.due_on < dayOf(Date.now());
  const [end, look] = task.mine ? ["已报", "good"] : late ? ["已过期", "bad"] : ["去做", ""];
  return row({ href: `#/task/${task.id}`, name: task.title, under: `${task.kind_name}·${task.place.name}，${shortDay(task.due_on)}前`, end, look });
}
