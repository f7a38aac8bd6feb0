// The map without tiles: outlines, villages as points, and where the phone is. Drawn as SVG, moved by a finger.
import { fill, h } from "./h.js";
import { sheetOf } from "./plane.js";

const width = 360;
const height = 420;
const least = 0.6;
const most = 12;

/** `villages`: [{code, name, lon, lat, look}], `here`: {lon, lat, accuracy_m} or null; `onpick(code)`. */
export function sketch({ outlines, villages, here, onpick }) {
  const placed = villages.filter((village) => village.lon !== null && village.lon !== undefined);
  const canvas = h("svg", { class: "sketch", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "村的位置图" });
  if (!placed.length) return { node: h("p", { class: "quiet" }, "这些村还没有位置，第一次到村后就有了。"), zoom() {} };
  const view = { scale: 1, x: width / 2, y: height / 2 };
  const sheet = sheetOf(placed, width, height);
  const layer = h("g");
  canvas.append(layer);
  const draw = () => {
    layer.setAttribute("transform", `translate(${width / 2} ${height / 2}) scale(${view.scale}) translate(${-view.x} ${-view.y})`);
    fill(layer, (outlines ?? []).map((outline) => shape(outline, sheet)), self(here, sheet, view.scale), placed.map((village) => mark(village, sheet, view.scale, onpick)));
  };
  const zoom = (factor) => {
    view.scale = Math.max(least, Math.min(most, view.scale * factor));
    draw();
  };
  follow(canvas, view, draw);
  draw();
  return { node: canvas, zoom, showAll: () => (Object.assign(view, { scale: 1, x: width / 2, y: height / 2 }), draw()) };
}

function shape(outline, sheet) {
  const path = outline.rings.map((ring) => `M${ring.map(([lon, lat]) => point(sheet.at({ lon, lat }))).join("L")}Z`).join("");
  return h("path", { class: "outline", d: path });
}

const point = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;

function mark(village, sheet, scale, onpick) {
  const { x, y } = sheet.at(village);
  const pick = () => onpick(village.code);
  return h("g", { class: `point ${village.look}`, transform: `translate(${x} ${y}) scale(${1 / scale})`, role: "button", tabindex: "0", "aria-label": village.label ?? village.name, onclick: pick, onkeydown: (event) => event.key === "Enter" && pick() },
    h("circle", { class: "hit", r: 24 }), h("circle", { class: "dot", r: 8 }), h("text", x > width * 0.55 ? { x: -12, y: 5, "text-anchor": "end" } : { x: 12, y: 5 }, village.name));
}

function self(here, sheet, scale) {
  if (!here) return null;
  const { x, y } = sheet.at(here);
  const around = Math.min(400, (here.accuracy_m ?? 0) * sheet.perMetre);
  return [h("circle", { class: "around", cx: x, cy: y, r: around }), h("circle", { class: "me", cx: x, cy: y, r: 7 / scale })];
}

function follow(canvas, view, draw) {
  let last = null;
  canvas.addEventListener("pointerdown", (event) => (last = { x: event.clientX, y: event.clientY }));
  canvas.addEventListener("pointermove", (event) => {
    if (!last || !event.buttons) return;
    const perPixel = width / canvas.getBoundingClientRect().width / view.scale;
    const moved = Math.abs(event.clientX - last.x) + Math.abs(event.clientY - last.y);
    if (moved < 4) return;
    view.x -= (event.clientX - last.x) * perPixel;
    view.y -= (event.clientY - last.y) * perPixel;
    last = { x: event.clientX, y: event.clientY };
    draw();
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) canvas.addEventListener(name, () => (last = null));
}
