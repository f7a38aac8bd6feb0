"""Bulletins: written from figures, edited without numbers, frozen as docx and PDF, within the maker's grant."""

import io
import json
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from docx import Document
from hypothesis import given
from hypothesis import strategies as some

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import scope_for
from puyou.accounts.tests import offices
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.indicators import loading
from puyou.indicators.engine import Reader
from puyou.indicators.measures import conduct
from puyou.indicators.models import Indicator
from puyou.indicators.periods import Period
from puyou.indicators.tests.conftest import Bench
from puyou.places.queries import get_place
from puyou.reports.bulletins import actions, composing, figures, files, queries, text, writing
from puyou.reports.bulletins.kinds import kinds
from puyou.reports.bulletins.models import Bulletin, BulletinRevision
from puyou.reports.bulletins.text import Link, Section, TextError

MONTH, BEFORE, GUIZHOU = Period.parse("2026-10"), "2026-09", "52"
RATES = {"5201": (90, 10), "5202": (60, 40), "5203": (100, 0), "52": (250, 50)}
RATES_BEFORE = {"5201": (90, 10), "5202": (80, 20), "5203": (90, 10), "52": (260, 40)}


@pytest.fixture
def desk(db):
    """The reader of Guizhou's regulator, with delivery figures of two months for three cities and the province."""
    with clock.frozen(offices.NOW):
        bench = Bench()
        bench.item("met", "村周", additive=False), bench.item("missed", "村周", additive=False)
        for code, formula in (
            ("village_delivery_rate", "share(met, met + missed)"),
            ("village_weeks_missed", "missed"),
        ):
            bench.version(Indicator.objects.get(code=code), formula, date(2026, 8, 1))
        for period, held in (("2026-10", RATES), (BEFORE, RATES_BEFORE)):
            for place, (met, missed) in held.items():
                bench.report("met", met, period, place), bench.report("missed", missed, period, place)
        person = offices.officer("province", "provincial_regulator", get_place(GUIZHOU))
        yield Reader(scope_for(person), offices.TODAY), person


def written(reader, kind="monthly", **more):
    asked = {"kind": kind, "place": get_place(GUIZHOU), "period": MONTH, "company": None, "now": offices.NOW}
    return actions.write_bulletin(**(asked | more), reader=reader)


def content_of(reader, bulletin):
    fresh = Reader(reader.scope, reader.today)
    return composing.compose(fresh, bulletin, text.read(bulletin.sections), offices.NOW)


def test_the_machine_writes_the_weakest_first_and_the_greatest_change_first(desk):
    reader, _ = desk
    said = list(composing.sentences(content_of(reader, written(reader))))
    weak = [words for title, words in said if title == "薄弱地区"]
    city = get_place("5202").name
    assert weak[0] == f"{city}周投递达标率60.00%，比上期下降20个百分点；未达标村周40村周。"
    assert len(weak) == 2  # the third city missed nothing
    moved = [words for title, words in said if title == "变化较大的地区"]
    assert moved[0] == f"{city}周投递达标率由80.00%变为60.00%，比上期下降20个百分点。"
    assert len(moved) == 2 and "提高10个百分点" in moved[1]
    whole = next(words for title, words in said if title == "总体情况")
    assert "83.33%" in whole and "86.67%" in whole and "比上期下降3.33个百分点" in whole


def test_every_number_of_every_kind_is_a_linked_figure(desk):
    reader, _ = desk
    company = Organisation.objects.create(
        kind="operator", name="某公司", place=get_place(GUIZHOU), parent=None
    )
    for kind in kinds().values():
        made = written(reader, kind.code, company=company if kind.company else None)
        text.examine(text.read(made.sections), [each.code for each in text.links(text.read(made.sections))])
        content = content_of(reader, made)
        for section in content["sections"]:
            for piece in (each for pieces in section["sentences"] for each in pieces):
                if "source" not in piece and piece.get("label") != "period":
                    assert not any(each.isdigit() for each in piece["text"]), piece
        for each in content["sources"]:
            assert each["link"] if each["value"] is not None else each["missing"], each


def test_kinds_name_only_figures_that_ship():
    shipped = {row["code"] for row in json.loads(loading.DEFINITIONS.read_text())} | set(figures.FIGURES)
    for kind in kinds().values():
        sections = [
            Section(title, tuple(each for each in pieces if each[0] != "*"))
            for title, pieces in kind.sections
        ]
        text.examine(sections, shipped)


def test_nothing_weak_nothing_changed_and_nothing_known_are_said(desk):
    reader, _ = desk
    assert writing.weakest([]) == [writing.NO_FIGURES]
    nowhere = written(reader, period=Period.parse("2026-01"))
    said = dict(composing.sentences(content_of(reader, nowhere)))
    assert said["薄弱地区"] == writing.NO_FIGURES and said["变化较大的地区"] == writing.NONE_CHANGED
    assert figures.MISSING in next(words for _, words in composing.sentences(content_of(reader, nowhere)))


WORDS = some.text(alphabet="中文，。百分之abc", max_size=12)


@given(before=WORDS, number=some.integers(0, 10**9), after=WORDS)
def test_a_typed_number_is_refused_wherever_it_stands(before, number, after):
    with pytest.raises(TextError):
        text.examine([Section("节", (f"{before}{number}{after}。",))], set())


@pytest.mark.parametrize("words", ["2026年10月3日", "上午9:30", "第12条第3款", "黔邮管〔2026〕12号"])
def test_dates_times_articles_and_document_numbers_are_no_figures(words):
    text.examine([Section("节", (f"依据{words}办理。",))], set())


