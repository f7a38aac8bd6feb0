"""Small secrets kept in the database under the site's own secret: a copy of the database alone does not open them."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12


def seal(text: str, name: str) -> str:
    """Text as ciphertext bound to ``name``, what it is for; empty stays empty."""
    if not text:
        return ""
    nonce = os.urandom(NONCE)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), name.encode())).decode()


def unseal(sealed: str, name: str) -> str:
    """The text again; empty when it was sealed under another secret or for something else."""
    if not sealed:
        return ""
    held = base64.b64decode(sealed)
    try:
        return _cipher().decrypt(held[:NONCE], held[NONCE:], name.encode()).decode()
    except InvalidTag:
        return ""


def _cipher() -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, b"puyou-sealed-1").derive(settings.SECRET_KEY.encode()))
