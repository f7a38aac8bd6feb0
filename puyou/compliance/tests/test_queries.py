"""Figures: an independent plain adding-up of random villages equals what pages and commands read."""

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from puyou.accounts.scopes import Grip, Scope
from puyou.compliance import actions, figures, queries, rules
from puyou.compliance.models import Excuse, Rollup
from puyou.compliance.rules import DutyTerms, Verdict
from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.core import paths as core_paths
from puyou.core.periods import Week, weeks_between
from puyou.core.problems import Problem
from puyou.places import actions as places_actions
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry.arrays import AREA_CLASSES
from puyou.registry.models import Duty

pytestmark = pytest.mark.django_db
EVERYTHING = Scope.system("test")
TODAY = date(2027, 1, 14)  # a Thursday; 2026 has 53 ISO weeks


@pytest.fixture
def world(db):
    """Forty villages of three counties with odd duties, visits and excuses around two year boundaries."""
    dice = random.Random(20261123)
    villages = [v for code in ("520102", "520526", "520502") for v in cast.villages_of(code, 14)]
    served = {}
    for village in villages:
        for back in dice.sample([900, 400, 60, 33, 20, 17, 3], dice.choice([1, 1, 1, 2, 3])):
            first = TODAY - timedelta(days=back)
            length = dice.choice([None, None, 12, 30, 380])
            cast.lay_duty(
                village,
                times=1 if (daily := dice.random() < 0.3) else dice.randint(1, 7),
                period="day" if daily else "week",
                first=first,
                until=None if length is None else first + timedelta(days=length),
                area=dice.randrange(4),
            )
        ends = TODAY - timedelta(days=dice.choice([0, 0, 30, 400]))
        days = {ends - timedelta(days=d) for d in range(420) if dice.random() < dice.choice([0.02, 0.3, 0.6])}
        served[village.pk] = days
        if days:
            cast.serve(village, days)
    excused = []
    for _ in range(12):
        village = dice.choice(villages)
        place = dice.choice([village, *places.ancestors(village)[2:]])
        first = TODAY - timedelta(days=dice.randrange(60))
        until = first + timedelta(days=dice.randint(1, 9))
        status = dice.choice(["approved", "approved", "proposed", "rejected", "withdrawn"])
        cast.excuse(place, first, until, status=status)
        if status == "approved":
            excused.append((place, first, until))
    return villages, served, excused


def plain(world, place, first, last, level, today, area_class=None, paths=None):
    """The contracts read plainly: village by village, day by day. ``paths``: village id and week → path."""
    villages, served, excused = world
    rows = defaultdict(lambda: defaultdict(int))
    for week in weeks_between(first, last):
        if week.monday > today:
            continue
        for village in villages:
            path = paths(village, week.monday) if paths else village.path
            chain = _chain(path)
            if place not in [each.pk for each in chain]:
                continue
            terms = _terms(village)
            off = set()
            for there, start, end in excused:
                covered = paths is None and village.path.startswith(there.path)
                if paths is not None:
                    covered = {
                        d
                        for d in cast.days_from(start, (end - start).days)
                        if there.pk in [e.pk for e in _chain(paths(village, Week.of(d).monday))]
                    }
                    off |= covered
                elif covered:
                    off |= set(cast.days_from(start, (end - start).days))
            judged = rules.assess_week(terms, week.monday, served[village.pk], off)
            if judged.verdict == Verdict.NONE:
                continue
            if area_class is not None and judged.area_class != area_class:
                continue
            above = [each for each in chain if each.level <= level][-1]
            row = rows[above.code, week.name]
            standing = rules.standing(judged.verdict, week.monday, today, 10)
            row["villages"] += 1
            row["met"] += standing == "met"
            row["missed"] += standing in ("missed", "provisional")
            row["provisional"] += standing == "provisional"
            row["excused"] += standing == "excused"
            row["pending"] += standing == "pending"
            row["trips"] += judged.trips
            row["trips_due"] += judged.trips_due
            gap = rules.longest_gap(terms, week.monday, served[village.pk], off, today)
            row["longest_gap"] = max(row["longest_gap"], gap)
            row["stand_in"] = above.level != level
    return {key: dict(row) for key, row in rows.items()}


