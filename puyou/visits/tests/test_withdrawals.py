"""Taking visits back: whose, when, in whatever order it all arrives; nothing counts that was taken back."""

import itertools
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.models import Event
from puyou.ingest.models import Quarantine
from puyou.places import queries as places
from puyou.registry.models import DeviceBinding
from puyou.visits import actions, queries
from puyou.visits.models import VillageChange, Visit, Withdrawal
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message
from puyou.visits.withdrawing import check_withdrawals

pytestmark = pytest.mark.django_db
NEAR = {"lon": 106.7, "lat": 26.6, "accuracy_m": 5.0}
MORNING = NOW - timedelta(hours=8)


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


class Field:
    """Two couriers with phones in three villages, and messages that are sent one after the other."""

    def __init__(self) -> None:
        self.mine, self.phone = cast.courier()
        self.other, self.other_phone = cast.courier("K2", "D2")
        self.villages = cast.villages(3)
        for village in self.villages:
            cast.confirm_point(village, 106.7, 26.6)

    def visit(self, village: int = 0, hour: float = 0, own: bool = True, **changes: Any) -> Message:
        courier, device = (self.mine, self.phone) if own else (self.other, self.other_phone)
        at = MORNING + timedelta(hours=hour)
        return Message(
            self.villages[village],
            at,
            courier.pk,
            device.pk,
            dict(NEAR),
            id=uuid.uuid4(),
            changes=changes or None,
        )

    def withdrawal(self, of: Message, own: bool = True, **changes: Any) -> Message:
        courier, device = (self.mine, self.phone) if own else (self.other, self.other_phone)
        said = {"visit": str(of.id), "reason": "点错了村"} | changes
        return Message(
            self.villages[0], MORNING, courier.pk, device.pk, id=uuid.uuid4(), kind="withdrawal", changes=said
        )


def take(*messages: Message, together: bool = True) -> None:
    for some in [messages] if together else [[each] for each in messages]:
        cast.send(*some)
        actions.take_in_pending(now=NOW)


def end_state() -> tuple[Any, ...]:
    """Everything that may not depend on the order of arrival."""
    visits = sorted(Visit.objects.values_list("id", "findings", "counting", "rejected"))
    held = sorted(Withdrawal.objects.values_list("visit_id", "replaced_by", "holds"), key=str)
    aside = sorted(Quarantine.objects.values_list("envelope_id", "code"))
    served = {key: days for key, days in cast.day_sets().items() if "1" in days}
    return visits, held, aside, served


def counting(message: Message) -> bool:
    return Visit.objects.get(pk=message.id).counting


class TestOneVisit:
    @pytest.mark.parametrize("order", ["visit first", "withdrawal first", "together"])
    def test_it_stops_counting(self, order: str) -> None:
        field = Field()
        visit = field.visit()
        messages = [visit, field.withdrawal(visit)]
        if order == "withdrawal first":
            messages.reverse()
        take(*messages, together=order == "together")
        found = Visit.objects.get(pk=visit.id)
        assert (
            not found.counting
            and found.standing == "已撤回，不计入"
            and cast.findings(found.pk) == {"withdrawn"}
        )
        assert not any("1" in days for days in cast.day_sets().values())
        assert "correction" in set(VillageChange.objects.values_list("cause", flat=True))
        assert Event.objects.get(kind="visits.withdrawn").data == {"withdrawn": 1, "not_theirs": 0}

    def test_another_visit_of_the_day_goes_on_serving(self) -> None:
        field = Field()
        first, second = field.visit(), field.visit(hour=3)
        take(first, second, field.withdrawal(first))
        assert not counting(first) and counting(second)
        assert any("1" in days for days in cast.day_sets().values())
        assert cast.findings(second.id) == set()  # no longer the second of the day

    def test_the_neighbours_are_judged_without_it(self) -> None:
        field = Field()
        wrong, right = field.visit(0), field.visit(1, hour=0.1)
        take(wrong, right)
        assert "copied_position" in cast.findings(right.id)
        take(field.withdrawal(wrong))
        assert cast.findings(right.id) == set() and cast.findings(wrong.id) == {"withdrawn"}

    def test_twice_is_as_once(self) -> None:
        field = Field()
        visit = field.visit()
        take(visit, field.withdrawal(visit), field.withdrawal(visit))
        take(field.withdrawal(visit))
        assert not counting(visit) and Withdrawal.objects.filter(holds=True).count() == 3
        assert actions.settle_withdrawals(now=NOW) == 0

    def test_accepting_it_does_not_restore_it(self) -> None:
        field = Field()
        visit = field.visit()
        take(visit, field.withdrawal(visit))
        reviewer = cast.officer("reviewer", places.get_place("52"), "visits.review")
        second = cast.officer("second", places.get_place("52"), "visits.review")
        for decision in ("rejected", "accepted"):
            actions.review_visit(
                visit=visit.id, decision=decision, ground="核查", by=second, proposed_by=reviewer, now=NOW
            )
            assert not counting(visit)

    def test_nobody_needs_to_look_at_it(self) -> None:
        field = Field()
        visit = field.visit()
        take(field.visit(1, hour=0.1), visit)
        scope = Scope.system("tests")
        assert queries.list_waiting(scope).count() == 2
        take(field.withdrawal(visit))
        assert queries.list_waiting(scope).count() == 0

    def test_an_import_that_brings_the_visit_later_is_settled_by_the_clock(self, tmp_path: Any) -> None:
        field = Field()
        visit = field.visit()
        take(field.withdrawal(visit))
        path = tmp_path / "visits.csv"
        path.write_text(
            "visit_id,village_code,courier_no,device_id,happened_at,lon,lat,accuracy_m\n"
            f"{visit.id},{field.villages[0].code},K1,D1,2026-10-08T09:00:00+08:00,,,\n"
        )
        actions.import_visits(path, by="system:tests", now=NOW)
        assert counting(visit)
        assert actions.settle_withdrawals(now=NOW) == 1 and not counting(visit)


