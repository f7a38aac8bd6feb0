"""Bad input to casework, row by row, through the real pages: a clear message, and nothing lost."""

import csv
import io
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from puyou.accounts.models import Grant
from puyou.accounts.tests.offices import signed_in
from puyou.cases.feedback.models import Report
from puyou.cases.feedback.tests.cast import NOW, World
from puyou.cases.feedback.tests.test_pages import category
from puyou.cases.models import Attachment, Case, CaseEvent, CaseNote
from puyou.core import clock
from puyou.evidence import sniffing
from puyou.places.actions import retire_place
from puyou.standards.models import CalendarYear

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ANSWER = {"cause": "staff", "measures": "已增派投递员，恢复每周三次"}


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.PUYOU_HOME = tmp_path
    with clock.frozen(NOW):
        yield World()


@pytest.fixture
def case(world: World) -> Case:
    """A report that waits for the company's answer."""
    return Case.objects.get(pk=world.reach("answering").report.case_id)


@pytest.fixture
def company(world: World) -> Client:
    return signed_in(world.company_user)


@pytest.fixture
def office(world: World) -> Client:
    return signed_in(world.officer_user)


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def act(who: Client, case: Case, action: str, revision: int | None = None, **fields: str) -> HttpResponse:
    """Send an action's form as the page shows it now, or as it showed it at a revision."""
    now = Case.objects.get(pk=case.pk).revision if revision is None else revision
    return who.post(f"/cases/{case.pk}/actions/{action}/", {"revision": now} | fields)  # type: ignore[return-value]


def attach(who: Client, case: Case, name: str, data: bytes) -> HttpResponse:
    file = SimpleUploadedFile(name, data)
    return who.post(f"/cases/{case.pk}/attachments/new/", {"file": file, "material": ""})  # type: ignore[return-value]


def test_a_stale_form_says_what_changed_and_keeps_what_was_written(case: Case, company: Client) -> None:
    before = case.revision
    assert act(company, case, "answer_fixed", **ANSWER).status_code == 302
    late = act(company, case, "hand_back", before, text="写了很久的理由")
    assert late.status_code == 409
    assert "案件已有变化" in said(late) and "写了很久的理由" in said(late)


