import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.core.problems import Problem
from puyou.ingest import body


def refusal(sent: bytes, encoding: str = "") -> str:
    with pytest.raises(Problem) as caught:
        body.split(sent, encoding)
    return caught.value.code.partition(".")[2]


@pytest.mark.parametrize("wrapped", [False, True])
def test_it_takes_a_list_or_an_object_with_one(wrapped):
    items = [{"a": 1}, 2, None, "x", [3], {"envelopes": [1]}]
    sent = json.dumps({"envelopes": items, "note": 1} if wrapped else items).encode()
    assert [json.loads(item) for item in body.split(sent, "")] == items
    assert body.split(gzip.compress(sent), "gzip") == body.split(sent, "identity")


@pytest.mark.parametrize("empty", [b"[]", b' {"envelopes": []}\n'])
def test_an_empty_batch_is_a_batch(empty):
    assert body.split(empty, "") == []


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"[",
        b"[{]",
        b"[1,]",
        b"nonsense",
        b"[NaN]",
        b"[1][2]",
        b'{"envelopes":[1}',
        b"\xef\xbb\xbf[]",
    ]
    + [
        '[{"kind":"到村"}]'.encode("gb18030"),
        "[]".encode("utf-16"),
        b"\x00\x01",
        b"[" * 100_000,
        b'[{"a":' * 50_000,
    ],
)
def test_it_says_what_is_not_readable(sent):
    assert refusal(sent) == "unreadable"


@pytest.mark.parametrize(
    "sent", [b"1", b"null", b'"a"', b"{}", b'{"envelopes": 1}', b'{"envelopes":[1],"envelopes":[2]}']
)
def test_it_wants_a_batch(sent):
    assert refusal(sent) == "bad_shape"


def test_it_keeps_items_with_lone_surrogates_apart():
    sent = b'[{"a":"\\ud800","b":1.50,"b":12345678901234567890},true,{"c":"\\u4e2d"}]'
    items = body.split(sent, "")
    assert items == [b'{"a":"\\ud800","b":1.50,"b":12345678901234567890}', b"true", b'{"c":"\\u4e2d"}']


def test_it_bounds_what_is_sent_inflated_and_counted():
    assert refusal(b"[" + b" " * body.SENT_LIMIT + b"]") == "too_much_sent"
    assert refusal(gzip.compress(b"[" + b" " * body.INFLATED_LIMIT + b"]"), "gzip") == "too_much_inflated"
    assert refusal(gzip.compress(b"[]" + b" " * 3_000_000) * 3, "gzip") == "too_much_inflated"
    assert len(body.split(b"[" + b"1," * 499 + b"1]", "")) == 500
    assert refusal(b"[" + b"1," * 500 + b"1]") == "too_many"


def test_it_refuses_broken_gzip():
    packed = gzip.compress(b'[{"a": 1}]')
    assert refusal(packed[:-1], "gzip") == "bad_gzip"
    assert refusal(packed[:5], "gzip") == "bad_gzip"
    assert refusal(packed + b"x", "gzip") == "bad_gzip"
    assert refusal(b"[]", "gzip") == "bad_gzip"
    assert refusal(b"", "gzip") == "bad_gzip"
    assert refusal(zlib.compress(b"[]"), "gzip") == "bad_gzip"
    assert refusal(packed[:-8] + bytes(8), "gzip") == "bad_gzip"
    assert refusal(b"[]", "br") == "bad_encoding"


@given(st.binary(max_size=200))
def test_no_bytes_break_it(sent):
    for encoding in ("", "gzip"):
        try:
            assert isinstance(body.split(sent, encoding), list)
        except Problem as problem:
            assert problem.status == 400
