import csv
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from openpyxl import Workbook

from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places.queries import get_place
from puyou.registry import actions
from puyou.registry.models import Duty, Village, VillagePoint
from puyou.registry.tests.conftest import BY
from puyou.standards import actions as standards
from puyou.standards.models import Rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.PUYOU_HOME = tmp_path / "home"


def counts(outcome):
    return outcome.read, outcome.accepted, outcome.duplicate, outcome.rejected


def rejects(outcome):
    with open(outcome.reject_file, encoding="utf-8", newline="") as file:
        return [(int(row["row"]), row["column"], row["code"], row["message"]) for row in csv.DictReader(file)]


def test_rows_become_duties_and_their_places_villages(duty_file, villages):
    one, two, three = villages
    outcome = actions.import_duties(
        duty_file(
            f"{one.code},rural,3,week,2026-01-01,",
            f"{two.code},urban,1,day,2026-01-01,2026-07-01",
            f"{three.code},remote,1,week,2026-03-01,",
        ),
        **BY,
    )
    assert counts(outcome) == (3, 3, 0, 0)
    assert outcome.reject_file is None
    assert outcome.first_day == date(2026, 1, 1)
    assert outcome.place_ids.tolist() == sorted(place.pk for place in villages)
    assert set(
        Duty.objects.values_list(
            "place", "area_class", "times", "period", "valid_from", "valid_to", "operator"
        )
    ) == {
        (one.pk, "rural", 3, "week", date(2026, 1, 1), None, None),
        (two.pk, "urban", 1, "day", date(2026, 1, 1), date(2026, 7, 1), None),
        (three.pk, "remote", 1, "week", date(2026, 3, 1), None, None),
    }
    assert Village.objects.count() == 3


def test_one_event_tells_the_file_and_its_counts(duty_file, villages):
    outcome = actions.import_duties(duty_file(f"{villages[0].code},rural,3,week,2026-01-01,", "x,,,,,"), **BY)
    said = Event.objects.get(kind="duties.imported")
    assert said.subject == f"file:{outcome.digest}"
    assert (said.data["read"], said.data["accepted"], said.data["rejected"]) == (2, 1, 1)


# cells of the row after the village's code, column and code of the refusal
REFUSED = [
    ("suburban,3,week,2026-01-01,", "area_class", "area_class"),
    (",3,week,2026-01-01,", "area_class", "area_class"),
    ("rural,three,week,2026-01-01,", "times", "times"),
    ("rural,3.5,week,2026-01-01,", "times", "times"),
    ("rural,,week,2026-01-01,", "times", "times"),
    ("rural,3,month,2026-01-01,", "period", "period"),
    ("rural,0,week,2026-01-01,", "times", "duty_unreasonable"),
    ("rural,8,week,2026-01-01,", "times", "duty_unreasonable"),
    ("rural,2,day,2026-01-01,", "times", "duty_unreasonable"),
    ("rural,-3,week,2026-01-01,", "times", "times"),
    ("rural,3,week,,", "from", "from"),
    ("rural,3,week,2026-02-30,", "from", "from"),
    ("rural,3,week,01/02/2026,", "from", "from"),
    ("rural,3,week,1970-01-01,", "from", "date_out_of_range"),
    ("rural,3,week,2026-01-01,soon", "to", "to"),
    ("rural,3,week,2026-01-01,9999-01-01", "to", "date_out_of_range"),
    ("rural,3,week,2026-01-01,2026-01-01", "to", "ends_before_start"),
    ("rural,3,week,2026-01-01,2025-12-31", "to", "ends_before_start"),
    ("rural,3,week", "", "cells"),
]


@pytest.mark.parametrize(("cells", "column", "code"), REFUSED)
def test_a_wrong_cell_refuses_its_row_and_no_other(duty_file, villages, cells, column, code):
    outcome = actions.import_duties(
        duty_file(f"{villages[0].code},{cells}", f"{villages[1].code},rural,3,week,2026-01-01,"), **BY
    )
    assert counts(outcome) == (2, 1, 0, 1)
    (refused,) = rejects(outcome)
    assert refused[:3] == (2, column, code)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused[3])


