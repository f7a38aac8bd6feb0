// Menus made of <details>: close on Escape, on a click elsewhere, and when the focus leaves. They work without this.
function closeOthers(target) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

function offerBack(button) {
  button.hidden = history.length < 2;
  button.addEventListener("click", () => history.back());
}

/** Close open menus when the person turns elsewhere; offer the way back. */
export function startMenus() {
  document.querySelectorAll("[data-back]").forEach(offerBack);
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
