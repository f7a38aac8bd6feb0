"""Stories of a supervisor's phone: opened by a link, written without signal, followed to the result, never named."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from puyou.cases.feedback.models import Rating, Report
from puyou.cases.supervisors import actions
from puyou.cases.supervisors.models import InterestDeclaration, TaskResult
from puyou.cases.tests.cast import do
from puyou.core import clock
from tests.browser.cases.desk import Desk
from tests.browser.cases.watch import NAME, Watcher

ANSWER = {"cause": "staff", "measures": "已增派投递员，恢复每周三次"}


@pytest.fixture
def watcher(desk: Desk) -> Watcher:
    return Watcher(desk)


def answer_all(watcher: Watcher) -> None:
    """The list about a village's delivery, as somebody who was there fills it in; a number in full-width digits."""
    for item in watcher.person.assignments.get().task.checklist.items:
        if item["answer"] == "yes_no":
            watcher.choose(item["text"], "是")
        elif item["answer"] == "number":
            watcher.page.get_by_label(re.compile(f"^{re.escape(item['text'])}")).fill("２")


def test_a_link_opens_the_phone_a_task_is_done_without_signal_and_the_office_reads_it(
    desk: Desk, watcher: Watcher
) -> None:
    task = watcher.task()
    office = desk.page(desk.officer)
    desk.go(office, f"/cases/supervisors/{watcher.person.pk}/")
    expect(office.get_by_text("尚未开通")).to_be_visible()
    office.get_by_role("link", name="开通手机").click()
    office.get_by_role("button", name="发放开通码").click()
    desk.keep(office, "supervisor-link")
    link = re.search(r"http\S+#supervise=\w+", office.locator(".code-sheet").inner_text())
    assert link
    watcher.enrol(link[0])
    expect(watcher.page.get_by_text("请先声明利益关系")).to_be_visible()
    watcher.keep("home")
    watcher.page.get_by_role("link", name="去声明").click()
    watcher.choose("有没有", "没有")
    watcher.keep("declaration")
    watcher.press("声明")
    watcher.saved()
    watcher.send()
    assert InterestDeclaration.objects.get(supervisor=watcher.person).tied is False

    with watcher.offline():
        watcher.go("#/")
        watcher.page.get_by_role("link", name=re.compile(task.title)).click()
        watcher.press("存下并上报")
        expect(watcher.page.locator(".toast, .wrong").filter(has_text="还没有回答").first).to_be_visible()
        answer_all(watcher)
        watcher.page.get_by_label(re.compile("^补充说明")).fill("村口没有信报箱")
        watcher.page.get_by_label("附上现在的位置").check()
        expect(watcher.page.get_by_text("已定位")).to_be_visible()
        watcher.photo("拍现场")
        watcher.keep("task")
        watcher.press("存下并上报")
        expect(watcher.page.get_by_role("link", name=re.compile(task.title))).to_contain_text("已报")
        expect(watcher.page.locator(".status")).to_contain_text("1 条待上传")
        assert not TaskResult.objects.filter(assignment__task=task).exists()
    watcher.send()
    result = TaskResult.objects.get(assignment__task=task)
    assert result.note == "村口没有信报箱" and result.lat and len(result.photos) == 1

    desk.go(office, f"/cases/supervisors/results/{result.pk}/")
    expect(office.get_by_text("村口没有信报箱")).to_be_visible()
    expect(office.locator("img").first).to_be_visible()
    desk.keep(office, "supervisor-result")
    desk.go(office, f"/cases/supervisors/{watcher.person.pk}/")
    expect(office.get_by_text("声明与邮政企业没有利益关系")).to_be_visible()


