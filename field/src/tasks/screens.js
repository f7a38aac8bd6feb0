// Every screen by its name. All come with the first load, so that any of them opens without signal; only the guide waits.
import { appeal, question } from "./reply.js";
import { arrived, visit } from "./visit.js";
import { consent } from "./consent.js";
import { enrol } from "./enrol.js";
import { entry } from "./entry.js";
import { files } from "./files.js";
import { hindrance } from "./hindrance.js";
import { keeping } from "./keeping.js";
import { look } from "./look.js";
import { map } from "./map.js";
import { messages } from "./messages.js";
import { mine } from "./mine.js";
import { month } from "./month.js";
import { outbox } from "./outbox.js";
import { pin } from "./pin.js";
import { recover, restore } from "./recover.js";
import { round } from "./round.js";
import { search } from "./search.js";
import { unlock } from "./unlock.js";
import { village } from "./village.js";
import { watchScreens, watchShared } from "./watch/screens.js";

const known = {
  appeal, arrived, consent, enrol, entry, files, hindrance, look, map, messages, mine, month, outbox, pin, question, recover, restore,
  round, search, unlock, village, visit, phone: keeping, training: async (app) => (await import("./training.js")).training(app),
};

const has = (map, name) => Object.prototype.hasOwnProperty.call(map, name);

/** An address that nobody of that role knows leads to its first list. */
export function screenOf(name, role = "courier") {
  if (role !== "supervisor") return has(known, name) ? known[name] : round;
  if (has(watchScreens, name)) return watchScreens[name];
  return watchShared.includes(name) ? known[name] : watchScreens.round;
}
