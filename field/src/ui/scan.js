// Reads the village's tag: its QR by the camera, and its NFC chip at the same time where the phone can.
import { h } from "./h.js";
import { tagIn } from "./tag.js";

/** Gives the tag's text `PY1.…`, or null when the person left. Throws the bridge's troubles when no way is open. */
export async function scanTag(app) {
  const { qr, nfc } = app.phone.bridge;
  const over = new AbortController();
  const video = h("video", { autoplay: true, playsinline: true, muted: true, "aria-label": "相机画面" });
  const leave = h("button", { class: "button", type: "button" }, "取消");
  const say = h("p", { class: "say", role: "status" }, nfc && nfc.available ? "对准村里的二维码，或把手机贴近标签" : "对准村里的二维码");
  const node = h("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": "扫村码" }, video, h("div", { class: "tools" }, h("span"), leave, h("span")), say);
  document.body.append(node);
  leave.focus();
  const left = new Promise((resolve) => (leave.onclick = () => resolve(null)));
  const ways = [until(() => qr.scan(video, { signal: over.signal }), say, over)];
  if (nfc && nfc.available) ways.push(until(() => nfc.read({ signal: over.signal }), say, over).catch(() => left));
  try {
    return await Promise.race([left, ...ways]);
  } finally {
    over.abort();
    node.remove();
  }
}

async function until(read, say, over) {
  while (!over.signal.aborted) {
    const tag = tagIn(await read());
    if (tag) return tag;
    say.textContent = "这不是村里的标签，请对准村码";
  }
  return null;
}
