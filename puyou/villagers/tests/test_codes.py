"""The code on a notice: genuine or none, and never a courier's tag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.registry import tags
from puyou.villagers import codes

SECRET = "s" * 50


@given(st.integers(1, codes.MOST - 1))
def test_every_number_is_read_back(number):
    text = codes.make_code(number, SECRET)
    assert codes.read_code(text, SECRET) == number
    assert codes.read_code(f" {text.lower().replace('-', ' ')} ", SECRET) == number


@given(st.integers(1, codes.MOST - 1), st.integers(0, 14), st.sampled_from(codes.ALPHABET))
def test_one_changed_sign_is_no_code(number, at, sign):
    text = codes.make_code(number, SECRET).replace("-", "")
    changed = text[:at] + sign + text[at + 1 :]
    assert codes.read_code(changed, SECRET) == (number if changed == text else None)


@pytest.mark.parametrize(
    "text",
    ["", "-", "2" * 15, "0" * 15, "2" * 14, "2" * 16, "王" * 15, "<script>alert(1)", "\x00" * 15, "２" * 15],
)
def test_what_we_never_made_is_no_code(text):
    assert codes.read_code(text, SECRET) is None


def test_another_secret_makes_other_codes():
    assert codes.read_code(codes.make_code(7, SECRET), "t" * 50) is None


@pytest.mark.parametrize("number", [0, -1, codes.MOST])
def test_numbers_that_no_notice_has_are_refused(number):
    with pytest.raises(ValueError, match="no notice"):
        codes.make_code(number, SECRET)


def test_neither_a_tag_passes_for_a_notice_nor_a_notice_for_a_tag():
    tag = tags.make_tag("520526100201", 3, SECRET)
    assert codes.read_code(tag, SECRET) is None
    notice = codes.make_code(3, SECRET)
    for said in (notice, f"https://puyou.test/v/{notice}/", f"https://puyou.test/field/#tag={notice}"):
        assert tags.read_tag(said, SECRET) is None


def test_a_mark_tells_nothing_of_what_it_marks():
    assert codes.blind("192.0.2.7", SECRET) != codes.blind("192.0.2.8", SECRET)
    assert "192" not in codes.blind("192.0.2.7", SECRET) and len(codes.blind("x", SECRET)) == 22