def test_a_report_goes_out_is_followed_to_its_result_and_rated_and_the_company_never_learns_whose(
    desk: Desk, watcher: Watcher
) -> None:
    watcher.enrol(watcher.link())
    with watcher.offline():
        watcher.page.get_by_role("link", name="反映情况").click()
        watcher.press("存下并上报")
        expect(watcher.page.locator(".toast")).to_contain_text("请选一个类别")
        watcher.page.get_by_role("radio", name="到村投递次数不足").check()
        watcher.page.get_by_label("在哪里").select_option(label=desk.village.name)
        watcher.page.get_by_label("看到了什么").fill(f"三天没来投递。我是{NAME}，就住村口。")
        watcher.page.get_by_label("看到了什么").blur()
        watcher.page.wait_for_timeout(300)  # the form is kept as it is left
        watcher.go("#/mine")
        watcher.go("#/")
        expect(watcher.page.get_by_text("有一件反映还没写完")).to_be_visible()
        watcher.page.get_by_role("link", name="接着写").click()
        expect(watcher.page.get_by_label("看到了什么")).to_have_value(re.compile("三天没来投递"))
        watcher.photo("拍现场")
        watcher.keep("report")
        watcher.press("存下并上报")
        expect(watcher.page.get_by_text("还在手机里")).to_be_visible()
    watcher.send()
    report = watcher.person.reports.get().report
    assert report.hidden and report.source == "supervisor" and len(report.photos) == 1
    watcher.news()
    expect(watcher.page.get_by_role("link", name=re.compile("到村投递次数不足"))).to_contain_text(
        "已收到，待受理"
    )

    office, company, now = desk.actor(desk.officer), desk.actor(desk.company), clock.now()
    do(report.case, "accept", office, now)
    do(report.case, "dispatch", office, now)
    company_page = desk.page(desk.company)
    desk.go(company_page, f"/cases/{report.case_id}/")
    expect(company_page.get_by_role("heading", level=1)).to_be_visible()
    assert NAME not in company_page.content()
    desk.keep(company_page, "report-company")
    do(report.case, "answer_fixed", company, now, **ANSWER)
    do(report.case, "verify", office, now, method="on_site", text="到村查看，已恢复")

    watcher.news()
    watcher.page.get_by_role("link", name=re.compile("到村投递次数不足")).click()
    expect(watcher.page.get_by_text("已核实，请您确认").first).to_be_visible()
    watcher.keep("confirming")
    watcher.press("已解决")
    expect(watcher.page.get_by_text("已整改，并经核实").first).to_be_visible()
    watcher.page.get_by_role("radio", name="5", exact=True).check()
    watcher.press("送出评价")
    expect(watcher.page.get_by_text("您评了 5 分")).to_be_visible()
    watcher.keep("rated")
    assert Rating.objects.get(report=report).score == 5
    assert Report.objects.get(pk=report.pk).case.outcome == "verified"


def test_a_lost_answer_a_withdrawn_task_and_a_new_link_lose_nothing(desk: Desk, watcher: Watcher) -> None:
    task = watcher.task(title="会收回的任务")
    watcher.enrol(watcher.link())
    tried: list[int] = []

    def lost(route: Route) -> None:
        tried.append(route.fetch().status)
        route.abort()

    watcher.go("#/declaration")
    watcher.choose("有没有", "有")
    watcher.press("声明")
    expect(watcher.page.get_by_text("请写明是什么关系")).to_be_visible()
    watcher.page.get_by_label(re.compile("^是什么关系")).fill("弟弟是邮政职工")
    watcher.context.route("**/api/v1/supervisor/envelopes", lost)
    watcher.press("声明")
    expect(watcher.page.locator(".status")).to_contain_text("1 条待上传")
    watcher.page.wait_for_timeout(500)
    watcher.context.unroute("**/api/v1/supervisor/envelopes", lost)
    assert tried and set(tried) == {200}
    watcher.send()
    assert InterestDeclaration.objects.filter(supervisor=watcher.person).count() == 1

    watcher.go(f"#/task/{task.pk}")
    actions.withdraw_task(
        task_id=task.pk, words="改期", scope=desk.actor(desk.officer).scope, by=desk.officer,
        now=clock.now() - timedelta(minutes=1),
    )  # fmt: skip
    answer_all(watcher)
    watcher.press("存下并上报")
    expect(watcher.page.locator(".status")).to_contain_text("1 条被退回", timeout=20_000)
    watcher.go("#/outbox")
    watcher.page.get_by_role("link", name=re.compile("任务结果")).click()
    expect(watcher.page.get_by_text("这一条还留在手机里")).to_be_visible()
    watcher.keep("refused")

    watcher.link()  # a new link ends this phone
    watcher.go("#/report")
    watcher.page.get_by_role("radio", name="服务态度").check()
    watcher.page.get_by_label("在哪里").select_option(label=desk.village.name)
    watcher.page.get_by_label("看到了什么").fill("态度恶劣")
    watcher.press("存下并上报")
    expect(watcher.page.locator(".status")).to_contain_text("已停止上传", timeout=20_000)
    watcher.go("#/outbox")
    expect(watcher.page.get_by_text("这台手机未开通或已停用")).to_be_visible()
    expect(watcher.page.get_by_text("态度恶劣")).to_be_visible()


def test_the_certificate_is_shown_and_anybody_may_check_it(desk: Desk, watcher: Watcher) -> None:
    watcher.enrol(watcher.link())
    watcher.go("#/certificate")
    expect(watcher.page.get_by_label("监督员证")).to_contain_text(watcher.person.number)
    watcher.keep("certificate")
    code = watcher.page.get_by_label("验证码").inner_text()
    other = desk.browser.new_context(locale="zh-CN").new_page()
    other.goto(desk.site.url(f"/cases/supervisors/certificate/{watcher.person.number}/{code}/"))
    expect(other.get_by_text(watcher.person.number).first).to_be_visible()
    other.context.close()
