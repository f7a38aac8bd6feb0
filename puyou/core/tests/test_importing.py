from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from puyou.core import importing
from puyou.core.problems import Problem

NOW = datetime(2026, 9, 24, tzinfo=UTC)


def read(path, required=("code", "name"), optional=()):
    with importing.open_source(path, required, optional) as source:
        rows = source.database.execute("SELECT * FROM source ORDER BY 1").fetchall()
        rejects = source.database.execute('SELECT "row", code FROM rejects ORDER BY 1').fetchall()
        return rows, rejects, source.read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_reads_every_usual_encoding(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("name,code,other\n响水村,1,x\n 大坪村 ,2,y\n".encode(encoding))
    assert read(path) == ([(2, "1", "响水村"), (3, "2", "大坪村")], [], 2)


def test_it_numbers_rows_as_a_spreadsheet_and_rejects_rows_with_a_wrong_number_of_cells(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('code,name\n1,a\n2\n3,"x\ny"\n4,b,c\n5,\n')
    rows, rejects, count = read(path)
    assert rows == [(2, "1", "a"), (4, "3", "x\ny"), (6, "5", None)]
    assert rejects == [(3, "cells"), (5, "cells")]
    assert count == 5


def test_it_reads_parquet_with_its_own_types_as_text(tmp_path):
    path = tmp_path / "a.parquet"
    moment = datetime(2026, 9, 24, tzinfo=UTC)
    pq.write_table(
        pa.table({"code": [520123456789], "name": pa.array([moment], pa.timestamp("us", "UTC"))}), path
    )
    assert read(path, optional=["note"])[0] == [(1, "520123456789", "2026-09-24 08:00:00+08", None)]


def test_a_name_with_a_star_is_one_file(tmp_path):
    for name in ("a*.parquet", "ab.parquet"):
        pq.write_table(pa.table({"code": ["1"], "name": [name]}), tmp_path / name)
    assert read(tmp_path / "a*.parquet")[0] == [(1, "1", "a*.parquet")]


def test_it_reads_the_first_sheet_of_a_workbook(tmp_path):
    book = Workbook()
    book.active.append(["code", "name"])
    book.active.append([520123456789.0, datetime(2026, 1, 2)])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == ([(2, "520123456789", "2026-01-02")], [], 1)


def test_it_accepts_a_file_with_a_head_and_no_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("code,name\n")
    assert read(path) == ([], [], 0)


def test_it_writes_the_rejects_and_counts_rows_not_reasons(tmp_path):
    path = tmp_path / "名单 a.csv"
    path.write_text("code,name\n1,a\n2\n")
    with importing.open_source(path, ["code"]) as source:
        source.database.execute("INSERT INTO rejects VALUES (2, 'code', 'bad', '不“对”, 请改')")
        source.database.execute("INSERT INTO rejects VALUES (2, 'name', 'bad', '也不对')")
        assert source.rejected == 2
        written = importing.write_rejects(source, tmp_path / "rejects", NOW)
    with open(written, encoding="utf-8") as file:
        assert file.read().splitlines() == [
            "row,column,code,message",
            '2,code,bad,"不“对”, 请改"',
            "2,name,bad,也不对",
            '3,"",cells,应有 2 个单元格，实际 1 个',
        ]


def test_an_outcome_that_does_not_add_up_is_refused():
    with pytest.raises(Problem, match="核对不平"):
        importing.Outcome(read=3, accepted=1, duplicate=1, rejected=0, digest="")


def truncated_parquet(path):
    pq.write_table(pa.table({"code": ["1"] * 1000, "name": ["a"] * 1000}), path)
    path.write_bytes(path.read_bytes()[:200])


HOSTILE = [
    ("a.csv", lambda p: p.mkdir(), "core.not_a_file"),
    ("a.csv", lambda p: None, "core.not_a_file"),
    ("a.csv", lambda p: p.write_bytes(b""), "core.empty_file"),
    ("a.csv", lambda p: p.write_bytes(b"\n\n"), "core.missing_columns"),
    ("a.csv", lambda p: p.write_bytes(b"code,nom\n1,2\n"), "core.missing_columns"),
    ("a.csv", lambda p: p.write_bytes(b"code,name,code\n1,2,3\n"), "core.repeated_columns"),
    ("a.csv", lambda p: p.write_bytes(b"code,name\n1,a\0b\n"), "core.nul_bytes"),
    ("a.csv", lambda p: p.write_bytes(b"code,name\n1,\xff\xff\xff\n"), "core.wrong_encoding"),
    ("a.txt", lambda p: p.write_bytes(b"code,name\n"), "core.unknown_format"),
    ("a.parquet", lambda p: p.write_bytes(b"PAR1 and then nothing"), "core.unreadable_file"),
    ("a.parquet", truncated_parquet, "core.unreadable_file"),
    ("a.parquet", lambda p: pq.write_table(pa.table({"code": ["1"]}), p), "core.missing_columns"),
    ("a.parquet", lambda p: pq.write_table(pa.table({"code": ["1\0"], "name": ["a"]}), p), "core.nul_bytes"),
    ("a.xlsx", lambda p: p.write_bytes(b"PK not a workbook"), "core.unreadable_file"),
]


@pytest.mark.parametrize(("name", "make", "code"), HOSTILE, ids=lambda case: str(case)[:20])
def test_a_hostile_file_is_a_problem_in_chinese(tmp_path, name, make, code):
    make(tmp_path / name)
    with pytest.raises(Problem) as caught:
        read(tmp_path / name)
    assert caught.value.code == code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in caught.value.message)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([".csv", ".parquet", ".xlsx"]), st.binary(min_size=1, max_size=300))
def test_any_bytes_are_read_or_a_problem(tmp_path_factory, suffix, content):
    path = tmp_path_factory.mktemp("any") / f"a{suffix}"
    path.write_bytes(b"code,name\n" + content if suffix == ".csv" else content)
    try:
        rows, rejects, count = read(path)
        assert count == len(rows) + len(rejects)
    except Problem:
        pass