@pytest.mark.parametrize("code", ["", "5201", "52012345678x", "999999999999", "520000000000"])
def test_only_a_level_five_code_may_carry_a_duty(duty_file, villages, code):
    outcome = actions.import_duties(duty_file(f"{code},rural,3,week,2026-01-01,"), **BY)
    assert counts(outcome) == (1, 0, 0, 1)
    assert rejects(outcome)[0][1] == "village_code"


def test_the_same_row_again_is_a_duplicate(duty_file, villages):
    row = f"{villages[0].code},rural,3,week,2026-01-01,2026-12-01"
    assert counts(actions.import_duties(duty_file(row, row), **BY)) == (2, 1, 1, 0)
    assert counts(actions.import_duties(duty_file(row), **BY)) == (1, 0, 1, 0)
    assert Duty.objects.count() == 1


@pytest.mark.parametrize(
    "other", ["rural,2,week,2026-01-01,", "remote,3,week,2026-01-01,", "rural,3,week,2026-01-01,2026-12-01"]
)
def test_a_row_that_contradicts_is_refused_in_the_file_and_later(duty_file, villages, other):
    code = villages[0].code
    row = f"{code},rural,3,week,2026-01-01,"
    within = actions.import_duties(duty_file(row, f"{code},{other}"), **BY)
    later = actions.import_duties(duty_file(f"{code},{other}"), **BY)
    assert counts(within) == (2, 1, 0, 1) and counts(later) == (1, 0, 0, 1)
    assert rejects(within)[0][2] == rejects(later)[0][2] == "conflict"


def test_overlapping_duties_of_a_village_are_allowed(duty_file, villages):
    code = villages[0].code
    outcome = actions.import_duties(
        duty_file(f"{code},rural,3,week,2026-01-01,", f"{code},rural,5,week,2026-06-01,"), **BY
    )
    assert counts(outcome) == (2, 2, 0, 0)


def test_a_duty_that_was_taken_back_leaves_its_place_free(duty_file, villages):
    row = f"{villages[0].code},rural,3,week,2026-01-01,"
    actions.import_duties(duty_file(row), **BY)
    actions.end_duty(duty=Duty.objects.get(), on=date(2026, 1, 1), ground="录入有误", **BY)
    outcome = actions.import_duties(duty_file(f"{villages[0].code},rural,5,week,2026-01-01,"), **BY)
    assert counts(outcome) == (1, 1, 0, 0)


# area class, times, period, whether it is below the seeded floor
BELOW = [
    ("rural", 3, "week", False),
    ("rural", 2, "week", True),
    ("township_seat", 4, "week", True),
    ("township_seat", 1, "day", False),
    ("urban", 6, "week", True),
    ("urban", 1, "day", False),
    ("remote", 1, "week", False),
]


@pytest.mark.parametrize(("area_class", "times", "period", "below"), BELOW)
def test_a_duty_below_the_floor_loads_with_a_finding(duty_file, villages, area_class, times, period, below):
    row = f"{villages[0].code},{area_class},{times},{period},2026-01-01,"
    outcome = actions.import_duties(duty_file(row), **BY)
    assert outcome.below_floor == int(below)
    assert Duty.objects.get().below_floor is below


