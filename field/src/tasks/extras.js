// What a visit may also carry: to whom, the village's tag, a note, a voice.
import { h } from "../ui/h.js";
import { icon } from "../ui/icon.js";
import { button, field } from "../ui/parts.js";
import { scanTag } from "../ui/scan.js";
import { villageOf } from "../ui/tag.js";
import { recordVoice } from "../ui/voice.js";

export function extras(app, draft, keep, choices) {
  const note = h("textarea", { maxlength: "500", rows: "2", value: draft.note, onchange: (event) => ((draft.note = event.target.value), keep()) });
  note.addEventListener("input", () => (draft.note = note.value));
  const rest = h("details", { class: "extra" }, h("summary", {}, "备注、语音"), field("备注（最多 500 字）", note).node, voicePart(app, draft, keep));
  return [tagPart(app, draft, keep), choices, rest];
}

function tagPart(app, draft, keep) {
  const words = () => (draft.tag ? "村码已扫 ✓" : "扫村码");
  const scan = button(words(), () => app.attempt(async () => {
    const tag = await scanTag(app);
    if (!tag) return;
    if (!draft.villages.some((village) => village.code === villageOf(tag))) app.say("这是别的村的码，也一起记下，请核对");
    draft.tag = tag;
    await keep();
    scan.lastChild.textContent = words();
  }));
  scan.prepend(icon("tag"));
  return h("div", { class: "field" }, scan);
}

function voicePart(app, draft, keep) {
  const words = () => (draft.voice ? "语音已录 ✓（再按重录）" : "录一段语音");
  const record = button(words(), () => app.attempt(async () => {
    const sha256 = await recordVoice(app);
    if (!sha256) return;
    draft.voice = sha256;
    await keep();
    record.lastChild.textContent = words();
  }));
  record.prepend(icon("voice"));
  return record;
}
