"""The golden examples of proofs: files and code agree, and so do Node's WebCrypto and this server."""

import json

import jsonschema
import pytest

from puyou.ingest import canonical, chains, keys, proofs
from puyou.ingest.chains import Link
from puyou.ingest.tests import proof_examples
from puyou.ingest.tests.signing import written
from puyou.ingest.tests.test_contracts import SCHEMA

GOLDEN = {
    path.stem: json.loads(path.read_text()) for path in sorted(proof_examples.GOLDEN.glob("proof-*.json"))
}
CHAINS = {name: each["chain"] for name, each in GOLDEN.items() if "chain" in each}
SINGLES = {name: each for name, each in GOLDEN.items() if "envelope" in each}
SINGLES |= {f"{name}-{at}": each for name, links in CHAINS.items() for at, each in enumerate(links)}


def body(example: dict) -> bytes:
    return canonical.spell(written(example["envelope"]))[1]


def public(example: dict) -> dict[str, str]:
    return example.get("public_key") or {k: v for k, v in example["private_key"].items() if k != "d"}


def test_the_files_are_what_the_maker_makes():
    made = proof_examples.examples()
    assert set(made) == set(GOLDEN)
    for name, value in made.items():
        assert (proof_examples.GOLDEN / f"{name}.json").read_text() == proof_examples.spelled(value), name


@pytest.mark.parametrize("name", SINGLES)
def test_each_signature_is_what_is_said(name):
    example = SINGLES[name]
    jsonschema.validate(example["envelope"], SCHEMA["envelope"])
    key = public(example)
    assert keys.thumbprint(key) == example["key_id"] == example["envelope"]["proof"]["key_id"]
    state = proofs.verify_many([body(example)], proofs.public_keys([key]))[0]
    assert proofs.NAMES[state] == example["signature"]
    assert proofs.verify_many([body(example)], {})[0] == proofs.UNKNOWN_KEY


@pytest.mark.parametrize("name", SINGLES)
def test_each_text_and_digest_is_what_is_said(name):
    example = SINGLES[name]
    assert canonical.digest(body(example)).hex() == example["digest"]
    text = proofs.signing_text(body(example))
    assert text is None or text.decode() == example["signing_text"]
    assert text is not None or name == "proof-der"


@pytest.mark.parametrize("name", CHAINS)
def test_each_chain_is_what_is_said(name):
    links = []
    for example in CHAINS[name]:
        proof = proofs.read(body(example))
        assert proof is not None
        links.append(Link(1, proof.key_id, proof.counter, bytes.fromhex(example["digest"]), proof.prev, True))
    assert [chains.NAMES[state] for state in chains.states(links)] == [each["chain"] for each in CHAINS[name]]


def test_the_enrolment_is_signed():
    example = GOLDEN["proof-enrolment"]
    key = keys.read(public(example))
    assert keys.is_signed(key, example["signed"], example["signing_text"].encode())
