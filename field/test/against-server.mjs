// The phone's core against a real server: enrols, keeps, sends, asks, and prints what it saw. Run by tests/browser/test_phone_core.py.
import { environmentOf, fakeBridge, picture } from "./kit.mjs";
import { openPhone } from "../src/phone.js";

const [address, code, village] = process.argv.slice(2);
const clock = { wall: () => Date.now(), monotonic: () => performance.now() };
const fix = { lon: 106.7, lat: 26.6, accuracy_m: 12, at: Date.now() };
const bridge = fakeBridge({ position: { watch: (onFix) => (onFix(fix), () => {}) } });
const environment = environmentOf(null, { ...clock, part_bytes: 1000, fetch: (url, options) => fetch(url, options) });
const phone = await openPhone({ base: address, environment, bridge });

const { courier, recovery } = await phone.enrol({ code, pin: "246810", label: "模拟手机" });
phone.approach();
const photo = await phone.holdPhoto(picture(3500), "slip");
const arrival = await phone.arrive();
const [visit] = await phone.keepVisit({ arrival, villages: [village], handed: { letters: 2 }, mode: "point", receiver: "committee", photos: [photo], note: "好", unplanned: true });
const correction = await phone.correct(visit.id, { handed: { letters: 3 } });
const withdrawal = await phone.undo(correction.id, "点错了");
const unknown = await phone.keep({ kind: "visit", payload: { village: "999999999999", nothing_today: true } });
const mark = await phone.keep({ kind: "round_mark", payload: { event: "start", day: arrival.happened_at.slice(0, 10) } });
const flushed = await phone.flush("hand");
const again = await phone.flush("hand");
const { round, changed } = await phone.refresh();
const unchanged = (await phone.refresh()).changed;
const { data: me } = await phone.me();
const found = await phone.findVillages("村");
const version = await phone.checkVersion();
const entries = await phone.list();
const { device } = await phone.status();
const refusals = Object.fromEntries(entries.filter((entry) => entry.refusal).map((entry) => [entry.kind + entry.id.slice(-4), entry.refusal]));
const refusal = entries.find((entry) => entry.id === unknown.id).refusal;
process.stdout.write(JSON.stringify({ courier, recovery, device, flushed, again, photo, round, changed, unchanged, me, found, version, refusal, refusals,
  ids: { visit: visit.id, correction: correction.id, withdrawal: withdrawal.id, mark: mark.id },
  statuses: Object.fromEntries(entries.map((entry) => [entry.id, entry.status])), photos: entries.flatMap((entry) => entry.photos) }));
process.exit(0);
