// The frame around every screen: band of practice, head, content, foot, status line, way about, and a voice for screen readers.
import { fill, h } from "./h.js";
import { icon } from "./icon.js";

const ways = [
  ["#/", "round", "今天"],
  ["#/messages", "messages", "消息"],
  ["#/mine", "mine", "我的"],
];
const watchWords = { round: "任务", messages: "反映", mine: "我的" };

export function makeFrame(root) {
  const band = h("div", { class: "practice-band", hidden: true });
  const head = h("header", { class: "head" });
  const content = h("main", { class: "content", id: "content", tabindex: "-1" });
  const toast = h("div", { class: "toast", hidden: true });
  const foot = h("div", { class: "foot", hidden: true });
  const status = h("a", { class: "status", href: "#/outbox", hidden: true });
  const nav = h("nav", { class: "nav", "aria-label": "主要页面", hidden: true }, ways.map(way));
  const voice = h("div", { class: "hidden", role: "status", "aria-live": "polite" });
  fill(root, band, head, content, toast, foot, status, nav);
  document.body.append(voice);
  return { root, band, head, content, toast, foot, status, nav, voice };
}

function way([href, name, word]) {
  return h("a", { href, "data-way": name }, icon(name), h("span", {}, word));
}

/** The ways by the words of whoever holds the phone. */
export function frameWays(frame, role) {
  frame.role = role;
  for (const [, name, word] of ways) frame.nav.querySelector(`[data-way="${name}"] span`).textContent = role === "supervisor" ? watchWords[name] : word;
}

/** Show a screen `{name, title, back, aside, body, foot, way, bare}` and read its title aloud by focusing it. */
export function frameScreen(frame, screen) {
  const title = h("h1", { tabindex: "-1" }, screen.title);
  fill(frame.head, screen.back && backLink(screen.back), title, screen.aside);
  fill(frame.content, screen.body);
  fill(frame.foot, screen.foot);
  frame.foot.hidden = !screen.foot;
  frame.nav.hidden = Boolean(screen.bare || screen.foot); // a step to be finished needs the room
  frame.status.hidden = Boolean(screen.bare && !screen.statusToo);
  for (const link of frame.nav.children) mark(link, screen.way);
  frame.root.dataset.screen = screen.name;
  frame.content.scrollTop = 0;
  document.title = `${screen.title} · ${frame.role === "supervisor" ? "普邮监督" : "通邮"}`;
  title.focus({ preventScroll: true });
}

function backLink(href) {
  return h("a", { class: "back", href, "aria-label": "返回" }, icon("back"));
}

function mark(link, way) {
  if (link.dataset.way === way) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/** A number on one of the ways, such as two open questions. */
export function badge(frame, way, count) {
  const link = frame.nav.querySelector(`[data-way="${way}"]`);
  const old = link.querySelector(".badge");
  if (old) old.remove();
  if (count) link.append(h("span", { class: "badge", "aria-label": `${count} 条待处理` }, String(count)));
}
