"""Every level adds up to the nation, over missing levels, moved places, late evidence, reviews and excuses."""

import random
from datetime import date, timedelta

import pytest

from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import NOW, officer
from puyou.compliance import actions as compliance
from puyou.core import clock
from puyou.places import actions as places
from puyou.places.models import Place
from puyou.places.queries import get_place
from puyou.visits import actions as visits
from puyou.visits.models import Visit
from tests.journeys.files import DUTIES, EXCUSES, VISITS, handed_in, table, told, visit
from tests.journeys.referee import Duty, Excuse, World

DAY = timedelta(days=1)
LEVELS = ("nation", "province", "city", "county", "township", "village")
SPAN = date(2026, 10, 19), date(2026, 11, 20)  # settled, provisional and pending weeks
ADDED = ("villages", "met", "missed", "provisional", "excused", "pending", "trips", "trips_due")
SEEN = (*ADDED, "place", "week", "rate", "longest_gap", "stand_in")
SKIPPING = ("441900", "442000", "460400", "469", "52")
NATION = "000000000000"
SYSTEM = "system:tests"


def _rows(place: str, level: str, span: tuple[date, date] = SPAN, *more: str) -> list[dict]:
    words = ("--from", span[0].isoformat(), "--to", span[1].isoformat(), "--by", level, *more)
    return told("compliance", "--place", place, *words)["rows"]


def _sums(rows: list[dict]) -> dict[str, tuple[int, ...]]:
    """Per week: every added column's sum, and the longest gap's maximum."""
    weeks = {row["week"] for row in rows}
    return {
        week: (
            *(sum(row[name] for row in rows if row["week"] == week) for name in ADDED),
            max(row["longest_gap"] for row in rows if row["week"] == week),
        )
        for week in weeks
    }


def _must_add_up(*more: str) -> None:
    nation = _sums(_rows(NATION, "nation", SPAN, *more))
    for level in LEVELS:
        rows = _rows(NATION, level, SPAN, *more)
        assert _sums(rows) == nation, level
        assert rows == sorted(rows, key=lambda row: (row["place"], row["week"]))
        for row in rows:
            assert row["villages"] == row["met"] + row["missed"] + row["excused"] + row["pending"] > 0
            assert 0 <= row["provisional"] <= row["missed"]
            judged = row["met"] + row["missed"]
            assert row["rate"] == (row["met"] / judged if judged else None)


def _world(seed: int) -> World:
    """Villages of places where a level is missing, beside ordinary ones."""
    dice = random.Random(seed)
    duties, visits = {}, set()
    for prefix in SKIPPING:
        below = Place.objects.filter(level=5, code__startswith=prefix).order_by("code")
        for village in dice.sample(list(below.values_list("code", flat=True)), 9):
            first = dice.choice([date(2026, 1, 1), SPAN[0] + DAY * dice.randint(0, 25)])
            for times, area_class in dice.sample(
                [(3, "rural"), (1, "remote"), (7, "urban")], dice.choice([1, 1, 2])
            ):
                duty = Duty(village, area_class, times, "week", first + DAY * times, None)
                duties[village, duty.first] = duty
            days = [SPAN[0] - DAY * 20 + DAY * n for n in range(50)]
            visits |= {(village, day) for day in days if dice.random() < dice.choice([0.2, 0.6, 0.9])}
    excuses = [
        Excuse(prefix, SPAN[0] + DAY * n, SPAN[0] + DAY * (n + 4))
        for n, prefix in enumerate(("4419", "44", "4604", "469001", "441900003", "520102", ""))
    ]
    known = set(Place.objects.values_list("code", flat=True))
    visits = {(village, day) for village, day in visits if day < NOW.date()}
    return World(sorted(duties.values(), key=repr), visits, excuses, known, NOW)


def _load(world: World, folder) -> None:
    rows = {
        "import_duties": (DUTIES, [
            f"{d.village},{d.area_class},{d.times},{d.period},{d.first},{d.until or ''}" for d in world.duties
        ]),
        "import_visits": (VISITS, [
            visit(f"v{n}", village, f"{day}T22:15:00+08:00", lon="", lat="", accuracy="")
            for n, (village, day) in enumerate(sorted(world.visits))
        ]),
        "import_excuses": (EXCUSES, [
            f"{e.prefix.ljust(12, '0')},{e.first},{e.until},flood,文{n}" for n, e in enumerate(world.excuses)
        ]),
    }  # fmt: skip
    for command, (head, lines) in rows.items():
        path = folder / f"{command}.csv"
        path.write_bytes(table(head, *lines))
        assert handed_in(command, path)[0]["accepted"] == len(lines)


