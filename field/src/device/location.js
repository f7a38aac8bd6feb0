// Where the phone is: starts on the way in, keeps the last good fix with its age and a dozen fixes of the approach.

const GOOD_M = 100;
const STALE_MS = 10 * 60000; // older ones are told with their age, but a worse new one is preferred
const MOST = 12;
const APART_MS = 10000;
const LONGEST_MS = 15 * 60000;

/**
 * @param {{bridge: import("./bridge.js").Bridge, clock: ReturnType<import("../outbox/clock.js").createClock>, changed: () => void}} parts
 */
export function createLocation({ bridge, clock, changed }) {
  let end = null;
  let best = null; // a fix with the monotonic moment it was heard
  let trail = [];
  let trouble = null;
  let permission = "unknown";

  const onFix = (fix) => {
    if (![fix.lon, fix.lat].every(Number.isFinite) || (fix.lon === 0 && fix.lat === 0)) return;
    const heard = { ...fix, heard: clock.monotonic() };
    best = better(best, heard);
    trail = thinned([...trail, heard]);
    trouble = null;
    permission = "granted";
    changed();
  };
  const onTrouble = (why) => {
    trouble = why;
    if (why === "denied" || (why === "unavailable" && permission === "unknown")) permission = why;
    changed();
  };
  const age = () => best && Math.round(clock.monotonic() - best.heard);

  return {
    start() {
      if (!end) end = bridge.position.watch(onFix, onTrouble);
    },
    stop() {
      if (end) end();
      end = null;
    },
    state: () => ({ position: spoken(best, clock), age_ms: age(), permission, trouble, watching: end !== null }),
    /** The payload's `position`, or null. */
    position: () => spoken(best, clock),
    /** The payload's `approach`: seconds before now, lon, lat, accuracy; oldest first. */
    approach() {
      const now = clock.monotonic();
      const recent = trail.filter((fix) => now - fix.heard <= LONGEST_MS);
      return recent.map((fix) => [Math.round((now - fix.heard) / 1000), degrees(fix.lon), degrees(fix.lat), metres(fix.accuracy_m)]);
    },
  };
}

/** A new fix wins unless it is coarse while the one before is good and fresh. */
export function better(before, fix) {
  if (!before || fix.heard - before.heard > STALE_MS) return fix;
  return fix.accuracy_m <= Math.max(GOOD_M, before.accuracy_m) ? fix : before;
}

/** At most a dozen, some seconds apart, the newest always among them. */
export function thinned(trail) {
  const last = trail[trail.length - 1];
  const apart = trail.slice(0, -1).filter((fix, at, all) => at === 0 || fix.heard - all[at - 1].heard >= APART_MS);
  return [...apart, last].slice(-MOST);
}

const degrees = (value) => Math.round(value * 1e6) / 1e6;
const metres = (value) => (Number.isFinite(value) ? Math.round(Math.min(value, 1e6) * 10) / 10 : null);
const spoken = (fix, clock) => fix && { lon: degrees(fix.lon), lat: degrees(fix.lat), accuracy_m: metres(fix.accuracy_m), fixed_at: clock.moment(fix.at) };
