// The consent text: read, answered, and answered otherwise later. Refusing never locks anybody out.
import { h } from "../ui/h.js";
import { button, notice, quiet } from "../ui/parts.js";
import { agreed } from "./senses.js";

export async function consent(app) {
  const stored = await app.phone.round();
  if (!stored || !stored.consent) return { title: "知情同意", back: "#/mine", way: "mine", body: [quiet("告知书在取今天的名单时一起取。请先联网。")] };
  const { version, text } = stored.consent;
  const now = agreed(stored.consent, await app.phone.draft("consent"));
  const say = (answer) => app.attempt(async () => {
    await app.phone.keep({ kind: "consent", payload: { version, agreed: answer } });
    await app.phone.saveDraft("consent", { version, agreed: answer });
    app.go("#/");
    app.say(answer ? "已同意，出班后开始定位" : "已记下：不定位，照样可以打卡");
    app.phone.flush("open");
  });
  const state = { true: "您现在同意。可以随时撤回，撤回前的记录不受影响。", false: "您现在不同意：不取位置，照样可以打卡。" }[now];
  const foot = h("div", { class: "pair wide-last" }, button(now === true ? "撤回同意" : "不同意", () => say(false)), button("同意", () => say(true), "main"));
  return { title: "知情同意", back: now === null ? null : "#/mine", way: "mine", body: [state && notice(state), paragraphs(text), quiet(`版本 ${version}`)], foot: [foot] };
}

const paragraphs = (text) => h("article", { class: "guide" }, text.split(/\n+/).filter(Boolean).map((line) => h(/^[一二三四五六七八九十]+、/.test(line) ? "h2" : "p", {}, line)));
