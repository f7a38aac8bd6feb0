// The front end's door: starts what every page has, and brings an island to life only where a page holds one.
import htmx from "htmx.org";
import { startBusy } from "./busy.js";
import { startHere } from "./here.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startPicker } from "./picker.js";
import { startPolls } from "./poll.js";

const islands = {
  calendar: () => import("./calendar.js"),
  map: () => import("./map.js"),
  trend: () => import("./trend.js"),
};
const alive = new WeakSet();

/** Wide calendars begin at their newest end. */
function showNewest(root) {
  for (const scroll of root.querySelectorAll(".strip-figure .table-scroll")) {
    if (!alive.has(scroll)) scroll.scrollLeft = scroll.scrollWidth;
    alive.add(scroll);
  }
}

/** Bring every island under an element to life, once; one that fails leaves its table as it was. */
async function wake(root) {
  const figures = root.querySelectorAll("[data-island]");
  for (const figure of [...(root.matches?.("[data-island]") ? [root] : []), ...figures]) {
    const load = islands[figure.dataset.island];
    if (!load || alive.has(figure)) continue;
    alive.add(figure);
    try {
      const { mount } = await load();
      await mount(figure);
    } catch (error) {
      figure.dataset.failed = "";
      console.error(`island ${figure.dataset.island} failed`, error);
    }
  }
}

htmx.onLoad((root) => {
  showNewest(root);
  wake(root);
});
startPolls((fresh) => {
  htmx.process(fresh);
  wake(fresh);
});
startKeys();
startMenus();
startBusy();
document.querySelectorAll("[data-picker]").forEach(startPicker);
document.querySelectorAll("[data-here]").forEach((form) => startHere(form));
document.querySelector("[data-autofocus]")?.focus();
