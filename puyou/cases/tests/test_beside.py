"""What stands beside a case: notes, ties, merging and moving; who reads them, and what stays of them."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from puyou.accounts.models import Organisation
from puyou.cases import queries, reading
from puyou.cases.beside import links, notes
from puyou.cases.beside.showing import beside
from puyou.cases.models import Case, CaseLink, CaseNote, CaseNotice, CaseTransfer
from puyou.cases.tests import sample
from puyou.cases.tests.cast import NOW, Cast, do, gather, open_sample, publish
from puyou.core.problems import Problem
from puyou.places.queries import get_place

MERGE = {
    "code": "merge", "name": "合并", "who": ["office"], "sources": ["received"], "target": "merged", "primary": False,
    "effects": ["merge"], "fields": [{"code": "into", "name": "并入", "limit": 60}],
}  # fmt: skip
UNMERGE = {
    "code": "unmerge", "name": "撤销并案", "who": ["office"], "sources": ["merged"], "target": "received",
    "primary": False, "effects": ["unmerge"], "fields": [{"code": "ground", "name": "理由"}],
}  # fmt: skip
TRANSFER = {
    "code": "transfer", "name": "移送", "who": ["office"], "primary": False, "effects": ["transfer"],
    "fields": [{"code": "to", "name": "移送到", "kind": "place"}, {"code": "ground", "name": "理由"}],
}  # fmt: skip
RETURN = {
    "code": "send_back", "name": "退回移送", "who": ["office"], "primary": False, "guards": ["transferred_here"],
    "effects": ["return_transfer"], "fields": [{"code": "ground", "name": "理由"}],
}  # fmt: skip


@pytest.fixture
def people(db: None) -> Cast:
    held: dict[str, Any] = sample.value()
    merged = {"code": "merged", "name": "已合并", "kind": "final", "outcome": "merged"}
    publish(states=[*held["states"], merged], actions=[*held["actions"], MERGE, UNMERGE, TRANSFER, RETURN])
    return gather()


@pytest.fixture
def case(people: Cast) -> Case:
    return do(open_sample(people), "accept", people.officer)  # shared with the company from here on


def note(case: Case, who: Any, text: str = "已电话联系", shared: bool = False) -> CaseNote:
    return notes.add_note(case_id=case.pk, text=text, shared=shared, actor=who, now=NOW)


def texts(case: Case, who: Any) -> list[str]:
    return [one.text for one in notes.visible_notes(case, who)]


class TestNotes:
    def test_each_side_reads_its_own_and_what_is_for_all(self, people: Cast, case: Case) -> None:
        note(case, people.officer, "内部意见")
        note(case, people.officer, "给各方", shared=True)
        note(case, people.company, "企业内部")
        assert texts(case, people.colleague) == ["企业内部", "给各方", "内部意见"]
        assert texts(case, people.company) == ["企业内部", "给各方"]

    def test_a_stranger_neither_reads_nor_writes(self, people: Cast, case: Case) -> None:
        note(case, people.officer, shared=True)
        assert texts(case, people.stranger) == [] or not queries.list_cases(people.stranger.scope).exists()
        with pytest.raises(Problem, match="找不到这个案件"):
            note(case, people.stranger)

    @pytest.mark.parametrize("text", ["", "  ", "长" * 2001, "a\x00b"])
    def test_what_is_no_note_is_refused(self, people: Cast, case: Case, text: str) -> None:
        with pytest.raises(Problem, match="1 至 2000 个字"):
            note(case, people.officer, text)

    def test_one_takes_back_ones_own_and_the_row_stays(self, people: Cast, case: Case) -> None:
        mine = note(case, people.officer)
        take = {"case_id": case.pk, "note_id": mine.pk, "ground": "写错案件", "now": NOW}
        with pytest.raises(Problem, match="不由您办理"):
            notes.withdraw_note(**take, actor=people.colleague)
        notes.withdraw_note(**take, actor=people.officer)
        with pytest.raises(Problem, match="已经撤回"):
            notes.withdraw_note(**take, actor=people.officer)
        mine.refresh_from_db()
        assert (mine.text, mine.withdrawn_ground) == ("已电话联系", "写错案件")

    @pytest.mark.parametrize("change", ["UPDATE cases_casenote SET text = 'x'", "DELETE FROM cases_casenote"])
    def test_the_database_keeps_words_as_they_were(self, people: Cast, case: Case, change: str) -> None:
        note(case, people.officer)
        with (
            pytest.raises(ProgrammingError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


def tie(case: Case, other: Case, who: Any, kind: str = "related", ground: str = "") -> CaseLink:
    return links.link_cases(
        case_id=case.pk, number=other.number, kind=kind, ground=ground, actor=who, now=NOW
    )


class TestLinks:
    def test_both_ends_tell_it_each_in_its_words(self, people: Cast, case: Case) -> None:
        other = open_sample(people, "另一件")
        tie(case, other, people.officer, "follows_from")
        (here,), _ = links.ties_of(case, people.officer)
        (there,), _ = links.ties_of(other, people.officer)
        assert (here.words, here.other.pk, there.words, there.other.pk) == (
            "由其引出",
            other.pk,
            "引出",
            case.pk,
        )

    def test_what_one_may_not_see_is_only_counted_for_the_office(self, people: Cast, case: Case) -> None:
        other = open_sample(people, "未分送")
        tie(case, other, people.officer)
        assert links.ties_of(case, people.company) == ([], 0)
        Case.objects.filter(pk=other.pk).update(place=get_place("53"))
        assert links.ties_of(case, people.colleague) == ([], 1)

    def test_the_company_and_strangers_tie_nothing(self, people: Cast, case: Case) -> None:
        other = open_sample(people, "另一件")
        for who, said in ((people.company, "不由您办理"), (people.stranger, "找不到这个案件")):
            with pytest.raises(Problem, match=said):
                tie(case, other, who)

    def test_with_itself_twice_or_unknown_is_refused(self, people: Cast, case: Case) -> None:
        other = open_sample(people, "另一件")
        tie(case, other, people.officer)
        with pytest.raises(Problem, match="已有这一关联"):
            tie(other, case, people.officer)
        with pytest.raises(Problem, match="不能与自己"):
            tie(case, case, people.officer)
        with pytest.raises(Problem, match="找不到案号"):
            links.link_cases(
                case_id=case.pk, number="无此号", kind="related", ground="", actor=people.officer, now=NOW
            )
        with pytest.raises(Problem, match="关联方式"):
            tie(case, other, people.officer, "merged_into")

    def test_it_is_ended_from_either_end_and_may_be_made_again(self, people: Cast, case: Case) -> None:
        other = open_sample(people, "另一件")
        made = tie(case, other, people.officer)
        links.unlink_cases(
            case_id=other.pk, link_id=made.pk, ground="并不相关", actor=people.officer, now=NOW
        )
        assert links.ties_of(case, people.officer) == ([], 0)
        assert tie(case, other, people.officer).pk != made.pk and CaseLink.objects.count() == 2


class TestMerging:
    def test_it_closes_the_one_and_is_listed_on_the_other(self, people: Cast) -> None:
        first, second = open_sample(people, "先到"), open_sample(people, "后到")
        first.watches.create(user=people.colleague.user, since=NOW)
        done = do(second, "merge", people.officer, into=first.number)
        assert (done.outcome, done.closed_at) == ("merged", NOW)
        (tie_here,), _ = links.ties_of(first, people.officer)
        assert (tie_here.words, tie_here.other.number) == ("并入此案", second.number)
        assert CaseNotice.objects.filter(user=people.colleague.user, sentence__contains="已并入此案").exists()

    def test_it_is_parted_again(self, people: Cast) -> None:
        first, second = open_sample(people, "先到"), open_sample(people, "后到")
        do(second, "merge", people.officer, into=first.number)
        back = do(second, "unmerge", people.officer, ground="并非同一件事")
        assert (back.state, back.closed_at, links.ties_of(first, people.officer)) == (
            "received",
            None,
            ([], 0),
        )
        assert do(second, "merge", people.officer, into=first.number).outcome == "merged"

    def test_what_cannot_be_merged_stays_as_it_was(self, people: Cast) -> None:
        first, second, third = (open_sample(people, text) for text in ("一", "二", "三"))
        do(second, "merge", people.officer, into=first.number)
        for into, said in (
            (third.number, "不能与自己"),
            (second.number, "并入它所并入"),
            ("无", "找不到案号"),
        ):
            with pytest.raises(Problem, match=said):
                do(third, "merge", people.officer, into=into)
        assert (Case.objects.get(pk=third.pk).revision, third.links.count()) == (1, 0)

    def test_it_is_not_parted_by_hand(self, people: Cast) -> None:
        first, second = open_sample(people, "先到"), open_sample(people, "后到")
        do(second, "merge", people.officer, into=first.number)
        with pytest.raises(Problem, match="找不到这一关联"):
            links.unlink_cases(
                case_id=second.pk,
                link_id=CaseLink.objects.get().pk,
                ground="x",
                actor=people.officer,
                now=NOW,
            )


class TestTransfer:
    @pytest.fixture
    def elsewhere(self, people: Cast) -> Organisation:
        return Organisation.objects.create(kind="regulator", name="贵阳局", place=get_place("5201"))

    def test_a_wrong_place_is_put_right_and_the_case_goes_with_it(
        self, people: Cast, case: Case, elsewhere: Organisation
    ) -> None:
        due = case.due_on
        moved = do(case, "transfer", people.colleague, to="520102000000", ground="地点在南明区")
        assert (moved.office, moved.place.code, moved.handler) == (elsewhere, "520102000000", None)
        assert moved.due_on == due and moved.events.last().data["office"] == "贵阳局"
        row = CaseTransfer.objects.get()
        assert (row.target, row.ground, row.place_before) == (elsewhere, "地点在南明区", get_place("520526"))
        assert Case.objects.get(pk=case.pk).path.startswith(get_place("520102").path)

    def test_who_handed_it_over_goes_on_seeing_it_and_can_do_nothing(
        self, people: Cast, case: Case, elsewhere: Organisation
    ) -> None:
        moved = do(case, "transfer", people.colleague, to="520102", ground="地点有误")
        assert queries.get_case(people.colleague.scope, moved.pk, people.colleague.user).pk == moved.pk
        assert not [one for one in reading.available(moved, people.colleague, NOW) if one.allowed]

    def test_an_office_above_takes_it_over_where_it_lies(self, people: Cast, case: Case) -> None:
        seat = Organisation.objects.create(kind="regulator", name="毕节局", place=get_place("5205"))
        do(case, "transfer", people.officer, to="5205", ground="由市局直接办理")
        moved = Case.objects.get(pk=case.pk)
        assert (moved.office, moved.place) == (seat, case.place)

    def test_the_receiver_sends_it_back_once(self, people: Cast, case: Case, elsewhere: Organisation) -> None:
        first = case.office
        do(case, "transfer", people.officer, to="520102", ground="地点有误")
        back = do(case, "send_back", people.officer, ground="并非本地")
        assert (back.office, back.place) == (first, get_place("520526"))
        with pytest.raises(Problem, match="不能再退"):
            do(case, "send_back", people.officer, ground="再退")

    @pytest.mark.parametrize(("to", "said"), [("520526", "不必移送"), ("999999", "."), ("威宁", ".")])
    def test_nowhere_and_the_same_office_are_refused(
        self, people: Cast, case: Case, to: str, said: str
    ) -> None:
        with pytest.raises(Problem, match=said):
            do(case, "transfer", people.officer, to=to, ground="理由")
        assert not CaseTransfer.objects.exists()

    def test_it_cannot_be_unsaid(self, people: Cast, case: Case, elsewhere: Organisation) -> None:
        do(case, "transfer", people.officer, to="520102", ground="地点有误")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            CaseTransfer.objects.update(ground="x")


def test_the_page_tells_the_office_all_and_the_company_its_part(people: Cast, case: Case) -> None:
    note(case, people.officer, "内部意见")
    do(
        case, "transfer", people.officer, to="52", ground="由省局办理"
    ) if case.office.place.code != "520000000000" else None
    inside, company = (
        beside(case, who, reading.relations_held(case, who)) for who in (people.officer, people.company)
    )
    assert inside["may_link"] and inside["notes"] and not company["may_link"]
    assert company["notes"] == [] and company["transfers"] == []
