// The state of positioning, said as it is.
import { h } from "../ui/h.js";
import { lengthOf } from "../ui/times.js";

const stale = 120_000;
const rough = 100;

/** Pure: `{words, look}` of what the phone knows about where it is. */
export function fixWords({ position, age_ms: age, permission, trouble }) {
  if (position) {
    const words = `误差 ${Math.round(position.accuracy_m)} 米`;
    if (age > stale) return { words: `${words}（${lengthOf(age)}前的位置）`, look: "rough" };
    return { words, look: position.accuracy_m > rough ? "rough" : "good" };
  }
  if (permission === "denied" || trouble === "denied") return { words: "没有定位权限。也可以记录，会注明没有定位", look: "none" };
  if (permission === "unavailable" || trouble === "unavailable") return { words: "收不到定位信号。也可以记录，会注明", look: "none" };
  return { words: "定位中 …  没有定位也可以记录", look: "" };
}

/** A line that follows the phone's position until `end()`; `rest(words)` says why it does not look at all. */
export function fixLine(phone) {
  const node = h("p", { class: "fix" });
  let resting = null;
  const draw = () => {
    const { words, look } = resting ? { words: resting, look: "" } : fixWords(phone.location());
    if (node.textContent !== words) node.textContent = words;
    node.className = `fix ${look}`;
  };
  const off = phone.on("location", draw);
  draw();
  return { node, rest: (words) => ((resting = words), draw()), end: off };
}
