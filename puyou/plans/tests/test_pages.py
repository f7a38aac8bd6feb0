"""Pages of plans and task lists: what they say, who may act, and that another province sees none of it."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import NOW, signed_in
from puyou.places.queries import get_place
from puyou.plans import actions
from puyou.plans.models import PlanIndicator, PlanScenario, PlanTarget, TaskPart, TaskReport

pytestmark = pytest.mark.django_db
DATA = Path(settings.DATA_DIR)


@pytest.fixture
def loaded(people):
    actions.load_plans(path=DATA / "plans" / "plans.json", by="system:plans", now=NOW)
    actions.load_tasks(path=DATA / "tasks" / "2020.json", by="system:plans", now=NOW)
    actions.assign_parts(
        part=TaskPart.objects.get(task__number="1.1"), places=[get_place("52")], owner="", due_on=date(2020, 11, 30),
        scope=scope_for(people["national"]), by="x", now=NOW,
    )  # fmt: skip
    return people


def text(answer, status=200):
    assert answer.status_code == status
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8-sig")


def test_plans_say_what_is_known_and_what_is_not(loaded):
    client = signed_in(loaded["national"])
    assert "“十四五”邮政业发展规划" in text(client.get("/plans/"))
    page = text(client.get("/plans/post-14/"))
    assert "已载入 4 项指标（公布共 12 项）" in page and "1,800,000,000,000元" in page and "无法判断" in page
    assert "还没有载入指标" in text(client.get("/plans/post-13/"))
    held = PlanIndicator.objects.get(name="邮政业业务收入")
    page = text(client.get(f"/plans/post-14/indicators/{held.pk}/"))
    assert "没有关联指标，无从取数" in page and "plan-chart" in page and "超过1.8万亿元" in page
    assert "无数据" in text(client.get("/plans/post-14/?format=csv"))
    page = text(signed_in(loaded["province"]).get(f"/plans/post-14/indicators/{held.pk}/"))
    assert "目标 没有分解目标" in page


def test_the_path_of_a_place_is_set_on_its_page(loaded):
    client, held = signed_in(loaded["province"]), PlanIndicator.objects.get(name="建制村直接通邮")
    address = f"/plans/outline-13/indicators/{held.pk}/targets/"
    assert "不是数字" in text(client.post(address, {"y2019": "百分之九十", "source": "省规划"}), 422)
    assert PlanTarget.objects.filter(place=get_place("52")).count() == 0
    assert client.post(address, {"y2019": "90", "y2020": "100", "source": "省规划"}).status_code == 302
    assert PlanTarget.objects.filter(place=get_place("52")).count() == 2
    assert signed_in(loaded["company"]).get(address).status_code == 403
    assert signed_in(loaded["elsewhere"]).get(f"{address}?place=520000000000").status_code == 403


def test_gaps_become_tasks_on_the_page(loaded):
    client, held = signed_in(loaded["province"]), PlanIndicator.objects.get(name="建制村直接通邮")
    assert "遵义市" in text(client.get("/plans/outline-13/gaps/"))
    said = {"gaps": [f"{held.pk}-{get_place('5203').pk}"], "owner": "省局", "due_on": "2020-09-30"}
    answer = client.post("/plans/outline-13/gaps/", said)
    assert "补齐“建制村直接通邮”" in text(client.get(answer.headers["Location"]))
    assert "请先选择" in text(
        client.post("/plans/outline-13/gaps/", {"owner": "省局", "due_on": "2020-09-30"}), 422
    )


def test_how_a_plan_ended_is_frozen(loaded):
    client = signed_in(loaded["national"])
    assert "无法判定 1 项" in text(client.get("/plans/outline-13/evaluation/"))
    answer = client.post("/plans/outline-13/evaluation/")
    assert "内容不再改变" in text(client.get(answer.headers["Location"]))
    assert signed_in(loaded["province"]).get(answer.headers["Location"]).status_code == 404


def test_a_scenario_is_kept_only_when_saved(loaded):
    client, held = signed_in(loaded["national"]), PlanIndicator.objects.get(name="邮政业业务收入")
    page = text(client.get(f"/plans/post-14/scenario/?year=2030&w{held.pk}=2.5万亿元"))
    assert "2,500,000,000,000元" in page and "没有现值" in page and not PlanScenario.objects.exists()
    assert "约数" in text(client.get(f"/plans/post-14/scenario/?year=2030&w{held.pk}=约2万亿"), 422)
    assert "请填写名称" in text(
        client.post("/plans/post-14/scenario/", {"year": "2030", f"w{held.pk}": "1"}), 422
    )
    answer = client.post(
        "/plans/post-14/scenario/", {"year": "2030", f"w{held.pk}": "2.5万亿", "name": "高方案"}
    )
    assert answer.status_code == 302 and "高方案" in text(client.get(answer.headers["Location"]))


def test_the_nine_tasks_with_their_measures(loaded):
    client = signed_in(loaded["national"])
    page = text(client.get("/plans/tasks/2020/"))
    assert (
        "9 项任务，0 项已完成，9 项超期" in page and "≥ 20,000个" in page and "1/3" in page and "0/1" in page
    )
    part = TaskPart.objects.get(task__number="4")
    page = text(client.get(f"/plans/tasks/parts/{part.pk}/"))
    assert "1 个中至少 1 个（1/3）" in page and "争取1/3以上省份签订协议" in page
    assert "贵州省" in text(client.get("/plans/tasks/overdue/"))


def test_a_report_goes_up_and_is_decided(loaded):
    part = TaskPart.objects.get(task__number="1.1", place=get_place("52"))
    province, national = signed_in(loaded["province"]), signed_in(loaded["national"])
    address = f"/plans/tasks/parts/{part.pk}/"
    assert "没有编号为" in text(
        province.post(f"{address}report/", {"text": "已对标", "cases": "无此号"}), 422
    )
    assert province.post(f"{address}report/", {"text": "已对标", "complete": "on"}).status_code == 302
    report = TaskReport.objects.get()
    assert "审核</a>" in text(national.get(address)) and "审核</a>" not in text(province.get(address))
    decide = f"/plans/tasks/reports/{report.pk}/decide/"
    assert province.post(decide, {"decision": "accept"}).status_code == 403
    assert "理由" in text(national.post(decide, {"decision": "return"}), 422)
    assert national.post(decide, {"decision": "accept"}).status_code == 302
    assert "已完成" in text(province.get(address))
    assert signed_in(loaded["elsewhere"]).get(address).status_code == 404
    assert signed_in(loaded["elsewhere"]).get(decide).status_code == 404


def test_a_part_is_shared_out(loaded):
    part = TaskPart.objects.get(task__number="1.1", place=get_place("52"))
    said = {"places": [get_place("5203").pk], "due_on": "2020-10-31"}
    assert (
        signed_in(loaded["province"]).post(f"/plans/tasks/parts/{part.pk}/assign/", said).status_code == 302
    )
    assert "遵义市" in text(signed_in(loaded["province"]).get(f"/plans/tasks/parts/{part.pk}/"))
    late = said | {"due_on": "2020-12-31"}
    assert "晚于上级" in text(
        signed_in(loaded["province"]).post(f"/plans/tasks/parts/{part.pk}/assign/", late), 422
    )


def test_a_list_is_published_as_it_stands(loaded):
    client = signed_in(loaded["national"])
    address = client.post("/plans/tasks/2020/publish/", {"note": "首次"}).headers["Location"]
    assert "内容不再改变" in text(client.get(address))
    frozen = client.get(f"{address}?format=json").json()
    assert len(frozen["content"]["rows"]) == 18 and len(frozen["sha256"]) == 64
    assert "与第 1 版相同" in text(client.post("/plans/tasks/2020/publish/", {"note": ""}), 409)
    assert signed_in(loaded["province"]).get(address).status_code == 404
