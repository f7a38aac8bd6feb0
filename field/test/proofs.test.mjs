import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { toBytes } from "../src/crypto/base64url.js";
import { canonical } from "../src/crypto/canonical.js";
import { hexDigest } from "../src/crypto/digest.js";
import { sign, thumbprint, verify } from "../src/crypto/keys.js";
import { readCode } from "../src/crypto/random.js";

const folder = path.resolve(import.meta.dirname, "../../contracts/golden");
const names = readdirSync(folder).filter((name) => /^proof-.*\.json$/.test(name));
const examples = names.map((name) => [name, JSON.parse(readFileSync(path.join(folder, name), "utf8"))]);
const links = examples.flatMap(([name, example]) => (example.chain || [example]).filter(({ envelope }) => envelope).map((link) => [name, link]));
const HOW = { name: "ECDSA", namedCurve: "P-256" };

const publicKeyOf = ({ public_key: named, private_key: { kty, crv, x, y } }) => named || { kty, crv, x, y };
const imported = (jwk) => crypto.subtle.importKey("jwk", jwk, HOW, true, jwk.d ? ["sign"] : ["verify"]);

test("proof examples: the same signing text, digest and key's name; valid is valid and invalid is not", async () => {
  assert.ok(links.length >= 8);
  assert.deepEqual([...new Set(links.map(([, { signature }]) => signature))].sort(), ["invalid", "valid"]);
  for (const [name, link] of links) {
    const { envelope, signing_text: text, digest, signature, key_id: keyId } = link;
    const { signature: signed, ...proof } = envelope.proof;
    assert.equal(canonical({ ...envelope, proof }), text, name);
    assert.equal(await hexDigest(crypto, canonical(envelope)), digest, name);
    const jwk = publicKeyOf(link);
    assert.equal(await thumbprint(crypto, jwk), keyId, name);
    const good = await verify(crypto, await imported(jwk), toBytes(signed), text);
    assert.equal(good ? "valid" : "invalid", signature, name);
  }
});

test("proof examples: the phone's own signature over each text is one that holds", async () => {
  for (const [name, link] of links.filter(([, { signature, public_key: other }]) => signature === "valid" && !other)) {
    const own = await sign(crypto, await imported(link.private_key), link.signing_text);
    assert.ok(await verify(crypto, await imported(publicKeyOf(link)), toBytes(own), link.signing_text), name);
  }
});

test("proof examples: a link names the digest of the one before", () => {
  const chains = examples.filter(([, { chain }]) => chain);
  assert.ok(chains.length >= 2);
  for (const [name, { chain }] of chains)
    for (const [at, { chain: outcome, envelope }] of chain.entries()) {
      if (outcome === "first") assert.equal(envelope.proof.prev, null, name);
      if (outcome === "linked") assert.ok(chain.slice(0, at).some(({ digest }) => digest === envelope.proof.prev), name);
    }
});

test("proof examples: what a phone signs to enrol", async () => {
  const [, example] = examples.find(([name]) => name === "proof-enrolment.json");
  assert.equal(`enrol:${readCode(example.code, 10)}:${example.device}`, example.signing_text);
  assert.ok(await verify(crypto, await imported(publicKeyOf(example)), toBytes(example.signed), example.signing_text));
});
