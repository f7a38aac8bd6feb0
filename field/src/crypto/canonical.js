// The one spelling of a message (RFC 8785), so that phone and server sign and digest the same bytes.
import { Trouble } from "../trouble.js";

const HALVES = "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]";

/**
 * @param {unknown} value  JSON; members that are undefined are left out
 * @returns {string} Trouble `bad_text` for half a character, TypeError for what JSON cannot say
 */
export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`no JSON: ${typeof value}`);
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return `{${names.sort().map((name) => `${text(name)}:${canonical(value[name])}`).join(",")}}`;
}

function number(value) {
  if (!Number.isFinite(value)) throw new TypeError("no JSON number");
  return JSON.stringify(value);
}

function text(value) {
  if (new RegExp(HALVES).test(value)) throw new Trouble("bad_text");
  return JSON.stringify(value);
}

/** Replace halves of characters, which some keyboards leave behind when text is cut. @param {any} value */
export function mended(value) {
  if (typeof value === "string") return value.replace(new RegExp(HALVES, "g"), "\ufffd");
  if (Array.isArray(value)) return value.map(mended);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mended(inner)]));
}
