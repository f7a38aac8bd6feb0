"""A published card's signature: Ed25519 over the canonical JSON (RFC 8785) of what it says.

The key is derived from the site's secret for this one purpose. Whoever reads the file needs the public key alone, and
compares it with the one that the site shows.
"""

import hashlib
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from puyou.ingest import derived

FORMAT = "puyou.card.1"


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived.key("card"))


def public_key() -> str:
    """The site's key for cards, as hexadecimal digits."""
    return _key().public_key().public_bytes_raw().hex()


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def sign(content: dict[str, Any]) -> str:
    """The signature as hexadecimal digits."""
    return _key().sign(rfc8785.dumps(content)).hex()


def verify(document: dict[str, Any]) -> bool:
    """Whether a card's JSON file says what was signed by the key that it names."""
    try:
        content = rfc8785.dumps(document["content"])
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(document["public_key"]))
        key.verify(bytes.fromhex(document["signature"]), content)
    except (InvalidSignature, KeyError, TypeError, ValueError, rfc8785.CanonicalizationError):
        return False
    return document.get("format") == FORMAT and document.get("sha256") == hashlib.sha256(content).hexdigest()
