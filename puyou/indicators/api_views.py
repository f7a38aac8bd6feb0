"""Indicators for machines: definitions, and one value with everything that stands behind it."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.indicators import cards, queries
from puyou.indicators.comparing import compare
from puyou.indicators.engine import Reader
from puyou.ingest.answers import Failure
from puyou.ingest.gate import OfficerSession
from puyou.places import queries as places

router = Router(tags=["indicators"])
FAILURES = (401, 403, 404, 422, 503)


class IndicatorRow(Schema):
    """What is measured, without a value."""

    code: str
    name: str
    group: str
    unit: str
    direction: str
    nature: str
    levels: list[int]
    period_kinds: list[str]


class PartRow(Schema):
    """One part of a formula: ``kind`` measured, reported or derived; ``rows`` leads to its records."""

    code: str
    name: str
    kind: str
    period: str
    value: str | None
    unit: str
    qualifier: str
    missing: str
    source: str
    rows: str


class DefinitionRow(Schema):
    """The version of the definition that held."""

    version: int
    formula: str
    source: str
    verification: str
    sample_scope: str
    note: str


class ComparisonRow(Schema):
    """Against what, by how much, and the arithmetic."""

    kind: str
    against: str
    base: str | None
    difference: str | None
    growth: str | None
    arithmetic: str
    missing: str
    caution: str


class ValueRow(Schema):
    """A value; ``value`` null is missing and ``missing`` says why."""

    code: str
    name: str
    place: str
    period: str
    value: str | None
    unit: str
    qualifier: str
    shown: str
    missing: str
    nature: str
    definition: DefinitionRow | None
    parts: list[PartRow]
    comparisons: list[ComparisonRow]


@router.get(
    "/indicators",
    auth=OfficerSession(),
    response={200: list[IndicatorRow], (401, 403, 503): Failure},
    summary="指标清单",
)
def list_indicators(request: HttpRequest) -> list[Any]:
    """全部指标的定义，按类别排列。"""
    scope: Scope = request.auth  # type: ignore[attr-defined]
    return list(queries.list_indicators(scope))


@router.get(
    "/indicators/{code}",
    auth=OfficerSession(),
    response={200: ValueRow, FAILURES: Failure},
    summary="一个指标的数值、算式各项与比较",
)
def read_indicator(
    request: HttpRequest,
    code: str,
    place: Annotated[str, Query(pattern="^[0-9]{2,12}$")],
    period: Annotated[str, Query(max_length=24)],
) -> dict[str, Any]:
    """与命令 `puyou indicator` 相同。数值以文本表示，不作舍入以外的改动；没有数值时为 null，并说明原因。"""
    scope: Scope = request.auth  # type: ignore[attr-defined]
    reader = Reader(scope, clock.today())
    value = reader.value(
        queries.get_indicator(scope, code), places.get_place(place), queries.parse_period(period)
    )
    return cards.value_json(value) | {
        "comparisons": [cards.comparison_json(each) for each in compare(reader, value, peers=True)]
    }
