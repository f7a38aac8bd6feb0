// The one drawing library, cut to what the desk draws: nothing else imports it.
import { BarChart, LineChart, LinesChart, ScatterChart } from "echarts/charts";
import { GeoComponent, GraphicComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, registerMap, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  BarChart,
  CanvasRenderer,
  GeoComponent,
  GraphicComponent,
  GridComponent,
  LineChart,
  LinesChart,
  ScatterChart,
  TooltipComponent,
]);
export { registerMap };

/** A colour or size of the design system by its name. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A tooltip drawn on the canvas: HTML tooltips carry inline styles, which the site's policy refuses. */
export function tooltip() {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: token("ground"),
    borderColor: token("rule-strong"),
    borderWidth: 1,
    padding: [8, 12],
    shadowBlur: 8,
    shadowColor: "rgba(24, 32, 28, 0.15)",
    textStyle: { color: token("ink"), fontSize: 12, lineHeight: 20, fontFamily: token("font") },
  };
}

/** Keep a chart as large as its stage, and call `arrange` after each change. */
export function whenResized(chart, arrange) {
  new ResizeObserver(() => {
    chart.resize();
    arrange();
  }).observe(chart.getDom());
}

/** A chart on a figure's stage, described in words for who cannot see it, resized with it, printed sharply. */
export function drawOn(figure) {
  let stage = figure.querySelector(".stage");
  if (!stage) {
    stage = document.createElement("div");
    stage.className = "stage";
    figure.prepend(stage);
  }
  stage.classList.add("ready");
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", `${figure.querySelector("figcaption")?.textContent.trim() ?? "图"}；数据见随附的表格`);
  const chart = init(stage, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio) });
  whenResized(chart, () => {});
  figure.classList.add("drawn");
  return chart;
}
