// The sheet of a month by keyboard: arrows move among the days on which something is due, page keys turn the month.
import { isTyping } from "./keys.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
const ROWS = { ArrowUp: -1, ArrowDown: 1 };
const PAGES = { PageUp: "a[data-previous]", PageDown: "a[data-next]" };

/** The link to go to from `link` by a key, among `cells` of seven a row; null where there is none that way. */
export function nextDay(cells, link, key) {
  const at = cells.findIndex((cell) => cell.contains(link));
  const step = STEPS[key] ?? 7 * ROWS[key];
  if (at < 0) return cells.map((cell) => cell.querySelector("a")).find(Boolean) ?? null;
  for (let next = at + step; next >= 0 && next < cells.length; next += step) {
    const found = cells[next].querySelector("a");
    if (found) return found;
  }
  return null;
}

/** Listen for the keys while the sheet stands on the page. */
export function mount(sheet) {
  const cells = [...sheet.querySelectorAll("tbody td")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (PAGES[event.key] && sheet.contains(event.target)) {
      event.preventDefault();
      document.querySelector(PAGES[event.key])?.click();
    } else if ((event.key in STEPS || event.key in ROWS) && (sheet.contains(event.target) || event.target === document.body)) {
      event.preventDefault();
      nextDay(cells, document.activeElement, event.key)?.focus();
    }
  });
}
