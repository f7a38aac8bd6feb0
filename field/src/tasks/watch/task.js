// One task: what is asked, the points of its list, and what was found.
import { h } from "../../ui/h.js";
import { button, choices, field, heading, link, notice, quiet } from "../../ui/parts.js";
import { shortDay } from "../../ui/times.js";
import { photosPart } from "../photos.js";
import { placePart, related } from "./place.js";
import { wherePart } from "./where.js";

const limit = 1000;

export async function task(app, { args: [id] }) {
  const day = await app.phone.watch();
  const asked = day && day.tasks.find((one) => String(one.id) === id);
  if (!asked) return { title: "任务", back: "#/", way: "round", body: [notice("没有这项任务", "可能已收回。回到任务单看看。", "", link("任务单", "#/"))] };
  const name = `task-${id}`;
  const form = (await app.phone.draft(name)) || { answers: {}, note: "", cost: "", photos: [], place: asked.place, located: false };
  const keep = () => app.attempt(() => app.phone.saveDraft(name, form));
  const place = placePart(app, form, keep, day.places.filter((one) => related(one.code, asked.place.code)), "在哪里看的");
  const where = wherePart(app, form, keep);
  const points = asked.items.map((item) => point(item, form, keep));
  const note = h("textarea", { maxlength: String(limit), rows: "3", value: form.note, oninput: (event) => (form.note = event.target.value), onchange: keep });
  const cost = asked.kind === "test_letter" && field("邮资（元，按收据）", h("input", { type: "text", inputmode: "decimal", value: form.cost, oninput: (event) => (form.cost = event.target.value), onchange: keep }), "收据拍下来，凭它报销。");
  const send = () => finish(app, { asked, form, name, points, place, cost, where });
  return {
    title: asked.title, back: "#/", way: "round", leave: where.leave,
    body: [
      h("p", {}, `${asked.kind_name}·${asked.place.name}，${shortDay(asked.due_on)}前`), asked.words && notice("要求", asked.words),
      place.node, heading("逐项回答"), points.map((one) => one.node), cost && cost.node, field(`补充说明（最多 ${limit} 字）`, note).node,
      photosPart(app, form, keep, "other", asked.kind === "test_letter" ? "拍收据或信件" : "拍现场"), where.node, quiet(`依据：${asked.source}`),
    ],
    foot: [button("存下并上报", send, "main")],
  };
}

const yes = { yes: "是", no: "否", unsure: "不清楚" };
const inputs = { number: { type: "text", inputmode: "decimal" }, time: { type: "time" }, date: { type: "date" } };

function point(item, form, keep) {
  const label = item.required ? item.text : `${item.text}（选答）`;
  const set = (value) => {
    if (value === "") delete form.answers[item.code];
    else form.answers[item.code] = value;
    return keep();
  };
  const options = item.answer === "yes_no" ? yes : item.answer === "choice" ? Object.fromEntries(item.choices.map((one) => [one, one])) : item.answer === "scale" ? { 1: "1", 2: "2", 3: "3", 4: "4", 5: "5" } : null;
  if (options) {
    const given = form.answers[item.code];
    return { item, node: choices(label, options, given === undefined ? null : String(given), (value) => set(item.answer === "scale" ? Number(value) : value)) };
  }
  const control = item.answer === "text" ? h("textarea", { rows: "2", maxlength: String(limit), value: form.answers[item.code] || "" }) : h("input", { ...inputs[item.answer], value: form.answers[item.code] === undefined ? "" : String(form.answers[item.code]) });
  control.addEventListener("change", () => set(item.answer === "number" && control.value.trim() ? numberOf(control.value) : control.value));
  const made = field(label, control);
  return { item, node: made.node, wrong: made.wrong };
}

/** Pure: a number as people type it, full-width digits and commas too; the text itself when it is none. */
export function numberOf(text) {
  const plain = text.trim().replace(/[０-９．]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0)).replace(/[,，]/g, "");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
}

/** Pure: the first point that is not answered as it must be, with words; null when all is well. */
export function lacking(items, answers) {
  for (const item of items) {
    const given = answers[item.code];
    if (given === undefined && item.required) return [item.code, `“${item.text}”还没有回答`];
    if (given !== undefined && item.answer === "number" && typeof given !== "number") return [item.code, `“${item.text}”要填数字`];
  }
  return null;
}

async function finish(app, { asked, form, name, points, place, cost, where }) {
  if (!form.place) return place.wrong("请选地点");
  const lack = lacking(asked.items, form.answers);
  if (lack) {
    const found = points.find((one) => one.item.code === lack[0]);
    if (found.wrong) return found.wrong(lack[1]);
    found.node.scrollIntoView({ block: "center" });
    return app.say(lack[1]);
  }
  const yuan = form.cost.trim() ? numberOf(form.cost) : null;
  if (cost && yuan !== null && (typeof yuan !== "number" || yuan > 1000)) return cost.wrong("请填 0 至 1000 之间的金额，如 1.20");
  await app.attempt(async () => {
    const payload = { task: asked.id, place: form.place.code, answers: form.answers, note: form.note.trim(), photos: form.photos };
    if (cost && yuan !== null) payload.cost_cents = Math.round(yuan * 100);
    const position = where.position();
    if (position) payload.position = position;
    await app.phone.keep({ kind: "supervisor_result", payload });
    await app.phone.dropDraft(name);
    app.go("#/");
    app.say("已存在手机里，有信号时自动上报");
    app.phone.flush("open");
  });
}