def test_places_without_a_county_or_city_still_add_up(own_database, tmp_path):
    with clock.frozen(NOW):
        places.load_divisions(by=SYSTEM, now=NOW, provinces=["44", "46", "52"])
        world = _world(7)
        _load(world, tmp_path)
        for level in LEVELS:
            got = [{name: row[name] for name in SEEN} for row in _rows(NATION, level)]
            expected = world.figures("", *SPAN, level)
            assert got == [{name: row[name] for name in SEEN} for row in expected], level
        stands_in = {row["place"] for row in _rows(NATION, "county") if row["stand_in"]}
        assert stands_in == {"441900000000", "442000000000", "460400000000"}
        for place, level in (
            ("4419", "county"),
            ("4419", "township"),
            ("4690", "county"),
            ("4604", "village"),
        ):
            got = [{name: row[name] for name in SEEN} for row in _rows(place, level)]
            expected = world.figures(place, *SPAN, level)
            assert got == [{name: row[name] for name in SEEN} for row in expected], (place, level)
        _must_add_up()
        classes = [
            row
            for area in ("urban", "township_seat", "rural", "remote")
            for row in _rows(NATION, "nation", SPAN, "--area-class", area)
        ]
        assert _sums(classes) == _sums(_rows(NATION, "nation"))
        _must_add_up("--area-class", "rural")
        assert told("rebuild", "--check")["differences"] == 0


@pytest.fixture
def quiet(db, tmp_path):
    """Six villages of one township, each owed three days a week since January; nobody has come."""
    with clock.frozen(NOW):
        township = Place.objects.filter(level=4, code__startswith="520123").order_by("code")[1]
        below = Place.objects.filter(level=5, parent=township).order_by("code")[:6]
        villages = [place.code for place in below]
        _hand(
            tmp_path,
            "import_duties",
            DUTIES,
            *(f"{village},rural,3,week,2026-01-01," for village in villages),
        )
        yield villages


def _hand(folder, command: str, head: str, *rows: str) -> dict:
    path = folder / f"{command}.csv"
    path.write_bytes(table(head, *rows))
    return handed_in(command, path)[0]


def _serve(folder, village: str, monday: date, count: int, mark: str = "v") -> None:
    days = [monday + DAY * n for n in range(count)]
    rows = [visit(f"{mark}{village}{day}", village, f"{day}T10:00:00+08:00") for day in days]
    assert _hand(folder, "import_visits", VISITS, *rows)["accepted"] == count


def _verdict(village: str, monday: date) -> str:
    (row,) = _rows(village, "village", (monday, monday))
    return next(name for name in ("met", "missed", "excused", "pending") if row[name])


