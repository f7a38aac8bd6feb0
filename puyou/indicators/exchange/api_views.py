"""``dataValueSets`` as DHIS2 offers it, so that its clients can read and report here."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.indicators import problems
from puyou.indicators.exchange import calendar, receiving, sending
from puyou.indicators.exchange.gate import AccessKey
from puyou.indicators.exchange.receiving import Import, Received, Summary
from puyou.indicators.exchange.sending import Wanted
from puyou.indicators.periods import Period
from puyou.ingest.answers import Failure
from puyou.ingest.gate import OfficerSession
from puyou.places import queries as places

router = Router(tags=["dataValueSets"])
FAILURES = (400, 401, 403, 404, 413, 422, 429, 503)
Text = Annotated[str, Field(max_length=300)]
Codes = Annotated[list[Text], Query(min_length=1, max_length=50)]


class ValueOut(Schema):
    """一个数值。``period`` 为 2026、2026Q4、202611、2026W48 或 20261126；``value`` 为十进制数的文本。"""

    dataElement: str
    period: str
    orgUnit: str
    categoryOptionCombo: str
    attributeOptionCombo: str
    value: str
    storedBy: str
    created: str
    lastUpdated: str
    comment: str
    followup: bool


class ValueSetOut(Schema):
    """数值集。"""

    dataValues: list[ValueOut]


class ValueIn(Schema):
    """一个报送的数值；未写的时期和地区取数值集的。更正已报送的数值时，``comment`` 写明理由。"""

    dataElement: Text = ""
    period: Text = ""
    orgUnit: Text = ""
    value: Text | int | float = ""
    comment: Text | None = ""


class ValueSetIn(Schema):
    """报送的数值集。"""

    dataSet: Text | None = None
    completeDate: Text | None = None
    period: Text = ""
    orgUnit: Text = ""
    dataValues: list[ValueIn] = []


class ConflictOut(Schema):
    """一个未接收的数值：``object`` 为代码，``value`` 为原因，``errorCode`` 为问题代码，
    ``indexes`` 为序号（自 0 起）。"""

    object: str
    value: str
    errorCode: str
    indexes: list[int]


class CountOut(Schema):
    """各有多少：新增、更正、未接收；``deleted`` 恒为 0，填报值不可删除。"""

    imported: int
    updated: int
    ignored: int
    deleted: int = 0


class SummaryOut(Schema):
    """导入结果。"""

    responseType: str = "ImportSummary"
    status: str
    description: str
    importCount: CountOut
    conflicts: list[ConflictOut]
    dataSetComplete: str = "false"


class MessageOut(Schema):
    """导入的答复。"""

    httpStatus: str
    httpStatusCode: int
    status: str
    message: str
    response: SummaryOut


@router.get(
    "/dataValueSets",
    auth=[AccessKey(), OfficerSession()],
    response={200: ValueSetOut, FAILURES: Failure},
    summary="读取数值集",
)
def read_values(
    request: HttpRequest,
    dataElement: Codes,
    orgUnit: Codes,
    period: Annotated[list[Text], Query(max_length=60)] = [],  # noqa: B006 - ninja copies it
    startDate: date | None = None,
    endDate: date | None = None,
    children: bool = False,
) -> dict[str, Any]:
    """与 DHIS2 的 dataValueSets 相同的形式。填报项按报送的原样给出；指标由系统计算，须给出 period。

    ``children=true``：填报项含全部下级，指标含直接下级。没有数值的不列出，不以 0 代替。一次最多 10,000 个。
    """
    scope: Scope = request.auth  # type: ignore[attr-defined]
    wanted = Wanted(
        elements=list(dict.fromkeys(dataElement)),
        places=[places.get_place(code) for code in dict.fromkeys(orgUnit)],
        children=children,
        periods=[_period(text) for text in dict.fromkeys(period)],
        since=startDate,
        until=endDate,
    )
    return {"dataValues": [vars(each) for each in sending.send(scope, wanted)]}


@router.post(
    "/dataValueSets",
    auth=[AccessKey(), OfficerSession()],
    response={(200, 409): MessageOut, FAILURES: Failure},
    summary="报送数值集",
)
def report_values(
    request: HttpRequest,
    asked: ValueSetIn,
    importStrategy: Annotated[str, Query(max_length=30)] = "CREATE_AND_UPDATE",
    dryRun: bool = False,
) -> tuple[int, dict[str, Any]]:
    """逐个判断，能接收的全部接收，其余在 conflicts 中说明原因；有未接收的数值时状态为 409，与 DHIS2 相同。

    再次报送相同的数值不改变任何内容。更正须在 comment 写明理由，原来的数值保留可查。``dryRun=true`` 只检查，不保存。
    """
    scope: Scope = request.auth  # type: ignore[attr-defined]
    how = Import(scope, "接口报送", importStrategy, clock.now())
    summary = receiving.receive(_sent(asked), how, dry_run=dryRun)
    status = 200 if summary.status == "SUCCESS" else 409
    return status, _message(summary, status, dryRun)


def _sent(asked: ValueSetIn) -> list[Received]:
    return [
        Received(
            row,
            each.dataElement,
            each.period or asked.period,
            each.orgUnit or asked.orgUnit,
            each.value if isinstance(each.value, str) else repr(each.value),
            each.comment or "",
        )
        for row, each in enumerate(asked.dataValues, 1)
    ]


def _message(summary: Summary, status: int, dry_run: bool) -> dict[str, Any]:
    count = {"imported": summary.imported, "updated": summary.updated, "ignored": summary.ignored}
    conflicts = [
        {"object": each.element, "value": each.message, "errorCode": each.code, "indexes": [each.row - 1]}
        for each in summary.conflicts
    ]
    said = f"新增 {summary.imported}，更正 {summary.updated}，未变 {summary.same}，未接收 {summary.ignored}"
    told = f"{'仅检查，未保存：' if dry_run else ''}{said}"
    return {
        "httpStatus": "OK" if status == 200 else "Conflict",
        "httpStatusCode": status,
        "status": "OK" if status == 200 else summary.status,
        "message": told,
        "response": {
            "status": summary.status,
            "description": told,
            "importCount": count,
            "conflicts": conflicts,
        },
    }


def _period(text: str) -> Period:
    try:
        return calendar.read(text)
    except ValueError:
        raise problems.BAD_EXCHANGE_PERIOD(text=text[:30]) from None
