import hashlib
import json
import math

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from puyou.core.problems import Problem
from puyou.ingest import canonical

SAFE = canonical.SAFE_INTEGER
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-SAFE, SAFE),
    st.floats(-float(SAFE), SAFE),
    st.floats(-180, 180),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
@example({"ａ": 1, "𐀀": 2, "z": "，"}, False, None)
@example([1e-7, 1e-5, 0.0001, 9007199254740991.0, 4503599627370495.5, 5e-324, -0.0, 1.0, 2.5], True, None)
@example({"\x7f": '\x01\b\f\n\r\t/\\"\u2028'}, False, 1)
def test_it_spells_as_the_reference_does(value, escaped, indent):
    raw = json.dumps(value, ensure_ascii=escaped, indent=indent).encode()
    assert canonical.spell(raw)[1] == rfc8785.dumps(value)


@given(VALUES)
def test_spelling_again_changes_nothing(value):
    once = canonical.spell(json.dumps(value).encode())[1]
    again = canonical.spell(once)
    assert again[1] == once
    assert canonical.digest(again[1]) == hashlib.sha256(once).digest()


@given(st.dictionaries(st.text("abcd", min_size=1, max_size=3), st.integers(0, 9), min_size=2))
def test_order_and_blanks_do_not_matter(value):
    backwards = json.dumps(dict(reversed(value.items())), indent=2).encode()
    assert canonical.spell(backwards)[1] == canonical.spell(json.dumps(value).encode())[1]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"a":1,"a":2}', "ingest.duplicate_key"),
        (b'{"a":1, "a" :1}', "ingest.duplicate_key"),
        (b'{"x":{"a":":","a":":"}}', "ingest.duplicate_key"),
        (b'{"a\\\\":1,"b":1,"b":2}', "ingest.duplicate_key"),
        (b'{"\\u0061":1,"a":2}', "ingest.duplicate_key"),
        (b'["\\ud800"]', "ingest.bad_text"),
        (b'{"\\udc00":1}', "ingest.bad_text"),
        (b"[9007199254740992]", "ingest.bad_number"),
        (b"[-9007199254740992]", "ingest.bad_number"),
        (b"[" + b"9" * 5000 + b"]", "ingest.bad_number"),
        (b"[9007199254740992.0]", "ingest.bad_number"),
        (b"[1e300]", "ingest.bad_number"),
        (b"[1e400]", "ingest.bad_number"),
        (b"[-1e999]", "ingest.bad_number"),
    ],
)
def test_it_refuses_what_has_no_single_spelling(raw, code):
    with pytest.raises(Problem) as caught:
        canonical.spell(raw)
    assert caught.value.code == code


@pytest.mark.parametrize("raw", [b"", b"{", b"NaN", b"[1,]", b"'a'", b"[01]", b'["\n"]', b"[Infinity]"])
def test_it_knows_what_is_no_json(raw):
    with pytest.raises(ValueError):
        canonical.spell(raw)


def test_whole_floats_become_integers():
    value = canonical.spell(b"[106.0,1e3,-0.0,2.5,-1E-9]")[0]
    assert value == [106, 1000, 0, 2.5, -1e-9]
    assert [type(each) for each in value[:3]] == [int, int, int]
    assert math.copysign(1, value[2]) == 1