@pytest.mark.parametrize(
    "words", ["增长1２%", "共③件", "约3个月", "{visits", "{Visits}", "{visits@soon}", "{unknown}"]
)
def test_bad_sentences_are_refused_with_their_place(words):
    with pytest.raises(TextError, match="第 1 节第 1 段"):
        text.examine([Section("节", (words,))], {"visits"})


@given(
    some.builds(
        Link,
        some.sampled_from(["visits", "place"]),
        some.sampled_from(["", "5202"]),
        some.sampled_from(text.WHENS),
    )
)
def test_a_link_reads_back_as_it_was_written(link):
    assert list(text.pieces(link.text)) == [link]


def test_a_frozen_revision_stays_and_the_same_again_is_refused(desk):
    reader, person = desk
    made = written(reader)
    freeze = lambda: actions.freeze_bulletin(  # noqa: E731
        bulletin=made, seen=Bulletin.objects.get(pk=made.pk).version, by=person, now=offices.NOW,
        reader=Reader(reader.scope, reader.today),
    )  # fmt: skip
    first = freeze()
    assert first.number == 1 and bytes(first.pdf).startswith(b"%PDF-") and b"pdfaid" in bytes(first.pdf)
    paper = "\n".join(each.text for each in Document(io.BytesIO(bytes(first.docx))).paragraphs)
    for _, words in composing.sentences(first.content):
        assert words in paper
    assert "数字出处" in paper and first.sha256 in paper and "一、总体情况" in paper
    with pytest.raises(Problem) as same:
        freeze()
    assert same.value.code == "reports.same_as_before"
    actions.change_bulletin(
        bulletin=made, title="改题", office=made.office, document_number="", sections=text.read(made.sections), seen=1,
        scope=reader.scope, now=offices.NOW,
    )  # fmt: skip
    assert freeze().number == 2
    for change in (lambda: BulletinRevision.objects.update(number=9), BulletinRevision.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Event.objects.filter(kind="bulletin.frozen").count() == 2


def test_a_stale_page_and_a_typed_number_are_refused_with_the_words_kept(desk):
    reader, person = desk
    made, client = written(reader), offices.signed_in(person)
    said = {
        "title": "通报",
        "office": "局",
        "seen": "1",
        "s0-title": "总体",
        "s0-text": "达标率{village_delivery_rate}。",
    }
    address = f"/reports/bulletins/{made.pk}/edit/"
    assert client.post(address, said).status_code == 302
    stale = client.post(address, said | {"s0-text": "我写的话。"})
    assert stale.status_code == 409 and "我写的话。" in stale.content.decode()
    wrong = client.post(address, said | {"seen": "2", "s0-text": "达标率99%。"})
    assert wrong.status_code in (400, 422) and "手写的数字" in wrong.content.decode()
    preview = client.post(f"/reports/bulletins/{made.pk}/preview/", said).content.decode()
    assert "83.33%</a>" in preview and "/indicators/village_delivery_rate/?place=520000000000" in preview
    rewritten = client.post(address, said | {"change": "rewrite"}).content.decode()
    assert "薄弱地区" in rewritten and Bulletin.objects.get(pk=made.pk).version == 2


def test_pages_from_new_to_files(desk):
    _, person = desk
    client = offices.signed_in(person)
    made = client.post("/reports/bulletins/new/", {"kind": "briefing", "place": "52", "period": "2026-10"})
    bulletin = Bulletin.objects.get()
    assert made.headers["Location"] == f"/reports/bulletins/{bulletin.pk}/edit/"
    assert client.get(made.headers["Location"]).status_code == 200
    page = client.get(f"/reports/bulletins/{bulletin.pk}/").content.decode()
    assert "还没有定稿" in page and "83.33%" in page
    frozen = client.post(f"/reports/bulletins/{bulletin.pk}/freeze/", {"seen": "1"})
    shown = client.get(frozen.headers["Location"]).content.decode()
    assert BulletinRevision.objects.get().sha256 in shown
    for kind in files.KINDS:
        answer = client.get(f"{frozen.headers['Location']}file.{kind}")
        assert answer.headers["Content-Type"] == files.KINDS[kind] and len(answer.content) > 5_000
    assert bulletin.title in client.get("/reports/bulletins/").content.decode()
    refused = client.post(
        "/reports/bulletins/new/", {"kind": "interview", "place": "52", "period": "2026-10"}
    )
    assert refused.status_code in (400, 422) and "须指明企业" in refused.content.decode()


def test_another_place_neither_reads_nor_writes(desk):
    reader, _ = desk
    made = written(reader)
    other = offices.officer("other", "provincial_regulator", offices.neighbour())
    client = offices.signed_in(other)
    for page in ("", "edit/"):
        assert client.get(f"/reports/bulletins/{made.pk}/{page}").status_code == 404
    assert made.title not in client.get("/reports/bulletins/").content.decode()
    with pytest.raises(Problem):
        written(Reader(scope_for(other), offices.TODAY))
    link = Link("village_delivery_rate", GUIZHOU)
    theirs = figures.Resolver(Reader(scope_for(other), offices.TODAY), offices.neighbour(), MONTH, None)
    assert (
        theirs.say(link)["text"] == figures.MISSING
        and theirs.say(Link("place", GUIZHOU))["text"] == figures.MISSING
    )
    assert list(queries.list_bulletins(scope_for(other))) == []


def test_an_offices_terms_are_those_that_no_company_stops():
    definition = {
        "clocks": [{"code": "accept"}, {"code": "answer"}],
        "actions": [
            {"who": ["office"], "stops": ["accept"]}, {"who": ["operator"], "stops": ["answer"]},
            {"who": ["office"], "stops": ["answer"]},
        ],
    }  # fmt: skip
    assert conduct._clocks_of(conduct.OFFICE, definition) == {"accept"}
    assert conduct._clocks_of(conduct.COMPANY, definition) == {"answer"}
