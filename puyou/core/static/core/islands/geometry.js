// Maps on a plane: the conic projection that national maps of China use, and cutting shapes at a frame.

const RADIUS = 6371;
const RAD = Math.PI / 180;
const [FIRST, SECOND, ORIGIN, MERIDIAN] = [25 * RAD, 47 * RAD, 36 * RAD, 105 * RAD];
const CONE = (Math.sin(FIRST) + Math.sin(SECOND)) / 2;
const CONSTANT = Math.cos(FIRST) ** 2 + 2 * CONE * Math.sin(FIRST);
const distance = (latitude) => (RADIUS * Math.sqrt(CONSTANT - 2 * CONE * Math.sin(latitude))) / CONE;
const BASE = distance(ORIGIN);

/** Longitude and latitude in degrees to kilometres east and north (Albers equal-area, 25° and 47°, 105° E). */
export function project([lon, lat]) {
  const angle = CONE * (lon * RAD - MERIDIAN);
  const far = distance(lat * RAD);
  return [far * Math.sin(angle), BASE - far * Math.cos(angle)];
}

/** A function over every position of nested coordinates, keeping their nesting. */
export function mapPositions(coordinates, change) {
  return typeof coordinates[0] === "number" ? change(coordinates) : coordinates.map((inner) => mapPositions(inner, change));
}

/** The bounds `[west, south, east, north]` of nested coordinates. */
export function boundsOf(coordinates, bounds = [Infinity, Infinity, -Infinity, -Infinity]) {
  if (typeof coordinates[0] === "number") {
    const [x, y] = coordinates;
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], y);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], y);
  } else {
    for (const inner of coordinates) boundsOf(inner, bounds);
  }
  return bounds;
}

function sides([west, south, east, north]) {
  return [
    { axis: 0, at: west, keeps: (p) => p[0] >= west },
    { axis: 0, at: east, keeps: (p) => p[0] <= east },
    { axis: 1, at: south, keeps: (p) => p[1] >= south },
    { axis: 1, at: north, keeps: (p) => p[1] <= north },
  ];
}

function crossing(a, b, { axis, at }) {
  const share = (at - a[axis]) / (b[axis] - a[axis]);
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}

/** A closed ring cut at a frame (Sutherland–Hodgman); empty when nothing is inside. */
export function clipRing(ring, frame) {
  return sides(frame).reduce((points, side) => {
    const kept = [];
    points.forEach((point, at) => {
      const before = points[(at + points.length - 1) % points.length];
      if (side.keeps(point) !== side.keeps(before)) kept.push(crossing(before, point, side));
      if (side.keeps(point)) kept.push(point);
    });
    return kept;
  }, ring);
}

function overlaps(a, b) {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}

function within(inner, outer) {
  return inner[0] >= outer[0] && inner[2] <= outer[2] && inner[1] >= outer[1] && inner[3] <= outer[3];
}

function clipPolygon(rings, frame) {
  const bounds = boundsOf(rings[0]);
  if (!overlaps(bounds, frame)) return null;
  if (within(bounds, frame)) return rings;
  const cut = rings.map((ring) => clipRing(ring, frame)).filter((ring) => ring.length > 2);
  return cut.length ? cut : null;
}

/** A feature's polygons inside a frame, or null when it lies outside. */
export function clipFeature(feature, frame) {
  const { type, coordinates } = feature.geometry;
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const kept = polygons.map((rings) => clipPolygon(rings, frame)).filter(Boolean);
  return kept.length ? { ...feature, geometry: { type: "MultiPolygon", coordinates: kept } } : null;
}

/** The pieces of a line inside a frame: split where it leaves, whole segments only. */
export function clipLine(line, frame) {
  const [west, south, east, north] = frame;
  const pieces = [];
  let piece = [];
  for (const [x, y] of line) {
    if (x >= west && x <= east && y >= south && y <= north) piece.push([x, y]);
    else if (piece.length) pieces.push(piece), (piece = []);
  }
  if (piece.length) pieces.push(piece);
  return pieces.filter((one) => one.length > 1);
}

/** A round distance (1, 2 or 5 times a power of ten) at most `longest`; for the bar that shows the scale. */
export function roundDistance(longest) {
  const power = 10 ** Math.floor(Math.log10(longest));
  return power * [5, 2, 1].find((step) => step * power <= longest);
}
