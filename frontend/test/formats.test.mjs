import assert from "node:assert/strict";
import { test } from "node:test";
import { count, rate, roundedFloor } from "../../puyou/core/static/core/islands/formats.js";

test("a share is written with one decimal and a per cent sign", () => {
  assert.equal(rate(0.973), "97.3%");
  assert.equal(rate(0), "0.0%");
  assert.equal(rate(1), "100.0%");
});

test("what is short of all never reads 100 %, what is above nothing never reads 0 %", () => {
  assert.equal(rate(0.99999), "99.9%");
  assert.equal(rate(0.00001), "0.1%");
});

test("no share is said to be no data, never zero", () => {
  for (const nothing of [null, undefined, NaN]) assert.equal(rate(nothing), "无数据");
  assert.equal(count(null), "无数据");
  assert.equal(count(13687), "13,687");
});

test("an axis begins below the least share and four equal steps reach 1", () => {
  for (const least of [0.999, 0.97, 0.93, 0.85, 0.5, 0.1, 0]) {
    const bottom = roundedFloor(least);
    assert.ok(bottom < least || bottom === 0, `${bottom} for ${least}`);
    assert.ok(Number.isInteger(Math.round(((1 - bottom) / 4) * 1000)));
  }
});
