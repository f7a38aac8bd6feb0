// Why a village could not be served: becomes a proposed excuse, approved or not by the regulator.
import { h } from "../ui/h.js";
import { button, choices, field, link, notice, quiet } from "../ui/parts.js";
import { dayOf } from "../ui/times.js";
import { grounds } from "../ui/words.js";
import { photosPart } from "./photos.js";

export async function hindrance(app, { args: [code] }) {
  if (!code) return { title: "不能投递", back: "#/", way: "round", body: [notice("先选一个村", "在今天的名单里点“不能投递”。", "", link("找村", "#/search"))] };
  const stored = await app.phone.round();
  const village = (stored ? stored.villages : []).find((one) => one.code === code);
  const today = dayOf(Date.now());
  const name = `hindrance-${code}`;
  const form = (await app.phone.draft(name)) ?? { ground: null, from: today, until: today, note: "", photos: [] };
  const keep = () => app.attempt(() => app.phone.saveDraft(name, form));
  const dates = datesPart(form, keep);
  const note = h("textarea", { maxlength: "500", rows: "2", value: form.note, oninput: (event) => (form.note = event.target.value), onchange: keep });
  const send = () => finish(app, { form, code, name, dates });
  return {
    title: `${village ? village.name : code}不能投递`, back: "#/", way: "round",
    body: [quiet("先存在手机里，有信号时报给邮政管理部门审批。批准前不算免责。"), choices("为什么", grounds, form.ground, (value) => ((form.ground = value), keep())),
      dates.node, field("说明（最多 500 字）", note).node, photosPart(app, form, keep, "other", "拍现场")],
    foot: [button("存下", send, "main")],
  };
}

function datesPart(form, keep) {
  const day = (name) => h("input", { type: "date", value: form[name], onchange: (event) => ((form[name] = event.target.value), keep()) });
  const from = field("从哪天", day("from"));
  const until = field("到哪天（含）", day("until"));
  return { node: h("div", {}, from.node, until.node), from, until };
}

/** Pure: what is missing, as [which, words], or null. */
export function missing({ ground, from, until, note }) {
  if (!ground) return ["ground", "请选一个原因"];
  if (!from) return ["from", "请选开始的日子"];
  if (!until || until < from) return ["until", "结束的日子不能早于开始"];
  if (ground === "other" && !note.trim()) return ["note", "选“其他”时请写明原因"];
  return null;
}

async function finish(app, { form, code, name, dates }) {
  dates.from.wrong("");
  dates.until.wrong("");
  const lack = missing(form);
  if (lack) return lack[0] in dates ? dates[lack[0]].wrong(lack[1]) : app.say(lack[1]);
  await app.attempt(async () => {
    const { ground, from, until, note, photos } = form;
    await app.phone.keep({ kind: "hindrance", payload: { village: code, ground, from, until, note: note.trim(), photos } });
    await app.phone.dropDraft(name);
    app.go("#/");
    app.say("已存在手机里：不能投递的说明");
    app.phone.flush("open");
  });
}
