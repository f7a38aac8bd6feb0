// Today's list: what is done, what is next, how far it is. Pure: round, own envelopes, place and time in; rows out.
import { distance } from "../ui/plane.js";
import { asMs, dayOf } from "../ui/times.js";

const near = 1000; // metres: within it the nearest village is the next one, whatever the order says

/** `{day, stale, planned, others, next, served}` of a stored round and the phone's own visits. */
export function planOf(round, entries, here, now) {
  const day = dayOf(now);
  const visits = entries.filter((entry) => entry.kind === "visit" && !entry.withdrawn_by && !entry.corrected_by);
  const villages = round.villages.map((village) => withState(village, visits, here, day));
  const planned = villages.filter((village) => village.planned).sort((one, other) => one.order - other.order);
  const others = villages.filter((village) => !village.planned);
  return { day, stale: round.day !== day, planned, others, served: planned.filter((village) => village.served).length, next: nextOf(planned) };
}

function withState(village, visits, here, day) {
  const own = visits.filter((visit) => visit.payload.village === village.code);
  const today = own.find((visit) => dayOf(asMs(visit.happened_at)) === day) ?? null;
  const spot = village.point && village.point.lon !== null && village.point.lon !== undefined ? village.point : village;
  const known = spot.lon !== null && spot.lon !== undefined;
  return {
    ...village,
    visit: today,
    served: Boolean(today) || village.last_visit === day,
    metres: here && known ? distance(here, spot) : null,
    lon: known ? spot.lon : null,
    lat: known ? spot.lat : null,
    made: madeThisWeek(village, own, day),
    last: lastDay(village, own),
  };
}

function nextOf(planned) {
  const left = planned.filter((village) => !village.served);
  const close = left.filter((village) => village.metres !== null && village.metres <= near).sort((one, other) => one.metres - other.metres);
  return close[0] ?? left[0] ?? null;
}

/** Days of this week with a visit: what the server knew, and own days after it. */
function madeThisWeek(village, own, day) {
  const since = mondayOf(day);
  const known = village.last_visit ?? "";
  const counted = village.due && known >= since ? village.due.made : 0;
  const days = own.map((visit) => dayOf(asMs(visit.happened_at))).filter((one) => one >= since && one > known);
  return counted + new Set(days).size;
}

export function mondayOf(day) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

function lastDay(village, own) {
  const days = own.map((visit) => dayOf(asMs(visit.happened_at)));
  return [village.last_visit, ...days].filter(Boolean).sort().pop() ?? null;
}
