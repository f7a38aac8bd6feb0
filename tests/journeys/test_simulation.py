"""A simulated county from nothing to judged figures: whole, marked, labelled and equal to a rebuild."""

import csv
from datetime import UTC, date, datetime

import pytest

from puyou.accounts.models import Appointment, Grant
from puyou.accounts.scopes import Scope
from puyou.accounts.tests.offices import officer
from puyou.cases.feedback.models import Report
from puyou.cases.models import Case
from puyou.cases.rectification import checking
from puyou.compliance import actions as compliance
from puyou.compliance import queries as figures
from puyou.core import clock, notices, sealing
from puyou.core.models import Event
from puyou.core.periods import Week
from puyou.core.problems import Problem
from puyou.ingest.models import Pending, Proof, Quarantine
from puyou.places import queries as places
from puyou.registry.models import Duty
from puyou.scrutiny import explaining, jobs
from puyou.scrutiny.models import Score
from puyou.simulator import actions as simulator
from puyou.simulator import evaluating, matters, reports
from puyou.visits.models import Visit

NOW = datetime(2026, 11, 17, 17, tzinfo=UTC)  # one in the morning in China: another day than in UTC
COUNTY = "520121"  # 开阳县


@pytest.fixture
def told(own_database, settings, tmp_path):
    settings.PUYOU_HOME = tmp_path
    with clock.frozen(NOW):
        done = simulator.simulate(place=places.get_place(COUNTY), seed=5, by="system:test", now=NOW)
        yield done


def test_a_county_is_simulated_whole(told):
    assert told.villages == Duty.objects.count() > 50
    assert told.weeks == 53
    assert Visit.objects.count() == told.visits > 500
    assert not Pending.objects.exists() and not Quarantine.objects.exists()
    assert notices.current()[0].startswith("模拟数据")
    assert Event.objects.filter(kind="nation.simulated").count() == 1
    assert not simulator.is_interrupted()

    with told.labels.open(encoding="utf-8") as file:
        labels = {row["visit_id"]: row["truth"] for row in csv.DictReader(file)}
    assert set(labels) == {str(pk) for pk in Visit.objects.values_list("pk", flat=True)}
    assert 0 < sum(truth != "honest" for truth in labels.values()) < len(labels) / 2

    scored = _score_all()
    assert scored == told.visits
    verdict = evaluating.evaluate_labels(told.labels, 50)
    assert verdict.recall > 0.6 and verdict.precision > 0.6 and verdict.honest_flagged <= 0.1
    signed = Proof.objects.filter(signature=1).count()
    assert signed > 0.8 * told.visits

    scope, place = Scope.system("test"), places.get_place(COUNTY)
    weeks = [Week.of(clock.today()).shift(-back) for back in (10, 1)]
    for week in weeks:
        (row,) = figures.figures(scope, place, [week], 3)
        assert row.villages == told.villages
        assert 0.8 < row.met / row.villages <= 1

    sample = list(
        Score.objects.order_by("score", "visit_id").values_list("visit_id", "score", "reasons")[:20]
    )
    for identifier, score, reasons in sample:
        explained = explaining.explain(Visit.objects.get(pk=identifier))
        assert (explained.score, sum(line.reason.mask for line in explained.against + explained.support)) == (
            score,
            reasons,
        )

    _matters_are_told(place)
    assert compliance.rebuild(check=True, by="system:test", now=NOW).total == 0
    with pytest.raises(Problem, match="已有投递频次"):
        simulator.simulate(place=place, seed=8, by="system:test", now=NOW)


def _matters_are_told(county):
    """Orders rest on what was really missed; those that later visits prove are verified, and no others."""
    officer_, company = (
        officer("sim.officer", "city_regulator", county),
        officer("sim.company", "company_manager", county),
    )
    for held in (Grant, Appointment):
        held.objects.update(valid_from=date(2026, 1, 1))
    said = {"county": county, "officer": officer_, "company": company, "seed": 5, "now": NOW}
    assert matters.tell(**said) == Case.objects.count() > 0
    assert matters.tell(**said) == 0
    for case in Case.objects.filter(state="verified"):
        assert all(one.proof.proven for one in checking.proofs(case, NOW.date()))
    assert reports.tell(**said) == Report.objects.count() > 0
    assert reports.tell(**said) == 0
    assert not Report.objects.exclude(text__startswith=reports.MARK).exists()
    assert not Report.objects.filter(case__outcome="verified", verifications=None).exists()


def _score_all():
    sealing.seal_pending()
    while jobs.score_pending():
        sealing.seal_pending()
    return Score.objects.count()
