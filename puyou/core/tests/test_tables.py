import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django import forms
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from puyou.core import clock, exports, notices, problems
from puyou.core.filters import Filters
from puyou.core.models import Notice
from puyou.core.tables import Column, Empty, Table, list_page, listing

NOW = datetime(2026, 11, 23, 6, 32, 5, tzinfo=UTC)


@dataclass(frozen=True)
class County:
    code: str
    name: str
    due: int
    rate: float | None


COUNTIES = [County("1", "甲县", 30, 0.9), County("2", "乙县", 10, None), County("3", "丙县", 20, 0.973)]
TABLE = Table(
    code="counties",
    title="各县",
    counter="个",
    columns=(
        Column("地区", "name", head=True, link=lambda row: f"/places/{row.code}/"),
        Column("应投", "due", unit="村", format="count", sort="due"),
        Column("达标率", "rate", format="rate", sort="rate"),
    ),
    key="code",
    data={"code": "code"},
    page_size=2,
)
NOTICES = Table(
    code="notices",
    title="提示",
    columns=(
        Column("编码", "code", sort="code"),
        Column("内容", "sentence"),
        Column("起", "since", format="moment"),
    ),
    keyset=("-since", "code"),
    page_size=3,
)


class NoticeFilters(Filters):
    word = forms.CharField(label="内容", required=False)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), ("a", "甲类")])
    lookups = {"word": "sentence__contains", "kind": "code__startswith"}


def ask(query=""):
    return RequestFactory().get(f"/list/{query}")


def names(filled):
    return [row.cells[0].shown for row in filled.rows]


class TestSorting:
    def test_it_sorts_by_what_was_asked_and_puts_the_unknown_last(self):
        wide = Table(**{**TABLE.__dict__, "page_size": 10})
        assert names(listing(ask("?sort=rate"), wide, COUNTIES)) == ["甲县", "丙县", "乙县"]
        assert names(listing(ask("?sort=-rate"), wide, COUNTIES)) == ["丙县", "甲县", "乙县"]

    def test_it_ignores_an_order_that_no_column_offers(self):
        assert names(listing(ask("?sort=code"), TABLE, COUNTIES)) == ["甲县", "乙县"]

    def test_a_head_says_its_direction_and_turns_it(self):
        heads = listing(ask("?sort=due&page=2"), TABLE, COUNTIES).heads
        assert [head.direction for head in heads] == ["", "ascending", ""]
        assert heads[1].address == "?sort=-due"
        assert heads[2].address == "?sort=-rate"

    @pytest.mark.django_db
    def test_a_queryset_is_sorted_by_the_database(self):
        make_notices(3)
        by_code = Table(**{**NOTICES.__dict__, "keyset": (), "order": "-code"})
        assert names(listing(ask(), by_code, Notice.objects.all())) == ["n02", "n01", "n00"]


class TestPaging:
    def test_it_shows_a_page_and_where_it_stands(self):
        pager = listing(ask("?page=2&week=2026-W47"), TABLE, COUNTIES).pager
        assert (pager.total, pager.page, pager.pages, pager.first, pager.last) == (3, 2, 2, 3, 3)
        assert (pager.before, pager.after) == ("?page=1&week=2026-W47", "")

    @pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "²", ""])
    def test_a_page_that_does_not_exist_is_the_nearest_one(self, page):
        assert listing(ask(f"?page={page}"), TABLE, COUNTIES).rows

    @pytest.mark.django_db
    def test_by_keyset_every_row_comes_once_and_the_way_back_is_the_same(self):
        make_notices(10)
        seen, steps, query = [], [], ""
        while True:
            filled = listing(ask(query), NOTICES, Notice.objects.all())
            seen += names(filled)
            steps.append(names(filled))
            if not filled.pager.after:
                break
            query = filled.pager.after
        assert seen == list(Notice.objects.order_by("-since", "code").values_list("code", flat=True))
        back = []
        while query := filled.pager.before:
            filled = listing(ask(query), NOTICES, Notice.objects.all())
            back.append(names(filled))
        assert back == steps[-2::-1]

    @pytest.mark.django_db
    def test_by_keyset_a_page_costs_one_query(self, django_assert_num_queries):
        make_notices(10)
        with django_assert_num_queries(1):
            listing(ask(), NOTICES, Notice.objects.all())

    @pytest.mark.django_db
    @pytest.mark.parametrize("cursor", ["x", "W10", "eyJhIjoxfQ", "WzEsMl0", "W251bGwsbnVsbF0", "%00"])
    def test_a_forged_cursor_is_refused(self, cursor):
        make_notices(1)
        with pytest.raises(problems.Problem) as caught:
            listing(ask(f"?after={cursor}"), NOTICES, Notice.objects.all())
        assert caught.value.code == "core.bad_cursor"


class TestFilters:
    @pytest.mark.django_db
    def test_they_narrow_and_say_so(self):
        make_notices(3)
        filters = NoticeFilters(ask("?word=第1&week=2026-W47&page=3").GET)
        assert [row.code for row in filters.narrowed(Notice.objects.all())] == ["n01"]
        assert filters.chosen() == [("内容", "第1")]
        assert filters.carried == [("week", "2026-W47")]

    @pytest.mark.django_db
    def test_a_wrong_value_gives_no_rows_instead_of_all(self):
        make_notices(3)
        assert list(NoticeFilters(ask("?kind=zzz").GET).narrowed(Notice.objects.all())) == []

    def test_a_choice_is_told_by_its_label(self):
        assert NoticeFilters(ask("?kind=a").GET).chosen() == [("类别", "甲类")]


