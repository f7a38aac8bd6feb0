// Sealing: AES-GCM over bytes and values, bound to the name they are kept under.
import { fromUtf8, utf8 } from "./base64url.js";
import { randomBytes } from "./random.js";

/** @typedef {{iv: Uint8Array, data: ArrayBuffer}} Sealed */

/** @param {Crypto} crypto @param {Uint8Array} raw 32 bytes @returns {Promise<CryptoKey>} not extractable */
export const sealingKey = (crypto, raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** @returns {Promise<Sealed>} */
export async function sealBytes(crypto, key, bytes, name) {
  const iv = randomBytes(crypto, 12);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(name) }, key, bytes);
  return { iv, data };
}

/** @returns {Promise<Uint8Array>} rejects with OperationError for a wrong key, name or altered bytes */
export async function openBytes(crypto, key, sealed, name) {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: utf8(name) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.data));
}

export const sealValue = (crypto, key, value, name) => sealBytes(crypto, key, utf8(JSON.stringify(value)), name);
export const openValue = async (crypto, key, sealed, name) => JSON.parse(fromUtf8(await openBytes(crypto, key, sealed, name)));
