// A supervisor's screens: what they judge without a phone, and which door a token opens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { doorOf } from "../src/outbox/door.js";
import { parseRoute } from "../src/tasks/route.js";
import { resultsOf } from "../src/tasks/watch/home.js";
import { prefix, related } from "../src/tasks/watch/place.js";
import { missing } from "../src/tasks/watch/report.js";
import { lacking, numberOf } from "../src/tasks/watch/task.js";

test("a token tells its door, also where keys were lost", () => {
  assert.equal(doorOf("puyou_s_AbC"), "/api/v1/supervisor");
  for (const courier of ["puyou_AbC", "puyou_-s_", ""]) assert.equal(doorOf(courier), "/api/v1");
});

test("a link says whose phone it makes", () => {
  assert.deepEqual(parseRoute("#supervise=ABCDE-23456"), { name: "enrol", args: [], code: "ABCDE-23456", role: "supervisor" });
  assert.equal(parseRoute("#enrol=ABCDE23456").role, undefined);
  assert.equal(parseRoute("#supervise=<b>").name, "supervise=<b>"); // no code: an address that nobody knows
});

test("a division's part of a code, and who lies in whom", () => {
  const cases = { "520000000000": "52", "520500000000": "5205", "520526000000": "520526", "520526101000": "520526101", "520526101202": "520526101202" };
  for (const [code, part] of Object.entries(cases)) assert.equal(prefix(code), part);
  assert.ok(related("520526101202", "520526000000") && related("520526000000", "520526101202"));
  assert.ok(!related("520526101202", "520526102000") && !related("520500000000", "510500000000"));
});

test("numbers as people type them", () => {
  assert.equal(numberOf(" １２．５ "), 12.5);
  assert.equal(numberOf("1,200"), 1200);
  for (const text of ["1.2亿", "-3", "三", "1e3", ""]) assert.equal(numberOf(text), text);
});

test("the first point without the answer it needs is named", () => {
  const items = [{ code: "times", text: "来过几次", answer: "number", required: true }, { code: "note", text: "其他", answer: "text", required: false }];
  assert.deepEqual(lacking(items, {}), ["times", "“来过几次”还没有回答"]);
  assert.deepEqual(lacking(items, { times: "两次" }), ["times", "“来过几次”要填数字"]);
  assert.equal(lacking(items, { times: 0 }), null);
});

test("a report needs a kind, a place and words", () => {
  const whole = { category: "attitude", place: { code: "520526101202" }, text: "态度恶劣" };
  assert.equal(missing(whole), null);
  for (const [name, less] of [["category", { category: null }], ["place", { place: null }], ["text", { text: " 啊 " }]]) assert.equal(missing({ ...whole, ...less })[0], name);
});

test("what waits on the phone counts as reported, what came back does not", () => {
  const result = (task, status) => ({ kind: "supervisor_result", status, payload: { task } });
  const entries = [result(1, "waiting"), result(1, "refused"), result(1, "kept"), result(2, "waiting"), { kind: "supervisor_report", status: "waiting", payload: {} }];
  assert.equal(resultsOf({ id: 1, results: 1 }, entries), 2);
  assert.equal(resultsOf({ id: 3, results: 0 }, entries), 0);
});
