// The last resort: the outbox as an encrypted file, out of this phone and back into one.
import { h } from "../ui/h.js";
import { button, field, heading, notice, quiet } from "../ui/parts.js";

export async function files(app) {
  const out = h("div", { class: "stack" });
  const take = button("导出成文件", () => app.attempt(() => save(app, out)), "main");
  return { title: "导出与恢复", back: "#/outbox", way: "round", body: [
    heading("导出"), quiet("把还没上传的记录和照片存成一个加密文件。手机坏了、要换手机、一直没有信号时用。"), take, out,
    heading("从文件恢复"), quiet("只有导出时给的口令能打开文件。别人的文件传不出“证实”，系统会注明。"), restoring(app),
  ] };
}

async function save(app, out) {
  const { blob, name, key } = await app.phone.exportOutbox({ photos: true });
  const address = URL.createObjectURL(blob);
  const file = h("a", { class: "button", href: address, download: name }, "把文件存到手机");
  out.append(notice("口令只显示这一次，请抄下来", "没有口令，文件打不开。", "warning"), h("output", { class: "code", "aria-label": "文件口令" }, key), file, share(blob, name));
  file.focus();
}

function share(blob, name) {
  const file = typeof File === "function" ? new File([blob], name, { type: blob.type }) : null;
  if (!file || !navigator.canShare || !navigator.canShare({ files: [file] })) return "";
  return button("发送给别人", () => navigator.share({ files: [file] }).catch(() => undefined));
}

function restoring(app) {
  const chosen = h("span", {}, "选择导出的文件");
  const file = h("input", { class: "hidden", type: "file", "aria-label": "选择导出的文件", onchange: () => (chosen.textContent = file.files[0] ? file.files[0].name : "选择导出的文件") });
  const key = field("口令", h("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" }));
  const open = () => app.attempt(async () => {
    if (!file.files.length) return app.say("请先选文件");
    if (!key.control.value.trim()) return key.wrong("请输入口令");
    const { added, known } = await app.phone.importOutbox(file.files[0], key.control.value.trim());
    app.go("#/outbox");
    app.say(`恢复了 ${added} 条，已有 ${known} 条`);
    app.phone.flush("open");
  });
  return h("div", { class: "stack" }, h("label", { class: "button" }, file, chosen), key.node, button("恢复", open));
}
