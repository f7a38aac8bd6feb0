"""Finding places by pieces of names and beginnings of codes."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.places import finder, kept

# (id, level, code, parent, name) in path order
PLACES = [
    (1, 0, "000000000000", 0, "全国"),
    (2, 1, "110000000000", 1, "北京市"),
    (3, 2, "110100000000", 2, "市辖区"),
    (4, 3, "110105000000", 3, "朝阳区"),
    (5, 4, "110105001000", 4, "新寨街道"),
    (6, 5, "110105001001", 5, "温泉花园Ａ区社区（北）"),
    (7, 1, "520000000000", 1, "贵州省"),
    (8, 2, "520500000000", 7, "毕节市"),
    (9, 3, "520526000000", 8, "威宁彝族回族苗族自治县"),
    (10, 4, "520526100000", 9, "草海镇"),
    (11, 5, "520526100200", 10, "新寨村"),
    (12, 5, "520526100201", 10, "大新寨村"),
    (13, 5, "520526100202", 10, "新寨"),
]


def made(places):
    ranked = sorted(enumerate(places), key=lambda item: (item[1][1], item[0]))
    names = ("id", "level", "code", "parent_id")
    columns = {name: np.array([int(row[at]) for _, row in ranked]) for at, name in enumerate(names)}
    columns["rank"] = np.array([rank for rank, _ in ranked])
    return finder.build(columns, pa.array([row[4] for _, row in ranked]))


FINDER = made(PLACES)


def found(text, limit=20):
    return [place.name for place in FINDER.find(text, limit)]


def test_exact_names_come_first_then_beginnings_then_pieces():
    assert found("新寨") == ["新寨", "新寨街道", "新寨村", "大新寨村"]


def test_higher_levels_come_first():
    assert found("区")[:2] == ["市辖区", "朝阳区"]


def test_one_letter_is_enough():
    assert found("贵") == ["贵州省"]


def test_every_result_tells_its_whole_chain():
    place = FINDER.find("大新寨", 1)[0]
    assert place.chain_text == "贵州省 › 毕节市 › 威宁彝族回族苗族自治县 › 草海镇 › 大新寨村"
    assert place.chain[0] == ("520000000000", "贵州省")
    assert place.chain[-1] == (place.code, place.name)
    assert FINDER.find("全国", 1)[0].chain_text == "全国"


def test_earlier_words_narrow_down_where():
    assert found("贵州 新寨") == ["新寨", "新寨村", "大新寨村"]
    assert found("北京　新寨") == ["新寨街道"]
    assert found("毕节 草海 大") == ["大新寨村"]
    assert found("上海 新寨") == []


def test_a_short_form_of_a_long_name_is_found():
    assert found("威宁县") == ["威宁彝族回族苗族自治县"]
    assert found("威宁 新寨村") == ["新寨村", "大新寨村"]


@pytest.mark.parametrize("text", ["Ａ区", "a区", "A区", "花园a", "(北)", "（北）"])
def test_width_and_case_do_not_matter_and_names_are_shown_as_written(text):
    assert found(text) == ["温泉花园Ａ区社区（北）"]


def test_digits_are_the_beginning_of_a_code():
    assert found("5205") == ["毕节市", "威宁彝族回族苗族自治县", "草海镇", "新寨村", "大新寨村", "新寨"]
    assert found("520526100201") == ["大新寨村"]
    assert found("５２", 1) == ["贵州省"]
    assert found("北京 52") == []
    assert found("99") == []


@pytest.mark.parametrize("text", ["", " ", "\n", "没有", "新\n寨", "5" * 40, "[", "(", "\\", "*", "新寨村\n"])
def test_strange_texts_do_no_harm(text):
    assert all(name in {place[4] for place in PLACES} for name in found(text))


def test_the_limit_holds():
    assert found("新", 2) == found("新")[:2]
    assert found("新", 0) == []


def test_a_kept_finder_opens_as_it_was(tmp_path):
    for _ in range(2):
        opened = finder.unpacked(kept.arrays_in_file(tmp_path, "finder", "a", FINDER.packed))
        for text in ("新寨", "a区", "52", "贵州 新"):
            assert opened.find(text, 20) == FINDER.find(text, 20)


def test_a_kept_file_is_replaced_when_the_mark_changes_or_it_is_broken(tmp_path):
    def build(value):
        return lambda: {"value": np.array([value])}

    assert kept.arrays_in_file(tmp_path, "x", "a", build(1))["value"] == [1]
    assert kept.arrays_in_file(tmp_path, "x", "a", build(2))["value"] == [1]
    assert kept.arrays_in_file(tmp_path, "x", "b", build(3))["value"] == [3]
    assert [file.name for file in tmp_path.iterdir()] == ["x-b.npz"]
    (tmp_path / "x-b.npz").write_bytes(b"PK broken")
    assert kept.arrays_in_file(tmp_path, "x", "b", build(4))["value"] == [4]
    assert kept.arrays_in_file(tmp_path / "x-b.npz", "x", "c", build(5))["value"] == [5]


@given(
    st.lists(st.text("新寨村大", min_size=1, max_size=4), min_size=1, max_size=15),
    st.text("新寨村大", min_size=1),
)
def test_it_finds_exactly_the_names_that_hold_the_text(names, text):
    places = [(1, 0, "0", 0, "全国")] + [(i, 5, str(i), 1, name) for i, name in enumerate(names, start=2)]
    ids = [place.place_id for place in made(places).find(text, 100)]
    assert sorted(ids) == [i for i, name in enumerate(names, start=2) if text in name]
    ranks = [(names[i - 2] != text, not names[i - 2].startswith(text), i) for i in ids]
    assert ranks == sorted(ranks)
