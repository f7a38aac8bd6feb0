// Buttons that bring a map nearer and farther: the wheel is left to the page.
const BUTTONS = [
  ["+", "放大", 1.6],
  ["−", "缩小", 1 / 1.6],
];

/** Put zoom buttons on a figure's stage; `zoomBy` is called with the factor. */
export function addZoom(figure, zoomBy) {
  const bar = document.createElement("div");
  bar.className = "zoom";
  for (const [sign, words, factor] of BUTTONS) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = sign;
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => zoomBy(factor));
    bar.append(button);
  }
  figure.querySelector(".stage").append(bar);
}