_places: dict[int, Place] = {}


def _chain(path):
    ids = core_paths.ids(path)
    missing = [i for i in ids if i not in _places]
    _places.update(Place.objects.in_bulk(missing))
    return [_places[i] for i in ids]


def _terms(village):
    return [
        DutyTerms(
            d.pk, AREA_CLASSES.index(d.area_class), d.times, d.period == "day", d.valid_from, d.valid_to
        )
        for d in Duty.objects.filter(place=village)
    ]


def said(found):
    rows = {}
    for figure in found:
        row = figure.as_contract()
        key = row.pop("place"), row.pop("week")
        judged = row["met"] + row["missed"]
        assert row.pop("rate") == (row["met"] / judged if judged else None)
        row.pop("name")
        rows[key] = row
    return rows


@pytest.fixture(autouse=True)
def forget_places():
    _places.clear()


FIRST, LAST = date(2026, 12, 7), date(2027, 1, 17)


def test_stored_and_computed_figures_equal_the_plain_reading_at_every_level(world):
    with clock.frozen(cast.moment(TODAY)):
        actions.bring_up_to_date(now=clock.now())
        root = places.get_place("52")
        for code, level in [
            ("00", 0),
            ("52", 1),
            ("52", 2),
            ("52", 3),
            ("520526", 3),
            ("5205", 4),
            ("52", 5),
        ]:
            place = places.get_place(code if code != "00" else "000000000000")
            weeks = list(weeks_between(FIRST, LAST))
            found = said(queries.figures(EVERYTHING, place, weeks, level))
            assert found == plain(world, place.pk, FIRST, LAST, level, TODAY), (code, level)
            assert found
            for area in range(4):
                found = said(queries.figures(EVERYTHING, place, weeks, level, AREA_CLASSES[area]))
                assert found == plain(world, place.pk, FIRST, LAST, level, TODAY, area)
        assert root.level == 1


def test_stored_rows_equal_what_is_computed_when_asked(world):
    with clock.frozen(cast.moment(TODAY)):
        actions.bring_up_to_date(now=clock.now())
        root = places.get_place("000000000000")
        for level in range(4):
            stored = figures.rows_of([root], date(2026, 11, 30), 7, level, TODAY)
            computed = figures.rows_of([root], date(2026, 11, 30), 7, level, TODAY, current=True)
            assert len(stored.place)
            assert _sorted(stored) == _sorted(computed)


def _sorted(rows):
    columns = [rows.monday, rows.place, rows.area_class, *rows.columns.values()]
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def test_a_week_before_the_kept_window_is_computed(world):
    villages, served, _ = world
    old = date(2019, 7, 1)
    cast.lay_duty(villages[0], times=2, first=date(2019, 1, 1), until=date(2019, 12, 1))
    cast.serve(villages[0], [old])
    served[villages[0].pk].add(old)
    with clock.frozen(cast.moment(TODAY)):
        actions.bring_up_to_date(now=clock.now())
        assert not Rollup.objects.filter(monday__lt=date(2024, 12, 30)).exists()
        found = said(queries.figures(EVERYTHING, places.get_place("52"), [Week.of(old)], 1))
    assert found == plain(world, places.get_place("52").pk, old, old, 1, TODAY)


