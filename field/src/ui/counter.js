// A counter for pieces of mail: a large plus, a minus, and a number that may be typed.
import { h } from "./h.js";

const most = 9999;

export function counter(word, value, onchange) {
  const shown = h("input", { type: "text", inputmode: "numeric", maxlength: "4", "aria-label": `${word}件数`, value: String(value) });
  const less = h("button", { class: "less", type: "button", "aria-label": `${word}减一`, onclick: () => to(read(shown.value) - 1) }, "−");
  const more = h("button", { class: "more", type: "button", "aria-label": `${word}加一`, onclick: () => to(read(shown.value) + 1) }, "+");
  const to = (count) => {
    const kept = Math.max(0, Math.min(most, count));
    shown.value = String(kept);
    less.disabled = kept === 0;
    onchange(kept);
  };
  shown.addEventListener("change", () => to(read(shown.value)));
  shown.addEventListener("focus", () => shown.select());
  less.disabled = value === 0;
  return h("div", { class: "counter", role: "group", "aria-label": word }, h("span", { class: "what" }, word), less, shown, more);
}

/** Pure: a typed number; anything else is nought. */
export function read(text) {
  const number = Number.parseInt(text, 10);
  return Number.isInteger(number) && number > 0 ? number : 0;
}
