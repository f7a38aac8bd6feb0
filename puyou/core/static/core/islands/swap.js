// Replacing a part of the page with its newer self: focus, scroll, chosen row and drawn islands stay.

function rowsByKey(root) {
  return new Map([...root.querySelectorAll("tr[data-key]")].map((row) => [row.dataset.key, row]));
}

function describeFocus(element) {
  const focused = document.activeElement;
  if (!element.contains(focused)) return null;
  const row = focused.closest("tr[data-key]");
  const within = row ?? element;
  const candidates = [...within.querySelectorAll("a, button, input, select, summary, [tabindex]")];
  return { id: focused.id, key: row?.dataset.key, at: candidates.indexOf(focused) };
}

function restoreFocus(element, seen) {
  if (!seen) return;
  const within = seen.key ? rowsByKey(element).get(seen.key) : element;
  const byId = seen.id && element.querySelector(`#${CSS.escape(seen.id)}`);
  const target = byId || within?.querySelectorAll("a, button, input, select, summary, [tabindex]")[seen.at];
  target?.focus({ preventScroll: true });
}

function pictureOf(figure) {
  return [...figure.children].find((part) => part.matches(".stage") || part.querySelector(".stage"));
}

/** Keep islands that are already drawn: the old figure stays and takes over the new one's table and attributes. */
function keepIslands(element, fragment) {
  for (const old of element.querySelectorAll("[data-island][id]")) {
    const fresh = fragment.querySelector(`[data-island][id="${CSS.escape(old.id)}"]`);
    const picture = pictureOf(old);
    if (!fresh || !picture) continue;
    pictureOf(fresh)?.remove();
    for (const { name, value } of fresh.attributes) if (name !== "class") old.setAttribute(name, value);
    const parts = [...fresh.childNodes];
    for (const part of [...old.childNodes]) if (part !== picture) part.remove();
    const after = fresh.firstElementChild?.matches("figcaption") ? [parts.shift()] : [];
    old.prepend(...after.filter(Boolean));
    old.append(...parts);
    fresh.replaceWith(old);
  }
}

/** Replace an element's content with HTML, keeping what the person was doing. */
export function swapInto(element, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const seen = describeFocus(element);
  const chosen = element.querySelector("tr.chosen")?.dataset.key;
  const open = [...element.querySelectorAll("details[open][id]")].map((one) => one.id);
  const scrolled = [...element.querySelectorAll(".table-scroll")].map((one) => [one.scrollLeft, one.scrollTop]);
  keepIslands(element, template.content);
  element.replaceChildren(template.content);
  rowsByKey(element).get(chosen)?.classList.add("chosen");
  for (const id of open) element.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  element.querySelectorAll(".table-scroll").forEach((one, at) => scrolled[at] && one.scrollTo(...scrolled[at]));
  restoreFocus(element, seen);
}

/** The cells of `after` whose text differs from the same row and column of `before`. */
export function changedCells(before, after) {
  const old = rowsByKey(before);
  const changed = [];
  for (const [key, row] of rowsByKey(after)) {
    const was = old.get(key);
    if (!was) continue;
    [...row.cells].forEach((cell, at) => {
      if (was.cells[at] && was.cells[at].textContent !== cell.textContent) changed.push(cell);
    });
  }
  return changed;
}

/** Mark, for a moment, the cells that changed. */
export function markChanges(before, after) {
  for (const cell of changedCells(before, after)) cell.classList.add("changed");
}
