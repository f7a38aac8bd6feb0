"""Pages of draws and re-checks: what they show, what they hide, and who may not open them."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from puyou.audits import frames
from puyou.audits.models import AuditDraw, AuditItem, AuditResult
from puyou.audits.tests.cast import drawn, frozen_draw, officer, record, settled_week
from puyou.visits.tests.cast import BACKEND

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()  # type: ignore[no-any-return]


class TestDraws:
    def test_a_draw_is_frozen_first_and_seeded_after(self) -> None:
        settled_week()
        client = signed_in(officer("o"))
        wanted = {"place": "52", "first": "2026-09-07", "last": "2026-09-13", "size": 20}
        answer = client.post("/audits/new/", wanted)
        draw = AuditDraw.objects.get()
        assert answer.status_code == 302 and answer.headers["Location"] == f"/audits/{draw.pk}/"
        page = body(client.get(f"/audits/{draw.pk}/"))
        assert draw.frame_digest in page and "给出种子后抽取" in page
        assert client.post(f"/audits/{draw.pk}/seed/", {"seed": "123"}).status_code == 302
        page = body(client.get(f"/audits/{draw.pk}/"))
        assert "123" in page and "样本不足" in page and draw.items.count() == 20
        assert client.post(f"/audits/{draw.pk}/seed/", {"seed": "124"}).status_code == 409
        assert client.post("/audits/new/", wanted).status_code == 422
        assert body(client.get("/audits/")).count(f'href="/audits/{draw.pk}/"') == 1

    @pytest.mark.parametrize(
        "changes", [{"place": "99"}, {"last": "2026-09-01"}, {"size": 0}, {"last": "2026-10-04"}]
    )
    def test_what_is_wrong_comes_back(self, changes: dict[str, Any]) -> None:
        settled_week(4, 1)
        wanted = {"place": "52", "first": "2026-09-07", "last": "2026-09-13", "size": 20} | changes
        answer = signed_in(officer("o")).post("/audits/new/", wanted)
        assert answer.status_code == 422 and "field-error" in body(answer) or "error-summary" in body(answer)
        assert not AuditDraw.objects.exists()

    def test_its_files_are_what_was_published(self) -> None:
        settled_week(8, 2)
        draw, client = drawn(4), signed_in(officer("o"))
        assert body(client.get(f"/audits/{draw.pk}/frame/")) == frames.path_of(draw.frame_digest).read_text()
        document = client.get(f"/audits/{draw.pk}/document/").json()
        assert document["seed"] == draw.seed and len(document["items"]) == 4

    def test_every_figure_leads_to_its_items(self) -> None:
        settled_week(120, 40)
        draw, by = drawn(60), officer("o")
        for at, each in enumerate(draw.items.order_by("pk")):
            record(each, "refuted" if at % 10 == 0 else "confirmed", by)
        client = signed_in(by)
        page = body(client.get(f"/audits/{draw.pk}/"))
        assert "置信区间" in page and 'class="whisker"' in page and "抽取的全部查明" in page
        address = f"/audits/items/?draw={draw.pk}&outcome=refuted"
        assert address.replace("&", "&amp;") in page
        assert len(client.get(address).context["table"].rows) == 6
        strata = (
            client.get(f"/audits/items/?draw={draw.pk}&stratum=52-risky-none").context["table"].pager.total
        )
        assert strata == draw.strata["52-risky-none"][1]
        text = body(client.get(f"/audits/{draw.pk}/?format=csv&table=audit_provinces"))
        assert "贵州省" in text and "不属实占比" in text


class TestItems:
    @pytest.fixture
    def item(self) -> AuditItem:
        settled_week(8, 2)
        found = drawn(4).items.order_by("pk").first()
        assert found is not None
        return found

    def test_a_result_is_recorded_and_leads_to_the_next(self, item: AuditItem) -> None:
        client = signed_in(officer("o"))
        page = body(client.get(f"/audits/items/{item.pk}/"))
        assert (
            "核查时不显示" in page
            and "risky" not in page
            and "分" not in page.split("<main")[1].split("所报情况")[1]
        )
        values = {
            "outcome": "refuted",
            "method": "telephone",
            "checked_on": "2026-10-01",
            "note": "没来过",
            "seen": 0,
        }
        answer = client.post(f"/audits/items/{item.pk}/", values)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/audits/items/")
        page = body(client.get(f"/audits/items/{item.pk}/"))
        assert "没来过" in page and f'href="/reviews/{item.visit_id}/"' in page
        assert client.post(f"/audits/items/{item.pk}/", values).status_code == 409
        assert AuditResult.objects.count() == 1

    def test_a_missing_note_comes_back(self, item: AuditItem) -> None:
        values = {"outcome": "refuted", "method": "telephone", "checked_on": "2026-10-01", "seen": 0}
        answer = signed_in(officer("o")).post(f"/audits/items/{item.pk}/", values)
        assert answer.status_code == 422 and "须写明情况" in body(answer)

    def test_the_worklist_counts_what_waits(self, item: AuditItem) -> None:
        by = officer("o")
        record(item, "confirmed", by)
        client = signed_in(by)
        assert len(client.get("/audits/items/?outcome=waiting").context["table"].rows) == 3
        answer = client.get("/workbench/")
        assert answer.context["desk"].counted["待核抽核件"].count == 3
        assert 'href="/audits/items/?outcome=waiting"' in answer.content.decode()

    def test_a_sheet_goes_out_and_comes_back(self, item: AuditItem) -> None:
        client = signed_in(officer("o"))
        book = load_workbook(io.BytesIO(b"".join(client.get("/audits/items/sheet/").streaming_content)))  # type: ignore[attr-defined]
        sheet = book.active
        assert sheet.max_row == 5 and [cell.value for cell in sheet[1]][:2] == ["抽核件编号", "村"]
        for column, value in ((6, "属实"), (7, "电话"), (8, date(2026, 10, 1))):
            sheet.cell(2, column, value)
        file = io.BytesIO()
        book.save(file)
        upload = SimpleUploadedFile("回.xlsx", file.getvalue())
        answer = client.post("/audits/items/import/", {"file": upload})
        assert "录入 1 件" in body(answer) and "没有填结果 3 行" in body(answer)
        assert AuditResult.objects.get().checked_on == date(2026, 10, 1)

    @pytest.mark.parametrize(
        "name, content", [("a.txt", b"x"), ("a.csv", b""), ("a.xlsx", b"PK junk"), ("a.csv", b"a,b\n1,2")]
    )
    def test_a_wrong_file_comes_back(self, item: AuditItem, name: str, content: bytes) -> None:
        answer = signed_in(officer("o")).post(
            "/audits/items/import/", {"file": SimpleUploadedFile(name, content)}
        )
        assert answer.status_code == 422 and not AuditResult.objects.exists()
        assert signed_in(officer("p")).post("/audits/items/import/").status_code == 422


def test_another_city_and_the_enterprise_cannot() -> None:
    settled_week(8, 2)
    draw = drawn(4)
    item = draw.items.first()
    assert item is not None
    addresses = [
        f"/audits/{draw.pk}/",
        f"/audits/{draw.pk}/frame/",
        f"/audits/{draw.pk}/document/",
        f"/audits/items/{item.pk}/",
    ]
    elsewhere, company = signed_in(officer("elsewhere", "5203")), signed_in(officer("company", "52", "see"))
    for address in addresses:
        assert elsewhere.get(address).status_code in (403, 404), address
        assert company.get(address).status_code == 403, address
    assert elsewhere.post(f"/audits/{draw.pk}/seed/", {"seed": "1"}).status_code in (403, 404)
    assert item.place.name not in body(elsewhere.get("/audits/items/"))
    assert (
        len(
            load_workbook(
                io.BytesIO(b"".join(elsewhere.get("/audits/items/sheet/").streaming_content))
            ).active["A"]
        )
        == 1
    )  # type: ignore[attr-defined]
    assert company.get("/audits/").status_code == company.get("/audits/items/").status_code == 403
    county = signed_in(officer("county", "520102", "audits.record"))
    assert county.get(f"/audits/items/{item.pk}/").status_code == 200
    assert county.get(f"/audits/{draw.pk}/").status_code == 404
    assert county.get("/audits/new/").status_code == 403


def test_a_frame_waits_for_its_seed_on_the_list() -> None:
    settled_week(8, 2)
    frozen_draw(4)
    assert "待种子" in body(signed_in(officer("o")).get("/audits/"))
