// Parts that screens are put together from: buttons, links, choices, fields, notices, rows.
import { h } from "./h.js";

let counted = 0;
const freshId = () => `part-${(counted += 1)}`;

export function button(word, onclick, look = "", extra = {}) {
  return h("button", { class: `button ${look}`, type: "button", onclick, ...extra }, word);
}

export const link = (word, href, look = "button") => h("a", { class: look, href }, word);

export function notice(title, text, look = "", ...more) {
  return h("section", { class: `notice ${look}`, role: look === "danger" ? "alert" : undefined }, h("strong", {}, title), text && h("p", {}, text), more);
}

/** One of several, as large buttons: `options` is code → word. */
export function choices(label, options, chosen, onchange) {
  const name = freshId();
  const one = ([value, word]) => h("label", { class: "choice" },
    h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchange(value) }), h("span", {}, word));
  return h("fieldset", { class: "field" }, h("legend", {}, label), h("div", { class: "choices" }, Object.entries(options).map(one)));
}

/** A labelled field; `wrong(text)` shows why it is not right and says it aloud. */
export function field(label, control, help) {
  const id = freshId();
  const hint = h("p", { class: "wrong", id: `${id}-wrong`, role: "alert" });
  control.id = id;
  control.setAttribute("aria-describedby", hint.id);
  const node = h("div", { class: "field" }, h("label", { class: "label", for: id }, label), control, help && h("p", { class: "help" }, help), hint);
  const wrong = (text) => {
    hint.textContent = text ?? "";
    control.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) control.focus();
  };
  return { node, control, wrong };
}

export function tick(label, checked, onchange) {
  return h("label", { class: "tick" }, h("input", { type: "checkbox", checked, onchange: (event) => onchange(event.target.checked) }), h("span", {}, label));
}

export function row({ href, onclick, name, under, end, look = "" }) {
  const inside = [h("span", { class: "text" }, h("span", { class: "name" }, name), under && h("span", { class: "under" }, under)), end && h("span", { class: `end ${look}` }, end)];
  return href ? h("a", { class: "row", href }, inside) : h(onclick ? "button" : "div", { class: "row", type: onclick && "button", onclick }, inside);
}

export const rows = (list, label) => h("ul", { class: "rows", "aria-label": label }, list.map((one) => h("li", {}, one)));
export const facts = (pairs) => h("dl", { class: "facts" }, pairs.filter(([, what]) => what !== null && what !== undefined).map(([name, what]) => [h("dt", {}, name), h("dd", {}, what)]));
export const heading = (words) => h("h2", {}, words);
export const quiet = (...words) => h("p", { class: "quiet" }, words);
