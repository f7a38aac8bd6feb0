// Every screen by its name. What a courier needs each day is in the first load; the rest comes when it is asked for.
import { enrol } from "./enrol.js";
import { round } from "./round.js";
import { unlock } from "./unlock.js";
import { village } from "./village.js";
import { arrived, visit } from "./visit.js";
import { outbox } from "./outbox.js";

const now = (screen) => async () => screen;

const known = {
  enrol: now(enrol),
  unlock: now(unlock),
  round: now(round),
  village: now(village),
  arrived: now(arrived),
  visit: now(visit),
  outbox: now(outbox),
  entry: async () => (await import("./entry.js")).entry,
  files: async () => (await import("./files.js")).files,
  map: async () => (await import("./map.js")).map,
  search: async () => (await import("./search.js")).search,
  hindrance: async () => (await import("./hindrance.js")).hindrance,
  messages: async () => (await import("./messages.js")).messages,
  question: async () => (await import("./reply.js")).question,
  appeal: async () => (await import("./reply.js")).appeal,
  consent: async () => (await import("./consent.js")).consent,
  mine: async () => (await import("./mine.js")).mine,
  month: async () => (await import("./month.js")).month,
  phone: async () => (await import("./keeping.js")).keeping,
  pin: async () => (await import("./pin.js")).pin,
  recover: async () => (await import("./recover.js")).recover,
  restore: async () => (await import("./recover.js")).restore,
  look: async () => (await import("./look.js")).look,
  training: async () => (await import("./training.js")).training,
};

/** An address that nobody knows leads to today's list. */
export const screens = new Proxy(known, { get: (all, name) => (Object.prototype.hasOwnProperty.call(all, name) ? all[name] : all.round) });
