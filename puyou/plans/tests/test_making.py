"""Plans, their indicators, task lists and tasks are made on pages, with their source, and by whom they belong to."""

import pytest

from puyou.accounts.tests.offices import signed_in
from puyou.plans.models import Plan, PlanIndicator, Task, TaskList, TaskMeasure

pytestmark = pytest.mark.django_db
PLAN = {
    "code": "gz-15", "name": "贵州省邮政业发展规划", "place": "520000000000", "first_year": "2026", "last_year": "2030",
    "source": "黔邮管发〔2026〕1号",
}  # fmt: skip
INDICATOR = {
    "name": "建制村投递达标率", "indicator": "village_delivery_rate", "kind": "binding", "unit": "%",
    "relation": "at_least", "base_year": "2025", "base_value": "９５", "source": "规划正文",
}  # fmt: skip
LIST = {
    "code": "gz-2026", "name": "2026年任务表", "place": "520000000000", "first_on": "2026-01-01",
    "last_on": "2026-12-31", "source": "黔邮管发〔2026〕2号",
}  # fmt: skip
TASK = {"number": "1", "title": "建制村达标", "relation": "at_least", "due_on": "2026-12-31"}


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[-1500:]
    return answer.content.decode()


@pytest.fixture
def client(people):
    return signed_in(people["province"])


@pytest.fixture
def plan(client):
    assert client.post("/plans/new/", PLAN).headers["Location"] == "/plans/gz-15/"
    return Plan.objects.get(code="gz-15")


@pytest.fixture
def tasks(client):
    assert client.post("/plans/tasks/new/", LIST).headers["Location"] == "/plans/tasks/gz-2026/"
    return TaskList.objects.get(code="gz-2026")


def test_a_plan_is_made_and_marked_unverified(client, plan):
    page = text(client.get("/plans/gz-15/"))
    assert "贵州省邮政业发展规划" in page and "未经核实" in page and "登记指标" in page
    assert "登记规划" in text(client.get("/plans/"))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"source": ""}, "请填写"),
        ({"first_year": "2031"}, "2031"),
        ({"place": "999999999999"}, "999999999999"),
        ({"code": "中文"}, "只能用小写字母"),
    ],
)
def test_what_a_plan_cannot_be_is_said_and_kept_on_the_page(client, changes, word):
    page = text(client.post("/plans/new/", PLAN | changes), 422)
    assert word in page and 'value="gz-15"' in page or "code" in changes
    assert not Plan.objects.filter(code="gz-15").exists()


def test_a_code_is_taken_once(client, plan):
    assert "已" in text(client.post("/plans/new/", PLAN), 409)


def test_an_indicator_is_made_and_changed(client, plan):
    assert client.post("/plans/gz-15/indicators/new/", INDICATOR).status_code == 302
    held = PlanIndicator.objects.get(plan=plan)
    assert (held.indicator.code, held.base_value, held.verification) == (
        "village_delivery_rate",
        95,
        "unverified",
    )
    address = f"/plans/gz-15/indicators/{held.pk}/edit/"
    assert 'value="95"' in text(client.get(address))
    client.post(address, INDICATOR | {"base_value": "96"})
    held.refresh_from_db()
    assert held.base_value == 96
    assert "修改指标" in text(client.get(f"/plans/gz-15/indicators/{held.pk}/"))


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"indicator": "nothing"}, "nothing"), ({"base_value": "很多"}, "很多"), ({"base_year": ""}, "哪一年")],
)
def test_what_an_indicator_cannot_be_is_said(client, plan, changes, word):
    answer = client.post("/plans/gz-15/indicators/new/", INDICATOR | changes)
    assert word in text(answer, 422)
    assert not PlanIndicator.objects.filter(plan=plan).exists()


def test_a_task_with_a_measure_and_one_beneath_it(client, tasks):
    said = TASK | {"indicator": "village_delivery_rate", "wanted": "98", "period": "2026"}
    assert client.post("/plans/tasks/gz-2026/new/", said).status_code == 302
    measure = TaskMeasure.objects.get(task__task_list=tasks)
    assert (measure.wanted, measure.period, measure.unit) == (98, "2026", "%")
    second = TASK | {"number": "2", "title": "末端建设"}
    client.post("/plans/tasks/gz-2026/new/", second)
    parent = Task.objects.get(number="2")
    client.post(
        "/plans/tasks/gz-2026/new/", TASK | {"number": "2.1", "title": "村邮站", "parent": str(parent.pk)}
    )
    assert Task.objects.get(number="2.1").parent == parent
    page = text(client.get("/plans/tasks/gz-2026/"))
    assert "建制村达标" in page and "村邮站" in page and "加一项任务" in page


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"indicator": "village_delivery_rate"}, "须写明目标值和时期"),
        ({"indicator": "village_delivery_rate", "wanted": "98", "period": "今年"}, "不是时期"),
        ({"title": ""}, "请填写"),
    ],
)
def test_what_a_task_cannot_be_is_said(client, tasks, changes, word):
    answer = client.post("/plans/tasks/gz-2026/new/", TASK | changes)
    assert answer.status_code == 422 and word in answer.content.decode()
    assert not Task.objects.filter(task_list=tasks).exists()


def test_only_those_who_hold_the_place_make_anything(people, plan, tasks):
    for who in ("company", "elsewhere", "city"):
        other = signed_in(people[who])
        for address, said in (
            ("/plans/new/", PLAN | {"code": "other"}),
            ("/plans/gz-15/indicators/new/", INDICATOR),
            ("/plans/tasks/new/", LIST | {"code": "other"}),
            ("/plans/tasks/gz-2026/new/", TASK),
        ):
            assert other.post(address, said).status_code in (403, 404), (who, address)
    assert (
        not Plan.objects.filter(code="other").exists() and not TaskList.objects.filter(code="other").exists()
    )
    assert (
        not PlanIndicator.objects.filter(plan=plan).exists()
        and not Task.objects.filter(task_list=tasks).exists()
    )
