"""Rectification as the people on both sides see it: from the missed week to visits that prove it made good."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from puyou.accounts.models import User
from puyou.cases.models import Case
from puyou.cases.rectification.actions import order_rectification, verify_rectifications
from puyou.cases.tests.cast import do
from puyou.compliance.tests import cast
from puyou.core import clock
from tests.browser.cases.desk import PHONE, Desk

WORDS = "车辆故障，已由备用车替代；自下周起每周三次。"


def order(desk: Desk, at: datetime | None = None) -> Case:
    """An order for the missed week of the first village, told by the county's office."""
    return order_rectification(
        villages=[desk.village], weeks=[desk.missed], actor=desk.actor(desk.colleague), now=at or clock.now()
    )


def act(desk: Desk, page: Page, case: Case, name: str) -> None:
    """Open the form of an action from the case's page."""
    desk.go(page, f"/cases/{case.pk}/")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def send(page: Page, name: str, **fields: str) -> None:
    for label, text in fields.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_role("button", name=name, exact=True).click()


def done(page: Page, name: str) -> None:
    expect(page.get_by_text(f"已办理：{name}")).to_be_visible()


def test_one_click_from_the_missed_week_to_the_companys_report(desk: Desk) -> None:
    office, company = desk.page(desk.colleague), desk.page(desk.company, PHONE)
    desk.go(office, f"/atlas/{desk.village.code}/?week={desk.missed.name}")
    office.get_by_role("link", name="责令整改").click()
    desk.keep(office, "order")
    office.get_by_role("button", name="下达整改").click()
    expect(office.get_by_text("已下达整改")).to_be_visible()
    case = desk.case()
    expect(office.locator(".sentence").first).to_contain_text("待企业答复")

    desk.go(company, "/cases/?queue=waiting")
    desk.keep(company, "waiting-phone")
    company.get_by_role("link", name=case.title).click()
    desk.keep(company, "ordered-phone")
    company.get_by_role("link", name="答复并承诺整改").click()
    company.get_by_role("button", name="答复并承诺整改").click()  # nothing filled in
    expect(company.get_by_text("这个字段是必填项").first).to_be_visible()
    assert Case.objects.get(pk=case.pk).state == "ordered"
    company.get_by_label("原因").select_option("vehicle")
    promised = (clock.today() + timedelta(days=7)).isoformat()
    send(company, "答复并承诺整改", 整改措施=WORDS, 承诺完成日期=promised)
    done(company, "答复并承诺整改")
    act(desk, company, case, "报告整改完成")
    send(company, "报告整改完成", 完成情况="已恢复每周三次")
    done(company, "报告整改完成")

    desk.go(office, f"/cases/{case.pk}/")
    expect(office.get_by_text(WORDS)).to_be_visible()
    expect(office.locator(".sentence").first).to_contain_text("待投递证实")
    expect(office.get_by_text("报告后的第一周尚未开始")).to_be_visible()
    desk.keep(office, "reported")
    desk.go(office, f"/atlas/{desk.village.code}/?week={desk.missed.name}")
    expect(office.get_by_role("link", name=re.compile(case.number))).to_contain_text("待投递证实")
    expect(office.get_by_role("link", name="责令整改")).to_have_count(0)


def test_only_later_visits_close_the_loop(desk: Desk) -> None:
    told = cast.moment(desk.missed.shift(3).monday)
    case = order(desk, told)
    company, office = desk.actor(desk.company), desk.page(desk.colleague)
    answer = {"cause": "staff", "measures": WORDS, "finish_on": told.date().isoformat()}
    do(case, "answer", company, told, **answer)
    do(case, "report", company, told, text="已恢复")
    verify_rectifications(now=clock.now())
    desk.go(office, f"/cases/{case.pk}/")
    expect(office.locator(".sentence").first).to_contain_text("整改中")  # the next week was missed as well

    desk.serve(range(4, 8))  # before the report: the worker may judge it at once
    do(case, "report", company, cast.moment(desk.missed.shift(3).monday, 12), text="再次报告")
    verify_rectifications(now=clock.now())
    office.reload()
    expect(office.locator(".sentence").first).to_contain_text("已整改并核实")
    expect(office.get_by_text("已由投递证实").first).to_be_visible()
    desk.keep(office, "verified")
    desk.go(office, f"/atlas/{desk.village.code}/?week={desk.missed.name}")
    expect(office.get_by_role("link", name=re.compile(case.number))).to_contain_text("已整改并核实")


