// The map: draws the places of the table beside it, lights row and polygon together, and goes where the row's link goes.
import { load, sheets } from "./atlas.js";
import { drawOn, registerMap, token, tooltip, whenResized } from "./charts.js";
import { boundsOf, project, roundDistance } from "./geometry.js";
import { insideInset, layout } from "./layout.js";
import { serviceFills } from "./palette.js";
import { readPlaces } from "./table.js";
import { addZoom } from "./zoom.js";

const LINES = {
  九段线: { color: "ink", width: 1.6, type: "solid" },
  未定国界: { color: "ink-soft", width: 1, type: [4, 3] },
  特别行政区界: { color: "ink-soft", width: 0.8, type: [2, 2] },
  省界: { color: "ink-faint", width: 0.6, type: "solid" },
};
const SYMBOLS = { village: "circle", visit: "circle", point: "diamond", place: "pin" };
const STACKED = ["none", "pending", "excused", "0", "1", "2", "3", "4", "5", "6"];

function geoOf(sheet, at, { roam, bounds }) {
  const inset = at > 0;
  const dark = { color: token("ink"), fontWeight: 600 };
  return {
    id: `geo${at}`,
    map: sheet.name,
    z: inset ? 6 : 0,
    aspectScale: 1,
    roam: roam && !inset ? "move" : false,
    ...(!inset && { boundingCoords: cornersOf(bounds) }),
    label: { show: false, color: token("ink"), fontSize: 12, fontFamily: token("font") },
    itemStyle: { areaColor: token("ground-soft"), borderColor: token("ink-faint"), borderWidth: inset ? 0.3 : 0.6 },
    emphasis: { label: { show: !inset, ...dark }, itemStyle: { areaColor: "inherit", borderColor: token("ink"), borderWidth: 2 } },
  };
}

function cornersOf([west, south, east, north]) {
  return [
    [west, north],
    [east, south],
  ];
}

function boundsOfSheet(sheet) {
  return boundsOf(sheet.geojson.features.map(({ geometry }) => geometry.coordinates));
}

function groundOf({ properties }) {
  const style = { areaColor: token("ground-soft"), borderColor: token("ink-faint"), borderWidth: 0.6 };
  return { name: properties.name, silent: true, itemStyle: style, emphasis: { disabled: true, itemStyle: style, label: { show: false } }, tooltip: { show: false } };
}

/** Whether a name fits on a shape of so many kilometres across and down, at so many pixels a kilometre. */
export function nameFits(name, [across, down], scale) {
  return across * scale > 14 * name.length && down * scale > 20;
}

function regionsOf(sheet, places, fill, scale) {
  const features = sheet.geojson.features;
  if (!features.some(({ properties }) => places.has(properties.name))) return features.map(groundOf);
  return features.map((feature) => {
    const { properties } = feature;
    if (properties.kind === "neutral") return groundOf(feature);
    const place = places.get(properties.name);
    const style = { areaColor: fill(place?.step ?? "none") };
    const dark = ["4", "5", "6"].includes(place?.step);
    const name = place?.name ?? properties.title;
    const halo = { textBorderColor: token(dark ? "service-5" : "ground"), textBorderWidth: 2 };
    const label = { formatter: name, color: token(dark ? "on-service-dark" : "ink"), ...halo };
    const show = nameFits(name, properties.span, scale);
    return { name: properties.name, itemStyle: style, label: { ...label, show }, emphasis: { itemStyle: style, label } };
  });
}

function linesOf(sheet, at) {
  const data = sheet.lines.map(({ kind, coords }) => {
    const { color, width, type } = LINES[kind] ?? LINES.省界;
    return { coords, lineStyle: { color: token(color), width: at > 0 ? width * 0.7 : width, type, opacity: 1 } };
  });
  return { id: `lines${at}`, type: "lines", coordinateSystem: "geo", geoIndex: at, polyline: true, silent: true, z: at > 0 ? 7 : 2, data };
}

function pointsOf(places, fill) {
  const data = places
    .filter((place) => place.lon !== null && place.lat !== null)
    .sort((one, other) => STACKED.indexOf(one.step) - STACKED.indexOf(other.step))
    .map((place, at) => ({
      name: place.code || `#${at}`,
      value: project([place.lon, place.lat]),
      place,
      symbol: SYMBOLS[place.kind] ?? "circle",
      symbolSize: place.kind === "place" ? 26 : place.kind === "point" ? 14 : 10,
      itemStyle: { opacity: 1, color: place.kind === "place" ? token("accent") : fill(place.step) },
    }));
  return {
    id: "points",
    type: "scatter",
    coordinateSystem: "geo",
    geoIndex: 0,
    data,
    itemStyle: { borderColor: token("ink"), borderWidth: 0.8 },
    emphasis: { scale: 1.5, itemStyle: { borderWidth: 2 } },
    z: 4,
  };
}

/** Bounds on the plane that show every point with room around, at least 2 km across; null without points. */
export function frameOf(places) {
  const points = places.filter((place) => place.lon !== null).map((place) => project([place.lon, place.lat]));
  if (!points.length) return null;
  const [west, south, east, north] = boundsOf(points);
  const room = Math.max(1, 0.15 * Math.max(east - west, north - south));
  return [west - room, south - room, east + room, north + room];
}

function scaleBar(perKilometre) {
  const length = roundDistance(110 / perKilometre);
  const words = length < 1 ? `${Math.round(length * 1000)} 米` : `${length} 公里`;
  const stroke = { stroke: token("ink-soft"), lineWidth: 1.2, fill: "none" };
  const width = length * perKilometre;
  const text = { text: words, fill: token("ink-soft"), fontSize: 12, fontFamily: token("font") };
  return [
    { id: "scale", type: "polyline", left: 14, bottom: 10, silent: true, shape: { points: [[0, 0], [0, 5], [width, 5], [width, 0]] }, style: stroke },
    { id: "scale-words", type: "text", left: 18, bottom: 19, silent: true, style: text },
  ];
}

