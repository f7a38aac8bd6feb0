// The invented round of practice mode. Names and places are nobody's.
import { dayOf } from "../ui/times.js";

const day = 86_400_000;
const middle = { lon: 104.28, lat: 26.86 };

export function practiceRound(now) {
  const shared = { code: "练习-1", name: "练习·岩脚村邮站", kind: "station", ...place(5, 4), villages: [code(3), code(4)] };
  return {
    day: dayOf(now), heard_at: now, server_time: new Date(now).toISOString(), practice: true, on_leave: false,
    courier: { number: "练习", name: "练习" },
    consent: { version: "练习", text: "练习", agreed: true },
    rules: {},
    villages: [
      village(1, "练习·响水村", place(0, 0), 2, dayOf(now - 3 * day)),
      village(2, "练习·大坪村", place(2, 3), 1, dayOf(now - 2 * day)),
      village(3, "练习·岩脚村", place(5, 4), 1, dayOf(now - 5 * day), { point: shared }),
      village(4, "练习·坡头村", place(6, 5), 0, null, { point: shared }),
      village(5, "练习·新寨村", place(3, -3), 2, dayOf(now - day), { tag: true }),
      village(6, "练习·老街村", place(-3, 2), 1, dayOf(now - 4 * day), { planned: false }),
    ],
    outlines: [{ name: "练习乡", rings: [[[-6, -6], [9, -5], [10, 8], [1, 10], [-7, 6], [-6, -6]].map(([x, y]) => [place(x, y).lon, place(x, y).lat])] }],
  };
}

export function practiceNotes(now) {
  return {
    questions: [{ id: 1, visit: "practice", village_name: "练习·大坪村", text: "昨天的照片看不清交接单上的签名，请说明是谁签收的。", asked_at: new Date(now - day).toISOString() }],
    decisions: [],
  };
}

const code = (number) => `00000000000${number}`;
const place = (east, north) => ({ lon: middle.lon + east * 0.006, lat: middle.lat + north * 0.006 });

function village(order, name, { lon, lat }, made, last, more = {}) {
  return { code: code(order), name, township: "练习乡", lon, lat, point: null, planned: true, order, mode: "point", tag: false, due: { times: 3, period: "week", need: 3, made }, last_visit: last, note: "", ...more };
}