@pytest.mark.django_db
class TestListPage:
    def test_it_shows_scope_filters_and_time(self):
        make_notices(2)
        with clock.frozen(NOW):
            page = list_page(
                ask("?word=第"), NOTICES, Notice.objects.all(), filters=NoticeFilters, scope="贵州省"
            ).content.decode()
        assert "贵州省" in page and "内容：第" in page and "截至 14:32:05" in page

    def test_an_empty_list_says_why_and_what_would_fill_it(self):
        empty = Table(**{**NOTICES.__dict__, "empty": Empty("本周没有提示。", "模拟后会出现。")})
        page = list_page(ask(), empty, Notice.objects.none()).content.decode()
        assert "本周没有提示。" in page and "模拟后会出现。" in page and "format=xlsx" not in page

    def test_markup_in_data_stays_text(self):
        Notice.objects.create(code="n", sentence="<script>alert(1)</script>", since=NOW)
        page = list_page(ask(), NOTICES, Notice.objects.all()).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page

    def test_simulated_data_are_marked_on_the_page_and_in_both_exports(self):
        notices.publish("simulated", "本库为模拟数据", NOW)
        assert "本库为模拟数据" in list_page(ask(), NOTICES, Notice.objects.all()).content.decode()
        for kind in ("csv", "xlsx"):
            assert any("本库为模拟数据" in str(value) for row in exported(kind) for value in row)


@pytest.mark.django_db
class TestExports:
    def test_csv_is_rectangular_with_a_mark_for_spreadsheets(self):
        with clock.frozen(NOW):
            answer = list_page(ask("?format=csv&page=2&sort=-due"), TABLE, COUNTIES, scope="贵州省")
        text = b"".join(answer.streaming_content).decode()
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert text.startswith("\ufeff")
        assert [row["应投（村）"] for row in rows] == ["30", "20", "10"]
        assert rows[0]["达标率"] == "0.9" and rows[2]["达标率"] == ""
        assert {row["范围"] for row in rows} == {"贵州省"} and rows[0]["截至"] == "2026-11-23 14:32:05"
        assert "filename*=utf-8''" in answer.headers["Content-Disposition"].lower()

    def test_xlsx_says_what_it_holds_and_keeps_numbers_as_numbers(self):
        rows = exported("xlsx", TABLE, COUNTIES, scope="贵州省")
        assert [row[0] for row in rows[:4]] == ["名称", "范围", "筛选", "截至"]
        head = next(at for at, row in enumerate(rows) if row[0] == "地区")
        assert rows[head + 1][:3] == ("甲县", 30, 0.9)

    @pytest.mark.parametrize(
        "evil", ["=1+1", "+86", "-2+3", "@SUM(A1)", "＝cmd", "\t=1", "\r=1", '=HYPERLINK("x")']
    )
    def test_no_text_becomes_a_formula(self, evil):
        rows = [County("1", evil, 1, 0.5)]
        text = b"".join(list_page(ask("?format=csv"), TABLE, rows, scope=evil).streaming_content).decode()
        read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert read[1][0] == f"'{evil}" and read[1][3] == f"'{evil}"
        answer = list_page(ask("?format=xlsx"), TABLE, rows, scope=evil)
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)

    def test_characters_that_no_file_may_hold_are_dropped(self):
        rows = exported("xlsx", TABLE, [County("1", "甲\x00\x0b县", 1, 0.5)])
        assert any(row[0] == "甲县" for row in rows)

    def test_more_rows_than_a_sheet_holds_are_refused_with_advice(self, monkeypatch):
        monkeypatch.setattr(exports, "MOST_ROWS", 2)
        with pytest.raises(problems.Problem) as caught:
            exported("xlsx", TABLE, COUNTIES)
        assert caught.value.code == "core.export_too_long" and "CSV" in caught.value.message

    def test_an_unknown_format_is_the_page(self):
        assert "<table" in list_page(ask("?format=exe"), TABLE, COUNTIES).content.decode()

    def test_moments_are_written_in_shanghai(self):
        make_notices(1)
        assert any(datetime(2026, 11, 23, 14, 32, 5) in row for row in exported("xlsx"))


@given(st.text(max_size=20))
def test_harmless_text_keeps_everything_that_was_written(text):
    assert exports.harmless(text).endswith(text)
    assert len(text) < 2 or not exports.harmless(text).startswith(exports.DANGEROUS)


def test_a_column_with_an_unknown_format_is_refused_at_once():
    with pytest.raises(ValueError, match="no format"):
        Column("地区", "name", format="percent")


def make_notices(number):
    for at in range(number):
        since = NOW - timedelta(days=at // 2)
        Notice.objects.create(code=f"n{at:02d}", sentence=f"第{at}条", since=since)


def exported(kind, table=NOTICES, rows=None, scope=""):
    answer = list_page(
        ask(f"?format={kind}"), table, Notice.objects.all() if rows is None else rows, scope=scope
    )
    body = b"".join(answer.streaming_content)
    if kind == "csv":
        return list(csv.reader(io.StringIO(body.decode().removeprefix("\ufeff"))))
    return list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))
