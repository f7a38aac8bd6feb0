// What screens decide without a screen: the order of the day, what a draft says, words for every state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gate } from "../src/tasks/gate.js";
import { plainCode, spacedCode } from "../src/tasks/code.js";
import { fieldsOf, newDraft, unfilled } from "../src/tasks/draft.js";
import { fixWords } from "../src/tasks/fix.js";
import { mondayOf, planOf } from "../src/tasks/plan.js";
import { agreed, mayLook } from "../src/tasks/senses.js";
import { parseRoute } from "../src/tasks/route.js";
import { weak } from "../src/tasks/weak.js";
import { read } from "../src/ui/counter.js";
import { distance, sheetOf } from "../src/ui/plane.js";
import { tagIn, villageOf } from "../src/ui/tag.js";
import { dayOf, lengthOf, metres, timeOf } from "../src/ui/times.js";
import { handedSentence } from "../src/ui/words.js";

const now = Date.parse("2026-11-25T10:00:00+08:00"); // a Wednesday
const code = (number) => `52052600000${number}`;
const village = (number, more = {}) => ({ code: code(number), name: `村${number}`, planned: true, order: number, mode: "point", lon: 104 + number / 100, lat: 26.8, point: null, tag: false, due: { times: 3, period: "week", need: 3, made: 1 }, last_visit: "2026-11-23", note: "", ...more });
const round = (villages, day = "2026-11-25") => ({ day, villages });
const visited = (number, at, more = {}) => ({ id: `v${number}${at}`, kind: "visit", status: "waiting", happened_at: at, payload: { village: code(number) }, withdrawn_by: null, corrected_by: null, ...more });

test("the first village of the order is next until one is near", () => {
  const day = round([village(2), village(1), village(3)]);
  assert.equal(planOf(day, [], null, now).next.code, code(1));
  assert.equal(planOf(day, [], { lon: 104.031, lat: 26.8 }, now).next.code, code(3));
  assert.equal(planOf(day, [], { lon: 105, lat: 27 }, now).next.code, code(1));
});

test("a visit of today serves its village, a withdrawn or corrected one does not", () => {
  const day = round([village(1), village(2)]);
  const at = "2026-11-25T09:00:00+08:00";
  assert.equal(planOf(day, [visited(1, at)], null, now).served, 1);
  assert.equal(planOf(day, [visited(1, at)], null, now).next.code, code(2));
  assert.equal(planOf(day, [visited(1, at, { withdrawn_by: "w" })], null, now).served, 0);
  assert.equal(planOf(day, [visited(1, at, { corrected_by: "c" })], null, now).served, 0);
  assert.equal(planOf(day, [visited(1, "2026-11-24T09:00:00+08:00")], null, now).served, 0);
});

test("the week's count adds own days to what the server knew, each day once", () => {
  const day = round([village(1)]);
  const made = (entries) => planOf(day, entries, null, now).planned[0].made;
  assert.equal(made([]), 1);
  assert.equal(made([visited(1, "2026-11-23T09:00:00+08:00")]), 1);
  assert.equal(made([visited(1, "2026-11-24T09:00:00+08:00"), visited(1, "2026-11-24T15:00:00+08:00")]), 2);
  assert.equal(planOf(round([village(1, { last_visit: "2026-11-20" })]), [], null, now).planned[0].made, 0);
});

test("a list of another day says so, days are those of China, weeks begin on Monday", () => {
  assert.equal(planOf(round([village(1)], "2026-11-20"), [], null, now).stale, true);
  assert.equal(dayOf(Date.parse("2026-11-25T20:00:00Z")), "2026-11-26");
  assert.equal(timeOf(Date.parse("2026-11-25T20:05:00Z")), "04:05");
  assert.equal(mondayOf("2026-11-29"), "2026-11-23");
  assert.equal(mondayOf("2026-11-23"), "2026-11-23");
});

test("a stop offers the villages of its point; each ticked one says what it was handed", () => {
  const point = { code: "P1", name: "站", villages: [code(1), code(2), code(9)] };
  const day = round([village(1, { point }), village(2, { point, planned: false })]);
  const draft = newDraft({ round: day, code: code(1), arrival: { happened_at: "x" } });
  assert.deepEqual(draft.villages.map((one) => [one.code, one.picked]), [[code(1), true], [code(2), false]]);
  draft.villages[1].picked = true;
  draft.villages[0].handed.letters = 2;
  assert.deepEqual(unfilled(draft).map((one) => one.code), [code(2)]);
  draft.villages[1].nothing = true;
  assert.deepEqual(unfilled(draft), []);
  const fields = fieldsOf(draft);
  assert.deepEqual(fields.villages, [code(1), code(2)]);
  assert.equal(fields.point, "P1");
  assert.deepEqual(fields.each[code(1)], { handed: { letters: 2 } });
  assert.deepEqual(fields.each[code(2)], { nothing_today: true, unplanned: true });
  assert.ok(!("receiver" in fields) && !("note" in fields) && !("photos" in fields));
});

