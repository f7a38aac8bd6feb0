// The app cannot open at all: says why, and what to do.
import { isTrouble } from "../trouble.js";
import { fill, h } from "../ui/h.js";

export function cannotOpen(root, error) {
  const why = isTrouble(error) ? error.message : "程序没有打开。请关掉再打开一次；还不行就把这一页截图交给县局。";
  const again = h("button", { class: "button main", type: "button", onclick: () => location.reload() }, "再打开一次");
  root.className = "";
  fill(root, h("main", { class: "content stack" }, h("h1", {}, "打不开"), h("p", { class: "notice danger", role: "alert" }, why), again, isTrouble(error) ? null : h("p", { class: "small quiet" }, String(error && error.message))));
}
