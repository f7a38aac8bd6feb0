"""Tags of villages: what a text says, what a reading says of a visit, issuing and ending."""

from datetime import date

import pytest
from django.conf import settings

from puyou.accounts.scopes import Scope
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.registry import actions, queries, tags
from puyou.registry.queries import TagSaid
from puyou.registry.tags import AGREES, ENDED, FORGED, NONE, OTHER_VILLAGE
from puyou.registry.tests.conftest import BY, START

SECRET, CODE = "十分保密", "520102001001"
TODAY = date(2026, 11, 20)


def test_a_tag_reads_as_it_was_made():
    text = tags.make_tag(CODE, 7, SECRET)
    assert text.startswith(f"PY1.{CODE}.7.") and len(text.rsplit(".")[-1]) == 14
    assert tags.read_tag(text, SECRET) == tags.Tag(CODE, 7)
    assert tags.read_tag(f" https://puyou.example/field/#tag={text}\n", SECRET) == tags.Tag(CODE, 7)


@pytest.mark.parametrize("text", [
    "", "PY1", "PY1.520102001001.7", tags.make_tag(CODE, 7, "另一个")[:-14] + "A" * 14,
    tags.make_tag(CODE, 7, "另一个"), tags.make_tag(CODE, 7, SECRET).replace(".7.", ".8."),
    tags.make_tag(CODE, 7, SECRET).replace("001001", "001002"), tags.make_tag(CODE, 7, SECRET) + "x",
    tags.make_tag(CODE, 7, SECRET).replace(".7.", ".07."),
])  # fmt: skip
def test_what_we_never_made_is_no_tag(text):
    assert tags.read_tag(text, SECRET) is None


@pytest.mark.parametrize("said, known, here, last, expected", [
    ("", False, False, None, NONE),
    ("x", False, False, None, FORGED),
    ("x", True, False, None, OTHER_VILLAGE),
    ("x", True, True, None, AGREES),
    ("x", True, True, date(2026, 11, 21), AGREES),
    ("x", True, True, TODAY, ENDED),
])  # fmt: skip
def test_what_a_tag_says_of_a_visit(said, known, here, last, expected):
    assert tags.judge_tag(said, known, here, START, last, TODAY) == expected


def test_a_tag_before_its_time_is_not_in_force():
    assert tags.judge_tag("x", True, True, TODAY, None, START) == ENDED


class TestReadings:
    def states(self, *said):
        return queries.tag_states([TagSaid(text, place.pk, on) for text, place, on in said])

    def test_of_our_own_tags(self, villages, far_villages):
        tag = actions.issue_tag(place=villages[0], valid_from=START, **BY)
        text = queries.tag_text(tag)
        forged = tags.make_tag(villages[0].code, 2, settings.SECRET_KEY)  # sealed, but never issued
        assert self.states(
            (text, villages[0], TODAY), (text, far_villages[0], TODAY), ("", villages[0], TODAY),
            (forged, villages[0], TODAY), ("村里的码", villages[0], TODAY),
        ) == [AGREES, OTHER_VILLAGE, NONE, FORGED, FORGED]  # fmt: skip
        actions.end_tag(tag=tag, on=date(2026, 11, 1), ground="遗失", **BY)
        assert self.states((text, villages[0], TODAY), (text, villages[0], date(2026, 10, 31))) == [
            ENDED,
            AGREES,
        ]

    def test_a_tag_at_a_shared_delivery_point_agrees_for_all_its_villages(self, network, villages):
        text = queries.tag_text(actions.issue_tag(place=villages[0], valid_from=START, **BY))
        assert self.states((text, villages[1], TODAY), (text, villages[1], date(2025, 12, 31))) == [
            AGREES,
            OTHER_VILLAGE,
        ]

    def test_nothing_read_asks_nothing(self, db, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert queries.tag_states([]) == []


class TestIssuing:
    def test_numbers_grow_and_the_log_knows(self, villages):
        first = actions.issue_tag(place=villages[0], valid_from=START, **BY)
        second = actions.issue_tag(place=villages[0], kind="nfc", valid_from=START, **BY)
        assert (first.number, second.number, second.get_kind_display()) == (1, 2, "NFC 标签")
        assert Event.objects.filter(kind="tag.issued").count() == 2

    def test_what_is_wrong_is_said(self, villages):
        tag = actions.issue_tag(place=villages[0], valid_from=START, **BY)
        for asked, code in [
            ({"on": TODAY, "ground": " "}, "ground_missing"),
            ({"on": date(2025, 1, 1), "ground": "遗失"}, "ends_before_start"),
        ]:
            with pytest.raises(Problem) as raised:
                actions.end_tag(tag=tag, **asked, **BY)
            assert raised.value.code == f"registry.{code}"
        actions.end_tag(tag=tag, on=TODAY, ground="遗失", **BY)
        with pytest.raises(Problem, match="已于"):
            actions.end_tag(tag=tag, on=TODAY, ground="再停", **BY)
        with pytest.raises(Problem, match="qr 或 nfc"):
            actions.issue_tag(place=villages[0], kind="rfid", valid_from=START, **BY)
        with pytest.raises(Problem, match="不是村级单位"):
            actions.issue_tag(place=places.get_place("5201"), valid_from=START, **BY)

    def test_a_list_stays_in_scope(self, villages, far_villages):
        for place in (villages[0], far_villages[0]):
            actions.issue_tag(place=place, valid_from=START, **BY)
        guizhou = places.get_place("52")
        assert queries.list_tags(Scope.system("tests"), guizhou).count() == 2
        assert queries.list_tags(Scope.system("tests"), places.get_place("5201")).count() == 1


def test_how_mail_reaches_people_is_kept(villages):
    assert (
        actions.set_access_mode(place=villages[0], mode="household", **BY).get_access_mode_display()
        == "直投到户"
    )
    with pytest.raises(Problem, match="point 或 household"):
        actions.set_access_mode(place=villages[0], mode="空投", **BY)
