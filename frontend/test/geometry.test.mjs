import assert from "node:assert/strict";
import { test } from "node:test";
import { needsInset, sheets } from "../../puyou/core/static/core/islands/atlas.js";
import { boundsOf, clipFeature, clipLine, clipRing, project, roundDistance } from "../../puyou/core/static/core/islands/geometry.js";

import { insideInset, layout } from "../../puyou/core/static/core/islands/layout.js";

const square = (west, south, size) => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const feature = (code, ...rings) => ({
  type: "Feature",
  properties: { code, name: code },
  geometry: { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) },
});
const area = (ring) => Math.abs(ring.reduce((sum, [x, y], at) => sum + x * ring[(at + 1) % ring.length][1] - ring[(at + 1) % ring.length][0] * y, 0)) / 2;

test("the projection keeps areas: a degree square measures its square kilometres on the sphere", () => {
  for (const [lon, lat] of [[85, 20], [105, 36], [130, 50]]) {
    const steps = 50;
    const edge = [];
    for (let at = 0; at < steps; at++) edge.push([lon + at / steps, lat]);
    for (let at = 0; at < steps; at++) edge.push([lon + 1, lat + at / steps]);
    for (let at = 0; at < steps; at++) edge.push([lon + 1 - at / steps, lat + 1]);
    for (let at = 0; at < steps; at++) edge.push([lon, lat + 1 - at / steps]);
    const rad = Math.PI / 180;
    const sphere = 6371 ** 2 * rad * (Math.sin((lat + 1) * rad) - Math.sin(lat * rad));
    const error = Math.abs(area(edge.map(project)) / sphere - 1);
    assert.ok(error < 0.001, `${error} at ${lon}, ${lat}`);
  }
});

test("north is up on the central meridian", () => {
  assert.ok(project([105, 40])[1] > project([105, 30])[1]);
  assert.ok(Math.abs(project([105, 40])[0]) < 1e-9);
});

test("a ring cut at a frame keeps exactly the part inside", () => {
  const cut = clipRing(square(0, 0, 10), [5, 5, 20, 20]);
  assert.equal(area(cut), 25);
  assert.deepEqual(boundsOf(cut), [5, 5, 10, 10]);
  assert.deepEqual(clipRing(square(0, 0, 1), [5, 5, 6, 6]), []);
});

test("a feature outside the frame is left out, one inside is untouched", () => {
  const inside = feature("1", square(1, 1, 1));
  assert.equal(clipFeature(inside, [5, 5, 9, 9]), null);
  assert.deepEqual(clipFeature(inside, [0, 0, 9, 9]).geometry.coordinates, inside.geometry.coordinates);
});

test("a line is split where it leaves the frame", () => {
  const line = [[1, 1], [2, 2], [30, 30], [3, 3], [4, 4]];
  assert.deepEqual(clipLine(line, [0, 0, 9, 9]), [[[1, 1], [2, 2]], [[3, 3], [4, 4]]]);
});

test("an inset is drawn when islands far in the south belong to shapes of the north", () => {
  const hainan = feature("460000", square(109, 18.5, 1), square(112, 4, 1));
  const guizhou = feature("520000", square(105, 25, 2));
  const sansha = feature("460300", square(112, 4, 1));
  assert.equal(needsInset([hainan, guizhou]), true);
  assert.equal(needsInset([guizhou]), false);
  assert.equal(needsInset([sansha]), false);
  assert.equal(needsInset([hainan]), false);
  assert.equal(needsInset([feature("460100", square(109, 19, 1)), feature("460300", square(112, 4, 1))]), true);
});

test("main sheet and inset together show every polygon", () => {
  const boundaries = { features: [feature("460000", square(109, 18.5, 1), square(112, 4, 1)), feature("520000", square(105, 25, 2))] };
  const [main, inset] = sheets("nation", boundaries);
  assert.deepEqual(main.geojson.features.map(({ properties }) => properties.name), ["460000000000", "520000000000"]);
  assert.equal(inset.geojson.features.length, 1);
  assert.equal(inset.geojson.features[0].geometry.coordinates.length, 2);
});

test("lines that come with the boundaries are drawn as lines, on both sheets", () => {
  const line = { type: "Feature", properties: { kind: "line", name: "九段线" }, geometry: { type: "MultiLineString", coordinates: [[[112, 5], [113, 6]], [[121, 22], [122, 23]]] } };
  const boundaries = { features: [feature("460000", square(109, 18.5, 1), square(112, 4, 1)), feature("520000", square(105, 25, 2)), line] };
  const [main, inset] = sheets("nation", boundaries);
  assert.deepEqual([main.lines.length, inset.lines.length], [1, 2]);
  assert.equal(main.geojson.features.length, 2);
  assert.equal(inset.lines[0].kind, "九段线");
});

test("the map keeps its shape and the inset stays on the stage, below Taiwan, on every screen", () => {
  const bounds = boundsOf([[73.5, 39.5], [135, 48], [122, 53.5], [109, 18.1], [105, 17.4]].map(project));
  const [, taiwan] = project([120.9, 21.9]);
  for (const width of [280, 358, 629, 976, 1600]) {
    for (const height of [340, 360, 540, 640]) {
      const { main, inset } = layout({ width, height }, bounds, true);
      assert.ok(Math.abs(main.width / main.height - (bounds[2] - bounds[0]) / (bounds[3] - bounds[1])) < 1e-9);
      assert.ok(main.left >= 0 && main.left + main.width <= width && main.top + main.height <= height);
      const south = main.top + ((bounds[3] - taiwan) / (bounds[3] - bounds[1])) * main.height;
      assert.ok(inset.top > south, `inset covers Taiwan at ${width}×${height}`);
      const inner = insideInset(inset, [0, 0, 2000, 2450]);
      assert.ok(inner.left >= inset.left && inner.top >= inset.top + 18);
      assert.ok(inner.left + inner.width <= inset.left + inset.width && inner.top + inner.height <= inset.top + inset.height);
    }
  }
});

test("an island province stands beside the inset", () => {
  const bounds = boundsOf([[108.6, 18.1], [111.1, 20.2]].map(project));
  for (const width of [358, 629, 976]) {
    const { main, inset } = layout({ width, height: 400 }, bounds, true);
    assert.ok(main.width > 100 && main.left >= 0 && main.left + main.width < inset.left);
  }
});

test("a map without an inset stands in the middle of its stage", () => {
  const { main, inset } = layout({ width: 600, height: 400 }, [0, 0, 100, 100], false);
  assert.equal(inset, null);
  assert.ok(Math.abs(main.left + main.width / 2 - 300) < 1e-9);
  assert.equal(main.width, main.height);
});

test("the scale bar is 1, 2 or 5 times a power of ten", () => {
  assert.equal(roundDistance(730), 500);
  assert.equal(roundDistance(0.34), 0.2);
  assert.equal(roundDistance(19), 10);
});
