"""The reference data that every installation starts with, in the order in which they depend on each other."""

from datetime import datetime
from pathlib import Path
from typing import Any

from puyou.accounts import actions as accounts
from puyou.accounts.scopes import Scope
from puyou.cases import actions as cases
from puyou.cases.feedback import actions as feedback
from puyou.cases.papers import templating
from puyou.cases.supervisors import actions as supervisors
from puyou.core.progress import step
from puyou.indicators import loading as indicators
from puyou.ledgers import actions as ledgers
from puyou.places import actions as places
from puyou.reports import actions as cards
from puyou.returns import actions as returns
from puyou.scrutiny import actions as scrutiny
from puyou.standards import actions as standards

CASES = Path(__file__).resolve().parents[1] / "cases"
PROCEDURES = sorted(CASES.glob("*/procedures"))
PROCEDURES_BY = "system:procedures"
LEDGERS = Path(__file__).resolve().parents[1] / "ledgers" / "kinds"
LEDGERS_BY = "system:ledgers"
INDICATORS_BY = "system:indicators"
RETURNS_BY = "system:returns"


def load(*, by: str, now: datetime, provinces: list[str] | None = None) -> dict[str, Any]:
    """Load divisions, rules, calendar and roles; loads nothing twice. Returns what each step says it did."""
    said: dict[str, Any] = {}
    with step("装载行政区划"):
        said["places"] = places.load_divisions(by=by, now=now, provinces=provinces)
    with step("装载准则与日历"):
        said["standards"] = standards.load_standards(by=by, now=now)
        said["calendar"] = standards.load_calendar(by=by, now=now)
    with step("装载评分权重"):
        said["weighting"] = scrutiny.load_weighting(by=by, now=now)
    with step("装载角色"):
        said["roles"] = accounts.load_roles(by=by, now=now)
    with step("装载反映类别"):
        said["categories"] = feedback.load_categories(by=by, now=now)
    with step("装载检查清单"):
        said["checklists"] = supervisors.load_checklists(by=by, now=now)
    with step("发布文书模板"):
        said["document_templates"] = len(templating.load_templates(by=PROCEDURES_BY, now=now))
    with step("发布办理程序"):
        said["procedures"] = len(cases.load_procedures(folders=PROCEDURES, by=PROCEDURES_BY, now=now))
    with step("发布台账类别"):
        said["ledgers"] = len(ledgers.load_kinds(folder=LEDGERS, by=LEDGERS_BY, now=now))
    with step("装载指标定义"):
        said["indicators"] = indicators.load_definitions(by=INDICATORS_BY, now=now)
    with step("发布填报表式"):
        said["forms"] = returns.load_forms(by=RETURNS_BY, now=now)
    with step("装载成绩单"):
        said["cards"] = len(cards.load_cards(scope=Scope.system("cards"), now=now))
    return said
