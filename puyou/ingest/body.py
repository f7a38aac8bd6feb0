"""From a request's bytes to the raw envelopes in it, within the limits of contracts 4."""

import json
import zlib
from typing import Any, NoReturn

import msgspec

from puyou.ingest import problems

SENT_LIMIT = 1024 * 1024
INFLATED_LIMIT = 8 * 1024 * 1024
COUNT_LIMIT = 500
GZIP_WINDOW = 31


class _Batch(msgspec.Struct):
    envelopes: list[msgspec.Raw]


_list = msgspec.json.Decoder(list[msgspec.Raw])
_batch = msgspec.json.Decoder(_Batch)
_BLANK = b" \t\r\n"


def split(body: bytes, encoding: str) -> list[bytes]:
    """The raw items of a batch, in order. Problems with status 400 or 413: nothing of it may be stored."""
    if len(body) > SENT_LIMIT:
        raise problems.TOO_MUCH_SENT(limit=SENT_LIMIT)
    items = _items(_plain(body, encoding.strip().lower()))
    if len(items) > COUNT_LIMIT:
        raise problems.TOO_MANY(limit=COUNT_LIMIT, count=len(items))
    return items


def _plain(body: bytes, encoding: str) -> bytes:
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise problems.BAD_ENCODING(encoding=encoding[:20])
    return inflate(body)


def inflate(body: bytes) -> bytes:
    """Undo gzip (several members allowed), never holding more than the limit plus a byte."""
    pieces: list[bytes] = []
    room = INFLATED_LIMIT + 1
    while True:
        member = zlib.decompressobj(GZIP_WINDOW)
        try:
            pieces.append(member.decompress(body, room))
        except zlib.error as error:
            raise problems.BAD_GZIP() from error
        room -= len(pieces[-1])
        if room <= 0:
            raise problems.TOO_MUCH_INFLATED(limit=INFLATED_LIMIT)
        if not member.eof:
            raise problems.BAD_GZIP()
        if not member.unused_data:
            return b"".join(pieces)
        body = member.unused_data


def _items(text: bytes) -> list[bytes]:
    try:
        readable = text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise problems.UNREADABLE(reason=f"第 {error.start + 1} 个字节不是 UTF-8") from error
    try:
        return _quick(text)
    except msgspec.ValidationError as error:
        raise problems.BAD_SHAPE() from error
    except RecursionError as error:
        raise problems.UNREADABLE(reason="嵌套过深") from error
    except msgspec.DecodeError:
        return _slow(readable)


def _quick(text: bytes) -> list[bytes]:
    if text.lstrip(_BLANK)[:1] == b"{":
        if text.count(b'"envelopes"') > 1:  # rare: a repeated key would drop items silently
            return _slow(text.decode())
        return [bytes(item) for item in _batch.decode(text).envelopes]
    return [bytes(item) for item in _list.decode(text)]


def _slow(text: str) -> list[bytes]:
    """Split what the quick reader refuses though it is JSON (lone surrogates), or say where it is none."""
    try:
        value = _as_written.decode(text)
        if isinstance(value, _Pairs):
            lists = [inner for name, inner in value if name == "envelopes"]
            value = lists[0] if len(lists) == 1 else None
        if not isinstance(value, list) or isinstance(value, _Pairs):
            raise problems.BAD_SHAPE()
        return [_respell(item).encode() for item in value]
    except json.JSONDecodeError as error:
        raise problems.UNREADABLE(reason=f"第 {error.lineno} 行第 {error.colno} 列") from error
    except (ValueError, RecursionError) as error:
        raise problems.UNREADABLE(reason="无法解析") from error


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written, repeated keys included."""


class _Literal(str):
    """A number as it was written."""


def _no_constant(name: str) -> NoReturn:
    raise problems.UNREADABLE(reason=f"{name} 不是 JSON 数值")


_as_written = json.JSONDecoder(
    parse_constant=_no_constant, object_pairs_hook=_Pairs, parse_int=_Literal, parse_float=_Literal
)


def _respell(value: Any) -> str:
    if isinstance(value, _Literal):
        return str(value)
    if isinstance(value, _Pairs):
        return "{" + ",".join(f"{json.dumps(name)}:{_respell(inner)}" for name, inner in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_respell(inner) for inner in value) + "]"
    return json.dumps(value)