def test_a_province_may_set_a_higher_floor(duty_file, villages, far_villages):
    standards.publish_rule_version(
        rule=Rule.objects.get(code="delivery_floor"),
        area_class="rural",
        place=get_place("5203"),
        value="5",
        unit="per week",
        valid_from=date(2026, 1, 1),
        source="试行",
        **BY,
    )
    rows = [f"{place.code},rural,3,week,2026-01-01," for place in (villages[0], far_villages[0])]
    actions.import_duties(duty_file(*rows), **BY)
    assert set(Duty.objects.values_list("place", "below_floor")) == {
        (villages[0].pk, False),
        (far_villages[0].pk, True),
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_it_reads_what_offices_send(duty_file, villages, encoding):
    path = duty_file(f"{villages[0].code},rural,3,week,2026-01-01,", encoding=encoding)
    assert actions.import_duties(path, **BY).accepted == 1


def test_it_reads_parquet_and_xlsx_alike(tmp_path, villages):
    columns = {
        "village_code": [int(villages[0].code)],
        "area_class": ["rural"],
        "times": [3],
        "period": ["week"],
        "from": [date(2026, 1, 1)],
        "to": pa.array([None], pa.date32()),
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    book = Workbook()
    book.active.append(list(columns))
    book.active.append([float(villages[0].code), "rural", 3.0, "week", "2026-01-01", None])
    book.save(tmp_path / "a.xlsx")
    assert counts(actions.import_duties(tmp_path / "a.parquet", **BY)) == (1, 1, 0, 0)
    assert counts(actions.import_duties(tmp_path / "a.xlsx", **BY)) == (1, 0, 1, 0)


def test_an_unreadable_file_changes_nothing(tmp_path, villages):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 torn")
    with pytest.raises(Problem, match="无法读取"):
        actions.import_duties(path, **BY)
    assert not Duty.objects.exists()
    assert not Event.objects.filter(kind="duties.imported").exists()


def test_a_failure_half_way_leaves_nothing(duty_file, villages, monkeypatch):
    monkeypatch.setattr("puyou.registry.actions.duty_imports.write_rejects", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.import_duties(duty_file(f"{villages[0].code},rural,3,week,2026-01-01,"), **BY)
    assert not Duty.objects.exists()


def test_many_rows_add_up(duty_file, villages):
    codes = [village.code for village in villages]
    chosen = np.random.default_rng(7).integers(0, 9, (300, 3))
    rows = [
        f"{codes[a % 3]},rural,{b},week,2026-0{c + 1}-01," if a < 8 else f"nonsense{a}" for a, b, c in chosen
    ]
    outcome = actions.import_duties(duty_file(*rows), **BY)
    assert outcome.read == 300
    assert outcome.accepted == Duty.objects.count()
    assert len({row for row, *_ in rejects(outcome)}) == outcome.rejected


def test_the_command_refuses_a_missing_file_with_two(capsys):
    with pytest.raises(SystemExit) as caught:
        call_command("import_points", "nowhere.csv")
    assert caught.value.code == 2
    assert "找不到" in capsys.readouterr().err


def points(tmp_path, *rows):
    path = tmp_path / "points.csv"
    path.write_text("village_code,lon,lat,standing\n" + "".join(row + "\n" for row in rows))
    return actions.import_points(path, **BY)


def test_points_are_imported_and_superseded(tmp_path, villages):
    code = villages[0].code
    assert counts(points(tmp_path, f"{code},106.7,26.6,confirmed", f"{code},106.7,26.6,confirmed")) == (
        2,
        1,
        1,
        0,
    )
    assert counts(points(tmp_path, f"{code},106.70,26.6,confirmed")) == (1, 0, 1, 0)
    assert counts(points(tmp_path, f"{code},106.8,26.6,confirmed")) == (1, 1, 0, 0)
    assert VillagePoint.objects.get(valid_to=None).lon == 106.8


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("0,0,confirmed", "lon"),
        ("106.7,,confirmed", "lat"),
        ("nan,26,confirmed", "lon"),
        ("26.6,106.7,confirmed", "lon"),
        ("106.7,26.6,sure", "standing"),
    ],
)
def test_a_position_that_is_none_in_china_is_refused(tmp_path, villages, cells, column):
    outcome = points(tmp_path, f"{villages[0].code},{cells}", "5201,106.7,26.6,confirmed")
    assert counts(outcome) == (2, 0, 0, 2)
    assert [row[1] for row in rejects(outcome)] == [column, "village_code"]


def test_two_positions_in_one_file_conflict(tmp_path, villages):
    code = villages[0].code
    outcome = points(tmp_path, f"{code},106.7,26.6,confirmed", f"{code},106.8,26.6,confirmed")
    assert counts(outcome) == (2, 1, 0, 1)
