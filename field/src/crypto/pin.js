// The PIN: a key derived from six digits wraps the data key; wrong ones cost growing waits.
import { utf8 } from "./base64url.js";
import { sha256 } from "./digest.js";
import { randomBytes } from "./random.js";
import { openBytes, sealBytes, sealingKey } from "./sealed.js";

const FREE = 3;
const FIRST_WAIT = 15000;
const LONGEST_WAIT = 15 * 60000;

/** @typedef {{salt: Uint8Array, iterations: number, wrapped: import("./sealed.js").Sealed}} Wrapping */

export const isPin = (pin) => typeof pin === "string" && /^[0-9]{6}$/.test(pin);

/** @param {Uint8Array} dataKey @returns {Promise<Wrapping>} */
export async function wrapByPin(crypto, dataKey, pin, iterations) {
  const salt = randomBytes(crypto, 16);
  const key = await derived(crypto, pin, salt, iterations);
  return { salt, iterations, wrapped: await sealBytes(crypto, key, dataKey, "pin") };
}

/** @param {Wrapping} wrapping @returns {Promise<Uint8Array | null>} the data key, or null for a wrong PIN */
export async function unwrapByPin(crypto, wrapping, pin) {
  const key = await derived(crypto, pin, wrapping.salt, wrapping.iterations);
  return openBytes(crypto, key, wrapping.wrapped, "pin").catch(() => null);
}

/** A long random text needs no stretching. @returns {Promise<CryptoKey>} */
export const keyOfCode = async (crypto, code, purpose) => sealingKey(crypto, new Uint8Array(await sha256(crypto, `puyou:${purpose}:${code}`)));

async function derived(crypto, pin, salt, iterations) {
  const material = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, 256);
  return sealingKey(crypto, new Uint8Array(bits));
}

/** How long one must wait after so many wrong PINs. @param {number} wrong */
export const waitAfter = (wrong) => (wrong < FREE ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (wrong - FREE)));
/** How many tries are left before the next wait. */
export const triesLeft = (wrong) => Math.max(0, FREE - wrong);
