"""A workbook out, filled in some way, and in again."""

import pytest

from puyou.core import grids
from puyou.core.problems import Problem
from puyou.returns import knowing, sheets
from puyou.returns.tests.cast import Offices

pytestmark = pytest.mark.django_db


@pytest.fixture
def due():
    return Offices().due()


def grid_of(due, data=None):
    form = knowing.form_of(due.version)
    return form, grids.read_grid("x.xlsx", sheets.write_sheet(due, form, data or {}).read())


def test_what_goes_out_comes_in_again(due):
    form, grid = grid_of(due, {"done.now": "5", "open.now": "2", "fines.now": "1234.5"})
    read = sheets.read_sheet(due, form, grid)
    assert read.data == {"done.now": "5", "open.now": "2", "fines.now": "1234.5"} and not read.faults


def test_columns_and_rows_may_be_moved(due):
    form, grid = grid_of(due, {"done.now": "5", "open.now": "2"})
    head = grid[:4]
    moved = [[*row[3:4], *row[:3]] for row in [*head[:1], *head[1:4], *reversed(grid[4:])]]
    assert sheets.read_sheet(due, form, moved).data == {"done.now": "5", "open.now": "2"}


def test_a_moved_name_alone_is_enough(due):
    form, grid = grid_of(due, {"done.now": "5"})
    without = [row[1:] for row in grid]
    assert sheets.read_sheet(due, form, without).data == {"done.now": "5"}


def test_faults_are_told_at_their_cell(due):
    form, grid = grid_of(due)
    at = {row[0]: number for number, row in enumerate(grid)}
    grid[at["done"]][3], grid[at["open"]][3], grid[at["all"]][3] = "很好", "2", "9"
    grid.append(["ghost", "不知道", "件", "7"])
    read = sheets.read_sheet(due, form, grid)
    told = {fault.where: fault.why for fault in read.faults}
    assert read.data == {"open.now": "2"}
    assert "不是数字" in told[f"D{at['done'] + 1}"] and "不认识的行" in told[f"第 {len(grid)} 行"]


def test_an_unknown_column_and_a_missing_one(due):
    form, grid = grid_of(due)
    grid[3].append("上年")
    assert any("不认识的列“上年”" in fault.why for fault in sheets.read_sheet(due, form, grid).faults)
    grid[3][3] = "别的"
    with pytest.raises(Problem) as raised:
        sheets.read_sheet(due, form, grid)
    assert raised.value.code == "returns.no_heading"


def test_another_returns_sheet_is_refused(due):
    form, grid = grid_of(due)
    grid[1][0] = grid[1][0].replace("2026-Q3", "2026-Q2")
    with pytest.raises(Problem) as raised:
        sheets.read_sheet(due, form, grid)
    assert raised.value.code == "returns.other_sheet" and "2026-Q2" in raised.value.message
