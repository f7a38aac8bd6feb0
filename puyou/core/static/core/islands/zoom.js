// Buttons that bring a map nearer, farther and back: the wheel is left to the page.
const BUTTONS = [
  ["+", "放大", 1.6],
  ["−", "缩小", 1 / 1.6],
];

/** Put zoom buttons on a figure's stage; `after` runs when the view has changed. */
export function addZoom(figure, chart, after) {
  const bar = document.createElement("div");
  bar.className = "zoom";
  let zoom = 1;
  for (const [sign, words, factor] of BUTTONS) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = sign;
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => {
      zoom = Math.min(40, Math.max(1, zoom * factor));
      chart.setOption({ geo: [{ id: "geo0", zoom, ...(zoom === 1 && { center: null }) }] });
      after();
    });
    bar.append(button);
  }
  figure.querySelector(".stage").append(bar);
}
