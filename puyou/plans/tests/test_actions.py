"""Loading, sharing out, reporting, deciding, freezing: each an action with its event and its refusals."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import NOW
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.indicators.models import Indicator, Target
from puyou.places.queries import get_place
from puyou.plans import actions, queries
from puyou.plans.models import Plan, PlanIndicator, Task, TaskList, TaskPart, TaskRevision

pytestmark = pytest.mark.django_db
DATA = Path(settings.DATA_DIR)


@pytest.fixture
def loaded(people):
    actions.load_plans(path=DATA / "plans" / "plans.json", by="system:plans", now=NOW)
    actions.load_tasks(path=DATA / "tasks" / "2020.json", by="system:plans", now=NOW)
    return people


def part(number="1.1", place="000000000000"):
    return TaskPart.objects.get(task__number=number, place=get_place(place))


def share(who, of, places, due=date(2020, 11, 30), **more):
    return actions.assign_parts(
        part=of, places=[get_place(code) for code in places], owner="", due_on=due, scope=scope_for(who),
        by=who.username, now=NOW, **more,
    )  # fmt: skip


def report(who, of, **said):
    said = {"text": "已完成对标。", "complete": True} | said
    return actions.report_part(part=of, scope=scope_for(who), by=who, now=NOW, **said)


def decide(who, made, accept=True, ground=""):
    return actions.decide_report(
        report=made, accept=accept, ground=ground, scope=scope_for(who), by=who, now=NOW
    )


def test_what_was_published_is_loaded_once_and_nothing_else(loaded):
    assert Plan.objects.count() == 3 and PlanIndicator.objects.filter(plan__code="post-13").count() == 0
    revenue = PlanIndicator.objects.get(name="邮政业业务收入")
    assert (
        revenue.targets.get().value == 1_800_000_000_000 and revenue.kind == "" and revenue.base_value is None
    )
    assert not PlanIndicator.objects.get(name="建制村快递服务通达率").targets.exists()
    tasks = TaskList.objects.get(code="2020").tasks
    assert tasks.filter(parent=None).count() == 9 and tasks.count() == 18
    again = actions.load_tasks(path=DATA / "tasks" / "2020.json", by="system:plans", now=NOW)
    assert again["tasks"] == 0 and Task.objects.count() == 18
    assert actions.load_plans(path=DATA / "plans" / "plans.json", by="system:plans", now=NOW)["plans"] == 0


def test_a_target_is_the_indicators_too(loaded):
    held = PlanIndicator.objects.get(name="建制村直接通邮")
    held.indicator = Indicator.objects.get(code="platform_outlets")
    held.save()
    who, guizhou = loaded["province"], get_place("52")
    said = {
        "plan_indicator": held,
        "place": guizhou,
        "source": "省规划",
        "scope": scope_for(who),
        "by": "x",
        "now": NOW,
    }
    assert actions.set_targets(values={2019: Decimal(90), 2020: Decimal(100)}, **said) == 2
    assert actions.set_targets(values={2019: Decimal(90)}, **said) == 0
    assert Target.objects.get(place=guizhou, period="2020").value == 100
    with pytest.raises(Problem, match="不在规划期"):
        actions.set_targets(values={2021: Decimal(1)}, **said)
    with pytest.raises(Problem):
        actions.set_targets(values={2020: Decimal(1)}, **(said | {"scope": scope_for(loaded["elsewhere"])}))


def test_a_task_goes_down_and_its_report_comes_up(loaded):
    assert share(loaded["national"], part(), ["52"]) == 1
    own = part(place="52")
    assert share(loaded["province"], own, ["5203"], due=date(2020, 10, 31)) == 1
    city = part(place="5203")
    made = report(loaded["city"], city)
    with pytest.raises(Problem, match="还在等待审核"):
        report(loaded["city"], city)
    with pytest.raises(Problem, match="管辖"):
        decide(loaded["city"], made)
    with pytest.raises(Problem, match="退回须写明理由"):
        decide(loaded["province"], made, accept=False)
    decide(loaded["province"], made, accept=False, ground="缺少清单")
    again = report(loaded["city"], city, text="补充清单。")
    assert decide(loaded["province"], again).status == "accepted" and again.number == 2
    with pytest.raises(Problem, match="不能再审"):
        decide(loaded["province"], again)
    kinds = list(Event.objects.filter(subject="task_list:2020").order_by("id").values_list("kind", flat=True))
    assert kinds[-6:] == [
        "task_parts.assigned", "task_parts.assigned", "task_part.reported", "task_report.decided", "task_part.reported",
        "task_report.decided",
    ]  # fmt: skip


def test_nobody_decides_their_own_report(loaded):
    made = report(loaded["national"], part())
    with pytest.raises(Problem, match="须由他人审核"):
        decide(loaded["national"], made)


@pytest.mark.parametrize(
    ("number", "places", "due", "why"),
    [
        ("1.1", [], date(2020, 6, 1), "请选择"),
        ("1.1", ["5203"], date(2020, 6, 1), "不是全国的直接下级"),
        ("1.1", ["52"], date(2021, 1, 1), "晚于上级的期限"),
        ("7.2", ["52"], date(2020, 6, 1), "只分解到全国"),
    ],
)
def test_what_cannot_be_shared_out(loaded, number, places, due, why):
    with pytest.raises(Problem, match=why):
        share(loaded["national"], part(number), places, due)


def test_evidence_must_be_there(loaded):
    for said, why in [
        ({"case_numbers": ["无此号"]}, "没有编号为"),
        ({"entry_numbers": ["无此号"]}, "台账记录"),
        ({"text": " "}, "进展"),
    ]:
        with pytest.raises(Problem, match=why):
            report(loaded["national"], part(), **said)


def test_gaps_become_tasks_once(loaded):
    who, guizhou, zunyi = loaded["province"], get_place("52"), get_place("5203")
    held = PlanIndicator.objects.get(name="建制村直接通邮")
    said = {
        "plan": held.plan, "place": guizhou, "gaps": [(held, zunyi)], "owner": "省局", "due_on": date(2020, 9, 30),
        "scope": scope_for(who), "by": "x", "now": NOW,
    }  # fmt: skip
    made = actions.open_gap_tasks(**said)
    actions.open_gap_tasks(**said)
    assert [task.title for task in made.tasks.all()] == ["补齐“建制村直接通邮”"]
    assert sorted(TaskPart.objects.filter(task__task_list=made).values_list("place__name", flat=True)) == [
        "贵州省",
        "遵义市",
    ]
    with pytest.raises(Problem, match="请先选择"):
        actions.open_gap_tasks(**(said | {"gaps": []}))


def test_a_published_list_never_changes(loaded):
    who, found = loaded["national"], TaskList.objects.get(code="2020")
    said = {"task_list": found, "scope": scope_for(who), "by": who, "now": NOW}
    assert actions.publish_list(content={"rows": [1]}, **said).number == 1
    with pytest.raises(Problem, match="与第 1 版相同"):
        actions.publish_list(content={"rows": [1]}, **said)
    assert actions.publish_list(content={"rows": [2]}, **said).number == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        TaskRevision.objects.update(note="改")


def test_a_plan_is_evaluated_when_it_is_over(loaded):
    who = loaded["national"]
    said = {
        "scope": scope_for(who),
        "by": who,
        "now": NOW,
        "today": date(2026, 11, 20),
        "content": {"rows": [1]},
    }
    assert actions.evaluate_plan(plan=Plan.objects.get(code="outline-13"), **said).number == 1
    with pytest.raises(Problem, match="还没有指标"):
        actions.evaluate_plan(plan=Plan.objects.get(code="post-13"), **(said | {"content": {"rows": []}}))
    with pytest.raises(Problem, match="才结束"):
        actions.evaluate_plan(plan=Plan.objects.get(code="post-14"), **(said | {"today": date(2025, 12, 31)}))


def test_what_is_set_above_concerns_those_beneath_and_nobody_else(loaded):
    share(loaded["national"], part(), ["52"])
    for who in ("province", "city", "elsewhere"):
        assert queries.get_list(scope_for(loaded[who]), "2020").code == "2020"
    seen = {
        who: set(queries.list_parts(scope_for(loaded[who])).values_list("place__name", flat=True))
        for who in loaded
    }
    assert seen["national"] == {"全国", "贵州省"} and seen["province"] == {"贵州省"}
    assert seen["city"] == seen["elsewhere"] == set()
    plan = Plan.objects.create(
        code="gz-14", name="贵州规划", place=get_place("52"), first_year=2021, last_year=2025, source="文件",
        verification="unverified",
    )  # fmt: skip
    assert plan in queries.list_plans(scope_for(loaded["city"]))
    with pytest.raises(Problem, match="没有这个规划"):
        queries.get_plan(scope_for(loaded["elsewhere"]), "gz-14")
