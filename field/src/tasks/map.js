// Where the villages are, without tiles and without signal: outlines, points, and the phone itself.
import { h } from "../ui/h.js";
import { button } from "../ui/parts.js";
import { sketch } from "../ui/sketch.js";
import { planOf } from "./plan.js";

export async function map(app) {
  const { phone } = app;
  const [stored, entries] = await Promise.all([phone.round(), phone.list({ limit: 200 })]);
  const here = phone.location().position;
  const plan = planOf(stored ?? { day: "", villages: [] }, entries, here, Date.now());
  const look = (village) => (village.served ? "served" : village === plan.next ? "next" : village.planned ? "planned" : "other");
  const villages = [...plan.others, ...plan.planned].map((village) => ({ ...village, look: look(village), label: `${village.name}${village.served ? "，已到" : ""}` }));
  const drawn = sketch({ outlines: stored && stored.outlines, villages, here, onpick: (code) => app.go(`#/village/${code}`) });
  const tools = h("div", { class: "sketch-tools" }, button("缩小", () => drawn.zoom(1 / 1.6)), button("全部", () => drawn.showAll()), button("放大", () => drawn.zoom(1.6)));
  const key = h("p", { class: "quiet small" }, "实心：已到。粗圈：下一个。蓝点：我在这里。点村名看详情。");
  return { title: "位置图", back: "#/", way: "round", body: [drawn.node, drawn.showAll && tools, key] };
}
