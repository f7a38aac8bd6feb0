// Asking a person something that must be answered first, and telling something that must not be overlooked.
import { h } from "./h.js";

/** Resolves with the value of the chosen answer; Escape gives the last one's. `answers`: [[value, word, look]…]. */
export function ask({ title, text, answers, extra }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const close = (value) => {
      shade.remove();
      if (before && before.isConnected) before.focus({ preventScroll: true });
      resolve(value);
    };
    const buttons = answers.map(([value, word, look = ""]) =>
      h("button", { class: `button ${look}`, type: "button", onclick: () => close(value) }, word));
    const lines = [].concat(text ?? []).map((line) => h("p", {}, line));
    const card = h("div", { class: "card", role: "alertdialog", "aria-modal": "true", "aria-label": title }, h("h1", {}, title), lines, extra, buttons);
    const shade = h("div", { class: "dialog", onkeydown: (event) => keys(event, card, () => close(answers[answers.length - 1][0])) }, card);
    document.body.append(shade);
    buttons[0].focus();
  });
}

function keys(event, card, leave) {
  if (event.key === "Escape") leave();
  if (event.key !== "Tab") return;
  const stops = [...card.querySelectorAll("button, input, a[href]")];
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
}

export const confirmed = (title, text, yes, look = "main") => ask({ title, text, answers: [[true, yes, look], [false, "取消"]] });
export const told = (title, text, extra) => ask({ title, text, extra, answers: [[true, "知道了", "main"]] });
