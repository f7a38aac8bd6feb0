// A line that appears for a while, with one thing that can be done about it; read aloud by the frame's voice.
import { h } from "./h.js";

let shown = null;

export function toast(frame, text, { word, act, seconds = 10 } = {}) {
  hideToast();
  const button = word && h("button", { type: "button", onclick: () => (hideToast(), act()) }, word);
  shown = { at: Date.now(), node: h("div", { class: "toast" }, h("span", {}, text), button), timer: setTimeout(hideToast, seconds * 1000) };
  document.body.append(shown.node);
  frame.voice.textContent = text;
}

/** A screen came: what was said before it, is over. */
export function passToast(staying) {
  if (shown && !staying && Date.now() - shown.at > 600) hideToast();
}

export function hideToast() {
  if (!shown) return;
  clearTimeout(shown.timer);
  shown.node.remove();
  shown = null;
}