def test_two_officers_at_once_lose_nothing(desk: Desk) -> None:
    case = order(desk)
    first, second = desk.page(desk.colleague), desk.page(desk.colleague)
    for page in (first, second):
        act(desk, page, case, "撤销整改")
    send(first, "撤销整改", 撤销理由="设备故障，原判有误")
    done(first, "撤销整改")
    send(second, "撤销整改", 撤销理由="重复下达")
    expect(second.get_by_role("alert").first).to_contain_text("案件已有变化（撤销整改）")
    expect(second.get_by_label(re.compile("^撤销理由"))).to_have_value("重复下达")
    desk.keep(second, "stale")
    assert Case.objects.get(pk=case.pk).events.filter(action="withdraw").count() == 1


def test_a_term_that_is_extended_and_suspended_says_why(desk: Desk) -> None:
    case, office = order(desk), desk.page(desk.colleague)
    before = case.due_on
    act(desk, office, case, "延长答复期限")
    send(office, "延长答复期限", 理由="企业负责人更换")
    done(office, "延长答复期限")
    due = Case.objects.get(pk=case.pk).due_on
    assert before is not None and due is not None and due > before
    expect(office.locator(".clocks").first).to_contain_text("延长")
    now = clock.now()
    answer = {"cause": "road", "measures": WORDS, "finish_on": now.date().isoformat()}
    do(case, "answer", desk.actor(desk.company), now, **answer)
    act(desk, office, case, "中止计算期限")
    send(office, "中止计算期限", 理由="封山")
    done(office, "中止计算期限")
    expect(office.locator(".clocks")).to_contain_text("中止中")
    office.get_by_role("link", name="恢复计算期限").click()
    office.get_by_role("button", name="恢复计算期限").click()
    done(office, "恢复计算期限")
    desk.keep(office, "clocks")


def test_an_objection_is_upheld_and_the_week_is_free_again(desk: Desk) -> None:
    case, office, company = order(desk), desk.page(desk.colleague), desk.page(desk.company)
    act(desk, company, case, "提出异议")
    hostile = "<script>alert(1)</script>=cmd|' /C calc'!A0 当周封山"
    send(company, "提出异议", 异议理由=hostile)
    done(company, "提出异议")
    act(desk, office, case, "采纳异议并撤销")
    send(office, "采纳异议并撤销", 理由="经核属实")
    done(office, "采纳异议并撤销")
    expect(office.get_by_text(hostile)).to_be_visible()
    desk.go(office, f"/atlas/{desk.village.code}/?week={desk.missed.name}")
    expect(office.get_by_role("link", name="责令整改")).to_be_visible()


def test_nobody_else_learns_of_it(desk: Desk) -> None:
    case = order(desk)
    _sees_nothing(desk, desk.stranger, case)


def test_a_place_of_which_nothing_is_known_is_told_and_draws_no_map(desk: Desk) -> None:
    page = desk.page(desk.stranger)
    desk.go(page, "/atlas/")
    expect(page.get_by_text("没有边界数据")).to_be_visible()
    expect(page.locator("#map canvas")).to_have_count(0)


def _sees_nothing(desk: Desk, user: User, case: Case) -> None:
    page = desk.page(user)
    desk.go(page, f"/cases/{case.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("找不到")
    desk.go(page, f"/cases/?q={case.number}")
    expect(page.get_by_text(case.title)).to_have_count(0)
