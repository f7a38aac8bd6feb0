// The place picker's keyboard: ↑ ↓ choose, Enter opens, Escape closes. Results come by htmx; without it the form submits.

/** The option to choose next: arrows wrap round, -1 means none. */
export function nextOption(chosen, key, length) {
  if (!length) return -1;
  if (key === "ArrowDown") return chosen + 1 < length ? chosen + 1 : 0;
  if (key === "ArrowUp") return chosen > 0 ? chosen - 1 : length - 1;
  return chosen;
}

/** Give one picker its keyboard. */
export function startPicker(picker) {
  const input = picker.querySelector("input");
  const list = picker.querySelector("[role=listbox]");
  let chosen = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  }

  function choose(index) {
    chosen = index;
    options().forEach((option, at) => {
      option.id ||= `picker-option-${at}`;
      option.setAttribute("aria-selected", String(at === index));
    });
    const option = options()[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (list.hidden) input.blur();
      return show(false);
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden && options().length) show(true);
      return choose(nextOption(chosen, event.key, options().length));
    }
    const option = options()[chosen] ?? (event.key === "Enter" && !list.hidden ? options()[0] : undefined);
    const link = option?.matches("a") ? option : option?.querySelector("a");
    if (event.key === "Enter" && link) {
      event.preventDefault();
      location.assign(link.href);
    }
  });
  list.addEventListener("htmx:afterSwap", () => {
    for (const link of list.querySelectorAll("a")) link.tabIndex = -1;
    choose(options().length ? 0 : -1);
    show(input.value.trim() !== "" && list.textContent.trim() !== "");
  });
  picker.addEventListener("focusout", (event) => {
    if (!picker.contains(event.relatedTarget)) setTimeout(() => show(false), 150);
  });
}
