// The few line drawings of the app; each is decoration beside a word.
import { h } from "./h.js";

const paths = {
  back: "M15 5l-7 7 7 7",
  round: "M12 3c-4 0-6.5 2.8-6.5 6.3C5.5 14 12 21 12 21s6.5-7 6.5-11.7C18.5 5.8 16 3 12 3zM12 7.5v4",
  messages: "M4 5h16v11H9l-5 4z",
  mine: "M12 4a4 4 0 110 8 4 4 0 010-8zM4.5 20c.5-4 3.5-6 7.5-6s7 2 7.5 6",
  camera: "M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 110 7 3.5 3.5 0 010-7z",
  voice: "M12 3a3 3 0 013 3v5a3 3 0 01-6 0V6a3 3 0 013-3zM6 11a6 6 0 0012 0M12 17v4",
  map: "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
  tag: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2z",
};

export function icon(name) {
  return h("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, h("path", { d: paths[name] }));
}
