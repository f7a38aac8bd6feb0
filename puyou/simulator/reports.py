"""Reports of the told county: filed by supervisors and villagers, answered, verified or not, as people would."""

from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope, scope_for
from puyou.cases import actions as cases
from puyou.cases.feedback import actions, queries
from puyou.cases.feedback.models import Report
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.core.periods import day_of
from puyou.places.models import Place

COUNT, DAYS = 80, 84
MARK = "模拟数据："
SOURCES = ("supervisor", "supervisor", "supervisor", "public", "village_code")
# how far a report comes, and how many of a hundred
COURSES = (
    ("verified", 58), ("claimed", 5), ("refuted", 5), ("not_established", 3), ("other_body", 5), ("returned", 5),
    ("received", 6), ("accepted", 3), ("answering", 5), ("verifying", 3), ("confirming", 2),
)  # fmt: skip
CAUSES = ("staff", "vehicle", "road", "training", "management")
LOOKED = ("到村查看，村委会证实已恢复每周三次", "现场查看，网点已按公示时间营业", "电话回访村委会，已整改")
MEASURES = ("已增派投递员，恢复班期", "已批评教育并安排替班", "已补投并致歉", "已更新公示，按时营业")


def tell(*, county: Place, officer: User, company: User, seed: int, now: datetime) -> int:
    """File reports in a county and deal with them; returns how many. Once per database."""
    if Report.objects.exists():
        return 0
    random = np.random.default_rng([seed, 11, county.pk])
    villages = list(
        Place.objects.filter(path__startswith=county.path, level=5, valid_to=None).order_by("code")[:60]
    )
    categories = list(queries.list_categories(Scope.system("simulator")))
    office, firm = (Actor(scope_for(user, day_of(now)), user) for user in (officer, company))
    courses = [name for name, weight in COURSES for _ in range(weight)]
    for _ in range(COUNT):
        course = courses[int(random.integers(len(courses)))]
        old = course in ("verified", "claimed", "refuted", "not_established", "other_body")
        days = int(random.integers(25, DAYS) if old else random.integers(2, 12))
        category = categories[int(random.integers(len(categories)))]
        filed = actions.file_report(
            client_id=UUID(int=int.from_bytes(random.bytes(16)), version=4),
            source=SOURCES[int(random.integers(len(SOURCES)))],
            category=category,
            place=villages[int(random.integers(len(villages)))],
            text=f"{MARK}{category.description or category.name}",
            now=now - timedelta(days=days),
        )
        _follow(filed.report, course, office, firm, now, random)
    actions.settle_silent(now=now)
    return COUNT


def _follow(
    report: Report, course: str, office: Actor, firm: Actor, now: datetime, random: np.random.Generator
) -> None:
    """Everything that people do about a report, a day or so after each other and never after ``now``."""
    if course == "received":
        return
    at = report.filed_at
    for action, who, data in _steps(course, office, firm, random):
        at = min(at + timedelta(hours=int(random.integers(4, 40))), now)
        held = Case.objects.get(pk=report.case_id)
        cases.perform(case_id=held.pk, action=action, actor=who, data=data, revision=held.revision, now=at)
    if course == "verified" and random.random() < 0.7:
        one = UUID(int=int.from_bytes(random.bytes(16)), version=4)
        actions.confirm(
            report=report, fixed=True, now=min(at + timedelta(hours=5), now), client_id=one, channel="app"
        )
        if random.random() < 0.6:
            score = int(random.integers(3, 6))
            actions.rate(
                report=report,
                score=score,
                now=min(at + timedelta(hours=6), now),
                client_id=one,
                channel="app",
            )


def _steps(
    course: str, office: Actor, firm: Actor, random: np.random.Generator
) -> list[tuple[str, Actor, dict[str, str]]]:
    if course == "other_body":
        return [("refer", office, {"body": "县交通运输局", "ground": "所反映的是道路损坏"})]
    cause, measures, looked = (
        words[int(random.integers(len(words)))] for words in (CAUSES, MEASURES, LOOKED)
    )
    whole = [
        ("accept", office, {}),
        ("dispatch", office, {}),
        ("answer_fixed", firm, {"cause": cause, "measures": measures}),
    ]
    ends: dict[str, list[tuple[str, Actor, dict[str, str]]]] = {
        "verified": [("verify", office, {"method": "on_site", "text": looked, "cause": cause})],
        "confirming": [("verify", office, {"method": "call", "text": looked})],
        "claimed": [("close_claimed", office, {"ground": "汛期道路中断，本季未能到现场"})],
        "refuted": [
            ("refute", office, {"method": "call", "text": "查投递记录并询问村委会，所反映的当日已投"})
        ],
        "not_established": [("give_up", office, {"method": "call", "text": "未留联系方式，村委会说不清"})],
        "returned": [("return", office, {"method": "call", "text": "村委会称仍未恢复，请继续整改"})],
    }
    short = {"accepted": 1, "answering": 2}
    return whole[: short[course]] if course in short else whole + ends.get(course, [])
