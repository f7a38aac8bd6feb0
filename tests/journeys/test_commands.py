"""The published commands on the bad input that offices really send: sentences with row and field, nothing half-done."""

import datetime as dt
import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from django.db import connection
from django.test import Client

from puyou.core import clock
from puyou.places.models import Place
from puyou.registry.models import Courier, Device, Duty
from puyou.visits.models import Visit
from tests.journeys.files import COUNTS, DUTIES, EXCUSES, VISITS, handed_in, refused, table, told, visit

NOW = dt.datetime(2026, 11, 18, 3, 30, tzinfo=dt.UTC)  # a Wednesday
IMPORTS = {"import_visits": VISITS, "import_duties": DUTIES, "import_excuses": EXCUSES}
database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def village() -> str:
    return (
        Place.objects.filter(level=5, code__startswith="520123")
        .order_by("code")
        .values_list("code", flat=True)[0]
    )


@pytest.fixture
def put(tmp_path):
    def write(content: bytes, name: str = "handed-in.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def _good(command: str, village: str, word: str = "文号") -> bytes:
    rows = {
        "import_visits": visit("a", village, courier=word),
        "import_duties": f"{village},rural,3,week,2026-01-01,",
        "import_excuses": f"52,2026-10-01,2026-10-03,flood,{word}",
    }
    return table(IMPORTS[command], rows[command])


def _parquet(**columns) -> bytes:
    out = io.BytesIO()
    pa.parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def _counts(said) -> tuple[int, ...]:
    return tuple(said[name] for name in COUNTS)


@database
@pytest.mark.parametrize("command", IMPORTS)
class TestAnyImport:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_it_reads_what_offices_write_and_knows_it_again(self, command, encoding, village, put):
        text = _good(command, village, "黔邮").decode()
        assert _counts(handed_in(command, put(text.encode(encoding)))[0]) == (1, 1, 0, 0)
        assert _counts(handed_in(command, put(text.encode("gb18030")))[0]) == (1, 0, 1, 0)
        assert _counts(handed_in(command, put(text.replace("\n", "\r\n").encode()))[0]) == (1, 0, 1, 0)

    @pytest.mark.parametrize(("name", "content"), [
        ("empty.csv", b""),
        ("blank.csv", b"\n\n\n"),
        ("zeros.csv", b"\0" * 64),
        ("latin.csv", b"a,b\n\xff\xff\xff\n"),
        ("half.csv", b"visit_id,village_code\nplace_code,from\n"),
        ("semicolon.csv", b"village_code;area_class;times;period;from;to\n"),
        ("torn.parquet", b"PAR1" + b"\0" * 40),
        ("short.parquet", b"PA"),
        ("none.parquet", b""),
        ("broken.xlsx", b"PK\x03\x04 broken"),
        ("table.json", b"[]"),
        ("table", b"a,b\n"),
    ])  # fmt: skip
    def test_what_cannot_be_read_ends_with_2_and_a_sentence(self, command, name, content, db, put):
        code, sentence = refused(command, str(put(content, name)))
        assert code == 2
        assert name in sentence or "文件类型" in sentence
        assert _nothing_written()

    def test_a_torn_parquet_changes_nothing(self, command, village, put):
        whole = _parquet(
            **{name: pa.array([cell]) for name, cell in zip(*_cells(command, village), strict=True)}
        )
        for length in (4, len(whole) // 3, len(whole) // 2, len(whole) - 1):
            assert refused(command, str(put(whole[:length], "torn.parquet")))[0] == 2
        assert _nothing_written()
        assert _counts(handed_in(command, put(whole, "whole.parquet"))[0]) == (1, 1, 0, 0)

    def test_each_missing_column_is_named(self, command, put):
        names = IMPORTS[command].split(",")
        for missing in names:
            head = ",".join(name for name in names if name != missing)
            code, sentence = refused(command, str(put(table(head))))
            assert (code, sentence.count(missing)) == (2, 1)
        assert refused(command, str(put(table(f"{IMPORTS[command]},{names[0]}"))))[0] == 2

    def test_a_head_alone_is_nothing_and_a_missing_file_is_wrong_use(self, command, put, tmp_path):
        assert _counts(handed_in(command, put(table(IMPORTS[command])))[0]) == (0, 0, 0, 0)
        assert refused(command, str(tmp_path / "nowhere.csv"))[0] == 2
        assert refused(command, str(tmp_path))[0] == 2

    def test_a_row_with_too_few_or_too_many_cells_is_told_alone(self, command, village, put):
        content = _good(command, village) + b"x\n" + b"1,2,3,4,5,6,7,8,9,10\n"
        said, rows = handed_in(command, put(content))
        assert _counts(said) == (3, 1, 0, 2)
        assert [(row["row"], row["code"]) for row in rows] == [("3", "cells"), ("4", "cells")]


def _cells(command: str, village: str) -> tuple[list[str], list[str]]:
    head, row = _good(command, village).decode().splitlines()
    return head.split(","), row.split(",")


def _nothing_written() -> bool:
    return not (Visit.objects.exists() or Duty.objects.exists())


VISIT_FAULTS = {
    "happened_at": [
        "2026-11-10T10:00:00", "2026-11-10 10:00:00", "2026-02-30T10:00:00+08:00", "2099-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59+08:00", "1969-12-30T00:00:00+08:00", "0001-01-01T00:00:00Z", "now", "infinity",
        "2026-11-10", "1762740000", "2026-11-10T10:00:00+99:99", "2026-11-10T25:00:00+08:00", "",
        "2026-11-18T11:41:00+08:00",
    ],
    "village_code": ["999999999999", "520123000000", "5201", "abc", "", "520123001", "５２０１２３００１００１"],
    "lon": ["0 0", "2.35 48.85", "nan 26", "inf 26", "1e400 26", "东经 26", "200 26", " 26"],
    "lat": ["106 ", "106 90", "106 -26", "106 nan", "106 北纬"],
    "accuracy_m": ["-1", "nan", "inf", "好"],
    "courier_no": ["", "K" * 41],
    "device_id": ["", "D" * 65],
    "visit_id": ["", "v" * 65],
}  # fmt: skip


def _faulty(column: str, cell: str, name: str, village: str) -> str:
    if column in ("lon", "lat"):
        lon, lat = cell.split(" ")
        return visit(name, village, lon=lon, lat=lat)
    made = {
        "happened_at": lambda: visit(name, village, cell),
        "village_code": lambda: visit(name, cell),
        "accuracy_m": lambda: visit(name, village, accuracy=cell),
        "courier_no": lambda: visit(name, village, courier=cell),
        "device_id": lambda: visit(name, village, device=cell),
        "visit_id": lambda: visit(cell, village),
    }
    return made[column]()


@database
class TestVisits:
    def test_every_fault_is_told_with_row_and_column_and_stops_no_other_row(self, village, put):
        faults = [(column, cell) for column, cells in VISIT_FAULTS.items() for cell in cells]
        rows = [_faulty(column, cell, f"f{n}", village) for n, (column, cell) in enumerate(faults)]
        said, told_rows = handed_in("import_visits", put(table(VISITS, *rows, visit("good", village))))
        assert _counts(said) == (len(rows) + 1, 1, 0, len(rows))
        assert [(int(row["row"]) - 2, row["column"]) for row in told_rows] == [
            (n, column if cell != "0 0" else "lon") for n, (column, cell) in enumerate(faults)
        ]

    @pytest.mark.parametrize(("at", "day"), [
        ("2026-11-10T23:59:59+08:00", dt.date(2026, 11, 10)),
        ("2026-11-10T16:00:00Z", dt.date(2026, 11, 11)),
        ("2026-11-10T15:59:59Z", dt.date(2026, 11, 10)),
        ("2026-11-10T21:30:00+05:30", dt.date(2026, 11, 11)),
        ("2026-11-10T21:29:59+05:30", dt.date(2026, 11, 10)),
        ("2026-11-10T11:00:00-05:00", dt.date(2026, 11, 11)),
        ("1970-01-01T00:00:00Z", dt.date(1970, 1, 1)),
        ("2021-01-03T23:59:59+08:00", dt.date(2021, 1, 3)),
        ("2026-11-18T11:40:00+08:00", dt.date(2026, 11, 18)),
    ])  # fmt: skip
    def test_the_day_is_that_of_shanghai(self, at, day, village, put):
        assert _counts(handed_in("import_visits", put(table(VISITS, visit("a", village, at))))[0]) == (
            1,
            1,
            0,
            0,
        )
        assert Visit.objects.get().day == day

    def test_one_id_is_taken_once_within_a_file_and_across_files(self, village, put):
        rows = [
            visit("a", village),
            visit("a", village),
            visit("a", village, lon="106.71"),
            visit("b", village),
        ]
        said, told_rows = handed_in("import_visits", put(table(VISITS, *rows)))
        assert _counts(said) == (4, 2, 1, 1)
        assert [(row["row"], row["column"], row["code"]) for row in told_rows] == [
            ("4", "visit_id", "conflict")
        ]
        assert _counts(handed_in("import_visits", put(table(VISITS, *rows)))[0]) == (4, 0, 3, 1)
        moved = [visit("a", village, "2026-11-10T10:00:01+08:00"), visit("b", village, courier="K2")]
        assert _counts(handed_in("import_visits", put(table(VISITS, *moved)))[0]) == (2, 0, 0, 2)
        assert Visit.objects.count() == 2

    def test_an_id_from_the_door_is_not_free_for_a_file(self, village, put):
        identifier = "01920000-0000-7000-8000-0000000000aa"
        assert handed_in("import_visits", put(table(VISITS, visit(identifier, village))))[0]["accepted"] == 1
        assert _receipt(identifier, village)["code"] == "conflict"
        other = identifier.replace("aa", "bb")
        assert _receipt(other, village)["status"] == "accepted"
        said, rows = handed_in("import_visits", put(table(VISITS, visit(other, village))))
        assert (said["rejected"], rows[0]["code"]) == (1, "conflict")

    def test_parquet_brings_its_own_types(self, village, put):
        moments = [
            pa.array([dt.datetime(2026, 11, 10, 20, 30)], pa.timestamp(unit, tz=zone))
            for unit, zone in (
                ("s", "UTC"),
                ("ms", "Asia/Kolkata"),
                ("us", "+08:00"),
                ("ns", "Asia/Shanghai"),
            )
        ]
        codes = [pa.array([int(village)]), pa.array([village]), pa.array([village]).dictionary_encode()]
        for n, moment in enumerate(moments):
            content = self._typed(happened_at=moment, visit_id=pa.array([n]), village_code=codes[n % 3])
            assert _counts(handed_in("import_visits", put(content, "typed.parquet"))[0]) == (1, 1, 0, 0)
        assert {visit.day for visit in Visit.objects.all()} == {dt.date(2026, 11, 11)}

    @pytest.mark.parametrize(("column", "values"), [
        ("happened_at", pa.array([dt.datetime(2026, 11, 10)], pa.timestamp("us"))),
        ("happened_at", pa.array([dt.date(2026, 11, 10)])),
        ("happened_at", pa.array([1762740000])),
        ("village_code", pa.array([52012300100])),
        ("village_code", pa.array([1.5])),
        ("village_code", pa.array([None], pa.string())),
        ("lon", pa.array([[106.7]])),
        ("lon", pa.array([float("nan")])),
        ("accuracy_m", pa.array(["x"])),
        ("courier_no", pa.array([None], pa.int64())),
    ])  # fmt: skip
    def test_parquet_of_wrong_types_is_told_by_row(self, column, values, village, put):
        content = self._typed(**({"village_code": pa.array([village])} | {column: values}))
        said, rows = handed_in("import_visits", put(content, "typed.parquet"))
        assert _counts(said) == (1, 0, 0, 1)
        assert (rows[0]["row"], rows[0]["column"]) == ("1", column)

    def _typed(self, **columns) -> bytes:
        plain = {
            "visit_id": pa.array(["a"]), "courier_no": pa.array([7]), "device_id": pa.array(["D"]),
            "happened_at": pa.array(["2026-11-10T10:00:00+08:00"]), "lon": pa.array([106.7]),
            "lat": pa.array([26.6], pa.float32()), "accuracy_m": pa.nulls(1),
        }  # fmt: skip
        return _parquet(**(plain | columns))


def _receipt(identifier: str, village: str) -> dict:
    token = told("issue_token", "--courier", "K1", "--device", "D1")["token"]
    envelope = {
        "schema": 1, "id": identifier, "kind": "visit", "happened_at": "2026-11-10T10:00:00+08:00", "counter": 1,
        "device": "D1", "source": "app", "payload": {"village": village},
    }  # fmt: skip
    answer = Client().post(
        "/api/v1/envelopes",
        json.dumps([envelope]),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.json()["receipts"][0]


DUTY_FAULTS = [
    ("village_code", "999999999999,rural,3,week,2026-01-01,"),
    ("village_code", "{t},rural,3,week,2026-01-01,"),
    ("village_code", "52,rural,3,week,2026-01-01,"),
    ("village_code", ",rural,3,week,2026-01-01,"),
    ("area_class", "{v},农村,3,week,2026-02-01,"),
    ("area_class", "{v},,3,week,2026-02-01,"),
    ("times", "{v},rural,0,week,2026-02-01,"),
    ("times", "{v},rural,8,week,2026-02-01,"),
    ("times", "{v},rural,-1,week,2026-02-01,"),
    ("times", "{v},rural,1.5,week,2026-02-01,"),
    ("times", "{v},rural,三,week,2026-02-01,"),
    ("times", "{v},rural,,week,2026-02-01,"),
    ("times", "{v},rural,2,day,2026-02-01,"),
    ("times", "{v},rural,99999999999999999999,week,2026-02-01,"),
    ("period", "{v},rural,3,month,2026-02-01,"),
    ("period", "{v},rural,3,周,2026-02-01,"),
    ("from", "{v},rural,3,week,,"),
    ("from", "{v},rural,3,week,2026-02-30,"),
    ("from", "{v},rural,3,week,2026/02/01,"),
    ("from", "{v},rural,3,week,1970-01-01,"),
    ("from", "{v},rural,3,week,9999-12-31,"),
    ("to", "{v},rural,3,week,2026-02-01,2026-02-01"),
    ("to", "{v},rural,3,week,2026-02-01,2026-01-31"),
    ("to", "{v},rural,3,week,2026-02-01,长期"),
    ("to", "{v},rural,3,week,2026-02-01,9999-12-31"),
]


@database
class TestDuties:
    def test_every_fault_is_told_with_row_and_column(self, village, put):
        township = village[:9] + "000"
        rows = [row.format(v=village, t=township) for _, row in DUTY_FAULTS]
        said, told_rows = handed_in(
            "import_duties", put(table(DUTIES, *rows, f"{village},rural,3,week,2026-01-01,"))
        )
        assert _counts(said) == (len(rows) + 1, 1, 0, len(rows))
        assert [(int(row["row"]) - 2, row["column"]) for row in told_rows] == [
            (n, column) for n, (column, _) in enumerate(DUTY_FAULTS)
        ]

    def test_duties_may_overlap_but_not_contradict(self, village, put):
        rows = [f"{village},{duty}" for duty in (
            "rural,3,week,2026-01-01,", "remote,1,week,2026-06-01,2026-12-31", "rural,3,week,2026-01-01,",
            "rural,4,week,2026-01-01,", "rural,3,week,2026-01-01,2026-03-01", "RURAL,1,DAY,2026-07-01,",
        )]  # fmt: skip
        said, told_rows = handed_in("import_duties", put(table(DUTIES, *rows)))
        assert _counts(said) == (6, 3, 1, 2)
        assert [row["row"] for row in told_rows] == ["5", "6"]
        assert _counts(handed_in("import_duties", put(table(DUTIES, *rows)))[0]) == (6, 0, 4, 2)
        found = told(
            "compliance", "--place", village, "--from", "2026-08-03", "--to", "2026-08-03", "--by", "village"
        )
        assert [(row["villages"], row["missed"], row["trips_due"]) for row in found["rows"]] == [(1, 1, 11)]


EXCUSE_FAULTS = [
    ("place_code", "99,2026-10-01,2026-10-03,flood,文"),
    ("place_code", "520,2026-10-01,2026-10-03,flood,文"),
    ("place_code", ",2026-10-01,2026-10-03,flood,文"),
    ("place_code", "贵州,2026-10-01,2026-10-03,flood,文"),
    ("until", "52,2026-10-03,2026-10-03,flood,文"),
    ("until", "52,2026-10-04,2026-10-03,flood,文"),
    ("until", "52,2026-10-01,,flood,文"),
    ("until", "52,2026-10-01,9999-12-31,flood,文"),
    ("from", "52,2026-02-30,2026-10-03,flood,文"),
    ("from", "52,1970-01-01,2026-10-03,flood,文"),
    ("from", "52,2026-W40-1,2026-10-03,flood,文"),
    ("ground", "52,2026-10-01,2026-10-03,,文"),
    ("document_no", "52,2026-10-01,2026-10-03,flood,"),
]


@database
class TestExcuses:
    def test_every_fault_is_told_with_row_and_column(self, village, put):
        rows = [row for _, row in EXCUSE_FAULTS]
        good = [f"{village[:digits]},2026-10-01,2026-10-03,flood,文" for digits in (2, 4, 6, 9, 12)]
        good.append("000000000000,2026-10-01,2026-10-03,疫情管控,文")
        said, told_rows = handed_in("import_excuses", put(table(EXCUSES, *rows, *good)))
        assert _counts(said) == (len(rows) + 6, 6, 0, len(rows))
        assert [(int(row["row"]) - 2, row["column"]) for row in told_rows] == [
            (n, column) for n, (column, _) in enumerate(EXCUSE_FAULTS)
        ]
        assert _counts(handed_in("import_excuses", put(table(EXCUSES, *good)))[0]) == (6, 0, 6, 0)

    def test_an_excuse_of_the_nation_excuses_every_village(self, village, put):
        handed_in("import_duties", put(table(DUTIES, f"{village},rural,3,week,2026-01-01,")))
        handed_in("import_excuses", put(table(EXCUSES, "000000000000,2026-10-05,2026-10-12,flood,文")))
        for code, level in (("000000000000", "nation"), ("52", "city"), (village, "village")):
            words = ("--from", "2026-10-05", "--to", "2026-10-11", "--by", level)
            (row,) = told("compliance", "--place", code, *words)["rows"]
            assert (row["excused"], row["missed"], row["rate"]) == (1, 0, None)


@database
class TestOthers:
    @pytest.mark.parametrize(("words", "said"), [
        (("--place", "99", "--from", "2026-10-01", "--to", "2026-10-02", "--by", "city"), "99"),
        (("--place", "520", "--from", "2026-10-01", "--to", "2026-10-02", "--by", "city"), "520"),
        (("--place", "贵州", "--from", "2026-10-01", "--to", "2026-10-02", "--by", "city"), "贵州"),
        (("--place", "5201", "--from", "2026-10-01", "--to", "2026-10-02", "--by", "province"), "province"),
        (("--place", "52", "--from", "2026-10-02", "--to", "2026-10-01", "--by", "city"), "2026-10-02"),
        (("--place", "52", "--from", "2026-02-30", "--to", "2026-10-01", "--by", "city"), "2026-02-30"),
        (("--place", "52", "--from", "2026-10-01", "--to", "明天", "--by", "city"), "明天"),
        (("--place", "52", "--from", "2026-10-01", "--to", "2026-10-02", "--by", "street"), "street"),
        (("--place", "52", "--from", "0001-01-01", "--to", "9999-12-31", "--by", "city"), "周"),
    ])  # fmt: skip
    def test_compliance_refuses_with_a_sentence(self, words, said):
        code, sentence = refused("compliance", *words)
        assert code == 2
        assert said in sentence

    def test_compliance_knows_no_week_to_come_and_none_before_all_duties(self, village, put):
        handed_in("import_duties", put(table(DUTIES, f"{village},rural,3,week,2000-01-01,")))
        for first, last in (
            ("2026-11-23", "2026-12-31"),
            ("2099-01-01", "9999-12-31"),
            ("1970-01-01", "1970-01-31"),
        ):
            assert (
                told("compliance", "--place", "52", "--from", first, "--to", last, "--by", "city")["rows"]
                == []
            )
        words = ("--place", village, "--from", "2026-11-18", "--to", "2026-12-31", "--by", "village")
        assert [(row["week"], row["pending"]) for row in told("compliance", *words)["rows"]] == [
            ("2026-W47", 1)
        ]

    @pytest.mark.parametrize(("first", "last", "weeks"), [
        ("2020-12-28", "2021-01-04", ["2020-W53", "2021-W01"]),
        ("2021-01-03", "2021-01-03", ["2020-W53"]),
        ("2015-12-31", "2016-01-04", ["2015-W53", "2016-W01"]),
        ("2024-12-30", "2024-12-30", ["2025-W01"]),
        ("2022-01-02", "2022-01-03", ["2021-W52", "2022-W01"]),
    ])  # fmt: skip
    def test_weeks_far_back_and_across_years_are_whole(self, first, last, weeks, village, put):
        handed_in("import_duties", put(table(DUTIES, f"{village},rural,3,week,2015-01-01,")))
        monday = dt.date.fromisocalendar(int(weeks[0][:4]), int(weeks[0][6:]), 1)
        days = [monday + dt.timedelta(days=n) for n in (0, 3, 6)]
        rows = [visit(f"w{day}", village, f"{day}T23:59:00+08:00") for day in days]
        handed_in("import_visits", put(table(VISITS, *rows)))
        words = ("--place", village, "--from", first, "--to", last, "--by", "village")
        found = told("compliance", *words)["rows"]
        assert [row["week"] for row in found] == weeks
        assert [row["met"] for row in found] == [1] + [0] * (len(weeks) - 1)
        assert (found[0]["trips"], found[0]["trips_due"], found[0]["longest_gap"]) == (3, 3, 2)
        assert told("rebuild", "--check")["differences"] == 0

    @pytest.mark.parametrize(("words", "due", "provisional"), [
        (("2026-09-24", "20wd"), "2026-10-29", False),
        (("2026-09-24", "20wd", "--suspend", "2026-09-29..2026-10-12"), "2026-11-06", False),
        (("2026-09-24", "1d"), "2026-09-28", False),
        (("2026-09-24", "10d", "--suspend", "2026-09-30..2026-10-01", "--suspend", "2026-10-01..2026-10-02"),
         "2026-10-08", False),
        (("2026-12-28", "3d"), "2026-12-31", False),
        (("2026-12-20", "20wd"), "2027-01-15", True),
    ])  # fmt: skip
    def test_due_counts_as_the_page_says(self, words, due, provisional):
        found = told("due", *words)
        assert (found["due"], found["provisional"]) == (due, provisional)

    @pytest.mark.parametrize("words", [
        ("2026-02-30", "1d"), ("昨天", "1d"), ("2026-09-24", "0wd"), ("2026-09-24", "20"), ("2026-09-24", "1.5d"),
        ("2026-09-24", "99999d"), ("9999-12-31", "1d"), ("2026-09-24", "5d", "--suspend", "2026-09-25"),
        ("2026-09-24", "5d", "--suspend", "2026-10-12..2026-09-29"),
        ("2026-09-24", "5d", "--suspend", "2026-09-25..9999-12-31"),
    ])  # fmt: skip
    def test_due_refuses_with_a_sentence(self, words):
        code, sentence = refused("due", *words)
        assert code == 2
        assert sentence.strip()

    @pytest.mark.parametrize("words", [
        ("--courier", "", "--device", "D"), ("--courier", "K" * 41, "--device", "D"),
        ("--courier", "K", "--device", "D" * 65), ("--courier", "K\0", "--device", "D"),
        ("--courier", "K", "--device", "D", "--name", "名" * 61),
    ])  # fmt: skip
    def test_no_token_is_issued_to_nobody(self, words):
        assert refused("issue_token", *words)[0] == 2
        assert not Courier.objects.exists()
        assert not Device.objects.exists()


RUN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "puyou.config.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv.pop(1)
from puyou.config.cli import main
main()
"""


def _puyou(database: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`puyou` as a process of its own, on a test's own database."""
    return subprocess.run(
        [sys.executable, "-c", RUN, database, *words, "--json"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


class TestProcesses:
    """Streams and exit codes as a shell sees them; these commit for good, in a database of their own."""

    def test_json_stands_alone_and_exit_codes_mean_one_thing(self, own_database, village, put):
        duties = put(
            table(DUTIES, f"{village},rural,3,week,2026-01-01,", "x,rural,3,week,2026-01-01,"), "duties.csv"
        )
        visits = put(table(VISITS, visit("a", village), visit("b", village, lon="0", lat="0")), "visits.csv")
        for words in (("import_duties", str(duties)), ("import_visits", str(visits))):
            ended = _puyou(own_database, *words)
            assert ended.returncode == 0, ended.stderr
            assert _counts(json.loads(ended.stdout)) == (2, 1, 0, 1)
            assert "▸" in ended.stderr
        words = ("--place", "52", "--from", "2026-11-10", "--to", "2026-11-10", "--by", "province")
        ended = _puyou(own_database, "compliance", *words)
        assert [row["trips"] for row in json.loads(ended.stdout)["rows"]] == [1]
        assert _puyou(own_database, "rebuild", "--check").returncode == 0
        with connection.cursor() as cursor:
            cursor.execute("UPDATE compliance_rollup SET trips_due = trips_due + 1")
        ended = _puyou(own_database, "rebuild", "--check")
        assert ended.returncode == 1
        assert json.loads(ended.stdout)["differences"] > 0

    def test_wrong_use_ends_with_2_and_says_nothing_on_standard_output(self, own_database, tmp_path):
        for words in (
            ("import_visits", "/nowhere.csv"),
            ("compliance", "--place", "52"),
            ("due", "2026-02-30", "1d"),
        ):
            ended = _puyou(own_database, *words)
            assert (ended.returncode, ended.stdout) == (2, "")
            assert ended.stderr.strip()
            assert "Traceback" not in ended.stderr

    def test_the_same_file_twice_at_once_is_taken_once(self, own_database, village, put):
        for command in IMPORTS:
            file = put(_good(command, village), f"{command}.csv")
            with ThreadPoolExecutor(2) as pool:
                both = list(pool.map(lambda words: _puyou(own_database, *words), [(command, str(file))] * 2))
            assert sorted(_counts(json.loads(ended.stdout)) for ended in both) == [(1, 0, 1, 0), (1, 1, 0, 0)]
