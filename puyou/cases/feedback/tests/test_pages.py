"""Pages of reports: who sees what, and that figures open the lists they count."""

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from zipfile import ZipFile

import pytest

from puyou.accounts.tests.offices import signed_in
from puyou.cases.feedback import actions, figures, measures, queries
from puyou.cases.feedback.measures import Asked
from puyou.cases.feedback.models import Report
from puyou.cases.feedback.rules import Settled, verified_rate
from puyou.cases.feedback.tests.cast import ANSWER, LOOKED, NOW, SECRET_NAME, SECRET_PHONE
from puyou.cases.models import Case, CaseEvent, CaseNotice
from puyou.cases.tests.cast import do

SECRETS = (SECRET_NAME, SECRET_PHONE, "监督员")
PAGES = ("/cases/feedback/", "/cases/feedback/figures/")


def texts_of(answer) -> str:
    """What a page or a file says; a workbook is unpacked."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with ZipFile(BytesIO(body)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return body.decode()


def far_along(world):
    """A supervisor's report on which everybody has spoken, naming the reporter wherever they could."""
    filed = world.reach("answering", source="supervisor")
    said = f"{SECRET_NAME}{SECRET_PHONE}"
    do(filed.report.case, "answer_fixed", world.company, NOW + timedelta(hours=1), **ANSWER)
    do(
        filed.report.case,
        "return",
        world.officer,
        NOW + timedelta(hours=2),
        method="call",
        text=f"{said}说没有",
    )
    do(filed.report.case, "answer_fixed", world.company, NOW + timedelta(hours=3), **ANSWER)
    do(
        filed.report.case,
        "verify",
        world.officer,
        NOW + timedelta(hours=4),
        **LOOKED | {"text": f"问过{said}"},
    )
    actions.confirm(
        report=filed.report, fixed=True, now=NOW + timedelta(hours=5), client_id=uuid4(), channel="app"
    )
    do(filed.report.case, "reopen", world.officer, NOW + timedelta(hours=6), ground=f"{said}又来电")
    return filed


class TestPrivacy:
    def test_the_company_finds_the_reporter_nowhere(self, world):
        filed = far_along(world)
        client, case = signed_in(world.company_user), filed.report.case_id
        addresses = [f"/cases/{case}/", "/cases/", "/cases/notices/", "/workbench/", *PAGES]
        addresses += [f"{page}?format={kind}" for page in ("/cases/", *PAGES) for kind in ("csv", "xlsx")]
        addresses += [f"/cases/{case}/actions/{code}/" for code in ("answer", "confirm_fixed", "refer")]
        for address in addresses:
            answer = client.get(address)
            text = texts_of(answer)
            assert answer.status_code in (200, 404, 409), address
            for secret in SECRETS:
                assert secret not in text, (address, secret)
            assert str(filed.report.client_id) not in text, address
        assert "不向企业公开" in client.get(f"/cases/{case}/").content.decode()
        for notice in CaseNotice.objects.filter(user=world.company_user):
            assert not any(secret in notice.sentence for secret in SECRETS)
        for event in CaseEvent.objects.filter(case=case):
            assert not any(secret in str(event.data) for secret in SECRETS[:2])

    def test_searching_for_the_reporter_finds_nothing_for_the_company(self, world):
        filed = far_along(world)
        client, number = signed_in(world.company_user), Case.objects.get(pk=filed.report.case_id).number
        for page in ("/cases/", "/cases/feedback/"):
            for word in (SECRET_NAME, SECRET_PHONE, SECRET_PHONE[:8]):
                assert number not in client.get(page, {"q": word}).content.decode(), (page, word)
        assert number in client.get("/cases/feedback/", {"q": "三天没来投递"}).content.decode()
        assert number in client.get("/cases/feedback/", {"source": "public"}).content.decode()

    def test_the_office_sees_who_reported_and_finds_it(self, world):
        filed = far_along(world)
        client = signed_in(world.officer_user)
        page = client.get(f"/cases/{filed.report.case_id}/").content.decode()
        assert SECRET_NAME in page and SECRET_PHONE in page and "监督员" in page
        assert "到村投递次数不足" in client.get("/cases/feedback/", {"q": SECRET_NAME}).content.decode()

    def test_who_stands_by_it_is_shown(self, world):
        filed = world.reach("answering", hidden=False)
        page = signed_in(world.company_user).get(f"/cases/{filed.report.case_id}/").content.decode()
        assert SECRET_NAME in page

    def test_nothing_before_it_was_sent_to_the_company(self, world):
        filed = world.reach("accepted")
        client = signed_in(world.company_user)
        assert client.get(f"/cases/{filed.report.case_id}/").status_code == 404
        assert "没有符合条件" in client.get("/cases/feedback/").content.decode()

    @pytest.mark.parametrize(
        "page", [*PAGES, "/cases/feedback/?measure=filed", "/cases/feedback/?format=csv"]
    )
    def test_another_province_sees_nothing(self, world, page):
        filed = world.reach("answering")
        text = texts_of(signed_in(world.stranger_user).get(page))
        assert Case.objects.get(pk=filed.report.case_id).number not in text
        assert world.village.name not in text

    def test_another_provinces_place_is_refused(self, world):
        client = signed_in(world.stranger_user)
        assert client.get(f"/cases/feedback/figures/?place={world.village.code}").status_code == 403
        form = {
            "client_id": str(uuid4()),
            "category": category(),
            "place": world.village.code,
            "text": "没来",
        }
        assert client.post("/cases/feedback/new/", form).status_code == 403
        assert not Report.objects.exists()


def category() -> str:
    from puyou.accounts.scopes import Scope  # noqa: PLC0415

    return str(queries.get_category(Scope.public(), "village_not_served").pk)


