"""What judging, closing, excusing and recomputing change, say and refuse."""

import json
from datetime import date, timedelta

import numpy as np
import pytest
from django.db import connection

from puyou.accounts.models import Appointment, Grant, Organisation, Post, Role, User
from puyou.accounts.scopes import scope_for
from puyou.compliance import actions, queries
from puyou.compliance.models import Closing, Excuse, JudgedWeek, Miss, Rollup, VerdictYear
from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.core.periods import Week
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.registry.models import Duty
from puyou.visits import actions as visits
from puyou.visits import daysets

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
BY = "system:test"


def on(day):
    return clock.frozen(cast.moment(day))


def said(kind):
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, data FROM core_event WHERE kind = %s ORDER BY id", [kind])
        return [(subject, json.loads(data)) for subject, data in cursor.fetchall()]


def standing(village, week=MONDAY, today=None):
    found = queries.village_weeks(queries.Scope.system("test"), village, Week(week), Week(week), today)
    return found[0].standing


@pytest.fixture
def village(db):
    found = cast.villages_of("520102", 1)[0]
    cast.lay_duty(found, times=3)
    return found


class TestJudging:
    def test_the_running_week_is_pending_without_anyone_writing_it(self, village):
        with on(MONDAY):
            actions.judge_pending(clock.now())
            assert Rollup.objects.get(monday=MONDAY, level=0).unmet == 1
            assert standing(village) == "pending"

    def test_a_visit_reaches_every_level(self, village):
        with on(MONDAY + timedelta(days=3)):
            actions.judge_pending(clock.now())
            cast.serve(village, cast.days_from(MONDAY, 3))
            assert actions.judge_pending(clock.now()) > 0
            assert actions.judge_pending(clock.now()) == 0
            for level in range(4):
                row = Rollup.objects.get(monday=MONDAY, level=level)
                assert (row.met, row.unmet, row.trips, row.visits) == (1, 0, 3, 3)

    def test_loaded_days_and_visits_add_up(self, village):
        year, index = daysets.places_in_set(np.array([(MONDAY - date(1970, 1, 1)).days]))
        sets = np.zeros((1, daysets.BYTES), np.uint8)
        sets[0, index[0] >> 3] = 128 >> (index[0] & 7)
        with on(MONDAY + timedelta(days=3)):
            visits.load_day_sets(
                place_ids=np.array([village.pk]),
                iso_year=int(year[0]),
                sets=sets,
                by="system:tests",
                now=clock.now(),
            )
            for day in (1, 1, 2):
                cast.serve(village, [MONDAY + timedelta(days=day)])
            actions.judge_pending(clock.now())
            row = Rollup.objects.get(monday=MONDAY, level=0)
            assert (row.trips, row.visits) == (3, 4)

    def test_late_evidence_changes_a_verdict_by_an_event(self, village):
        with on(MONDAY + timedelta(days=7)):
            actions.judge_pending(clock.now())
            assert said("verdict.changed") == []
        with on(MONDAY + timedelta(days=8)):
            cast.serve(village, cast.days_from(MONDAY, 3))
            actions.judge_pending(clock.now())
        ((subject, data),) = said("verdict.changed")
        assert subject == f"place:{village.pk}:2026-W47"
        assert (data["from"], data["to"], data["cause"]) == ("missed", "met", "late_visit")

    def test_many_changes_are_told_at_once(self, village, monkeypatch):
        monkeypatch.setattr("puyou.compliance.telling.FEW", 0)
        with on(MONDAY + timedelta(days=8)):
            actions.judge_pending(clock.now())
            cast.serve(village, cast.days_from(MONDAY, 3))
            actions.judge_pending(clock.now())
        ((_, data),) = said("verdicts.changed")
        assert data["changes"] == [{"from": "missed", "to": "met", "cause": "late_visit", "count": 1}]
        assert len(data["digest"]) == 64

    def test_the_passing_of_days_lengthens_the_gap_of_the_running_week(self, village):
        cast.serve(village, [MONDAY - timedelta(days=1)])
        for days, gap in ((1, 1), (4, 4), (7, 7)):
            with on(MONDAY + timedelta(days=days)):
                actions.judge_pending(clock.now())
                assert Rollup.objects.get(monday=MONDAY, level=1).longest_gap == gap

    def test_a_duty_changed_behind_its_back_is_noticed(self, village):
        with on(MONDAY + timedelta(days=8)):
            actions.bring_up_to_date(now=clock.now())
            cast.lay_duty(cast.villages_of("520102", 2)[1], times=1, first=MONDAY)
            Duty.objects.filter(place=village).update(valid_to=MONDAY)
            actions.bring_up_to_date(now=clock.now())
            row = Rollup.objects.get(monday=MONDAY, level=0)
            assert (row.unmet, row.trips_due) == (1, 1)
            ((_, data),) = said("verdict.changed")
            assert (data["from"], data["to"], data["cause"]) == ("missed", "none", "duty")

    def test_it_takes_nothing_off_the_queue_when_it_fails(self, village, monkeypatch):
        with on(MONDAY + timedelta(days=2)):
            actions.judge_pending(clock.now())
            cast.serve(village, [MONDAY])
            with monkeypatch.context() as patch:
                patch.setattr("puyou.compliance.judging.judge", lambda *a: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    actions.judge_pending(clock.now())
            assert actions.judge_pending(clock.now()) == 1


class TestClosing:
    def test_weeks_before_the_system_began_make_no_misses(self, village):
        with on(MONDAY + timedelta(days=2)):
            assert actions.close_weeks(now=clock.now()) == 0
        assert Closing.objects.get().monday == MONDAY
        assert Miss.objects.count() == 0
        assert VerdictYear.objects.filter(place_id=village.pk).count() == 3

    def test_it_catches_up_after_downtime_and_is_safe_to_repeat(self, village):
        with on(MONDAY + timedelta(days=2)):
            actions.close_weeks(now=clock.now())
        with on(MONDAY + timedelta(days=23)):
            assert actions.close_weeks(now=clock.now()) == 3
            assert actions.close_weeks(now=clock.now()) == 0
        assert list(Miss.objects.order_by("monday").values_list("need", "served")) == [(3, 0)] * 3
        assert len(said("week.closed")) == 3

    def test_late_evidence_supersedes_the_miss_and_keeps_it(self, village):
        with on(MONDAY + timedelta(days=2)):
            actions.close_weeks(now=clock.now())
        with on(MONDAY + timedelta(days=7)):
            actions.close_weeks(now=clock.now())
            cast.serve(village, cast.days_from(MONDAY, 3))
            actions.judge_pending(clock.now())
        miss = Miss.objects.get()
        assert miss.superseded_at is not None
        assert miss.superseded_cause == "late_visit"

    def test_old_weeks_leave_the_kept_window(self, village):
        with on(date(2026, 12, 31)):
            actions.close_weeks(now=clock.now())
            assert JudgedWeek.objects.filter(monday=date(2024, 12, 30)).exists()
        with on(date(2027, 1, 5)):
            actions.close_weeks(now=clock.now())
        assert not JudgedWeek.objects.filter(monday__lt=date(2024, 12, 30)).exists()
        assert not Rollup.objects.filter(monday__lt=date(2024, 12, 30)).exists()


@pytest.fixture
def people(db):
    """An officer of the county's office, one of another province, and a company's clerk."""
    county, elsewhere = places.get_place("520102"), places.get_place("520502")
    office = Organisation.objects.create(kind="regulator", name="南明区邮政管理局", place=county)
    company = Organisation.objects.create(kind="operator", name="南明区邮政分公司", place=county)

    def person(name, organisation, place, permissions):
        user = User.objects.create(username=name, name=name)
        role = Role.objects.create(code=name, name=name, permissions=permissions)
        post = Post.objects.create(organisation=organisation, title=name)
        Appointment.objects.create(user=user, post=post, valid_from=date(2020, 1, 1))
        holder = organisation if organisation.kind == "operator" else None
        Grant.objects.create(
            post=post, role=role, place=place, organisation=holder, valid_from=date(2020, 1, 1)
        )
        return user

    every = ["see", "compliance.propose_excuse", "compliance.approve_excuse"]
    return {
        "officer": person("officer", office, county, every),
        "colleague": person("colleague", office, county, every),
        "stranger": person("stranger", office, elsewhere, every),
        "clerk": person("clerk", company, county, every),
    }


def propose(village, by, first=MONDAY, days=7):
    return actions.propose_excuse(
        among=[village],
        valid_from=first,
        valid_to=first + timedelta(days=days),
        ground="flood",
        document="黔邮管〔2026〕7号",
        scope=scope_for(by, MONDAY),
        by=by,
        now=clock.now(),
    )[0]


def approve(excuse, by):
    return actions.approve_excuse(excuse=excuse, scope=scope_for(by, MONDAY), by=by, now=clock.now())


class TestExcuses:
    def test_a_proposal_changes_nothing_and_an_approval_does(self, village, people):
        with on(MONDAY + timedelta(days=8)):
            actions.judge_pending(clock.now())
            excuse = propose(village, people["clerk"])
            assert excuse.applicant.name == "南明区邮政分公司"
            assert standing(village) == "provisional"
            approve(excuse, people["officer"])
            assert standing(village) == "excused"
            assert Rollup.objects.get(monday=MONDAY, level=0).excused == 1
        ((_, data),) = said("verdict.changed")
        assert (data["from"], data["to"], data["cause"]) == ("missed", "excused", "excuse")

    def test_nobody_approves_an_own_application(self, village, people):
        with on(MONDAY):
            with pytest.raises(Problem) as refused:
                approve(propose(village, people["officer"]), people["officer"])
            assert refused.value.code == "compliance.own_application"

    def test_a_company_approves_nothing(self, village, people):
        with on(MONDAY):
            with pytest.raises(Problem) as refused:
                approve(propose(village, people["officer"]), people["clerk"])
            assert refused.value.code == "compliance.not_a_regulator"

    def test_an_officer_with_a_post_in_the_applicants_company_does_not_approve(self, village, people):
        company = Organisation.objects.get(kind="operator")
        post = Post.objects.create(organisation=company, title="兼职")
        Appointment.objects.create(user=people["officer"], post=post, valid_from=date(2020, 1, 1))
        with on(MONDAY):
            with pytest.raises(Problem) as refused:
                approve(propose(village, people["clerk"]), people["officer"])
            assert refused.value.code == "compliance.own_application"

    def test_another_place_cannot_propose_or_approve(self, village, people):
        with on(MONDAY):
            with pytest.raises(Problem):
                propose(village, people["stranger"])
            with pytest.raises(Problem):
                approve(propose(village, people["clerk"]), people["stranger"])

    def test_a_decided_excuse_is_not_decided_again(self, village, people):
        with on(MONDAY):
            excuse = approve(propose(village, people["clerk"]), people["officer"])
            with pytest.raises(Problem) as refused:
                approve(excuse, people["colleague"])
            assert refused.value.code == "compliance.decided"

    def test_an_approval_withdrawn_is_judged_again(self, village, people):
        with on(MONDAY + timedelta(days=8)):
            excuse = approve(propose(village, people["clerk"]), people["officer"])
            scope = scope_for(people["colleague"], MONDAY)
            actions.withdraw_excuse(excuse=excuse, scope=scope, by=people["colleague"], now=clock.now())
            assert standing(village) == "provisional"
            assert actions.rebuild(check=True, by=BY, now=clock.now()).total == 0

    def test_a_rejected_excuse_says_why_and_changes_nothing(self, village, people):
        with on(MONDAY + timedelta(days=8)):
            excuse = propose(village, people["clerk"])
            scope = scope_for(people["officer"], MONDAY)
            actions.reject_excuse(
                excuse=excuse, note="证据不足", scope=scope, by=people["officer"], now=clock.now()
            )
            assert Excuse.objects.get().decision_note == "证据不足"
            assert standing(village) == "provisional"

    def test_an_empty_span_no_document_or_an_odd_ground_is_refused(self, village, people):
        with on(MONDAY), pytest.raises(Problem):
            propose(village, people["clerk"], days=0)

    def test_our_own_outage_excuses_everyone_at_once(self, village):
        with on(MONDAY + timedelta(days=8)):
            actions.judge_pending(clock.now())
            actions.record_outage(
                among=[places.get_root()], valid_from=MONDAY, valid_to=MONDAY + timedelta(days=7),
                document="故障单 12", by=BY, now=clock.now(),
            )  # fmt: skip
            assert standing(village) == "excused"


class TestImport:
    HEAD = "place_code,from,until,ground,document_no\n"

    def write(self, folder, text, encoding="utf-8"):
        path = folder / "excuses.csv"
        path.write_bytes((self.HEAD + text).encode(encoding))
        return path

    def test_it_judges_what_it_excuses_before_it_returns(self, village, tmp_path):
        path = self.write(
            tmp_path,
            f"520102,2026-11-16,2026-11-23,洪涝,黔〔2026〕1号\n{village.code},2026-11-01,2026-11-03,大雪,甲\n",
            "gb18030",
        )
        with on(MONDAY + timedelta(days=8)):
            actions.bring_up_to_date(now=clock.now())
            outcome = actions.import_excuses(path, by=BY, now=clock.now())
            assert (outcome.read, outcome.accepted, outcome.rejected, outcome.reject_file) == (2, 2, 0, None)
            assert Rollup.objects.get(monday=MONDAY, level=0).excused == 1
            again = actions.import_excuses(path, by=BY, now=clock.now())
            assert (again.accepted, again.duplicate) == (0, 2)
            assert actions.rebuild(check=True, by=BY, now=clock.now()).total == 0

    BAD = [
        ("999999,2026-11-16,2026-11-23,flood,1", "place_code"),
        (",2026-11-16,2026-11-23,flood,1", "place_code"),
        ("52,2026-11-31,2026-11-23,flood,1", "from"),
        ("52,2026-11-16,2026/11/23,flood,1", "until"),
        ("52,2026-11-16,2026-11-16,flood,1", "until"),
        ("52,2026-11-16,,flood,1", "until"),
        ("52,1970-01-01,2026-11-16,flood,1", "from"),
        ("52,2026-11-16,2026-11-23,,1", "ground"),
        ("52,2026-11-16,2026-11-23,flood,", "document_no"),
    ]

    @pytest.mark.parametrize(("row", "column"), BAD)
    def test_a_bad_row_is_refused_with_its_field_and_the_others_are_taken(
        self, village, tmp_path, row, column
    ):
        path = self.write(tmp_path, f"{row}\n52,2026-11-16,2026-11-17,snow,1\n")
        with on(MONDAY):
            outcome = actions.import_excuses(path, by=BY, now=clock.now())
        assert (outcome.read, outcome.accepted, outcome.rejected) == (2, 1, 1)
        head, line = open(outcome.reject_file, encoding="utf-8").read().splitlines()
        assert head == "row,column,code,message"
        assert line.startswith(f"2,{column},")


class TestRebuild:
    def test_it_finds_and_repairs_a_tampered_figure(self, village):
        with on(MONDAY + timedelta(days=8)):
            cast.serve(village, cast.days_from(MONDAY, 3))
            actions.bring_up_to_date(now=clock.now())
            assert actions.rebuild(check=True, by=BY, now=clock.now()).total == 0
            Rollup.objects.filter(monday=MONDAY, level=2).update(met=7)
            found = actions.rebuild(check=True, by=BY, now=clock.now())
            assert dict(found.counts) == {"rollup": 1}
            assert (found.shown[0].figure, found.shown[0].kept, found.shown[0].true) == ("met", 7, 1)
            assert actions.rebuild(check=False, by=BY, now=clock.now()).repaired
            assert actions.rebuild(check=True, by=BY, now=clock.now()).total == 0

    def test_it_finds_and_repairs_a_tampered_day_set(self, village):
        with on(MONDAY + timedelta(days=8)):
            cast.serve(village, cast.days_from(MONDAY, 3))
            actions.bring_up_to_date(now=clock.now())
            with connection.cursor() as cursor:
                cursor.execute("UPDATE visits_villageyear SET days = repeat('1', 371)::bit(371)")
            assert actions.rebuild(check=True, by=BY, now=clock.now()).counts["day_set"] == 1
            actions.rebuild(check=False, by=BY, now=clock.now())
            assert actions.rebuild(check=True, by=BY, now=clock.now()).total == 0
            assert standing(village) == "met"

    def test_it_finds_a_tampered_verdict_and_a_wrong_mark_on_a_visit(self, village):
        with on(MONDAY + timedelta(days=8)):
            cast.serve(village, cast.days_from(MONDAY, 3))
            actions.bring_up_to_date(now=clock.now())
            VerdictYear.objects.filter(place_id=village.pk, iso_year=2026).update(codes=b"\0" * 53)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE visits_visit SET counting = false")
            found = actions.rebuild(check=True, by=BY, now=clock.now())
            assert found.counts["verdict"] == 47
            assert found.counts["visit"] == 3
