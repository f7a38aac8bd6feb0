"""A company fills a return in the browser: a cell that cannot be read, a warning that wants a word, two signatures."""

from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from puyou.accounts.scopes import Scope
from puyou.accounts.tests.offices import PASSWORD, officer
from puyou.core import clock
from puyou.indicators.periods import QUARTER, Period
from puyou.places.queries import get_place
from puyou.returns import actions
from puyou.returns.models import DueReturn, ReturnForm
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def due(own_database: str) -> DueReturn:
    """What the company of a county owes for the last quarter."""
    county = get_place("520526")
    with transaction.atomic():
        officer("form.filler", "company_manager", county, "赵填表")
        officer("form.head", "company_manager", county, "钱负责")
        form = ReturnForm.objects.get(code="outlets_quarter")
        period = Period.of(QUARTER, clock.today()).previous()
        assert period is not None
        actions.open_round(form=form, period=period, scope=Scope.system("t"), by="t", now=clock.now())
        return DueReturn.objects.get(form=form, place=county)


def test_from_a_wrong_cell_to_two_signatures(site: Site, due: DueReturn, sign_in: Callable[[str, str], Page]):
    page = sign_in("form.filler", PASSWORD)
    page.goto(site.url(f"/returns/{due.pk}/"))
    page.get_by_role("link", name="填写").click()
    for row in ("own", "agent", "government", "police", "tax"):
        for column in ("urban", "rural"):
            page.fill(f"[name='c:{row}.{column}']", "１２" if row == "own" else "5")
    page.fill("[name='c:tax.rural']", "约5")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("[id='tax.rural']")).to_contain_text("约数")
    expect(page.get_by_text("“１２”读作 12个").first).to_be_visible()
    expect(page.locator("[name='c:tax.rural']")).to_have_value("约5")
    expect(page.locator("[id='all.total']")).to_have_text("34")  # what could be read is kept, and added up

    page.fill("[name='c:tax.rural']", "50")
    page.get_by_role("button", name="保存并提交签发").click()
    expect(page.get_by_text("税邮合作网点不多于营业场所：现为 55，应不大于 34").first).to_be_visible()
    page.fill("[name='c:tax.rural']", "5")
    page.get_by_role("button", name="保存并提交签发").click()
    expect(page.get_by_text("等待负责人签发")).to_be_visible()
    expect(page.get_by_role("button", name="签发报送")).to_have_count(0)  # never by who filled it

    head = sign_in("form.head", PASSWORD)
    head.goto(site.url("/returns/?mine=fill"))
    head.get_by_role("link", name="普遍服务营业场所和叠加服务季报").click()
    head.get_by_role("button", name="签发报送").click()
    expect(head.get_by_text("待市局审核")).to_be_visible()
