// A visit being written: one moment of arrival, one or several villages, what each was handed. Pure.
const none = { letters: 0, papers: 0, parcels: 0, notices: 0 };

/** A new draft for a village; the others of its point may be ticked. */
export function newDraft({ round, code, arrival, tag, started_at, name }) {
  const village = round.villages.find((one) => one.code === code) ?? { code, name, point: null, planned: false, mode: "point" };
  const known = new Map(round.villages.map((one) => [one.code, one]));
  const along = (village.point ? village.point.villages : []).filter((other) => other !== code && known.has(other));
  const of = (one, picked) => ({ code: one.code, name: one.name, planned: Boolean(one.planned), picked, handed: { ...none }, nothing: false });
  return {
    code,
    arrival,
    started_at,
    point: village.point ? village.point.code : null,
    point_name: village.point ? village.point.name : null,
    villages: [of(village, true), ...along.map((other) => of(known.get(other), false))],
    mode: village.mode ?? "point",
    receiver: null,
    photos: [],
    voice: null,
    note: "",
    tag: tag ?? null,
  };
}

export const picked = (draft) => draft.villages.filter((village) => village.picked);
export const pieces = (village) => Object.values(village.handed).reduce((sum, count) => sum + count, 0);
export const isFilled = (village) => village.nothing || pieces(village) > 0;

/** Ticked villages for which neither a number nor 今日无邮件 was given. */
export const unfilled = (draft) => picked(draft).filter((village) => !isFilled(village));

/** What `phone.keepVisit` is told: what the villages share, and what each has of its own. */
export function fieldsOf(draft) {
  const villages = picked(draft);
  const shared = { mode: draft.mode, ...given("receiver", draft.receiver), ...given("voice", draft.voice), ...given("note", draft.note.trim()), ...given("tag", draft.tag) };
  if (draft.photos.length) shared.photos = draft.photos;
  if (draft.point) shared.point = draft.point;
  return { ...shared, villages: villages.map((village) => village.code), each: Object.fromEntries(villages.map((village) => [village.code, ownOf(village)])) };
}

function ownOf(village) {
  const own = village.nothing ? { nothing_today: true } : { handed: handedOf(village) };
  return village.planned ? own : { ...own, unplanned: true };
}

export function handedOf(village) {
  return Object.fromEntries(Object.entries(village.handed).filter(([, count]) => count > 0));
}

const given = (name, value) => (value ? { [name]: value } : {});
