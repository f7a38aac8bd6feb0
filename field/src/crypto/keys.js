// The phone's signing key: made here, never leaving, named by its thumbprint.
import { toText, utf8 } from "./base64url.js";
import { canonical } from "./canonical.js";
import { sha256 } from "./digest.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/**
 * @param {Crypto} crypto
 * @returns {Promise<{pair: {privateKey: CryptoKey, publicKey: CryptoKey}, jwk: {kty: string, crv: string, x: string, y: string}, key_id: string}>}
 */
export async function makeKey(crypto) {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const jwk = { kty, crv, x, y };
  return { pair: { privateKey, publicKey }, jwk, key_id: await thumbprint(crypto, jwk) };
}

/** RFC 7638: base64url SHA-256 over the four members in order. */
export const thumbprint = async (crypto, { crv, kty, x, y }) => toText(await sha256(crypto, canonical({ crv, kty, x, y })));

/** @param {Crypto} crypto @param {CryptoKey} privateKey @param {string} text @returns {Promise<string>} raw r‖s, base64url */
export const sign = async (crypto, privateKey, text) => toText(await crypto.subtle.sign(SIGNING, privateKey, utf8(text)));

/** @param {Crypto} crypto @param {CryptoKey} publicKey @param {Uint8Array} signature @param {string} text */
export const verify = (crypto, publicKey, signature, text) => crypto.subtle.verify(SIGNING, publicKey, signature, utf8(text));
