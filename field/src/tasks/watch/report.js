// A free report: what was seen, where, of which kind, with photos; hidden from the company unless the supervisor says otherwise.
import { h } from "../../ui/h.js";
import { button, choices, field, notice, tick } from "../../ui/parts.js";
import { confirmed } from "../../ui/dialog.js";
import { photosPart } from "../photos.js";
import { placePart } from "./place.js";
import { wherePart } from "./where.js";

const [least, most] = [2, 2000];

export async function report(app) {
  const day = await app.phone.watch();
  if (!day) return { title: "反映情况", back: "#/", way: "messages", body: [notice("还没有取到类别和地点", "请在有信号时先回任务单取一次。")] };
  const form = (await app.phone.draft("report")) || { category: null, place: null, text: "", shown: false, photos: [], located: false };
  const keep = () => app.attempt(() => app.phone.saveDraft("report", form));
  const place = placePart(app, form, keep, day.places, "在哪里");
  const where = wherePart(app, form, keep);
  const area = h("textarea", { rows: "5", maxlength: String(most), value: form.text, oninput: (event) => (form.text = event.target.value), onchange: keep });
  const text = field("看到了什么", area, `时间、地点、经过，最多 ${most} 字。写一半也会留着。`);
  const groups = [...new Set(day.categories.map((one) => one.group))];
  const kinds = groups.map((group) => choices(group, Object.fromEntries(day.categories.filter((one) => one.group === group).map((one) => [one.code, one.name])), form.category, (code) => {
    form.category = code;
    for (const box of kinds) for (const input of box.querySelectorAll("input")) input.checked = input.value === code;
    return keep();
  }));
  const drop = async () => {
    if (!(await confirmed("不要这件反映了？", "写的内容和照片会从手机里删掉。", "不要了", "danger"))) return;
    await app.attempt(async () => {
      await app.phone.dropDraft("report");
      for (const photo of form.photos) await app.phone.dropPhoto(photo.sha256);
      app.go("#/");
    });
  };
  return {
    title: "反映情况", back: "#/", way: "messages", leave: where.leave,
    body: [
      kinds, place.node, text.node, photosPart(app, form, keep, "other", "拍现场"), where.node,
      tick("可以让邮政企业知道是我反映的", form.shown, (on) => ((form.shown = on), keep())),
      h("p", { class: "help" }, "不勾选时，只有受理的邮政管理部门知道您是谁。"), button("不要了", drop),
    ],
    foot: [button("存下并上报", () => finish(app, { form, place, text, where }), "main")],
  };
}

/** Pure: what is missing, as [which, words], or null. */
export function missing({ category, place, text }) {
  if (!category) return ["category", "请选一个类别"];
  if (!place) return ["place", "请选地点"];
  if (text.trim().length < least) return ["text", "请写看到了什么"];
  return null;
}

async function finish(app, { form, place, text, where }) {
  text.wrong("");
  const lack = missing(form);
  if (lack) return { place: place.wrong, text: text.wrong }[lack[0]] ? { place: place.wrong, text: text.wrong }[lack[0]](lack[1]) : app.say(lack[1]);
  await app.attempt(async () => {
    const payload = { category: form.category, place: form.place.code, text: form.text.trim(), hidden: !form.shown, photos: form.photos };
    const position = where.position();
    if (position) payload.position = position;
    await app.phone.keep({ kind: "supervisor_report", payload });
    await app.phone.dropDraft("report");
    app.go("#/reports");
    app.say("已存在手机里，有信号时自动上报");
    app.phone.flush("open");
  });
}
