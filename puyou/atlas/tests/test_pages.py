"""The pages of the map: what they say, to whom, and that every figure equals its list."""

import csv
import io
import re
from datetime import date

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from puyou.accounts.tests.offices import NOW, officer, signed_in
from puyou.atlas.tests import reading
from puyou.atlas.tests.conftest import NATION, PROVINCE
from puyou.compliance import actions as compliance
from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.places.queries import get_place

W46 = "week=2026-W46"


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def refused(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 403
    assert "不在您的管辖范围" in response.content.decode()


class TestHome:
    def test_it_leads_to_the_persons_own_place(self, town, desk):
        assert desk.get("/atlas/").headers["Location"] == f"/atlas/{NATION}/"
        city = signed_in(officer("city.officer", "city_regulator", town.city))
        assert (
            city.get("/atlas/?week=2026-W40").headers["Location"] == f"/atlas/{town.city.code}/?week=2026-W40"
        )

    def test_the_anonymous_are_asked_to_sign_in(self, town):
        assert Client().get("/atlas/").headers["Location"].startswith("/login/")

    def test_another_province_cannot_be_reached(self, town, stranger):
        assert stranger.get("/atlas/").headers["Location"] == "/atlas/530000000000/"


class TestMap:
    def test_the_sentence_comes_first_and_is_careful(self, town, desk):
        told = reading.answer(page(desk, f"/atlas/{town.county.code}/?{W46}"))
        assert told.startswith(
            "威宁彝族回族苗族自治县上周 6 个建制村应投，达标 60.0%，初判未达标 2 个，免责 1 个，较前一周"
        )
        assert "2026年11月26日结算" in told

    def test_a_running_week_accuses_nobody(self, town, desk):
        html = page(desk, f"/atlas/{town.county.code}/?week=2026-W47")
        assert "待定 6 个" in reading.answer(html)
        assert "未达标原因" not in html
        assert "最需关注" not in html

    def test_a_settled_week_is_not_called_provisional(self, town, desk):
        html = page(desk, f"/atlas/{NATION}/?week=2026-W44")
        assert "未达标 1 个" in reading.answer(html)
        assert "初判" not in reading.answer(html)

    def test_it_opens_on_the_last_week_that_is_over(self, town, desk):
        html = page(desk, f"/atlas/{town.county.code}/")
        assert "2026年第46周" in html
        assert "本周（第47周）进行中" in html

    def test_short_codes_lead_to_the_full_one(self, town, desk):
        assert desk.get(f"/atlas/52/?{W46}").headers["Location"] == f"/atlas/{PROVINCE}/?{W46}"

    def test_every_level_sums_to_the_place(self, town, desk):
        for code in town.chain[:5]:
            rows = reading.body_rows(page(desk, f"/atlas/{code}/?{W46}"), "places")
            total = reading.tables(page(desk, f"/atlas/{code}/?{W46}")).get("places", [[]])[-1]
            for at, label in ((1, "应投"), (2, "达标"), (3, "初判未达")) if rows else ():
                counted = [row[label].text for row in rows if row[label].text not in ("", "无数据")]
                assert sum(map(reading.number, counted)) == reading.number(total[at].text), (code, label)

    def test_places_without_duties_say_so_instead_of_zero(self, town, desk):
        rows = reading.body_rows(page(desk, f"/atlas/{PROVINCE}/?{W46}"), "places")
        empty = [row for row in rows if row["地区"].text == "贵阳市"][0]
        assert empty["应投"].text == "无数据"
        assert empty["达标"].text == ""

    def test_reasons_say_why(self, town, desk):
        html = page(desk, f"/atlas/{town.county.code}/?{W46}")
        for reason in ("未接入", "零投递", "有到村但不计", "次数不足"):
            assert reason in html

    def test_festival_weeks_are_marked_and_may_be_left_out(self, town, desk):
        marked = page(desk, f"/atlas/{town.county.code}/?{W46}")
        assert "国庆节" in marked
        assert "国庆节" not in page(desk, f"/atlas/{town.county.code}/?{W46}&festivals=without")

    def test_the_area_class_narrows_every_figure(self, town, desk):
        assert " 1 个建制村应投" in reading.answer(
            page(desk, f"/atlas/{town.county.code}/?{W46}&area=remote")
        )

    def test_the_settled_view_shows_settled_weeks_only(self, town, desk):
        html = page(desk, f"/atlas/{town.county.code}/?{W46}&basis=settled")
        assert "尚未结算，已显示最近的已结算周" in html
        assert "2026年第44周" in html

    @pytest.mark.parametrize("code", ["99", "abc", "1234567", "５２０９", "52%00", "5" * 40])
    def test_a_code_of_nothing_is_not_found_in_chinese(self, desk, code):
        html = page(desk, f"/atlas/{code}/", 404)
        assert "没有代码为" in html

    @pytest.mark.parametrize(
        "query", ["week=2026-W99", "week=2030-W01", "week=1999-W01", "area=moon", "level=9"]
    )
    def test_what_cannot_be_followed_is_said(self, town, desk, query):
        assert 'class="message warning"' in page(desk, f"/atlas/{town.county.code}/?{query}")

    def test_another_province_cannot(self, town, stranger):
        for code in town.chain:
            refused(stranger, f"/atlas/{code}/")

    def test_the_anonymous_cannot(self, town):
        for code in town.chain:
            assert Client().get(f"/atlas/{code}/").headers["Location"].startswith("/login/")

    def test_nothing_can_be_posted(self, town, desk):
        assert desk.post(f"/atlas/{town.county.code}/").status_code == 405


class TestFiguresAndLists:
    """Every figure leads to a list with as many rows."""

    @pytest.mark.parametrize("at", range(5))
    @pytest.mark.parametrize("query", [W46, "week=2026-W44", "week=2026-W47", f"{W46}&area=rural"])
    def test_every_figure_equals_its_list(self, town, desk, at, query):
        html = page(desk, f"/atlas/{town.chain[at]}/?{query}")
        followed = 0
        for table in ("places", "weakest", "villages", "inside"):
            for row in reading.body_rows(html, table):
                followed += sum(self.follow(desk, cell) for cell in row.values())
        for href, count in re.findall(r'<a class="figure" href="([^"]+)">([\d,]+)</a>', html):
            followed += self.follow(desk, reading.Cell(count, href.replace("&amp;", "&")))
        assert followed or query.endswith("W47")

    def follow(self, desk: Client, cell: reading.Cell) -> int:
        """Open a figure's list and count it; 0 when the cell is no figure."""
        if "/villages/" in cell.href:
            assert f"共 {cell.text} 个村" in page(desk, cell.href), cell
        elif cell.href.startswith("/visits/?"):
            listed = re.findall(r'href="/visits/[0-9a-f-]{36}/"', page(desk, cell.href))
            assert len(listed) == reading.number(cell.text), cell
        else:
            return 0
        return 1


class TestVillageList:
    def test_it_lists_the_missed_with_their_reasons(self, town, desk):
        html = page(desk, f"/atlas/{town.county.code}/villages/?{W46}&verdict=missed")
        rows = reading.body_rows(html, "villages")
        assert [row["村"].text for row in rows] == [town.villages[0].name, town.villages[1].name]
        assert {row["判定"].text for row in rows} == {"初判未达，待补传"}
        assert "初判" in html

    def test_a_running_week_has_no_missed_villages(self, town, desk):
        html = page(desk, f"/atlas/{town.county.code}/villages/?week=2026-W47&verdict=missed")
        assert "没有符合条件的村" in html

    def test_it_says_what_it_cannot_follow(self, town, desk):
        assert "无法识别的判定" in page(desk, f"/atlas/{town.county.code}/villages/?verdict=lost")

    def test_another_province_cannot(self, town, stranger):
        for code in town.chain:
            refused(stranger, f"/atlas/{code}/villages/")

    def test_the_anonymous_cannot(self, town):
        assert Client().get(f"/atlas/{PROVINCE}/villages/").headers["Location"].startswith("/login/")


class TestVillage:
    def test_it_says_what_became_of_the_week(self, town, desk):
        html = page(desk, f"/atlas/{town.villages[1].code}/?{W46}")
        assert reading.answer(html).startswith("上周应投 3 次，已投 1 次，初判未达标，待补传")
        assert "每周 3 次" in html
        assert "准则下限每周 3 次" in html
        assert "未经核实" in html

    def test_it_opens_on_the_running_week(self, town, desk):
        html = page(desk, f"/atlas/{town.villages[1].code}/")
        assert "本周应投 3 次，已投 0 次，本周未结束，待定" in reading.answer(html)

    def test_a_year_of_days_is_shown(self, town, desk):
        html = page(desk, f"/atlas/{town.villages[2].code}/?{W46}")
        assert html.count('class="day served"') == 6
        assert "2026年11月9日 有效投递" in html

    def test_excuses_are_named_with_their_document(self, town, desk):
        html = page(desk, f"/atlas/{town.villages[3].code}/?{W46}")
        assert "洪涝" in html
        assert "黔邮管〔2026〕1号" in html

    def test_a_village_without_a_duty_is_not_judged(self, town, desk):
        other = cast.villages_of("520281", 1)[0]
        assert "没有投递要求，不作判定" in reading.answer(page(desk, f"/atlas/{other.code}/"))

    def test_another_province_cannot(self, town, stranger):
        refused(stranger, f"/atlas/{town.villages[0].code}/")
        refused(stranger, f"/atlas/{town.villages[0].code}/live/")


class TestLive:
    def test_it_answers_304_while_nothing_moved(self, town, desk):
        for code in town.chain:
            first = desk.get(f"/atlas/{code}/live/?{W46}")
            again = desk.get(f"/atlas/{code}/live/?{W46}", headers={"If-None-Match": first.headers["ETag"]})
            assert (first.status_code, again.status_code, again.content) == (200, 304, b""), code

    def test_a_visit_shows_at_every_level(self, town, desk):
        before = {code: desk.get(f"/atlas/{code}/live/?{W46}") for code in town.chain}
        cast.serve(town.villages[0], cast.days_from(date(2026, 11, 9), 3))
        compliance.judge_pending(NOW)
        for code, old in before.items():
            new = desk.get(f"/atlas/{code}/live/?{W46}", headers={"If-None-Match": old.headers["ETag"]})
            assert new.status_code == 200, code
            assert reading.answer(new.content.decode()) != reading.answer(old.content.decode()), code

    def test_it_moves_when_the_day_does(self, town, desk):
        first = desk.get(f"/atlas/{town.county.code}/live/?{W46}")
        with clock.frozen(NOW.replace(day=30)):
            later = desk.get(
                f"/atlas/{town.county.code}/live/?{W46}", headers={"If-None-Match": first.headers["ETag"]}
            )
        assert later.status_code == 200
        assert "初判" not in reading.answer(later.content.decode())

    def test_the_page_carries_the_mark_of_its_live_part(self, town, desk):
        html = page(desk, f"/atlas/{town.county.code}/")
        carried = re.search(r'data-poll="([^"]+)"[^>]*data-poll-etag="([^"]+)"', html, re.S)
        address = carried[1].replace("&amp;", "&")
        assert desk.get(address).headers["ETag"] == carried[2].replace("&quot;", '"')

    def test_another_province_cannot(self, town, stranger):
        for code in town.chain:
            refused(stranger, f"/atlas/{code}/live/")


class TestExport:
    def test_a_file_equals_the_table(self, town, desk):
        rows = reading.body_rows(page(desk, f"/atlas/{town.county.code}/?{W46}"), "places")
        answer = desk.get(f"/atlas/{town.county.code}/export.csv?{W46}")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        exported = {row["地区"]: row for row in csv.DictReader(io.StringIO(text))}
        assert len(exported) == len(rows)
        for row in rows:
            told = row["应投"].text
            assert exported[row["地区"].text]["应投（个）"] == ("" if told == "无数据" else told)

    def test_a_workbook_says_scope_filters_and_time(self, town, desk):
        answer = desk.get(f"/atlas/{town.county.code}/export.xlsx?{W46}&area=rural")
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        head = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=4)}
        assert head["范围"] == town.county.name
        assert "周：2026年第46周" in head["筛选"]
        assert "地区类别：农村" in head["筛选"]
        assert head["截至"].startswith("2026-11-20 12:00")

    def test_a_list_of_villages_equals_its_file(self, town, desk):
        answer = desk.get(f"/atlas/{PROVINCE}/villages/export.csv?{W46}&verdict=met")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(text)))) == 4

    def test_other_kinds_of_files_are_not_found(self, town, desk):
        page(desk, f"/atlas/{PROVINCE}/export.pdf", 404)

    def test_another_province_cannot(self, town, stranger):
        for code in town.chain:
            refused(stranger, f"/atlas/{code}/export.csv")
            refused(stranger, f"/atlas/{code}/villages/export.xlsx")


class TestNoAddressFails:
    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        query=st.dictionaries(
            st.sampled_from(
                ["week", "area", "set", "basis", "tree", "festivals", "level", "sort", "page", "verdict"]
            ),
            st.one_of(
                st.text(max_size=12), st.sampled_from(["2026-W46", "3", "-missed", "current", "missed"])
            ),
            max_size=4,
        ),
        at=st.integers(0, 5),
        part=st.sampled_from(["", "villages/", "live/", "export.csv"]),
    )
    def test_no_query_string_is_an_error(self, town, desk, query, at, part):
        assert desk.get(f"/atlas/{town.chain[at]}/{part}", query).status_code in (200, 404, 422)


class TestQueries:
    def test_the_number_of_queries_does_not_grow_with_the_place(
        self, town, desk, django_assert_max_num_queries
    ):
        for code in town.chain[:5]:
            page(desk, f"/atlas/{code}/?{W46}")
            with django_assert_max_num_queries(25):
                page(desk, f"/atlas/{code}/?{W46}")
            with django_assert_max_num_queries(20):
                desk.get(f"/atlas/{code}/live/?{W46}")
        assert get_place(NATION)
