// Addresses within the app: #/name/argument; and those that a printed code opens: #enrol=…, #supervise=…, #tag=…, #practice.
import { villageOf } from "../ui/tag.js";

/** Pure: `{name, args, code?, role?, tag?}` of a hash. */
export function parseRoute(hash) {
  const enrol = /^#enrol=([0-9A-Za-z-]+)$/.exec(hash);
  if (enrol) return { name: "enrol", args: [], code: enrol[1] };
  const supervise = /^#supervise=([0-9A-Za-z-]+)$/.exec(hash);
  if (supervise) return { name: "enrol", args: [], code: supervise[1], role: "supervisor" };
  const tag = /^#tag=(.+)$/.exec(hash);
  if (tag && villageOf(tag[1])) return { name: "arrived", args: [villageOf(tag[1])], tag: tag[1] };
  const [name, ...args] = hash.replace(/^#\/?/, "").split("/").map(decode);
  return { name: name === "" || name === "practice" ? "round" : name, args };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
