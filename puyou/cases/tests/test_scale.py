"""What keeps lists fast: paths kept by the database, plain conditions, capped counts, and few queries."""

from datetime import date, timedelta

import pytest
from django.db import connection

from bench import case_crowd
from puyou.accounts.models import Organisation
from puyou.accounts.tests.offices import neighbour, signed_in
from puyou.cases import queries, relations, tables
from puyou.cases.models import Case, Party
from puyou.cases.tests.cast import NOW, open_sample
from puyou.core import clock
from puyou.places import actions as places
from puyou.places import integrity
from puyou.places.models import Place
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db
QUEUES = (
    "",
    "?queue=waiting",
    "?queue=overdue",
    "?queue=soon",
    "?queue=watched",
    "?q=投递",
    "?standing=open",
)


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def crowd(people):
    """Three hundred synthetic cases over a county, on the real rectification procedure."""
    county, company = get_place("520526"), people.operator
    office = Organisation.objects.filter(kind="regulator").order_by("pk").first()
    villages = Place.objects.filter(path__startswith=county.path, level=5).order_by("pk")[:80]
    found = [
        case_crowd.Village(one.pk, one.name, office.pk, "520526", company.pk, company.name)
        for one in villages
    ]
    first = case_crowd.enter(300, found, [people.colleague.user.pk], NOW.date())
    return first


class TestPath:
    def test_it_is_the_places_own_whatever_is_written(self, people):
        case = open_sample(people)
        Case.objects.filter(pk=case.pk).update(path="0001zzzz")
        case.refresh_from_db()
        assert case.path == case.place.path
        case.path = ""
        case.save()
        case.refresh_from_db()
        assert case.path == case.place.path

    def test_it_moves_with_the_place_and_so_does_who_sees_the_case(self, people):
        case, stranger = open_sample(people), people.stranger
        assert not queries.list_cases(stranger.scope, stranger.user).filter(pk=case.pk).exists()
        other, later = neighbour(), NOW + timedelta(days=60)
        places.move_place(
            place=case.place, parent=other, on=later.date(), ground="测试划转", by="user:1", now=later
        )
        case.refresh_from_db()
        assert case.path == Place.objects.get(pk=case.place_id).path
        assert case.path.startswith(other.path)
        assert queries.list_cases(stranger.scope, stranger.user).filter(pk=case.pk).exists()
        assert not queries.list_cases(people.officer.scope, people.officer.user).filter(pk=case.pk).exists()

    def test_a_difference_would_be_found(self, people):
        case = open_sample(people)
        check = integrity.get_check("cases.paths")
        assert len(integrity.Findings(check)) == 0
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE cases_case DISABLE TRIGGER cases_case_keeps_path")
            cursor.execute("UPDATE cases_case SET path = '0001' WHERE id = %s", [case.pk])
        assert [found.name for found in integrity.Findings(check)] == [case.number]


class TestCrowd:
    def test_the_crowd_is_what_performing_would_have_written(self, crowd):
        held = case_crowd.audit(crowd, 300, samples=300)
        assert held["cases"] == 300 and held["records"] > 600 and held["clocks"] > 300

    @pytest.mark.parametrize("who", ["officer", "colleague", "company", "stranger"])
    def test_no_list_takes_more_than_ten_queries(self, people, crowd, who, django_assert_max_num_queries):
        client = signed_in(getattr(people, who).user)
        client.get("/cases/")
        for queue in QUEUES:
            with django_assert_max_num_queries(10):
                assert client.get(f"/cases/{queue}").status_code == 200

    def test_the_conditions_of_lists_hold_no_subquery_but_that_of_who_follows(self, people, crowd):
        for who in (people.officer, people.company):
            for rows in (
                queries.list_cases(who.scope, who.user),
                queries.list_waiting(who.scope, who.user),
                queries.list_due(who.scope, who.user, NOW.date(), overdue=True),
            ):
                assert str(rows.query).count("SELECT") == 1, rows.query

    def test_words_are_looked_up_in_their_index(self, crowd, people):
        found = queries.search(Case.objects.order_by().values("pk"), "坪子")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "cases_case_words" in found.explain()

    def test_beyond_what_is_counted_the_page_says_so(self, people, crowd, monkeypatch):
        monkeypatch.setattr(tables, "CASES", _counting(100))
        page = signed_in(people.officer.user).get("/cases/?page=9")
        pager = page.context["table"].pager
        assert (pager.total, pager.beyond, pager.page, pager.pages) == (100, True, 2, 2)
        assert "共 100 件以上" in page.content.decode()


def _counting(most):
    return type(tables.CASES)(**{**tables.CASES.__dict__, "most_counted": most})


def test_parts_in_cases_are_asked_once_for_a_page(people, django_assert_num_queries):
    case, other = open_sample(people), open_sample(people)
    stranger = people.stranger
    Party.objects.create(case=case, role="reporter", user=stranger.user, valid_from=date(2026, 9, 1))
    Party.objects.create(
        case=other,
        role="reporter",
        user=stranger.user,
        valid_from=date(2026, 9, 1),
        valid_to=date(2026, 9, 2),
    )
    roles = relations.roles_of(stranger.user)
    assert roles == {"reporter": [case.pk]}
    with django_assert_num_queries(1):
        assert list(queries.list_cases(stranger.scope, stranger.user, roles)) == [case]
    assert list(queries.list_cases(stranger.scope, stranger.user)) == [case]
