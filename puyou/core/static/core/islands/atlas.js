// What a map is drawn from: boundaries and lines cut into the main frame and the South China Sea inset.
import { boundsOf, clipFeature, clipLine, mapPositions, project } from "./geometry.js";
import { fullCode } from "./table.js";

const MAIN = [70, 17.4, 140, 56];
const HAINAN = [108, 17.8, 111.7, 21];
const SOUTH_SEA = [104.8, 2.6, 124.8, 24.8];
const fetched = new Map();

/** A JSON document, asked for once a page. */
export function load(address) {
  if (!fetched.has(address)) {
    fetched.set(
      address,
      fetch(address).then((answer) => {
        if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
        return answer.json();
      }),
    );
  }
  return fetched.get(address);
}

/** Whether shapes reach into the South China Sea while others lie north of it, so that an inset is needed. */
export function needsInset(features) {
  const bounds = features.map((feature) => boundsOf(feature.geometry.coordinates));
  return bounds.some((one) => one[1] < 16) && bounds.some((one) => one[3] > 19.8);
}

function mainFrame(features) {
  const mainland = features.some((feature) => boundsOf(feature.geometry.coordinates)[3] > 21);
  return mainland ? MAIN : HAINAN;
}

/** Width and height of a shape's largest polygon, where its name would stand. */
function spanOf({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const spans = polygons.map((rings) => boundsOf(rings[0])).map(([west, south, east, north]) => [east - west, north - south]);
  return spans.reduce((best, span) => (span[0] * span[1] > best[0] * best[1] ? span : best), [0, 0]);
}

function onPlane(feature) {
  const { code, name, center, kind } = feature.properties;
  const geometry = { ...feature.geometry, coordinates: mapPositions(feature.geometry.coordinates, project) };
  const properties = { name: fullCode(code), title: name, kind, span: spanOf(geometry), ...(center && { cp: project(center) }) };
  return { type: "Feature", geometry, properties };
}

function collection(features, frame) {
  const inside = frame ? features.map((feature) => clipFeature(feature, frame)).filter(Boolean) : features;
  return { type: "FeatureCollection", features: inside.map(onPlane) };
}

function linesIn(features, frame) {
  return features.flatMap(({ geometry, properties }) => {
    const parts = geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
    const cut = frame ? parts.flatMap((part) => clipLine(part, frame)) : parts;
    return cut.map((coords) => ({ kind: properties.name, coords: coords.map(project) }));
  });
}

const isLine = ({ geometry }) => geometry.type.endsWith("LineString");

/** One or two sheets `{name, geojson, lines}` on the plane: the main one, and the inset where it is needed. */
export function sheets(name, boundaries) {
  const features = boundaries.features.filter((feature) => feature.geometry.type.endsWith("Polygon"));
  const lines = boundaries.features.filter(isLine);
  const frames = needsInset(features) ? [mainFrame(features), SOUTH_SEA] : [null];
  return frames.map((frame, at) => ({
    name: `${name}#${at}`,
    geojson: collection(features, frame),
    lines: linesIn(lines, frame),
  }));
}
