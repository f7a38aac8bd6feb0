// Writing back: the answer to a question, the appeal against a rejection; text, and photos where they help.
import { h } from "../ui/h.js";
import { button, field, notice } from "../ui/parts.js";
import { shortDay } from "../ui/times.js";
import { photosPart } from "./photos.js";

export async function question(app, { args: [id] }) {
  const one = (await app.phone.notes()).questions.find((other) => String(other.id) === id);
  if (!one) return gone();
  const payload = (form) => ({ question: one.id, text: form.text.trim(), photos: form.photos });
  return writing(app, { title: "回答询问", asked: notice(`${one.village_name}：${one.text}`), name: `answer-${id}`, kind: "answer", payload, label: "您的回答", done: "已存在手机里：回答" });
}

export async function appeal(app, { args: [visit] }) {
  const one = (await app.phone.notes()).decisions.find((other) => other.visit === visit);
  if (!one) return gone();
  const payload = (form) => ({ visit, text: form.text.trim(), photos: form.photos });
  return writing(app, { title: "申诉", asked: notice(`${one.village_name} ${shortDay(one.day)}：不算数`, one.ground, "danger"), name: `appeal-${visit}`, kind: "appeal", payload, label: "为什么应当算数", done: "已存在手机里：申诉" });
}

const gone = () => ({ title: "询问与审核", back: "#/messages", way: "messages", body: [notice("这一条已经没有了", "可能已经办完。")] });

async function writing(app, { title, asked, name, kind, payload, label, done }) {
  const form = (await app.phone.draft(name)) ?? { text: "", photos: [] };
  const keep = () => app.attempt(() => app.phone.saveDraft(name, form));
  const text = h("textarea", { maxlength: "500", rows: "5", value: form.text, oninput: (event) => (form.text = event.target.value), onchange: keep });
  const said = field(label, text, "最多 500 字");
  const send = async () => {
    if (!form.text.trim()) return said.wrong("请写几句话");
    await app.attempt(async () => {
      await app.phone.keep({ kind, payload: payload(form) });
      await app.phone.dropDraft(name);
      app.go("#/messages");
      app.say(done);
      app.phone.flush("open");
    });
  };
  return { title, back: "#/messages", way: "messages", body: [asked, said.node, photosPart(app, form, keep, "other", "拍照片")], foot: [button("存下并上传", send, "main")] };
}