test("a village that no list knows is unplanned", () => {
  const draft = newDraft({ round: round([]), code: code(5), arrival: {}, name: "远村" });
  draft.villages[0].nothing = true;
  assert.equal(draft.villages[0].name, "远村");
  assert.deepEqual(fieldsOf(draft).each[code(5)], { nothing_today: true, unplanned: true });
});

test("the phone looks where it is only with consent, on shift and in sight", () => {
  const entries = [{ kind: "round_mark", happened_at: "2026-11-25T08:00:00+08:00", payload: { event: "start", day: "2026-11-25" }, withdrawn_by: null }];
  const state = { consent: { version: "1", agreed: true }, said: null, entries, day: "2026-11-25", hidden: false };
  assert.equal(mayLook(state), true);
  assert.equal(mayLook({ ...state, hidden: true }), false);
  assert.equal(mayLook({ ...state, day: "2026-11-26" }), false);
  assert.equal(mayLook({ ...state, said: { version: "1", agreed: false } }), false);
  const home = { kind: "round_mark", happened_at: "2026-11-25T12:00:00+08:00", payload: { event: "end", day: "2026-11-25" }, withdrawn_by: null };
  assert.equal(mayLook({ ...state, entries: [home, ...entries] }), false);
  assert.equal(agreed({ version: "2", agreed: null }, { version: "1", agreed: true }), null);
});

test("positioning is said as it is", () => {
  const fix = { position: { accuracy_m: 15.2 }, age_ms: 3000, permission: "granted", trouble: null };
  assert.deepEqual(fixWords(fix), { words: "误差 15 米", look: "good" });
  assert.match(fixWords({ ...fix, age_ms: 600_000 }).words, /10 分钟前/);
  assert.match(fixWords({ position: null, permission: "denied", trouble: null }).words, /没有定位权限。也可以记录/);
  assert.match(fixWords({ position: null, permission: "granted", trouble: null }).words, /定位中/);
});

test("addresses of printed codes and of screens", () => {
  assert.deepEqual(parseRoute("#enrol=ABCDE23456"), { name: "enrol", args: [], code: "ABCDE23456" });
  const tag = `PY1.${code(1)}.2.AAAAAAAAAAAAAA`;
  assert.deepEqual(parseRoute(`#tag=${tag}`), { name: "arrived", args: [code(1)], tag });
  assert.equal(parseRoute("#tag=rubbish").name, "tag=rubbish");
  assert.deepEqual(parseRoute("#/entry/a-b"), { name: "entry", args: ["a-b"] });
  assert.equal(parseRoute("").name, "round");
  assert.equal(parseRoute("#practice").name, "round");
  assert.equal(tagIn(`https://x/field/#tag=${tag}`), tag);
  assert.equal(tagIn("https://elsewhere/"), null);
  assert.equal(villageOf(tag), code(1));
});

test("behind the PIN nothing is shown, without a key only enrolment", () => {
  const open = { enrolled: true, locked: false, lost: false };
  assert.equal(gate("outbox", open), "outbox");
  assert.equal(gate("outbox", { ...open, locked: true }), "unlock");
  assert.equal(gate("recover", { ...open, locked: true }), "recover");
  assert.equal(gate("mine", { enrolled: false, locked: true, lost: false }), "enrol");
  assert.equal(gate("round", { enrolled: false, locked: true, lost: true }), "restore");
  assert.equal(gate("training", { enrolled: false, locked: true, lost: false }), "training");
});

test("codes, counts, PINs, distances and lengths as people write and read them", () => {
  assert.equal(plainCode("abcde-23456-zz"), "ABCDE23456");
  assert.equal(spacedCode("ABCDE2"), "ABCDE-2");
  assert.deepEqual(["", "x", "-3", "7", "007"].map(read), [0, 0, 0, 7, 7]);
  assert.ok(weak("111111") && weak("123456") && weak("654321") && !weak("730619"));
  assert.deepEqual([4, 268, 1240, 23_400].map(metres), ["10 米", "270 米", "1.2 公里", "23 公里"]);
  assert.deepEqual([5000, 60_000, 7_200_000, 400_000_000].map(lengthOf), ["5 秒", "1 分钟", "2 小时", "5 天"]);
  assert.equal(handedSentence({ letters: 2, parcels: 1, papers: 0 }), "信件 2、包裹 1");
  assert.equal(handedSentence(undefined, true), "今日无邮件");
});

test("the sheet shows every point within its edges, north up", () => {
  const places = [{ lon: 104, lat: 26 }, { lon: 104.2, lat: 26.3 }, { lon: 104.1, lat: 26.1 }];
  const { at } = sheetOf(places, 360, 420);
  for (const place of places) {
    const { x, y } = at(place);
    assert.ok(x >= 35 && x <= 325 && y >= 35 && y <= 385, `${x} ${y}`);
  }
  assert.ok(at(places[1]).y < at(places[0]).y);
  assert.ok(Math.abs(distance(places[0], { lon: 104, lat: 27 }) - 111_195) < 5);
});
