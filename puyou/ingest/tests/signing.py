"""A phone that holds a key: it answers enrolment codes and signs envelopes as the field app does."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from puyou.ingest import base64url, canonical, keys

# A key for tests, published in contracts/golden; nothing real may ever trust it.
TEST_SCALAR = int.from_bytes(hashlib.sha256(b"puyou test key, never to be trusted").digest(), "big")


class Signer:
    """A P-256 key and the chain of what it signed."""

    def __init__(self, scalar: int | None = None) -> None:
        if scalar is None:
            self.private = ec.generate_private_key(ec.SECP256R1())
        else:
            self.private = ec.derive_private_key(scalar, ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        x, y = (base64url.encode(each.to_bytes(32, "big")) for each in (numbers.x, numbers.y))
        self.jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y}
        self.prev: str | None = None
        self.counter = 0

    @property
    def key_id(self) -> str:
        return keys.thumbprint(self.jwk)

    @property
    def private_jwk(self) -> dict[str, str]:
        scalar = self.private.private_numbers().private_value.to_bytes(32, "big")
        return self.jwk | {"d": base64url.encode(scalar)}

    def sign(self, text: bytes) -> str:
        """r‖s as base64url; always the same for the same text."""
        der = self.private.sign(text, ec.ECDSA(SHA256(), deterministic_signing=True))
        r, s = utils.decode_dss_signature(der)
        return base64url.encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def prove(self, envelope: dict[str, Any], nonce: str, **changes: Any) -> dict[str, Any]:
        """The envelope signed and chained to the one before; ``changes`` to its proof are signed too."""
        proof = {"key_id": self.key_id, "alg": "es256", "prev": self.prev, "nonce": nonce} | changes
        unsigned = envelope | {"counter": envelope.get("counter", self.counter), "proof": proof}
        text = canonical.spell(written(unsigned))[1]
        signed = unsigned | {"proof": proof | {"signature": self.sign(text)}}
        self.prev = digest(signed)
        self.counter = signed["counter"] + 1
        return signed


def written(value: Any) -> bytes:
    """A message as a phone sends it."""
    return json.dumps(value, ensure_ascii=False).encode()


def digest(envelope: dict[str, Any]) -> str:
    """What the next envelope names as its predecessor."""
    return canonical.digest(canonical.spell(written(envelope))[1]).hex()


def device_name() -> str:
    """A device's identifier as the app mints it."""
    return "P-" + base64url.encode(secrets.token_bytes(17))[:22]


def answer(signer: Signer, code: str, device: str, now: datetime, **changes: Any) -> dict[str, Any]:
    """The arguments of enrol_device, or of the API without ``now``."""
    signature = signer.sign(f"enrol:{code.replace('-', '').upper()}:{device}".encode())
    return {
        "code": code,
        "device": device,
        "key": signer.jwk,
        "label": "Redmi 9A",
        "signature": signature,
        "now": now,
    } | changes
