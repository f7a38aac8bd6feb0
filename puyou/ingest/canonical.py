"""The one spelling of a message (RFC 8785), so that two sendings can be compared by their digest."""

import hashlib
import json
from typing import Any, NoReturn

import msgspec
import rfc8785

from puyou.ingest import problems

SAFE_INTEGER = 2**53 - 1
_DIGITS = bytes(ord("0") if chr(byte).isdecimal() and byte < 128 else ord(" ") for byte in range(256))
_LONG_RUN = b"0" * len(str(SAFE_INTEGER))
_SORTED_UNLIKE = 0xEE  # from here on, UTF-16 sorts characters unlike UTF-8


class _Delicate(Exception):
    """A number that the fast encoder would spell differently."""


def spell(raw: bytes) -> tuple[Any, bytes]:
    """The value of one JSON text and its canonical bytes.

    Whole-valued floats become integers, as the canonical form cannot tell them apart.
    Problems: duplicate_key, bad_text, bad_number. ValueError when it is no JSON.
    """
    if _is_delicate(raw):
        return _spell_carefully(raw)
    try:
        value = _fast.decode(raw)
        text = _encoder.encode(value)
    except (_Delicate, msgspec.MsgspecError):
        return _spell_carefully(raw)
    if text.count(b'"') != raw.count(b'"'):  # without escapes, a lost quote is a lost duplicate key
        return _spell_carefully(raw)
    return value, text


def _is_delicate(raw: bytes) -> bool:
    """Whether it holds escapes, long runs of digits or rare letters, left to the reference implementation."""
    if b"\\" in raw or _LONG_RUN in raw.translate(_DIGITS):
        return True
    return not raw.isascii() and max(raw) >= _SORTED_UNLIKE


def digest(canonical: bytes) -> bytes:
    """SHA-256 of a canonical text."""
    return hashlib.sha256(canonical).digest()


def _quick_number(text: str) -> float | int:
    value = float(text)
    if not (value == 0 or 1e-4 <= abs(value) <= SAFE_INTEGER):
        raise _Delicate
    return int(value) if value.is_integer() else value


_fast = msgspec.json.Decoder(float_hook=_quick_number)
_encoder = msgspec.json.Encoder(order="sorted")


def _spell_carefully(raw: bytes) -> tuple[Any, bytes]:
    value = _careful.decode(str(raw, "utf-8"))
    try:
        return value, rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise problems.BAD_TEXT() from error


def _number(text: str) -> float | int:
    value = float(text)
    if not abs(value) <= SAFE_INTEGER:
        raise problems.BAD_NUMBER()
    return int(value) if value.is_integer() else value


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > SAFE_INTEGER:
        raise problems.BAD_NUMBER()
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise problems.DUPLICATE_KEY(field=twice[:40].encode("utf-8", "replace").decode())
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_careful = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_number, parse_int=_integer, parse_constant=_no_constant
)
