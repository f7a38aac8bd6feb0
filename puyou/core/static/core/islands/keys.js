// The keyboard: / searches, g goes, j and k walk the rows of a list, ? explains.
const PLACES = { m: "/atlas/", w: "/workbench/", v: "/visits/", r: "/registry/" };
let going = false;

/** Whether a key was meant for a field and not for the page. */
export function isTyping(element) {
  return Boolean(element?.closest?.("input, textarea, select, [contenteditable]"));
}

/** The index of the row to choose next among `length`, from the chosen one (-1: none) by a step of 1 or -1. */
export function nextRow(chosen, step, length) {
  if (!length) return -1;
  return chosen < 0 ? (step > 0 ? 0 : length - 1) : Math.min(length - 1, Math.max(0, chosen + step));
}

function listInUse() {
  return document.querySelector("[data-rows] tr.chosen")?.closest("[data-rows]") ?? document.querySelector("main [data-rows]");
}

function walk(step) {
  const rows = [...(listInUse()?.querySelectorAll("tbody tr") ?? [])];
  const chosen = rows.findIndex((row) => row.classList.contains("chosen"));
  const next = rows[nextRow(chosen, step, rows.length)];
  if (!next) return;
  rows[chosen]?.classList.remove("chosen");
  next.classList.add("chosen");
  next.scrollIntoView({ block: "nearest" });
  const link = next.querySelector("a[href]");
  if (link) link.focus({ preventScroll: true });
  next.dispatchEvent(new CustomEvent("puyou:chosen", { bubbles: true }));
}

function go(key) {
  const links = [...document.querySelectorAll(".nav a, .bottom a")];
  const link = links.find((one) => one.getAttribute("href") === PLACES[key]);
  if (link) location.assign(link.href);
}

function help() {
  const dialog = document.getElementById("help");
  if (dialog && !dialog.open) dialog.showModal();
}

const KEYS = {
  "/": () => document.getElementById("picker-input")?.focus(),
  "?": help,
  j: () => walk(1),
  k: () => walk(-1),
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (going) {
    going = false;
    return go(event.key);
  }
  if (event.key === "g") {
    going = true;
    setTimeout(() => (going = false), 1500);
  } else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
}

/** Listen to the page's keys and show the button that explains them. */
export function startKeys() {
  document.addEventListener("keydown", pressed);
  for (const button of document.querySelectorAll("[data-help]")) {
    button.hidden = false;
    button.addEventListener("click", help);
  }
}
