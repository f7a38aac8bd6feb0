"""Makes the golden examples of proofs, contracts/golden/proof-*.json: ``python -m puyou.ingest.tests.proof_examples``.

Signatures are deterministic (RFC 6979), so that the files are the same whenever they are made.
"""

import json
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")

from puyou.ingest import base64url, canonical
from puyou.ingest.tests.signing import TEST_SCALAR, Signer, digest, written

GOLDEN = Path(__file__).resolve().parents[3] / "contracts" / "golden"
DEVICE = "P-AbCdEfGhIjKlMnOpQrStUv"
NONCE = base64url.encode(bytes.fromhex("000000006ab1d1a0") + bytes(range(16)))
PAYLOAD = {
    "village": "520102200201",
    "position": {
        "lon": 106.7134,
        "lat": 26.5731,
        "accuracy_m": 12.5,
        "fixed_at": "2026-11-20T10:29:55+08:00",
    },
    "handed": {"letters": 3, "newspapers": 1},
    "nothing_today": False,
}


def unsigned(number: int, **changes: Any) -> dict[str, Any]:
    """A visit as the app writes it before it signs."""
    return {
        "schema": 1,
        "id": f"019a9c3e-7c00-7a11-8b22-0000000000{number:02x}",
        "kind": "visit",
        "happened_at": f"2026-11-20T10:{30 + number}:00+08:00",
        "device": DEVICE,
        "source": "app",
        "payload": PAYLOAD,
    } | changes


def example(why: str, signer: Signer, envelope: dict[str, Any], signature: str) -> dict[str, Any]:
    """One envelope, the text that its signature must be over, and whether it is."""
    bare = {name: value for name, value in envelope["proof"].items() if name != "signature"}
    return {
        "why": why,
        "private_key": signer.private_jwk,
        "key_id": signer.key_id,
        "envelope": envelope,
        "signing_text": canonical.spell(written(envelope | {"proof": bare}))[1].decode(),
        "signature": signature,
        "digest": digest(envelope),
    }


def chain(why: str, envelopes: list[dict[str, Any]], states: list[str]) -> dict[str, Any]:
    """Several envelopes of one key, in the order in which they were signed, and the state of each among all."""
    signer = Signer(TEST_SCALAR)
    return {
        "why": why,
        "private_key": signer.private_jwk,
        "key_id": signer.key_id,
        "chain": [
            example("", signer, envelope, "valid") | {"chain": state}
            for envelope, state in zip(envelopes, states, strict=True)
        ],
    }


def singles() -> dict[str, dict[str, Any]]:
    """Signatures, good and bad."""
    signer, other = Signer(TEST_SCALAR), Signer(TEST_SCALAR + 1)
    good = signer.prove(unsigned(0), NONCE)
    words = {
        "village": "520102200201",
        "note": '雪大，车进不去；"绕行"\n 3.0 km — é',
        "lon": 106.70,
        "n": 1.0,
        "tiny": 1e-7,
    }
    chinese = Signer(TEST_SCALAR).prove(unsigned(1, payload=words), NONCE)
    altered = good | {"payload": PAYLOAD | {"handed": {"letters": 300}}}
    earlier = good | {"happened_at": "2026-11-19T10:30:00+08:00"}
    renamed = good | {"id": unsigned(9)["id"]}
    stolen = Signer(TEST_SCALAR + 1).prove(unsigned(0), NONCE, key_id=signer.key_id)
    der = good | {"proof": good["proof"] | {"signature": _as_der(good["proof"]["signature"])}}
    return {
        "proof-valid": example("Signed by the key that it names, first of its chain.", signer, good, "valid"),
        "proof-valid-text": example("Chinese, quotes, line ends, numbers.", signer, chinese, "valid"),
        "proof-altered-payload": example(
            "The payload was changed after signing.", signer, altered, "invalid"
        ),
        "proof-altered-time": example("Moved to the day before.", signer, earlier, "invalid"),
        "proof-other-id": example("A visit sent again under another id.", signer, renamed, "invalid"),
        "proof-other-key": example(
            "Names a key but is signed by another; its private key is the other's.",
            other,
            stolen,
            "invalid",
        )
        | {"key_id": signer.key_id, "public_key": signer.jwk},
        "proof-der": example("A good signature in DER, not as 64 bytes.", signer, der, "invalid"),
    }


def _as_der(signature: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature  # noqa: PLC0415

    raw = base64url.decode(signature, 64) or b""
    return base64url.encode(encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])))


def chained() -> dict[str, dict[str, Any]]:
    """What the chain says of several envelopes."""
    signer = Signer(TEST_SCALAR)
    first, second, third = (signer.prove(unsigned(number), NONCE) for number in range(3))
    signer.prev, signer.counter = digest(first), 7
    twin = signer.prove(unsigned(4), NONCE)
    signer.prev = digest(third)
    again = signer.prove(unsigned(5, counter=2), NONCE)
    return {
        "proof-chain-linked": chain(
            "Each names the one before.", [first, second, third], ["first", "linked", "linked"]
        ),
        "proof-chain-gap": chain("The second has not come, yet.", [first, third], ["first", "gap"]),
        "proof-chain-fork-prev": chain(
            "Two claim one predecessor.", [first, second, twin], ["first", "fork", "fork"]
        ),
        "proof-chain-fork-counter": chain(
            "Two have one counter.", [first, second, third, again], ["first", "linked", "fork", "fork"]
        ),
    }


def enrolment() -> dict[str, dict[str, Any]]:
    """The signature with which a phone answers a code."""
    signer, text = Signer(TEST_SCALAR), f"enrol:ABCDE23456:{DEVICE}"
    return {
        "proof-enrolment": {
            "why": "What a phone signs to enrol; the code was typed as abcde-23456.",
            "private_key": signer.private_jwk,
            "key_id": signer.key_id,
            "code": "abcde-23456",
            "device": DEVICE,
            "signing_text": text,
            "signed": signer.sign(text.encode()),
            "signature": "valid",
        }
    }


def examples() -> dict[str, dict[str, Any]]:
    """Every example by the name of its file."""
    return singles() | chained() | enrolment()


def spelled(value: dict[str, Any]) -> str:
    """An example as its file holds it."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, value in examples().items():
        (GOLDEN / f"{name}.json").write_text(spelled(value))