class TestChanges:
    WEEK = date(2026, 10, 19)  # settled
    RECENT = date(2026, 11, 9)  # provisional

    def test_a_moved_township_keeps_its_past_with_the_former_parent(self, quiet, tmp_path):
        place = get_place(quiet[0])
        township, former = place.parent, place.parent.parent
        other = Place.objects.filter(level=3, parent=former.parent).exclude(pk=former.pk).order_by("code")[0]
        _serve(tmp_path, quiet[0], self.WEEK, 3)
        before = _rows(NATION, "county", (self.WEEK, self.RECENT - DAY))
        on = self.RECENT - 7 * DAY
        places.move_place(place=township, parent=other, on=on, ground="调整", by=SYSTEM, now=clock.now())
        after = _rows(NATION, "county")
        assert {row["place"] for row in before} == {former.code}
        for row in after:
            moved = date.fromisocalendar(int(row["week"][:4]), int(row["week"][6:]), 1) >= on
            assert row["place"] == (other.code if moved else former.code)
            assert row["villages"] == 6
        assert {row["place"] for row in _rows(NATION, "county", SPAN, "--tree", "current")} == {other.code}
        _must_add_up()
        _must_add_up("--tree", "current")
        assert told("rebuild", "--check")["differences"] == 0

    def test_a_late_visit_changes_a_week_long_over(self, quiet, tmp_path):
        _serve(tmp_path, quiet[0], self.WEEK, 2)
        assert _verdict(quiet[0], self.WEEK) == "missed"
        _serve(tmp_path, quiet[0], self.WEEK + 2 * DAY, 1)
        assert _verdict(quiet[0], self.WEEK) == "met"
        (row,) = _rows("52", "province", (self.WEEK, self.WEEK))
        assert (row["met"], row["missed"], row["provisional"], row["trips"], row["trips_due"]) == (
            1,
            5,
            0,
            3,
            18,
        )
        assert told("rebuild", "--check")["differences"] == 0

    def test_a_rejected_visit_is_uncounted_and_an_accepted_one_counts_again(self, quiet, tmp_path):
        _serve(tmp_path, quiet[0], self.WEEK, 3)
        reviewer = officer("reviewer", "provincial_regulator", get_place("52"))
        seen, asking = (
            Visit.objects.order_by("day")[0],
            officer("asking", "provincial_regulator", get_place("52")),
        )
        for decision, verdict in (("rejected", "missed"), ("accepted", "met")):
            visits.review_visit(
                visit=seen, decision=decision, ground="核查", proposed_by=asking, by=reviewer, now=clock.now()
            )
            assert _verdict(quiet[0], self.WEEK) == verdict
            _must_add_up()
            assert told("rebuild", "--check")["differences"] == 0

    def test_an_excuse_counts_from_its_approval_until_its_withdrawal(self, quiet):
        company = officer("company", "company_manager", get_place("520123"))
        office = officer("office", "provincial_regulator", get_place("52"))
        (excuse,) = compliance.propose_excuse(
            among=[get_place(quiet[0][:9])], valid_from=self.WEEK, valid_to=self.WEEK + 7 * DAY, ground="flood",
            document="文", scope=scope_for(company), by=company, now=clock.now(),
        )  # fmt: skip
        assert [_verdict(village, self.WEEK) for village in quiet] == ["missed"] * 6
        told_by = {"scope": scope_for(office), "by": office, "now": clock.now()}
        compliance.approve_excuse(excuse=excuse, **told_by)
        assert [_verdict(village, self.WEEK) for village in quiet] == ["excused"] * 6
        assert _verdict(quiet[0], self.RECENT) == "missed"
        _must_add_up()
        compliance.withdraw_excuse(excuse=excuse, note="误报", **told_by)
        assert [_verdict(village, self.WEEK) for village in quiet] == ["missed"] * 6
        assert told("rebuild", "--check")["differences"] == 0

    @pytest.mark.parametrize("seed", range(3))
    def test_one_more_visit_or_excuse_never_worsens_a_verdict(self, seed, quiet, tmp_path):
        dice = random.Random(seed)
        rank = {"excused": 0, "met": 0, "pending": 1, "missed": 1}
        mondays = [self.WEEK + 7 * DAY * n for n in range(5)]
        before = {(v, m): rank[_verdict(v, m)] for v in quiet for m in mondays}
        for step in range(7):
            day = self.WEEK + DAY * dice.randint(0, 29)
            if dice.random() < 0.5:
                prefix = dice.choice(quiet)[: dice.choice([9, 12, 12])].ljust(12, "0")
                row = f"{prefix},{day},{day + DAY * dice.randint(1, 6)},snow,文{seed}{step}"
                _hand(tmp_path, "import_excuses", EXCUSES, row)
            else:
                days = {day + DAY * dice.randint(0, 6) for _ in range(4)}
                rows = [
                    visit(f"{step}{village}{each}", village, f"{each}T09:00:00+08:00")
                    for village in dice.sample(quiet, 3) for each in days if each < NOW.date()
                ]  # fmt: skip
                _hand(tmp_path, "import_visits", VISITS, *rows)
            after = {
                (row["place"], date.fromisocalendar(int(row["week"][:4]), int(row["week"][6:]), 1)):
                    int(row["missed"] + row["pending"])
                for row in _rows("52", "village", (mondays[0], mondays[-1]))
            }  # fmt: skip
            assert all(after[key] <= before[key] for key in before)
            before = after
        _must_add_up()
        assert told("rebuild", "--check")["differences"] == 0
