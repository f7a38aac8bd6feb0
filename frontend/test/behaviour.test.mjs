import assert from "node:assert/strict";
import { test } from "node:test";
import { nextDay } from "../../puyou/core/static/core/islands/calendar.js";
import { nextRow } from "../../puyou/core/static/core/islands/keys.js";
import { nextOption } from "../../puyou/core/static/core/islands/picker.js";
import { pause, staleness } from "../../puyou/core/static/core/islands/poll.js";
import { fullCode, readWeek, told } from "../../puyou/core/static/core/islands/table.js";
import { changedCells } from "../../puyou/core/static/core/islands/swap.js";

test("codes of tables and boundaries meet at twelve digits", () => {
  assert.equal(fullCode("520000"), "520000000000");
  assert.equal(fullCode("520526100200"), "520526100200");
});

test("what a row says repeats its labelled cells and not its name", () => {
  const cells = [{ label: "地区", text: "毕节市" }, { label: "达标率", text: "97.3%" }, { label: "", text: "导出" }];
  assert.equal(told("毕节市", cells), "毕节市\n达标率　97.3%");
});

test("a week without a share has none, which is not zero", () => {
  assert.deepEqual(readWeek({ label: "第1周", rate: "" }), { label: "第1周", rate: null, provisional: false, festival: "" });
  assert.equal(readWeek({ label: "第1周", rate: "0" }).rate, 0);
});

test("asking slows down with every failure, to a minute at most", () => {
  assert.deepEqual([0, 1, 2, 9].map((failures) => pause(3000, failures)), [3000, 6000, 12000, 60000]);
});

test("stale data are called stale, with their age", () => {
  assert.equal(staleness(5_000), "");
  assert.match(staleness(40_000), /中断/);
  assert.match(staleness(300_000), /5 分钟/);
});

test("j and k stop at the ends of the list, and begin at the near one", () => {
  assert.equal(nextRow(-1, 1, 5), 0);
  assert.equal(nextRow(-1, -1, 5), 4);
  assert.equal(nextRow(4, 1, 5), 4);
  assert.equal(nextRow(0, -1, 5), 0);
  assert.equal(nextRow(-1, 1, 0), -1);
});

test("the picker's arrows wrap round", () => {
  assert.equal(nextOption(-1, "ArrowDown", 3), 0);
  assert.equal(nextOption(2, "ArrowDown", 3), 0);
  assert.equal(nextOption(0, "ArrowUp", 3), 2);
  assert.equal(nextOption(1, "Enter", 3), 1);
  assert.equal(nextOption(1, "ArrowDown", 0), -1);
});

test("only cells of the same row and column are compared", () => {
  const table = (...rows) => ({
    querySelectorAll: () => rows.map(([key, ...texts]) => ({ dataset: { key }, cells: texts.map((textContent) => ({ textContent })) })),
  });
  const changed = changedCells(table(["a", "1", "2"], ["b", "3"]), table(["b", "3"], ["a", "1", "9"], ["c", "7"]));
  assert.deepEqual(changed.map((cell) => cell.textContent), ["9"]);
});

test("arrows go to the next day on which something is due, and stay where there is none", () => {
  const links = { 2: "a", 4: "b", 11: "c" };
  const cells = Array.from({ length: 14 }, (_, at) => ({
    contains: (link) => link !== undefined && links[at] === link,
    querySelector: () => links[at] ?? null,
  }));
  assert.equal(nextDay(cells, undefined, "ArrowDown"), "a");
  assert.equal(nextDay(cells, "a", "ArrowRight"), "b");
  assert.equal(nextDay(cells, "b", "ArrowLeft"), "a");
  assert.equal(nextDay(cells, "b", "ArrowDown"), "c");
  assert.equal(nextDay(cells, "c", "ArrowUp"), "b");
  assert.equal(nextDay(cells, "c", "ArrowRight"), null);
});
