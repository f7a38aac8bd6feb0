// Makes elements: h("button", { class: "main", onclick }, "完成"). Strings become text, never markup.
const vector = "http://www.w3.org/2000/svg";
const drawn = new Set(["svg", "path", "circle", "g", "text", "polygon", "use"]);

export function h(tag, attributes = {}, ...children) {
  const node = drawn.has(tag) ? document.createElementNS(vector, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  put(node, children);
  return node;
}

function set(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "value") node.value = value;
  else node.setAttribute(name, value === true ? "" : value);
}

function put(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child);
  }
}

/** Put other children into a node. */
export function fill(node, ...children) {
  while (node.firstChild) node.removeChild(node.firstChild);
  put(node, children);
  return node;
}
