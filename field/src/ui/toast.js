// A line above the step's button that appears for a while, with one thing that can be done about it; read aloud by the frame's voice.
import { fill, h } from "./h.js";

let shown = null;

export function toast(frame, text, { word, act, seconds = 10 } = {}) {
  hideToast();
  const button = word && h("button", { type: "button", onclick: () => (hideToast(), act()) }, word);
  fill(frame.toast, h("span", {}, text), button);
  frame.toast.hidden = false;
  frame.voice.textContent = text;
  shown = { place: frame.toast, said: location.hash, timer: setTimeout(hideToast, seconds * 1000) };
}

/** Another screen came: what was said belongs to the one before. */
export function passToast() {
  if (shown && shown.said !== location.hash) hideToast();
}

export function hideToast() {
  if (!shown) return;
  clearTimeout(shown.timer);
  shown.place.hidden = true;
  shown = null;
}
