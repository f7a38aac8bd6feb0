// The PIN pad: six dots and ten large keys; a keyboard works too.
import { h } from "./h.js";

const length = 6;

/** Calls `onfull(pin)` with six digits; `clear(words)` empties it and says why. */
export function pinPad(label, onfull) {
  let typed = "";
  let resting = false;
  const dots = h("div", { class: "dots", role: "img" }, Array.from({ length }, () => h("i")));
  const said = h("p", { class: "wrong center", role: "alert" });
  const draw = () => {
    [...dots.children].forEach((dot, index) => dot.classList.toggle("full", index < typed.length));
    dots.setAttribute("aria-label", `已输入 ${typed.length} 位，共 ${length} 位`);
  };
  const press = (digit) => {
    if (resting || typed.length >= length) return;
    said.textContent = "";
    typed += digit;
    draw();
    if (typed.length === length) setTimeout(() => onfull(typed), 30);
  };
  const erase = () => {
    typed = typed.slice(0, -1);
    draw();
  };
  const key = (digit) => h("button", { type: "button", onclick: () => press(digit) }, digit);
  const pad = h("div", { class: "pad", role: "group", "aria-label": label }, [..."123456789"].map(key), h("span"), key("0"),
    h("button", { class: "word", type: "button", "aria-label": "删除一位", onclick: erase }, "删除"));
  const node = h("div", { class: "stack" }, h("p", { class: "center" }, label), dots, said, pad);
  listen(node, press, erase);
  draw();
  const clear = (words = "") => {
    typed = "";
    draw();
    said.textContent = words;
  };
  return { node, clear, rest: (value) => (resting = value) };
}

function listen(node, press, erase) {
  const keyboard = (event) => {
    if (!node.isConnected) document.removeEventListener("keydown", keyboard);
    else if (/^[0-9]$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") erase();
  };
  document.addEventListener("keydown", keyboard);
}
