"""Importing files of visits: what counts as the same, what is refused with row and field, what a crash leaves."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from puyou.core.problems import Problem
from puyou.visits import actions, bulk
from puyou.visits.bulk import Report
from puyou.visits.models import Intake, Stranger, VillageChange, Visit
from puyou.visits.tests import cast

pytestmark = pytest.mark.django_db
HEAD = "visit_id,village_code,courier_no,device_id,happened_at,lon,lat,accuracy_m"
NOW = datetime(2026, 10, 8, 10, tzinfo=UTC)
Import = Callable[..., Report]


@pytest.fixture
def village() -> str:
    return cast.villages(1)[0].code


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, head: str = HEAD, encoding: str = "utf-8", name: str = "visits.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(("\n".join([head, *lines]) + "\n").encode(encoding))
        return path

    return write


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.PUYOU_HOME = tmp_path / "home"


def take(path: Path) -> Report:
    return actions.import_visits(path, by="system:tests", now=NOW)


def rejects(report: Report) -> list[tuple[str, str, str]]:
    assert report.outcome.reject_file
    with Path(report.outcome.reject_file).open(encoding="utf-8", newline="") as file:
        return [(row["row"], row["column"], row["code"]) for row in csv.DictReader(file)]


def line(
    identifier: str, village: str, at: str = "2026-10-01T09:30:00+08:00", rest: str = "106.7,26.6,10"
) -> str:
    return f"{identifier},{village},K1,D1,{at},{rest}"


def numbers(report: Report) -> tuple[int, int, int, int]:
    outcome = report.outcome
    return outcome.read, outcome.accepted, outcome.duplicate, outcome.rejected


def test_it_takes_in_visits_with_findings_day_sets_and_word_for_the_judge(
    write: Callable[..., Path], village: str
) -> None:
    report = take(write(line("a", village), line("b", village, "2026-10-02T00:10:00+08:00", ",,")))
    assert numbers(report) == (2, 2, 0, 0) and report.outcome.reject_file is None
    assert (report.villages, report.first_day, report.last_day) == (1, "2026-10-01", "2026-10-02")
    assert next(iter(cast.day_sets().values())).count("1") == 2
    assert VillageChange.objects.count() == 1 and Intake.objects.get().file_digest == report.outcome.digest
    bare = Visit.objects.get(day="2026-10-02")
    assert {each.code for each in bare.described} == {"no_position", "unknown_courier", "unknown_device"}
    assert Stranger.objects.count() == 2 and bare.source == "pda"


def test_the_same_file_again_gives_duplicates_only(write: Callable[..., Path], village: str) -> None:
    path = write(line("a", village), line("b", village))
    take(path)
    assert numbers(take(path)) == (2, 0, 2, 0) and Visit.objects.count() == 2


def test_the_same_moment_in_another_offset_is_the_same_content(
    write: Callable[..., Path], village: str
) -> None:
    report = take(write(line("a", village), line("a", village, "2026-10-01T01:30:00Z", "106.70,26.6,10.0")))
    assert numbers(report) == (2, 1, 1, 0)


def test_the_same_id_with_other_content_is_rejected(write: Callable[..., Path], village: str) -> None:
    report = take(write(line("a", village), line("a", village, rest=",,")))
    assert numbers(report) == (2, 1, 0, 1) and rejects(report) == [("3", "visit_id", "conflict")]
    again = take(write(line("a", village, "2026-10-01T09:31:00+08:00")))
    assert numbers(again) == (1, 0, 0, 1)


def test_a_uuid_keeps_its_id(write: Callable[..., Path], village: str) -> None:
    take(write(line("01920000-0000-7000-8000-0000000000AA", village)))
    assert str(Visit.objects.get().pk) == "01920000-0000-7000-8000-0000000000aa"


@pytest.mark.parametrize("cells, column, code", [
    (",{v},K1,D1,2026-10-01T09:30:00+08:00,,,", "visit_id", "missing"),
    ("a" * 65 + ",{v},K1,D1,2026-10-01T09:30:00+08:00,,,", "visit_id", "too_long"),
    ("a,529999999999,K1,D1,2026-10-01T09:30:00+08:00,,,", "village_code", "unknown_village"),
    ("a,贵阳,K1,D1,2026-10-01T09:30:00+08:00,,,", "village_code", "bad_code"),
    ("a,{v},,D1,2026-10-01T09:30:00+08:00,,,", "courier_no", "missing"),
    ("a,{v},K1,,2026-10-01T09:30:00+08:00,,,", "device_id", "missing"),
    ("a,{v},K1,D1,2026-10-01T09:30:00,,,", "happened_at", "no_offset"),
    ("a,{v},K1,D1,2026-10-01 09:30:00,,,", "happened_at", "no_offset"),
    ("a,{v},K1,D1,昨天,,,", "happened_at", "bad_time"),
    ("a,{v},K1,D1,2026-02-30T09:30:00+08:00,,,", "happened_at", "bad_time"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+99:99,,,", "happened_at", "bad_time"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+24:00,,,", "happened_at", "bad_time"),
    ("a,{v},K1,D1,2099-01-01T00:00:00+08:00,,,", "happened_at", "future"),
    ("a,{v},K1,D1,1950-01-01T00:00:00+08:00,,,", "happened_at", "too_early"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,nan,26,", "lon", "bad_number"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,106,inf,", "lat", "bad_number"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,东经,26,", "lon", "bad_number"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,106,,", "lat", "half_position"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,0,0,", "lon", "null_island"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,-73,40,", "lon", "outside_china"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,106,60,", "lat", "outside_china"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,106,26,-5", "accuracy_m", "out_of_range"),
    ("a,{v},K1,D1,2026-10-01T09:30:00+08:00,106,26,好", "accuracy_m", "bad_number"),
])  # fmt: skip
def test_a_bad_row_is_rejected_with_row_and_field(
    write: Callable[..., Path], village: str, cells: str, column: str, code: str
) -> None:
    report = take(write(line("fine", village), cells.replace("{v}", village)))
    assert numbers(report) == (2, 1, 0, 1) and rejects(report) == [("3", column, code)]


def test_1970_is_a_finding_and_counts(write: Callable[..., Path], village: str) -> None:
    take(write(line("a", village, "1970-01-01T08:00:00+08:00")))
    assert (
        "clock_1970" in {each.code for each in Visit.objects.get().described} and Visit.objects.get().counting
    )


def test_a_row_with_missing_cells_is_rejected_and_counted(write: Callable[..., Path], village: str) -> None:
    assert numbers(take(write(line("a", village), "b,c"))) == (2, 1, 0, 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_other_encodings_are_read(write: Callable[..., Path], village: str, encoding: str) -> None:
    report = take(write(f"甲,{village},投递员一,机一,2026-10-01T09:30:00+08:00,,,", encoding=encoding))
    assert numbers(report) == (1, 1, 0, 0) and Stranger.objects.filter(text="投递员一").exists()


def test_parquet_with_real_types_is_read(tmp_path: Path, village: str) -> None:
    path = tmp_path / "visits.parquet"
    duckdb.sql(
        f"COPY (SELECT 'p' AS visit_id, {int(village)} AS village_code, 'K' AS courier_no, 'D' AS device_id, "
        "TIMESTAMPTZ '2026-10-01 01:30:00+00' AS happened_at, 106.7 AS lon, 26.6 AS lat, "
        "CAST(NULL AS DOUBLE) AS accuracy_m) "
        f"TO '{path}' (FORMAT parquet)"
    )
    assert numbers(take(path)) == (1, 1, 0, 0)
    assert Visit.objects.get().happened_at == datetime(2026, 10, 1, 1, 30, tzinfo=UTC)


def test_broken_files_change_nothing(tmp_path: Path, write: Callable[..., Path], village: str) -> None:
    whole = tmp_path / "whole.parquet"
    duckdb.sql(f"COPY (SELECT i AS visit_id FROM range(1000) t(i)) TO '{whole}' (FORMAT parquet)")
    cut, empty = tmp_path / "cut.parquet", tmp_path / "empty.csv"
    cut.write_bytes(whole.read_bytes()[:-50])
    empty.touch()
    for path in (cut, empty, tmp_path, tmp_path / "nowhere.csv", write("a,b", head="visit_id,village_code")):
        with pytest.raises(Problem):
            take(path)
    assert not Intake.objects.exists() and not Visit.objects.exists()


def test_a_file_of_a_head_alone_is_nothing(write: Callable[..., Path]) -> None:
    assert numbers(take(write())) == (0, 0, 0, 0)


def test_a_crash_in_the_middle_leaves_nothing(
    write: Callable[..., Path], village: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(line("a", village))
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(bulk, "_say", lambda *arguments: (_ for _ in ()).throw(RuntimeError))
        take(path)
    assert not Visit.objects.exists() and not cast.day_sets()
    assert numbers(take(path)) == (1, 1, 0, 0)


def test_days_in_several_chunks_are_judged_like_one(
    write: Callable[..., Path], village: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puyou.visits.rows.CHUNK_ROWS", 1)
    report = take(
        write(*(line(f"v{i}", village, f"2026-10-0{1 + i // 2}T0{i}:00:00+08:00") for i in range(6)))
    )
    assert numbers(report) == (6, 6, 0, 0)
    assert (
        sum("second_of_day" in {each.code for each in visit.described} for visit in Visit.objects.all()) == 3
    )


def test_an_imported_visit_joins_the_day_of_those_that_stand(
    write: Callable[..., Path], village: str
) -> None:
    take(write(line("late", village, "2026-10-01T10:00:00+08:00")))
    take(write(line("early", village, "2026-10-01T09:00:00+08:00")))
    late = Visit.objects.get(happened_at=datetime(2026, 10, 1, 2, tzinfo=UTC))
    assert "second_of_day" in {each.code for each in late.described}


def test_it_knows_a_visit_again_however_its_id_and_source_are_spelled(village, write):
    identifier = "0190f5fe-0000-7000-8000-0000000000cd"
    rows = [line(identifier.upper(), village) + ",", line(identifier, village) + ",pda"]
    assert numbers(take(write(*rows, head=f"{HEAD},source"))) == (2, 1, 1, 0)