function insetFrame({ left, top, width, height }) {
  const style = { fill: token("ground"), stroke: token("ink-soft"), lineWidth: 1 };
  const words = { text: "南海诸岛", fill: token("ink-soft"), fontSize: 12, fontFamily: token("font"), align: "center" };
  return [
    { id: "inset", type: "rect", z: 5, silent: true, shape: { x: left, y: top, width, height }, style },
    { id: "inset-words", type: "text", x: left + width / 2, y: top + 5, z: 8, silent: true, style: words },
  ];
}

/** Draw a map figure and keep it in step with its table. */
export async function mount(figure) {
  const { boundaries, fit } = figure.dataset;
  const shapes = boundaries ? await load(boundaries) : { features: [] };
  if (!shapes.features.length && !frameOf(readPlaces(figure))) return tellNothing(figure);
  const drawn = sheets(boundaries ?? figure.id, shapes);
  for (const sheet of drawn) registerMap(sheet.name, sheet.geojson);
  const chart = drawOn(figure);
  const fill = serviceFills();
  let places = [];
  let byCode = new Map();
  let zoom = 1;
  let scale = 0;

  function option() {
    places = readPlaces(figure);
    byCode = new Map(places.filter((place) => place.code).map((place) => [place.code, place]));
    return {
      geo: drawn.map((sheet, at) => ({ id: `geo${at}`, regions: regionsOf(sheet, byCode, fill, at ? 0 : scale * zoom) })),
      series: [...drawn.map(linesOf), pointsOf(places, fill)],
    };
  }

  function placeAt({ componentType, name, data }) {
    return componentType === "geo" ? byCode.get(name) : data?.place;
  }

  const first = option();
  const fitted = fit === "points" || !shapes.features.length ? frameOf(places) : null;
  const frame = { roam: matchMedia("(pointer: fine)").matches, bounds: fitted ?? boundsOfSheet(drawn[0]) };
  const formatter = (at) => placeAt(at)?.told ?? titleOf(drawn, at.name);
  chart.setOption({
    ...first,
    animation: false,
    tooltip: { ...tooltip(), formatter },
    geo: drawn.map((sheet, at) => ({
      ...geoOf(sheet, at, frame),
      tooltip: { show: true, formatter },
      regions: first.geo[at].regions,
    })),
  });
  function arrange() {
    const stage = { width: chart.getWidth(), height: chart.getHeight() };
    if (stage.width < 60 || stage.height < 60) return;
    const { main, inset, ...laid } = layout(stage, frame.bounds, drawn.length > 1);
    scale = laid.scale;
    const { geo } = option();
    const boxes = inset ? [main, insideInset(inset, boundsOfSheet(drawn[1]))] : [main];
    chart.setOption({
      geo: boxes.map((box, at) => ({ ...geo[at], ...box })),
      graphic: [...(inset ? insetFrame(inset) : []), ...scaleBar(scale * zoom)],
    });
  }
  arrange();
  whenResized(chart, arrange);
  addZoom(figure, (factor) => {
    zoom = Math.min(40, Math.max(1, zoom * factor));
    chart.setOption({ geo: [{ id: "geo0", zoom, ...(zoom === 1 && { center: null }) }] });
    arrange();
  });
  tellMissing(figure, shapes.missing ?? []);
  link(figure, chart, placeAt, () => places);
  figure.addEventListener("puyou:refresh", () => chart.setOption(option()));
}

/** Neither an outline nor a point: there is nothing to draw, and the table says what is known. */
function tellNothing(figure) {
  const note = document.createElement("p");
  note.className = "quiet";
  note.textContent = "没有边界数据，也没有坐标，画不出地图；数据见表格。";
  const stage = figure.querySelector(".stage");
  if (stage) stage.replaceWith(note);
  else figure.prepend(note);
}

function tellMissing(figure, missing) {
  if (!missing.length) return;
  const note = document.createElement("p");
  note.className = "map-note";
  const names = missing.slice(0, 12).map((place) => place.name).join("、");
  note.textContent = `${names}${missing.length > 12 ? `等 ${missing.length} 个地区` : ""}没有边界数据，只在表中列出。`;
  figure.querySelector(".stage").after(note);
}

function titleOf(drawn, code) {
  const feature = drawn.flatMap((sheet) => sheet.geojson.features).find(({ properties }) => properties.name === code);
  return `${feature?.properties.title ?? ""}\n无数据`;
}

function link(figure, chart, placeAt, present) {
  const light = (place, type) => {
    if (!place) return;
    chart.dispatchAction({ type, geoIndex: [0, 1], name: place.code });
    chart.dispatchAction({ type, seriesId: "points", name: place.code });
  };
  const rowOf = (event) => present().find((place) => place.row === event.target.closest?.("tr"));
  figure.addEventListener("mouseover", (event) => light(rowOf(event), "highlight"));
  figure.addEventListener("mouseout", (event) => light(rowOf(event), "downplay"));
  figure.addEventListener("focusin", (event) => light(rowOf(event), "highlight"));
  figure.addEventListener("focusout", (event) => light(rowOf(event), "downplay"));
  chart.on("mouseover", (at) => placeAt(at)?.row.classList.add("lit"));
  chart.on("mouseout", (at) => placeAt(at)?.row.classList.remove("lit"));
  chart.on("click", (at) => {
    const href = placeAt(at)?.href;
    if (href) location.assign(href);
  });
}
