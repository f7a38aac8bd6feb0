"""What offices published is found and read by everybody."""

import pytest
from django.test import Client

from puyou.cases.models import Case
from puyou.cases.publicity import actions
from puyou.cases.tests.cast import NOW, Cast, close_sample, gather, publish


@pytest.fixture
def people(db: None) -> Cast:
    publish()
    return gather()


@pytest.fixture
def closed(people: Cast) -> Case:
    return close_sample(people)


def test_everybody_finds_and_reads_it(people: Cast, closed: Case) -> None:
    made, public = _published(closed, people), Client()
    page = public.get("/portal/results/", {"q": "投递", "place": "5205"}).content.decode()
    assert "某村投递整改" in page and f"/portal/results/{made.pk}/" in page
    for query in ({"q": "没有这样的"}, {"place": "53"}, {"place": "x"}, {"q": "\0%'"}, {"page": "99"}):
        assert public.get("/portal/results/", query).status_code == 200
    one = public.get(f"/portal/results/{made.pk}/").content.decode()
    assert "&lt;b&gt;已恢复" in one and made.sha256 in one
    assert public.get("/portal/results/999999/").status_code == 404


def _published(case: Case, people: Cast):
    return actions.publish_case(
        case_id=case.pk, title="某村投递整改", summary="<b>已恢复</b>", actor=people.officer, now=NOW
    )