class TestWhose:
    @pytest.mark.parametrize("order", [0, 1])
    def test_somebody_elses_stands_and_the_withdrawal_is_set_aside(self, order: int) -> None:
        field = Field()
        visit = field.visit()
        strange = field.withdrawal(visit, own=False)
        take(*([visit, strange] if order else [strange, visit]), together=False)
        assert counting(visit)
        aside = Quarantine.objects.get()
        assert (aside.envelope_id, aside.code) == (strange.id, "visits.not_yours")
        assert Event.objects.get(kind="visits.withdrawn").data == {"withdrawn": 0, "not_theirs": 1}

    def test_a_colleague_on_the_same_phone_may(self) -> None:
        field = Field()
        visit = field.visit()
        back = field.withdrawal(visit, own=False)
        back.device = field.phone.pk
        take(visit, back)
        assert not counting(visit)

    def test_the_courier_may_on_a_new_phone(self) -> None:
        field = Field()
        visit = field.visit()
        DeviceBinding.objects.filter(device=field.phone).update(valid_to=date(2026, 10, 1))
        back = field.withdrawal(visit)
        back.device = field.other_phone.pk
        take(visit, back)
        assert not counting(visit)

    def test_a_correction_of_somebody_elses_visit_leaves_both_standing(self) -> None:
        field = Field()
        visit = field.visit(own=False)
        mine = field.visit(1, corrects=str(visit.id))
        take(mine, visit, together=False)
        assert counting(visit) and counting(mine) and not Quarantine.objects.exists()
        assert Withdrawal.objects.get().holds is False


class TestCorrection:
    def test_the_corrected_visit_gives_way_to_the_new_one(self) -> None:
        field = Field()
        wrong = field.visit(0)
        right = field.visit(1, corrects=str(wrong.id))
        take(right, wrong, together=False)
        assert not counting(wrong) and counting(right) and cast.findings(right.id) == set()
        assert Withdrawal.objects.get().replaced_by == right.id

    def test_a_chain_leaves_the_last_one(self) -> None:
        field = Field()
        first = field.visit()
        second = field.visit(hour=1, corrects=str(first.id))
        third = field.visit(hour=2, corrects=str(second.id))
        for order in itertools.permutations([first, second, third]):
            with transaction.atomic():
                take(*order, together=False)
                assert [counting(each) for each in (first, second, third)] == [False, False, True]
                transaction.set_rollback(True)

    def test_none_corrects_itself(self) -> None:
        field = Field()
        visit = field.visit()
        visit.changes = {"corrects": str(visit.id)}
        take(visit)
        assert Quarantine.objects.get().code == "visits.corrects_itself" and not Visit.objects.exists()


@pytest.mark.parametrize("payload, field", [
    ({}, "visit"), ({"visit": None}, "visit"), ({"visit": "一号"}, "visit"), ({"visit": 7}, "visit"),
    ({"visit": str(uuid.uuid4()), "reason": "长" * 301}, "reason"),
    ({"visit": str(uuid.uuid4()), "reason": "空\0"}, "reason"),
    ({"visit": str(uuid.uuid4()), "village": "52"}, "village"),
])  # fmt: skip
def test_what_is_wrong_is_named(payload: dict[str, Any], field: str) -> None:
    (problem,) = check_withdrawals([payload])
    assert problem is not None and problem.details["field"] == field


def test_what_is_well_passes() -> None:
    said = [
        {"visit": str(uuid.uuid4())} | more
        for more in ({}, {"reason": None}, {"reason": ""}, {"reason": "点错"})
    ]
    assert check_withdrawals(said) == [None] * 4


def test_an_unreadable_withdrawal_is_set_aside() -> None:
    field = Field()
    visit = field.visit()
    take(visit, field.withdrawal(visit, visit="一号"))
    assert Quarantine.objects.get().code == "visits.bad_field" and counting(visit)


class TestPage:
    def test_it_says_who_took_it_back_and_why(self) -> None:
        field = Field()
        visit = field.visit(note="放在村委会", receiver="committee", handed={"letters": 3})
        take(visit, field.withdrawal(visit))
        client = Client()
        client.force_login(cast.officer("看", places.get_place("52")), cast.BACKEND)
        page = client.get(f"/visits/{visit.id}/").content.decode()
        assert "点错了村" in page and "已撤回，不计入" in page and "放在村委会" in page and "村委会" in page
        stranger = Client()
        stranger.force_login(cast.officer("遵义", places.get_place("5203")), cast.BACKEND)
        assert stranger.get(f"/visits/{visit.id}/").status_code == 403
