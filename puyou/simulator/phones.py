"""Simulated phones speak the whole protocol: keys, enrolment, signatures, chains, nonces."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from puyou.ingest import base64url, canonical, keys, nonces

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass
class Phone:
    """A phone with its key and the head of its chain."""

    device: str
    private: ec.EllipticCurvePrivateKey
    jwk: dict[str, str]
    key_id: str
    counter: int = 0
    prev: str | None = None
    before: tuple[int, str | None] = field(default=(0, None))

    def sign(self, text: bytes) -> str:
        """The signature in WebCrypto's form."""
        r, s = decode_dss_signature(self.private.sign(text, ec.ECDSA(SHA256())))
        return base64url.encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def make(device: str, seed: int) -> Phone:
    """A phone whose key follows from the seed."""
    secret = int.from_bytes(hashlib.sha256(f"{seed}:{device}".encode()).digest(), "big") % (ORDER - 1) + 1
    private = ec.derive_private_key(secret, ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = (base64url.encode(each.to_bytes(32, "big")) for each in (numbers.x, numbers.y))
    jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y}
    return Phone(device, private, jwk, keys.thumbprint(jwk))


def spell(value: dict[str, Any]) -> bytes:
    """The RFC 8785 form."""
    return canonical.spell(json.dumps(value).encode())[1]


def enclose(
    envelope: dict[str, Any], phone: Phone, heard: float, chain: int, by: Phone | None = None
) -> dict[str, Any]:
    """Sign an envelope and chain it. ``heard``: when the server's last nonce came; ``by``: another phone's key.

    ``chain``: 3 the envelope before was lost, 4 the one before is claimed again (a copy).
    """
    counter, prev = phone.counter + 1, phone.prev
    if chain == 4:
        counter, prev = phone.before
    if chain == 3:
        prev = hashlib.sha256(f"lost:{phone.device}:{counter}".encode()).hexdigest()
    nonce = nonces.make(phone.device, datetime.fromtimestamp(heard, UTC))
    signer = by or phone
    proof: dict[str, Any] = {"key_id": signer.key_id, "alg": "es256", "prev": prev, "nonce": nonce}
    whole = envelope | {"counter": max(counter, 1), "proof": proof}
    proof["signature"] = signer.sign(spell(whole))
    if chain != 4:
        phone.before = (counter, phone.prev)
        phone.counter, phone.prev = counter, hashlib.sha256(spell(whole)).hexdigest()
    return whole


def spoil(envelope: dict[str, Any]) -> dict[str, Any]:
    """Change what was signed: the handed mail of somebody who writes over an envelope."""
    return envelope | {"payload": envelope["payload"] | {"handed": {"letters": 99}}}
