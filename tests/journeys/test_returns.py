"""A quarter's returns: filled by workbook with errors, one sent back, the rest approved, a card, and the way home."""

import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from puyou.accounts.scopes import Scope
from puyou.accounts.tests.offices import signed_in
from puyou.core import clock
from puyou.indicators.engine import Reader
from puyou.indicators.models import Indicator, ReportedValue
from puyou.indicators.periods import Period
from puyou.places.queries import get_place
from puyou.reports import actions as cards
from puyou.reports import composing, layout
from puyou.returns import actions, rules
from puyou.returns.models import ReturnForm
from puyou.returns.tests.cast import NOW, Offices

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
GOOD = {
    "inspections": "90", "inspectors": "200", "orders": "20", "orders_met": "15", "penalties": "2", "fines": "1.2万",
    "complaints": "30", "complaints_settled": "28",
}  # fmt: skip


@pytest.fixture
def offices():
    with clock.frozen(LATER):
        found = Offices()
        found.form = ReturnForm.objects.get(code="supervision_quarter")
        actions.open_round(
            form=found.form, period=Period.parse("2026-Q3"), scope=Scope.system("t"), by="t", now=NOW
        )
        yield found


def sheet_of(client, due, **values):
    """The workbook as it goes out, with numbers written in by hand."""
    answer = client.get(f"/returns/{due.pk}/sheet/")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    for row in book.active.iter_rows(min_row=5):
        if row[0].value in values:
            row[3].value = values[row[0].value]
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("填报.xlsx", out.getvalue())


def hand_in(due, filler, head):
    base = f"/returns/{due.pk}"
    due.refresh_from_db()
    signed_in(filler).post(f"{base}/submit/", {"turn": due.turn})
    due.refresh_from_db()
    signed_in(head).post(f"{base}/sign/", {"turn": due.turn})
    due.refresh_from_db()
    return due


def test_from_a_workbook_with_errors_to_a_published_card_and_back(offices):
    due = offices.due()
    province, nation = signed_in(offices.filler), signed_in(offices.nation)

    wrong = GOOD | {"orders": "二十", "complaints": "-3", "penalties": "2.5"}
    page = province.post(f"/returns/{due.pk}/sheet/import/", {"file": sheet_of(province, due, **wrong)})
    text = page.content.decode()
    assert page.status_code == 422 and "D7" in text and "“1.2万”读作 12,000元" in text and "应为整数" in text
    due.refresh_from_db()
    assert due.data["inspections.now"] == "90" and "orders.now" not in due.data  # what could be read is kept
    province.post(f"/returns/{due.pk}/submit/", {"turn": due.turn})
    due.refresh_from_db()
    assert due.status == rules.OPEN  # a required figure is missing, another is negative

    fixed = GOOD | {"orders_met": "25"}
    province.post(f"/returns/{due.pk}/sheet/import/", {"file": sheet_of(province, due, **fixed)})
    page = province.get(f"/returns/{due.pk}/fill/").content.decode()
    assert "按期整改完成的不多于下达的：现为 25，应不大于 20" in page
    province.post(f"/returns/{due.pk}/sheet/import/", {"file": sheet_of(province, due, **GOOD)})
    due = hand_in(due, offices.filler, offices.head)
    assert due.status == rules.WAITING

    nation.post(f"/returns/{due.pk}/return/", {"turn": due.turn, "ground": "罚款口径含没收，请更正"})
    due.refresh_from_db()
    assert due.status == rules.RETURNED and not ReportedValue.objects.filter(place=due.place).exists()
    assert "罚款口径含没收" in province.get(f"/returns/{due.pk}/").content.decode()
    province.post(
        f"/returns/{due.pk}/sheet/import/", {"file": sheet_of(province, due, **GOOD | {"fines": "9000"})}
    )
    due = hand_in(due, offices.filler, offices.head)
    assert "（已改）" in nation.get(f"/returns/{due.pk}/").content.decode()
    nation.post("/returns/approve/", {"chosen": [f"{due.pk}:{due.turn}"]})
    due.refresh_from_db()
    assert due.status == rules.APPROVED

    indicator = Indicator.objects.get(code="supervision_orders_met_rate")
    scope, place, period = Scope.system("reader"), get_place("52"), Period.parse("2026-Q3")
    value = Reader(scope, clock.today()).value(indicator, place, period)
    assert value.shown == "75.0%"
    card = cards.create_card(
        code="quarter", title="监督工作季度成绩单", place=place, period=period.name, source="填报",
        consists=(layout.Section("整改", "", (layout.Tile(indicator.code),)),),
        scope=scope, now=LATER,
    )  # fmt: skip
    asked = composing.asked_of(card, place, period, clock.today())
    content = composing.compose(Reader(scope, clock.today()), card, layout.read(card.layout), asked, LATER)
    made = cards.publish_card(
        card=card, asked=asked, content=content, public=False, note="", scope=scope, by=None, now=LATER
    )
    assert "75.0" in str(made.content)

    part = next(each for each in value.parts if each.code == "supervision_orders_met")
    rows = nation.get(part.link).content.decode()
    assert f"/returns/{due.pk}/#orders_met.now" in rows
    assert 'id="orders_met.now"' in nation.get(f"/returns/{due.pk}/").content.decode()
    assert signed_in(offices.stranger).get(f"/returns/{due.pk}/").status_code == 404