class TestWritingDown:
    def test_a_double_click_is_one_report(self, world):
        client = signed_in(world.officer_user)
        assert (
            world.village.code
            in client.get(f"/cases/feedback/new/?place={world.village.code}").content.decode()
        )
        form = {
            "client_id": str(uuid4()), "category": category(), "place": world.village.code,
            "text": "<script>来电说没来", "reporter": "=cmd()", "hidden": "on",
        }  # fmt: skip
        first, second = client.post("/cases/feedback/new/", form), client.post("/cases/feedback/new/", form)
        assert first.status_code == second.status_code == 302 and first.url == second.url
        page = client.get(first.url).content.decode()
        assert "<script>来电" not in page and "查询码" in page and Report.objects.count() == 1

    @pytest.mark.parametrize("bad", [{"text": ""}, {"text": "长" * 2001}, {"place": "1"}, {"category": "0"}])
    def test_mistakes_are_told_and_nothing_is_lost(self, world, bad):
        form = {
            "client_id": str(uuid4()), "category": category(), "place": world.village.code, "text": "没有来过"
        }  # fmt: skip
        answer = signed_in(world.officer_user).post("/cases/feedback/new/", form | bad)
        assert answer.status_code == 422 and not Report.objects.exists()
        assert "没有来过" in answer.content.decode() or "text" in bad

    def test_the_company_cannot(self, world):
        assert signed_in(world.company_user).get("/cases/feedback/new/").status_code == 403


@pytest.fixture
def mixed(world):
    """Reports in every standing."""
    for outcome in ("close_claimed", "refute", "give_up"):
        filed = world.reach("verifying")
        told = {"ground": "未去"} if outcome == "close_claimed" else {"method": "call", "text": "问过"}
        do(filed.report.case, outcome, world.officer, NOW + timedelta(days=3), **told)
    for _ in range(2):
        filed = world.reach("confirming")
        actions.confirm(report=filed.report, fixed=True, now=NOW + timedelta(days=2), client_id=uuid4())
    actions.confirm(report=filed.report, fixed=False, now=NOW + timedelta(days=4), client_id=uuid4())
    do(world.file().report.case, "refer", world.officer, body="县文旅局", ground="不属邮政")
    actions.withdraw(report=world.file().report, now=NOW)
    world.reach("answering")
    return world


class TestFigures:
    def test_every_number_opens_a_list_of_so_many(self, mixed):
        client, seen = signed_in(mixed.officer_user), 0
        for by in figures.GROUPS:
            page = client.get(f"/cases/feedback/figures/?since=2026-01-01&until=2026-12-31&by={by}")
            for address, shown in re.findall(
                r'<a href="(/cases/feedback/\?[^"]+)">(\d+)</a>', page.content.decode()
            ):
                asked = address.replace("&amp;", "&")
                found = client.get(asked).context["table"].pager
                assert found.total == int(shown), asked
                seen += 1
        assert seen > 40

    def test_the_conditions_agree_with_the_rule(self, mixed):
        rows = queries.list_reports(mixed.officer.scope, mixed.officer.user)
        closed = rows.exclude(case__closed_at=None)
        plain = [Settled(one.case.outcome, one.accepted_at is not None) for one in closed]
        for method in ("settled", "established"):
            asked = Asked(NOW.date(), method)
            counts = [
                measures.narrowed(rows, code, asked, None, None).count()
                for code in ("verified", "denominator")
            ]
            assert tuple(counts) == verified_rate(plain, method)[:2]

    def test_the_rule_stands_on_the_page_and_in_the_file(self, mixed):
        client = signed_in(mixed.officer_user)
        page = client.get("/cases/feedback/figures/?until=2026-12-31").content.decode()
        assert "分母：这一时期办结、且曾受理的反映" in page and "未经核实" in page
        assert "25.0%" in page
        file = texts_of(client.get("/cases/feedback/figures/?until=2026-12-31&format=csv"))
        assert "分母：这一时期办结、且曾受理的反映" in file

    def test_late_answers_and_no_answers(self, world):
        late, none, fine = world.reach("answering"), world.reach("answering"), world.reach("answering")
        do(fine.report.case, "answer_fixed", world.company, NOW + timedelta(days=2), **ANSWER)
        do(late.report.case, "answer_fixed", world.company, NOW + timedelta(days=40), **ANSWER)
        rows = queries.list_reports(world.officer.scope, world.officer.user)
        asked = Asked((NOW + timedelta(days=40)).date())
        for code, wanted in (("on_time", {fine}), ("late", {late, none}), ("due", {late, none, fine})):
            found = set(measures.narrowed(rows, code, asked, None, None).values_list("tracking", flat=True))
            assert found == {one.tracking for one in wanted}, code

    @pytest.mark.parametrize(
        "query", ["since=x", "since=2026-05-01&until=2026-01-01", "by=nothing", "place=52"]
    )
    def test_nonsense_is_told_and_breaks_nothing(self, world, query):
        assert signed_in(world.officer_user).get(f"/cases/feedback/figures/?{query}").status_code == 200
        assert signed_in(world.officer_user).get(f"/cases/feedback/?{query}").status_code == 200

    def test_the_company_cannot_split_by_source(self, mixed):
        page = signed_in(mixed.company_user).get("/cases/feedback/figures/?by=source").content.decode()
        assert "公众" not in page.split("<main")[1].split("</main>")[0]


def test_a_figures_address_narrows_as_it_says(world):
    world.reach("answering")
    page = signed_in(world.officer_user).get("/cases/feedback/figures/?until=2026-12-31&by=category")
    address = re.findall(r'href="(/cases/feedback/\?[^"]+measure=filed)"', page.content.decode())[-1]
    asked = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    assert asked["category"] == ["village_not_served"] and asked["until"] == ["2026-12-31"]