def test_visits_that_come_later_and_changed_excuses_keep_the_figures_right(world):
    villages, served, excused = world
    root = places.get_place("000000000000")
    with clock.frozen(cast.moment(TODAY - timedelta(days=9))):
        actions.bring_up_to_date(now=clock.now())
    with clock.frozen(cast.moment(TODAY)):
        for village, back in ((villages[0], 1), (villages[3], 15), (villages[20], 200), (villages[39], 390)):
            day = TODAY - timedelta(days=back)
            cast.serve(village, [day])
            served[village.pk].add(day)
        actions.judge_pending(clock.now())
        excused.append((villages[5], TODAY - timedelta(days=20), TODAY - timedelta(days=12)))
        cast.excuse(*excused[-1])
        actions.judge_places(
            among=[villages[5]],
            first=excused[-1][1],
            last=excused[-1][2],
            cause="excuse",
            now=clock.now(),
            by="x",
        )
        for level in (0, 2, 3):
            found = said(queries.figures(EVERYTHING, root, list(weeks_between(FIRST, LAST)), level))
            assert found == plain(world, root.pk, FIRST, LAST, level, TODAY)
        assert actions.rebuild(check=True, by="test", now=clock.now()).total == 0


def test_figures_follow_the_parent_on_the_weeks_monday_or_the_present_one(world):
    villages, _, _ = world
    moved = date(2026, 12, 23)
    town = Place.objects.get(pk=villages[14].parent_id)
    before = {village.pk: village.path for village in villages}
    target = places.get_place("520502")
    with clock.frozen(cast.moment(TODAY)):
        places_actions.move_place(
            place=town, parent=target, on=moved, ground="黔府函〔2026〕9号", by="system:test", now=clock.now()
        )
        for village in villages:
            village.refresh_from_db()
        _places.clear()
        actions.bring_up_to_date(now=clock.now())
        weeks = list(weeks_between(FIRST, LAST))

        def then(village, monday):
            return before[village.pk] if monday < moved else village.path

        for place, level in (
            (places.get_place("52"), 3),
            (places.get_place("520526"), 4),
            (target, 4),
            (target, 3),
        ):
            found = said(queries.figures(EVERYTHING, place, weeks, level))
            assert found == plain(world, place.pk, FIRST, LAST, level, TODAY, paths=then)
            now = said(queries.figures(EVERYTHING, place, weeks, level, tree="current"))
            assert {key[0] for key in now} <= {key[0] for key in found} | {target.code, town.code}
        assert actions.rebuild(check=True, by="test", now=clock.now()).total == 0


def test_another_province_cannot_read_the_figures():
    village = cast.villages_of("520102", 1)[0]
    elsewhere = Scope("user:1", (Grip("0001zzzz", frozenset({"see"})),))
    with pytest.raises(Problem):
        queries.figures(elsewhere, village, [Week.of(TODAY)], 5)
    with pytest.raises(Problem):
        queries.village_weeks(elsewhere, village, Week.of(TODAY), Week.of(TODAY))


def test_a_level_above_the_place_is_refused():
    with pytest.raises(Problem, match="高于"):
        queries.figures(EVERYTHING, places.get_place("520102"), [Week.of(TODAY)], 2)


def test_a_village_page_reads_the_same_verdict_as_the_figures(world):
    villages, _, _ = world
    with clock.frozen(cast.moment(TODAY)):
        for village in villages[:12]:
            weeks = list(weeks_between(FIRST, LAST))
            by_week = {figure.week: figure for figure in queries.figures(EVERYTHING, village, weeks, 5)}
            details = queries.village_weeks(EVERYTHING, village, weeks[0], weeks[-1])
            for detail in details:
                figure = by_week.get(detail.week)
                if detail.standing == "none":
                    assert figure is None
                    continue
                assert getattr(figure, "missed" if detail.standing == "provisional" else detail.standing) == 1
                assert (detail.trips, detail.trips_due) == (figure.trips, figure.trips_due)
                assert detail.longest_gap == figure.longest_gap
                assert f"应投 {detail.trips_due} 次" in detail.sentence or detail.trips_due == 0


def test_excuses_of_a_company_are_seen_by_its_people_only():
    place = places.get_place("520102")
    cast.excuse(place, FIRST, LAST)
    whole = Scope("user:1", (Grip(place.path[:8], frozenset({"see"})),))
    company = Scope("user:2", (Grip(place.path[:8], frozenset({"see"}), organisation_id=7),))
    assert queries.count_excuses(whole) == 1
    assert queries.count_excuses(company) == 0
    assert Excuse.objects.count() == 1
