// As much of Markdown as the guide uses: headings, paragraphs, lists, pictures, bold. Text becomes elements, never markup.
import { h } from "../ui/h.js";

const kinds = { "#": "h2", "##": "h2", "###": "h3" };

/** An article of the guide's text; `pictures` gives addresses by file name. */
export function pageOf(text, pictures) {
  const blocks = text.trim().split(/\n{2,}/).slice(1); // the first is the title, which the screen has
  return h("article", { class: "guide" }, blocks.map((block) => element(block, pictures)));
}

function element(block, pictures) {
  const picture = /^!\[(.*)\]\((?:.*\/)?([\w.-]+)\)$/.exec(block);
  if (picture) return pictures[picture[2]] ? h("img", { src: pictures[picture[2]], alt: picture[1], loading: "lazy", onerror: (event) => event.target.remove() }) : null;
  const head = /^(#{1,3}) (.*)$/.exec(block);
  if (head) return h(kinds[head[1]], {}, inline(head[2]));
  const items = block.split(/\n(?=\d+\. |- )/);
  if (/^\d+\. /.test(block)) return h("ol", {}, items.map((item) => h("li", {}, inline(item.replace(/^\d+\. /, "")))));
  if (/^- /.test(block)) return h("ul", {}, items.map((item) => h("li", {}, inline(item.replace(/^- /, "")))));
  return h("p", {}, inline(block));
}

/** Pure but for elements: **bold** apart from the rest. */
function inline(text) {
  return text.replace(/\n\s*/g, "").split(/\*\*(.+?)\*\*/).map((part, index) => (index % 2 ? h("strong", {}, part) : part));
}
