import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canonical, mended } from "../src/crypto/canonical.js";
import { hexDigest } from "../src/crypto/digest.js";
import { makeKey, sign, thumbprint, verify } from "../src/crypto/keys.js";
import { toBytes, toText } from "../src/crypto/base64url.js";
import { grouped, randomCode, readCode, uuid7 } from "../src/crypto/random.js";

const folder = path.resolve(import.meta.dirname, "../../contracts/golden");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const examples = files.map((name) => [name, JSON.parse(readFileSync(path.join(folder, name), "utf8"))]);

test("golden examples: the same canonical form and digest as the server", async () => {
  const spelled = examples.filter(([, example]) => example.sent && example.canonical);
  assert.ok(spelled.length >= 10);
  for (const [name, { sent, canonical: expected, sha256 }] of spelled) {
    const text = canonical(JSON.parse(sent));
    assert.equal(text, expected, name);
    assert.equal(await hexDigest(crypto, text), sha256, name);
  }
});

test("RFC 8785: order by UTF-16, numbers by value, no halves of characters", () => {
  assert.equal(canonical({ "\u20ac": 1, "\r": 2, "\ufb33": 3, 1: 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 }), '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  assert.equal(canonical([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0]), "[333333333.3333333,1e+30,4.5,0.002,1e-27,0]");
  assert.equal(canonical({ a: undefined, b: null }), '{"b":null}');
  for (const half of ["\ud800", "\udc00", "a\udc00\udc00", "\ud83d\ude00\ude00"]) {
    assert.throws(() => canonical({ note: half }), { code: "bad_text" });
    assert.doesNotThrow(() => canonical(mended({ note: half })));
  }
  assert.equal(mended("\ud83d\ude00 好"), "\ud83d\ude00 好");
  assert.throws(() => canonical(NaN), TypeError);
});

test("a key never leaves; its name is the thumbprint; a signature is 64 bytes over the canonical form", async () => {
  const { pair, jwk, key_id } = await makeKey(crypto);
  await assert.rejects(crypto.subtle.exportKey("jwk", pair.privateKey));
  assert.match(key_id, /^[\w-]{43}$/);
  assert.equal(key_id, await thumbprint(crypto, { ...jwk, ext: true, key_ops: ["verify"] }));
  const example = { kty: "EC", crv: "P-256", x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" };
  assert.equal(await thumbprint(crypto, example), Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(`{"crv":"P-256","kty":"EC","x":"${example.x}","y":"${example.y}"}`))).toString("base64url"));
  const signature = toBytes(await sign(crypto, pair.privateKey, "话"));
  assert.equal(signature.length, 64);
  assert.ok(await verify(crypto, pair.publicKey, signature, "话"));
  assert.ok(!(await verify(crypto, pair.publicKey, signature, "语")));
});

test("bytes as text and back, of any length", () => {
  for (let size = 0; size < 70; size++) {
    const bytes = crypto.getRandomValues(new Uint8Array(size));
    assert.equal(toText(bytes), Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(toBytes(toText(bytes)), bytes);
  }
  assert.equal(toText(new Uint8Array(100000).fill(1)), Buffer.alloc(100000, 1).toString("base64url"));
});

test("ids are UUIDv7 in order of time, also with a clock before 1970", () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  for (const wall of [-5, 0, 1.5, Date.parse("2026-11-20"), Date.parse("2099-01-01")]) assert.match(uuid7(crypto, wall), form);
  assert.ok(uuid7(crypto, 1000) < uuid7(crypto, 2000));
});

test("codes are read as people type them", () => {
  assert.equal(readCode(" abcde-23456 ", 10), "ABCDE23456");
  for (const wrong of ["ABCDE2345", "ABCDE2345O", "ABCDE2345I", ""]) assert.equal(readCode(wrong, 10), null);
  const code = randomCode(crypto, 25);
  assert.equal(readCode(grouped(code), 25), code);
  assert.equal(grouped("ABCDE23456"), "ABCDE-23456");
});
