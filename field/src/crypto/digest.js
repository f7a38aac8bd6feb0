// SHA-256 of bytes and texts, as envelopes and photos are named by it.
import { toHex, utf8 } from "./base64url.js";

/** @param {Crypto} crypto @param {string | Uint8Array | ArrayBuffer} data @returns {Promise<ArrayBuffer>} */
export const sha256 = (crypto, data) => crypto.subtle.digest("SHA-256", typeof data === "string" ? utf8(data) : data);

/** @returns {Promise<string>} lower-case hexadecimal */
export const hexDigest = async (crypto, data) => toHex(await sha256(crypto, data));
