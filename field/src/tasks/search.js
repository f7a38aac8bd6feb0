// A village that is not on the list: found among the own ones without signal, in the whole county with it.
import { h, fill } from "../ui/h.js";
import { button, field, quiet, row, rows } from "../ui/parts.js";

export async function search(app) {
  const stored = await app.phone.round();
  const own = stored ? stored.villages : [];
  const box = h("div", { "aria-live": "polite" });
  const input = h("input", { type: "search", autocomplete: "off", enterkeyhint: "search", placeholder: "村名" });
  const named = field("找村", input, "有信号时可以找到全县的村。");
  const show = (found, words) => fill(box, found.length ? rows(found.map((one) => line(app, one)), "找到的村") : quiet(words));
  const near = () => {
    const text = input.value.trim();
    show(text ? own.filter((one) => one.name.includes(text)) : own, "自己的村里没有。按【在全县找】。");
  };
  const wide = () => app.attempt(async () => {
    if (!input.value.trim()) return named.wrong("请先输入村名");
    named.wrong("");
    const found = await app.phone.findVillages(input.value.trim());
    app.found = { ...app.found, ...Object.fromEntries(found.map((one) => [one.code, one.name])) };
    show(found, "全县没有叫这个名字的村，请换一个字再找。");
  });
  input.addEventListener("input", near);
  input.addEventListener("keydown", (event) => event.key === "Enter" && wide());
  near();
  return { title: "名单外的村", back: "#/", way: "round", body: [named.node, button("在全县找", wide), box] };
}

function line(app, one) {
  return row({ href: `#/arrived/${one.code}`, name: one.name, under: one.township, end: "到了", look: "good" });
}
