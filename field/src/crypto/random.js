// Random names and texts: UUIDv7 of envelopes, device names, codes that people copy by hand.
import { toHex, toText } from "./base64url.js";

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/** @param {Crypto} crypto @param {number} size */
export const randomBytes = (crypto, size) => crypto.getRandomValues(new Uint8Array(size));

/** 16 random bytes as text: sessions, nonces of ours. */
export const randomName = (crypto) => toText(randomBytes(crypto, 16));

/** @param {Crypto} crypto @param {number} wall milliseconds; a clock before 1970 counts as 1970 */
export function uuid7(crypto, wall) {
  const bytes = randomBytes(crypto, 16);
  let left = Math.max(0, Math.floor(wall));
  for (let at = 5; at >= 0; at--, left = Math.floor(left / 256)) bytes[at] = left % 256;
  return spelled(bytes, 0x70);
}

/** A random UUID (version 4), for stops. */
export const uuid4 = (crypto) => spelled(randomBytes(crypto, 16), 0x40);

function spelled(bytes, version) {
  bytes[6] = (bytes[6] & 0x0f) | version;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A text that can be read aloud: `length` letters of the alphabet without look-alikes. */
export function randomCode(crypto, length) {
  let code = "";
  while (code.length < length) {
    const [byte] = randomBytes(crypto, 1);
    if (byte < 248) code += ALPHABET[byte % 31]; // 248 = 8 × 31: every letter as likely
  }
  return code;
}

/** What somebody typed, without hyphens, blanks and small letters; null when other letters are in it. */
export function readCode(typed, length) {
  const code = String(typed).toUpperCase().replace(/[\s\-－—]/g, "");
  const known = [...code].every((letter) => ALPHABET.includes(letter));
  return known && code.length === length ? code : null;
}

/** XXXXX-XXXXX-… */
export const grouped = (code) => code.replace(/(.{5})(?=.)/g, "$1-");
