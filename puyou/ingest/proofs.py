"""Whether an envelope was signed by the key that it names: checked on stored bodies, which are canonical already."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from puyou.ingest import chains, keys
from puyou.ingest.keys import PublicKey

NONE, VALID, INVALID, UNKNOWN_KEY = range(4)
NAMES = ("none", "valid", "invalid", "unknown_key")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_SIGNATURE_CHARACTERS = (keys.SIGNATURE * 8 + 5) // 6
# In canonical order the signature is the last member of the proof, and these follow the proof. A source is one of
# five plain words, and inside a text every quote is escaped: neither mark can come from what people wrote.
_AFTER = b'"},"schema":1,"source":"'
_BEFORE = b',"signature":"'


class Said(msgspec.Struct):
    """The members of a proof."""

    key_id: str
    alg: str
    nonce: str
    signature: str
    prev: str | None = None


class _Envelope(msgspec.Struct):
    counter: int
    device: str
    proof: Said | None = None


class Proof(NamedTuple):
    """What an envelope says of its own signing; ``prev`` as chains takes it."""

    counter: int
    device: str
    said: Said
    prev: bytes | None

    @property
    def key_id(self) -> str:
        """The key's name as PostgreSQL can hold it."""
        return self.said.key_id.replace("\0", "\ufffd")


_decoder = msgspec.json.Decoder(_Envelope)


def read(body: bytes) -> Proof | None:
    """The proof in a stored body; None when there is none."""
    envelope = _decoder.decode(body)
    if envelope.proof is None:
        return None
    return Proof(envelope.counter, envelope.device, envelope.proof, _prev(envelope.proof.prev))


def _prev(text: str | None) -> bytes | None:
    if text is None:
        return None
    return bytes.fromhex(text) if _DIGEST.match(text) else chains.UNREADABLE


def signing_text(body: bytes) -> bytes | None:
    """The canonical form without ``proof.signature``, cut out of a canonical body; None when its length is wrong."""
    end = body.rfind(_AFTER)
    start = end - _SIGNATURE_CHARACTERS - len(_BEFORE)
    if start < 0 or not body.startswith(_BEFORE, start):
        return None
    return body[:start] + body[end + 1 :]


def judge(body: bytes, proof: Proof, key: PublicKey | None) -> int:
    """The state of one signature under the key that it names, None when nobody knows that key."""
    if key is None or proof.said.alg != keys.ALGORITHM:
        return UNKNOWN_KEY
    text = signing_text(body)
    return VALID if text is not None and keys.is_signed(key, proof.said.signature, text) else INVALID


def verify_many(bodies: Sequence[bytes], known: Mapping[str, PublicKey]) -> NDArray[np.int8]:
    """Each canonical body's signature: 0 none, 1 valid, 2 invalid, 3 by a key that is not among the ``known``."""
    found = np.zeros(len(bodies), np.int8)
    for at, body in enumerate(bodies):
        proof = read(body)
        if proof is not None:
            found[at] = judge(body, proof, known.get(proof.said.key_id))
    return found


def public_keys(jwks: Sequence[dict[str, Any]]) -> dict[str, PublicKey]:
    """Keys by their thumbprints."""
    return {keys.thumbprint(jwk): keys.read(jwk) for jwk in jwks}
