"""Pages of one duty: ending and changing it, by those who may."""

from datetime import date

import pytest

from puyou.core.models import Event
from puyou.places.queries import get_place
from puyou.registry.models import Duty
from puyou.registry.tests.conftest import START, client_of

CHANGE = {
    "on": "2026-12-01",
    "area_class": "rural",
    "period": "week",
    "times": "5",
    "ground": "黔邮管〔2026〕9号",
}
END = {"on": "2026-12-01", "ground": "撤村并居"}


@pytest.fixture
def duty(villages):
    return Duty.objects.create(
        place=villages[0], area_class="rural", times=3, period="week", valid_from=START
    )

    return client_of("audit_administrator", get_place("52"))


def test_the_village_leads_to_its_duty_and_to_both_forms(duty, officer):
    page = officer.get(f"/registry/villages/{duty.place.code}/").content.decode()
    assert f"/registry/duties/{duty.pk}/" in page
    page = officer.get(f"/registry/duties/{duty.pk}/").content.decode()
    assert "每周 3 次" in page and f"/registry/duties/{duty.pk}/end/" in page and "变更频次" in page
    assert officer.get(f"/registry/duties/{duty.pk}/change/").status_code == 200


def test_changing_it_leaves_the_former_on_record(duty, officer):
    answer = officer.post(f"/registry/duties/{duty.pk}/change/", CHANGE)
    assert answer.status_code == 302
    duty.refresh_from_db()
    changed = Duty.objects.exclude(pk=duty.pk).get()
    assert duty.valid_to == changed.valid_from == date(2026, 12, 1) and changed.times == 5
    assert Event.objects.get(kind="duty.changed").data["ground"] == "黔邮管〔2026〕9号"


def test_less_than_the_floor_is_said(duty, officer):
    page = officer.post(f"/registry/duties/{duty.pk}/change/", CHANGE | {"times": "2"}, follow=True)
    assert "低于该类区域的下限" in page.content.decode()


def test_ending_it(duty, officer):
    assert officer.post(f"/registry/duties/{duty.pk}/end/", END).status_code == 302
    duty.refresh_from_db()
    assert duty.valid_to == date(2026, 12, 1) and Event.objects.filter(kind="duty.ended").count() == 1
    Duty.objects.update(valid_to=date(2026, 11, 1))
    assert "/end/" not in officer.get(f"/registry/duties/{duty.pk}/").content.decode()
    answer = officer.post(f"/registry/duties/{duty.pk}/end/", END)
    assert answer.status_code == 422 and "已于 2026-11-01 截止" in answer.content.decode()


@pytest.mark.parametrize("form, changes, sentence", [
    ("end", {"ground": ""}, "ground"), ("end", {"on": "昨天"}, "on"), ("end", {"on": "2025-01-01"}, "早于开始日期"),
    ("change", {"times": "8"}, "times"), ("change", {"period": "day"}, "每日 1 次"),
    ("change", {"area_class": "x"}, "area_class"),
])  # fmt: skip
def test_what_is_wrong_is_said(duty, officer, form, changes, sentence):
    answer = officer.post(
        f"/registry/duties/{duty.pk}/{form}/", (CHANGE if form == "change" else END) | changes
    )
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Duty.objects.count() == 1


@pytest.mark.parametrize("tail", ["", "end/", "change/"])
def test_another_city_cannot(duty, stranger, tail):
    assert stranger.get(f"/registry/duties/{duty.pk}/{tail}").status_code == 404
    assert stranger.post(f"/registry/duties/{duty.pk}/{tail}", CHANGE).status_code in (404, 405)
    assert Duty.objects.count() == 1 and Duty.objects.get().valid_to is None


def test_who_may_only_see_is_offered_nothing(duty, db):
    reader = client_of("courier", get_place("520102"))
    assert reader.post(f"/registry/duties/{duty.pk}/end/", END).status_code == 403
    assert Duty.objects.get().valid_to is None
