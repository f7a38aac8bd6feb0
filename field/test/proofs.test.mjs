// The golden examples of proofs, checked by WebCrypto: what this phone signs and what the server believes are one.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { toBytes, utf8 } from "../src/crypto/base64url.js";
import { canonical } from "../src/crypto/canonical.js";
import { hexDigest } from "../src/crypto/digest.js";
import { sign, thumbprint, verify } from "../src/crypto/keys.js";

const folder = path.resolve(import.meta.dirname, "../../contracts/golden");
const files = readdirSync(folder).filter((name) => /^proof-.*\.json$/.test(name));
const examples = files.map((name) => ({ name, ...JSON.parse(readFileSync(path.join(folder, name), "utf8")) }));
const singles = examples.flatMap(({ name, chain, ...rest }) => (chain ? chain.map((each, at) => ({ name: `${name} ${at}`, ...each })) : rest.envelope ? [{ name, ...rest }] : []));
const P256 = { name: "ECDSA", namedCurve: "P-256" };

const publicPart = ({ public_key, private_key: { d, ...rest } }) => public_key ?? rest;
const imported = (jwk, use) => crypto.subtle.importKey("jwk", jwk, P256, true, [use]);

test("each signature, text, digest and key's name is as the example says", async () => {
  assert.ok(singles.length >= 15);
  for (const each of singles) {
    const { signature, ...unsigned } = each.envelope.proof;
    assert.equal(canonical({ ...each.envelope, proof: unsigned }), each.signing_text, each.name);
    assert.equal(await hexDigest(crypto, canonical(each.envelope)), each.digest, each.name);
    assert.equal(await thumbprint(crypto, publicPart(each)), each.key_id, each.name);
    const good = await verify(crypto, await imported(publicPart(each), "verify"), toBytes(signature), each.signing_text);
    assert.equal(good ? "valid" : "invalid", each.signature, each.name);
  }
});

test("in a chain each names the digest of the one before", () => {
  const { chain } = examples.find(({ name }) => name === "proof-chain-linked.json");
  assert.deepEqual(chain.map(({ envelope }) => envelope.proof.prev), [null, chain[0].digest, chain[1].digest]);
});

test("the words that a phone signs to enrol", async () => {
  const example = examples.find(({ name }) => name === "proof-enrolment.json");
  assert.equal(example.signing_text, `enrol:ABCDE23456:${example.device}`);
  const key = await imported(publicPart(example), "verify");
  assert.ok(await verify(crypto, key, toBytes(example.signed), example.signing_text));
  const own = await sign(crypto, await imported(example.private_key, "sign"), example.signing_text);
  assert.ok(await verify(crypto, key, toBytes(own), example.signing_text));
  assert.equal(utf8(example.signing_text).length, example.signing_text.length);
});
