"""Sheets in and out: moved columns, units in cells, faults at the cell, nothing half-done, safe to repeat."""

import csv
import io
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import signed_in
from puyou.core import grids
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.ledgers import actions, examining, matching, queries
from puyou.ledgers.actions import Upload
from puyou.ledgers.models import LedgerEntry, LedgerFile, LedgerImport, LedgerRevision
from puyou.ledgers.tests.cast import NOW, VEHICLE, company_of, confirmed, entry
from puyou.ledgers.tests.test_values import SHIPPED

pytestmark = pytest.mark.django_db
HEAD = [
    "车辆编号",
    "购置日期",
    "动力",
    "地点",
    "车型",
    "用途",
    "购置价格（元）",
    "说明",
]  # moved, another unit, one of no use
ROW = ["车一", "2026年3月5日", "纯电动", "红花岗区", "厢式车", "农村投递", "１２.5万", "随便"]


def written(*rows: list[Any], head: list[str] = HEAD, above: int = 0) -> bytes:
    book = Workbook()
    for row in [["台账", "x"]] * above + [head, *rows]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_csv(*rows: list[Any], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode(encoding)


def hand_in(by: Any, content: bytes, code: str = "vehicle") -> LedgerImport:
    kind = queries.get_kind(code)
    return actions.hand_in_sheet(
        version=kind.version, name="表.xlsx", content=content, scope=scope_for(by), by=by, now=NOW
    )


def apply(held: LedgerImport, by: Any, correct: bool = False) -> LedgerImport:
    return actions.apply_import(
        import_id=held.pk, correct=correct, office=by.organisation, scope=scope_for(by), by=by, now=NOW
    )


def faults(by: Any, content: bytes) -> dict[str, str]:
    return {each.cell: each.why for each in examining.examine(hand_in(by, content), scope_for(by)).faults}


class TestImports:
    @pytest.mark.parametrize("content", [
        written(ROW), written(ROW, above=4), as_csv(ROW), as_csv(ROW, encoding="gb18030"),
        as_csv(ROW, encoding="utf-16"),
    ])  # fmt: skip
    def test_columns_are_known_by_their_headings(self, people: dict[str, Any], content: bytes) -> None:
        held = apply(hand_in(people["company"], content), people["company"])
        made = LedgerEntry.objects.get()
        assert (held.created, made.number) == (
            1,
            f"车辆〔2026〕520302企{company_of(people['company']).pk}-1号",
        )
        assert made.data == VEHICLE | {"vehicle_number": "车一"} and made.operator == company_of(
            people["company"]
        )
        assert (made.status, made.revisions.count(), made.steps.count()) == ("submitted", 1, 1)
        assert Event.objects.filter(kind="ledger_entries.imported").count() == 1
        assert held.sheet["ignored"][-1] == "说明"

    def test_every_fault_is_told_at_its_cell_and_nothing_is_written(self, people: dict[str, Any]) -> None:
        rows = [
            ROW,
            ["车二", "2026-13-05", "电", "红花岗区", "厢式车", "农村投递", "约12万", ""],
            ["车三", "", "纯电动", "无此县", "厢式车", "农村投递", "-5", ""],
            ["车四", "2026-03-05", "纯电动", "汇川区", "厢式车", "农村投递", "12公斤", ""],
            ["车一", "2026-03-05", "纯电动", "红花岗区", "厢式车", "农村投递", "1", ""],
        ]
        held = hand_in(people["company"], written(*rows))
        found = {each.cell: each.why for each in examining.examine(held, scope_for(people["company"])).faults}
        assert found["B3"] == "没有这一天" and found["C3"].startswith("应为：燃油") and "约数" in found["G3"]
        assert found["B4"] == "必填" and "没有叫“无此县”的地区" in found["D4"] and found["G4"] == "不能是负数"
        assert "单位“公斤”" in found["G5"] and found["A6"] == "与第 2 行识别字段相同"
        assert set(found) == {"B3", "C3", "G3", "B4", "D4", "G4", "G5", "A6"}
        with pytest.raises(Problem, match="还有 8 处错误"):
            apply(held, people["company"])
        assert not LedgerEntry.objects.exists()

    def test_a_place_that_is_not_ones_own(self, people: dict[str, Any]) -> None:
        row = [*ROW]
        row[3] = "汇川区"
        assert "管辖" in faults(people["company"], written(row))["D2"]

    def test_a_repeat_is_safe_and_a_difference_is_asked_about(self, people: dict[str, Any]) -> None:
        company = people["company"]
        apply(hand_in(company, written(ROW)), company)
        again = hand_in(company, as_csv(ROW))
        assert [row.fate for row in examining.examine(again, scope_for(company)).rows] == ["same"]
        done = apply(again, company)
        assert (done.created, done.same, LedgerEntry.objects.count()) == (0, 1, 1)
        with pytest.raises(Problem, match="已在"):
            apply(again, company)
        row = [*ROW]
        row[6] = "13万"
        left = apply(hand_in(company, written(row)), company)
        assert (left.corrected, LedgerEntry.objects.get().data["price"]) == (0, "12.5")
        done = apply(hand_in(company, written(row)), company, correct=True)
        assert (done.corrected, LedgerEntry.objects.get().data["price"]) == (1, "13")
        assert [each.ground for each in LedgerRevision.objects.order_by("number")] == ["", "批量导入更正"]

    def test_a_kind_without_key_is_not_doubled_by_the_same_file(self, people: dict[str, Any]) -> None:
        head = ["行动名称", "起始日期", "终止日期", "汇款笔数", "汇款金额(万元)", "地点"]
        row = ["抗疫", "2020-01-25", "2020-02-24", "4,264笔", "6267.6", "520302"]
        company = people["company"]
        content = written(row, head=head)
        apply(hand_in(company, content, "relief_remittance"), company)
        made = LedgerEntry.objects.get()
        assert made.data["count"] == "4264" and made.data["amount"] == "6267.6"
        actions.edit_entry(
            entry_id=made.pk, expected=made.turn, place=made.place, operator=made.operator, ground="核实",
            said=made.data | {"count": "4265"}, scope=scope_for(company), by=company, now=NOW,
        )  # fmt: skip
        assert apply(hand_in(company, content, "relief_remittance"), company).created == 0
        assert LedgerEntry.objects.count() == 1

    def test_somebody_elses_entry_is_not_overwritten(self, people: dict[str, Any]) -> None:
        company = people["company"]
        made = confirmed(company, people["city"], said=VEHICLE | {"vehicle_number": "车一"})
        actions.withdraw_entry(
            entry_id=made.pk, expected=made.turn, ground="无", scope=scope_for(company), by=company, now=NOW
        )
        assert apply(hand_in(company, written(ROW)), company).created == 1

    @pytest.mark.parametrize("content, said", [
        (b"", "空"), (b"PK junk", "损坏"), (b"\xd0\xcf\x11\xe0 old", "旧版"), ("甲,乙\n1,2".encode(), "找不到列标题"),
        ("车辆编号,动力\n1,2".encode(), "缺少必填的列"), ("车辆编号,动力,动力\n1,2".encode(), "缺少"),
        (written(), "没有内容"), (b"a,b\n\x00", "空字符"), (b"\xff\xfe\xff", "找不到列标题|编码"),
        (b"\x81\x20\xff", "编码"),
        (written(ROW, head=[*HEAD[:-1], "动力"]), "重复的列"), (as_csv(*[ROW] * 5001), "一次最多"),
    ])  # fmt: skip
    def test_a_file_that_is_no_sheet_of_the_kind(
        self, people: dict[str, Any], content: bytes, said: str
    ) -> None:
        with pytest.raises(Problem, match=said) as refused:
            hand_in(people["company"], content)
        assert refused.value.status == 422 and not LedgerImport.objects.exists()

    def test_thousands_of_rows_at_once(self, people: dict[str, Any]) -> None:
        company = people["company"]
        rows = [[f"车{at}", *ROW[1:]] for at in range(2000)]
        begun = time.monotonic()
        held = hand_in(company, as_csv(*rows))
        assert apply(held, company).created == 2000
        assert time.monotonic() - begun < 30
        assert LedgerEntry.objects.filter(number__endswith="-2000号").count() == 1


class TestPages:
    def test_template_out_and_in_again(self, people: dict[str, Any]) -> None:
        client = signed_in(people["company"])
        for code, found in SHIPPED.items():
            answer = client.get(f"/ledgers/{code}/template/")
            book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
            heads = [cell.value for cell in book.worksheets[0][1]]
            head = matching.find_head(found, [[str(value) for value in heads]])
            assert head is not None and matching.missing(found, head) == [] and not head.ignored, code
            assert set(head.columns) >= {field.code for field in found.written}
            assert book.worksheets[1]["A1"].value == "列"

    def test_an_export_comes_back_as_an_import_that_changes_nothing(self, people: dict[str, Any]) -> None:
        confirmed(people["company"], people["city"], said=VEHICLE | {"note": "=1+1"})
        client = signed_in(people["company"])
        file = b"".join(client.get("/ledgers/vehicle/?format=xlsx").streaming_content)  # type: ignore[attr-defined]
        examined = examining.examine(hand_in(people["company"], file), scope_for(people["company"]))
        assert [row.fate for row in examined.rows] == ["same"] and not examined.faults

    def test_look_then_write(self, people: dict[str, Any]) -> None:
        client = signed_in(people["company"])
        bad = [*ROW]
        bad[1] = "昨天"
        answer = client.post(
            "/ledgers/vehicle/import/", {"file": SimpleUploadedFile("表.xlsx", written(bad))}, follow=True
        )
        page = answer.content.decode()
        assert "没有写入任何一行" in page and "B2" in page and "昨天" in page and ">写入台账<" not in page
        address = answer.redirect_chain[-1][0]
        assert client.post(address).status_code == 409 and not LedgerEntry.objects.exists()
        text = b"".join(client.get(f"{address}?format=csv&table=ledger_faults").streaming_content).decode()  # type: ignore[attr-defined]
        assert "B2,购置日期,昨天" in text
        answer = client.post(
            "/ledgers/vehicle/import/", {"file": SimpleUploadedFile("表.xlsx", written(ROW))}, follow=True
        )
        address = answer.redirect_chain[-1][0]
        assert ">写入台账<" in answer.content.decode()
        assert "新增 1 条" in client.post(address, follow=True).content.decode()
        assert client.post(address).status_code == 409
        for who in ("city", "elsewhere", "rival"):
            assert signed_in(people[who]).get(address).status_code == 404
        assert signed_in(people["city"]).get("/ledgers/vehicle/import/").status_code == 403
        answer = client.post("/ledgers/vehicle/import/", {"file": SimpleUploadedFile("a.txt", b"x")})
        assert answer.status_code == 422 and client.post("/ledgers/vehicle/import/").status_code == 422


class TestFiles:
    def test_a_file_is_kept_by_its_hash_and_taken_back(self, people: dict[str, Any]) -> None:
        said = {
            "subject": "局房",
            "use": "building",
            "fund": "operator",
            "amount": "3",
            "paid_on": "2026-05-01",
        }
        client, made = signed_in(people["company"]), entry(people["company"], "investment", said)
        upload = SimpleUploadedFile("凭证<1>.exe", b"%PDF-1.4 x")
        answer = client.post(f"/ledgers/entries/{made.pk}/files/new/", {"field": "papers", "file": upload})
        assert answer.status_code == 302
        kept = LedgerFile.objects.get()
        assert kept.name == "凭证1.pdf" and len(kept.sha256) == len(kept.sm3) == 64
        address = f"/ledgers/entries/{made.pk}/files/{kept.pk}/"
        answer = signed_in(people["city"]).get(address)
        assert (
            b"".join(answer.streaming_content) == b"%PDF-1.4 x"
            and "attachment" in answer.headers["Content-Disposition"]
        )  # type: ignore[attr-defined]
        for who in ("rival", "elsewhere"):
            assert signed_in(people[who]).get(address).status_code == 404
        assert (
            signed_in(people["city"]).post(f"{address}withdraw/", {"turn": 1, "ground": "错"}).status_code
            == 403
        )
        assert client.post(f"{address}withdraw/", {"turn": 1, "ground": " "}).status_code == 422
        assert client.post(f"{address}withdraw/", {"turn": 1, "ground": "传错"}).status_code == 302
        assert (
            client.get(address).status_code == 404
            and "传错" in client.get(f"/ledgers/entries/{made.pk}/").content.decode()
        )

    @pytest.mark.parametrize(
        "content, said", [(b"MZ program", "程序"), (b"<html>", "网页"), (b"", "没有内容")]
    )
    def test_what_no_attachment_is(self, people: dict[str, Any], content: bytes, said: str) -> None:
        document = {
            "subject": "局房",
            "use": "building",
            "fund": "operator",
            "amount": "3",
            "paid_on": "2026-05-01",
        }
        made, by = entry(people["company"], "investment", document), people["company"]
        with pytest.raises(Problem, match=said):
            actions.attach_file(
                entry_id=made.pk,
                field="papers",
                upload=Upload("a.pdf", [content]),
                scope=scope_for(by),
                by=by,
                now=NOW,
            )
        with pytest.raises(Problem):
            actions.attach_file(
                entry_id=made.pk,
                field="amount",
                upload=Upload("a.pdf", [b"%PDF-1"]),
                scope=scope_for(by),
                by=by,
                now=NOW,
            )
        assert not LedgerFile.objects.exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore")))
def test_any_bytes_are_a_sheet_or_told_why_not(content: bytes) -> None:
    try:
        grid = grids.read_grid("x", content)
    except Problem as problem:
        assert problem.message
    else:
        matching.find_head(SHIPPED["vehicle"], grid)


@pytest.mark.parametrize(
    "column, row, name", [(0, 1, "A1"), (25, 2, "Z2"), (26, 3, "AA3"), (701, 4, "ZZ4"), (702, 5, "AAA5")]
)
def test_cells_are_named_as_spreadsheets_name_them(column: int, row: int, name: str) -> None:
    assert grids.cell_name(column, row) == name
