// What was handed over: counters by kind, or 今日无邮件; one set for each village of the stop.
import { h, fill } from "../ui/h.js";
import { counter } from "../ui/counter.js";
import { mail, handedSentence } from "../ui/words.js";
import { isFilled, picked } from "./draft.js";

/** `node` with the counters; `nothing`, the button that stands beside 完成. Both speak of the village that is shown. */
export function handedPart(draft, keep) {
  const node = h("section", { "aria-label": "交了什么" });
  const nothing = h("button", { class: "nothing", type: "button", onclick: () => none(shown, keep, draw) }, "今日无邮件");
  let shown = draft.villages[0];
  const mark = () => nothing.setAttribute("aria-pressed", String(Boolean(shown && shown.nothing)));
  const draw = () => {
    const villages = picked(draft);
    if (!villages.includes(shown)) shown = villages[0];
    const pick = (village) => () => ((shown = village), draw());
    nothing.disabled = !shown;
    fill(node, villages.length > 1 && tabs(villages, shown, pick), shown && countersOf(shown, keep, mark));
    mark();
  };
  draw();
  return { node, nothing, draw };
}

function tabs(villages, shown, pick) {
  const one = (village) => h("button", { type: "button", role: "tab", "aria-selected": String(village === shown), onclick: pick(village) },
    village.name, h("small", {}, isFilled(village) ? handedSentence(village.handed, village.nothing) : "还没填"));
  return h("div", { class: "tabs", role: "tablist", "aria-label": "正在填的村" }, villages.map(one));
}

function countersOf(village, keep, mark) {
  const change = (kind) => (count) => {
    village.handed[kind] = count;
    if (count) village.nothing = false;
    mark();
    keep();
  };
  return Object.entries(mail).map(([kind, word]) => counter(word, village.handed[kind], change(kind)));
}

function none(village, keep, draw) {
  village.nothing = !village.nothing;
  if (village.nothing) for (const kind of Object.keys(village.handed)) village.handed[kind] = 0;
  keep();
  draw();
}