def test_a_double_click_is_done_once(case: Case, company: Client) -> None:
    revision = case.revision
    first, second = (act(company, case, "answer_fixed", revision, **ANSWER) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    assert CaseEvent.objects.filter(case=case, action="answer_fixed").count() == 1


def test_two_officers_at_one_moment_are_two_answers_and_one_event(own_database: str) -> None:
    with clock.frozen(NOW):
        world = World()
        case = Case.objects.get(pk=world.file().report.case_id)
        clients = [signed_in(world.officer_user) for _ in range(2)]
        gate, codes = threading.Barrier(2), []

        def click(client: Client) -> None:
            gate.wait()
            codes.append(act(client, case, "accept", case.revision).status_code)
            connection.close()

        threads = [threading.Thread(target=click, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(codes) == [302, 409]
    assert CaseEvent.objects.filter(case=case, action="accept").count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("证明.exe", b"MZ\x90\x00" + b"\0" * 60),
        ("图.svg", SVG),
        ("图.png", SVG),
        ("页.pdf", b"<html><script>alert(1)</script></html>"),
        ("空.pdf", b""),
    ],
)
def test_a_wrong_file_is_refused_by_what_it_is_and_nothing_stays(
    case: Case, company: Client, name: str, data: bytes
) -> None:
    answer = attach(company, case, name, data)
    assert answer.status_code == 422
    assert ("不接收" if data else "文件没有内容") in said(answer)
    assert not Attachment.objects.exists()
    assert "<script>alert" not in said(answer)


def test_a_photo_of_200_megabytes_is_refused_and_not_kept_anywhere(case: Case, company: Client) -> None:
    address, form = f"/cases/{case.pk}/attachments/new/", "multipart/form-data; boundary=x"
    answer = company.generic("POST", address, bytes(200 * sniffing.MIB), content_type=form)
    assert answer.status_code == 413
    assert "一次最多上传" in said(answer) and "这次有 200 MB" in said(answer)
    assert not Attachment.objects.exists()


def test_ten_thousand_characters_are_told_their_limit_and_stay_in_the_form(
    case: Case, company: Client, office: Client, world: World
) -> None:
    long = "长" * 10_000
    answer = act(company, case, "answer_fixed", **ANSWER | {"measures": long})
    assert answer.status_code == 422 and long in said(answer)
    form = {"client_id": str(uuid4()), "category": category(), "place": world.village.code, "text": long}
    told = office.post("/cases/feedback/new/", form)
    assert told.status_code == 422 and long in said(told)
    assert Report.objects.count() == 1


def test_hostile_words_stay_words_wherever_they_are_shown(
    case: Case, company: Client, office: Client
) -> None:
    assert act(company, case, "answer_fixed", **ANSWER | {"measures": HOSTILE}).status_code == 302
    assert office.post(f"/cases/{case.pk}/notes/new/", {"text": HOSTILE}).status_code == 302
    assert CaseNote.objects.get().text == HOSTILE
    for address in (f"/cases/{case.pk}/", f"/cases/?q={HOSTILE}", "/workbench/", "/cases/notices/"):
        page = said(office.get(address))
        assert "<script>alert" not in page and "<img src=x" not in page, address


def test_formulas_do_not_run_in_what_is_taken_away(world: World, office: Client) -> None:
    formula = '=HYPERLINK("http://x","点我")'
    world.file(text=f"{formula}，没来投递", reporter="@SUM(1)", contact="+8613900000000")
    rows = office.get("/cases/feedback/?format=csv").getvalue().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(rows)) for cell in row]
    assert len(cells) > 5 and not [cell for cell in cells if cell[:1] in ("=", "+", "@")]


def test_an_officer_whose_grant_ended_meanwhile_is_told_so_and_the_case_stands(
    case: Case, company: Client
) -> None:
    assert company.get(f"/cases/{case.pk}/").status_code == 200
    Grant.objects.filter(post__appointments__user__username="report.company").update(valid_to=NOW.date())
    answer = act(company, case, "answer_fixed", **ANSWER)
    assert answer.status_code in (403, 404)
    assert "没有" in said(answer) or "找不到" in said(answer)
    assert not CaseEvent.objects.filter(case=case, action="answer_fixed").exists()


def test_a_place_that_was_abolished_takes_no_new_report_and_loses_no_old_one(
    case: Case, world: World, office: Client
) -> None:
    retire_place(
        place=world.village, successor=None, on=NOW.date(), ground="区划调整", by="system:tests", now=NOW
    )
    form = {
        "client_id": str(uuid4()),
        "category": category(),
        "place": world.village.code,
        "text": "没有来过",
    }
    answer = office.post("/cases/feedback/new/", form)
    assert answer.status_code == 422 and "没有来过" in said(answer)
    assert world.village.name in said(answer) and Report.objects.count() == 1
    page = office.get(f"/cases/{case.pk}/")
    assert page.status_code == 200 and world.village.name in said(page)
    assert act(signed_in(world.company_user), case, "answer_fixed", **ANSWER).status_code == 302


def test_a_year_without_a_published_calendar_is_counted_by_weekends_and_says_so(
    world: World, office: Client
) -> None:
    CalendarYear.objects.filter(year__gte=2027).delete()
    late = NOW + timedelta(days=97)  # 30 December: the term runs into the next year
    assert late.date() == date(2026, 12, 30)
    with clock.frozen(late):
        case = Case.objects.get(pk=world.file(now=late).report.case_id)
        page = said(office.get(f"/cases/{case.pk}/"))
    assert "休假安排尚未公布，暂按周末推算" in page
