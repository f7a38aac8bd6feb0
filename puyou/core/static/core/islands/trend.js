// The trend of 53 weeks: settled weeks solid, provisional weeks dashed, 节日周 marked behind the line.
import { drawOn, token, tooltip } from "./charts.js";
import { rate, roundedFloor } from "./formats.js";
import { readWeeks } from "./table.js";

/** The line in two: the solid part, and the dashed part that begins where the solid one ends. */
export function twoLines(weeks) {
  const solid = weeks.map((week) => (week.provisional ? null : week.rate));
  const dashed = weeks.map((week, at) => (week.provisional || weeks[at + 1]?.provisional ? week.rate : null));
  return { solid, dashed };
}

/** What a week says in words. */
export function tellWeek(week) {
  const lines = [week.label, `达标率　${rate(week.rate)}`];
  if (week.provisional) lines.push("初判，待补传");
  if (week.festival) lines.push(`节日周　${week.festival}`);
  return lines.join("\n");
}

function line(id, data, type) {
  return {
    id,
    type: "line",
    data,
    connectNulls: false,
    symbol: "circle",
    symbolSize: 5,
    showSymbol: false,
    lineStyle: { color: token("accent"), width: 1.8, type },
    itemStyle: { color: token("accent") },
  };
}

function festivals(weeks) {
  return {
    id: "festivals",
    type: "bar",
    silent: true,
    barWidth: "100%",
    data: weeks.map((week) => (week.festival ? { value: 1, name: week.festival } : null)),
    itemStyle: { color: token("ground-head") },
    label: { show: true, position: "insideTop", formatter: "{b}", color: token("ink-soft"), fontSize: 12, fontFamily: token("font") },
    labelLayout: { hideOverlap: true },
    z: 0,
  };
}

function option(weeks) {
  const { solid, dashed } = twoLines(weeks);
  const known = weeks.map((week) => week.rate).filter((value) => value !== null);
  const bottom = roundedFloor(Math.min(1, ...known));
  const text = { color: token("ink-soft"), fontSize: 12, fontFamily: token("font") };
  return {
    animation: false,
    grid: { left: 52, right: 16, top: 24, bottom: 28 },
    tooltip: { ...tooltip(), trigger: "axis", formatter: ([first]) => tellWeek(weeks[first.dataIndex]) },
    xAxis: {
      type: "category",
      data: weeks.map((week) => week.label.replace(/（.*/, "").replace(/^\d+年/, "")),
      axisLabel: { ...text, hideOverlap: true },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("rule-strong") } },
    },
    yAxis: {
      type: "value",
      min: bottom,
      max: 1,
      interval: (1 - bottom) / 4,
      axisLabel: { ...text, formatter: (value) => rate(value, 1) },
      splitLine: { lineStyle: { color: token("rule") } },
    },
    series: [line("solid", solid, "solid"), line("dashed", dashed, [5, 4]), festivals(weeks)],
  };
}

/** Draw a trend figure and keep it in step with its table. */
export async function mount(figure) {
  const chart = drawOn(figure);
  const draw = () => chart.setOption(option(readWeeks(figure)));
  draw();
  figure.addEventListener("puyou:refresh", draw);
  chart.getZr().on("click", ({ offsetX, offsetY }) => {
    const at = chart.convertFromPixel({ seriesIndex: 0 }, [offsetX, offsetY])?.[0];
    const href = readWeeks(figure)[Math.round(at)]?.href;
    if (href && chart.containPixel("grid", [offsetX, offsetY])) location.assign(href);
  });
}
