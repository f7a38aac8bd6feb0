// Choosing a place: those that the phone knows without signal, others by their name with it.
import { fill, h } from "../../ui/h.js";
import { button, choices, field } from "../../ui/parts.js";

/** Pure: whether a code lies within another's division, or around it. */
export function related(one, other) {
  const [short, long] = [prefix(one), prefix(other)].sort((a, b) => a.length - b.length);
  return long.startsWith(short);
}

/** Pure: the part of a twelve-digit code that tells its division. */
export function prefix(code) {
  const ends = [["0".repeat(10), 2], ["0".repeat(8), 4], ["0".repeat(6), 6], ["000", 9]];
  const end = ends.find(([noughts]) => code.endsWith(noughts));
  return code.slice(0, end ? end[1] : 12);
}

/** `form.place` is what is chosen (`{code, name}` or null); `keep()` is called after each change. */
export function placePart(app, form, keep, known, label) {
  const options = h("select", { onchange: (event) => choose(known.find((one) => one.code === event.target.value) || null) });
  const input = h("input", { type: "search", autocomplete: "off", enterkeyhint: "search", placeholder: "村、乡镇或县的名称" });
  const named = field(label, options);
  const found = h("div", { "aria-live": "polite" });
  const choose = (one) => {
    form.place = one;
    named.wrong("");
    draw();
    return keep();
  };
  const draw = () => {
    const all = form.place && !known.some((one) => one.code === form.place.code) ? [form.place, ...known] : known;
    fill(options, h("option", { value: "" }, "请选择"), all.map((one) => h("option", { value: one.code, selected: Boolean(form.place) && one.code === form.place.code }, one.name)));
  };
  const search = () => app.attempt(async () => {
    if (!input.value.trim()) return;
    const places = await app.phone.findPlaces(input.value.trim());
    const pick = (code) => (choose(places.find((one) => one.code === code)), fill(found));
    fill(found, places.length ? choices("找到的地点", Object.fromEntries(places.map((one) => [one.code, one.name])), null, pick) : h("p", { class: "quiet" }, "没有找到，请换一个名称。"));
  });
  input.addEventListener("keydown", (event) => event.key === "Enter" && search());
  draw();
  const more = h("details", {}, h("summary", {}, "不在上面？按名称找（要有信号）"), field("地点名称", input).node, button("找", search), found);
  return { node: h("div", {}, named.node, more), wrong: named.wrong };
}
