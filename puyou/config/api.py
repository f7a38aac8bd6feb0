"""The API for machines, assembled from the rooms, at /api/v1/."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadParameters

from puyou.accounts.scopes import Scope
from puyou.cases.supervisors import api_views as supervisors
from puyou.config import problems
from puyou.core.problems import Problem
from puyou.fieldwork import api_views as fieldwork
from puyou.indicators import api_views as indicators
from puyou.indicators.exchange import api_views as exchange
from puyou.ingest import photo_views as photos
from puyou.ingest import problems as door
from puyou.ingest import views as ingest
from puyou.ingest.answers import Failure
from puyou.ingest.gate import OfficerSession
from puyou.places import queries as places

RETRY_AFTER = "5"  # seconds; a phone that hears 503 has lost nothing and asks again
LEVELS = {"nation": 0, "province": 1, "city": 2, "county": 3, "township": 4, "village": 5}
Level = Literal["nation", "province", "city", "county", "township", "village"]

api = NinjaAPI(
    title="普邮", version="1", description="邮政普遍服务监督系统接口", docs_url=None, urls_namespace="api"
)
api.add_router("", ingest.router)
api.add_router("", photos.router)
api.add_router("", fieldwork.router)
api.add_router("", indicators.router)
api.add_router("", exchange.router)
api.add_router("", supervisors.router)


class FoundPlace(Schema):
    """A division found by name or code."""

    code: str
    name: str
    level: int
    chain: list[tuple[str, str]]


class FigureRow(Schema):
    """A place's week, as ``puyou compliance`` prints it."""

    place: str
    name: str
    week: str
    villages: int
    met: int
    missed: int
    provisional: int
    excused: int
    pending: int
    rate: float | None
    trips: int
    trips_due: int
    longest_gap: int | None
    stand_in: bool


@api.get(
    "/places",
    response={200: list[FoundPlace], (422, 503): Failure},
    tags=["places"],
    summary="按名称或代码查找区划",
)
def find_places(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=60)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Any]:
    """区划名称是公开的；数据不是。"""
    return places.search(q, limit)


@api.get(
    "/compliance",
    auth=OfficerSession(),
    response={200: list[FigureRow], (401, 403, 404, 422, 503): Failure},
    tags=["compliance"],
    summary="达标情况，逐地区逐周",
)
def list_compliance(
    request: HttpRequest,
    place: Annotated[str, Query(pattern="^[0-9]{2,12}$")],
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    by: Level,
) -> list[Any]:
    """与命令 `puyou compliance` 相同的行：涉及所给日期（含首尾）的每一整周，按地区、周排序。

    只限管辖范围内。
    """
    from puyou.config import figures  # noqa: PLC0415 - heavy arrays only for those who ask

    scope: Scope = request.auth  # type: ignore[attr-defined]
    return figures.rows(scope, place, first, last, LEVELS[by])


def _answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    body = {
        "code": problem.code,
        "message": problem.message,
        "details": {k: v if isinstance(v, int) else str(v) for k, v in problem.details.items()},
    }
    response = api.create_response(request, body, status=problem.status)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 429:
        response.headers["Retry-After"] = str(problem.details["seconds"])
    if problem.status == 503:
        response.headers["Retry-After"] = str(problem.details.get("seconds", RETRY_AFTER))
    return response


def _handles(kind: type[Exception]) -> Callable[[Callable[[HttpRequest, Any], HttpResponse]], Any]:
    return api.exception_handler(kind)


@_handles(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return _answer(request, error)


@_handles(AuthenticationError)
def _unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _answer(request, problems.NO_SESSION())


@_handles(BadParameters)
def _bad_parameters(request: HttpRequest, error: BadParameters) -> HttpResponse:
    fields = sorted({str(each["loc"][-1]) for each in error.errors})
    return _answer(request, problems.BAD_PARAMETERS(fields="、".join(fields)))


@_handles(HttpError)
def _plain_refusal(request: HttpRequest, error: HttpError) -> HttpResponse:
    return api.create_response(
        request, {"code": "config.refused", "message": str(error), "details": {}}, status=error.status_code
    )


@_handles(OperationalError)
@_handles(InterfaceError)
def _database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    posting = request.method == "POST"
    return _answer(request, door.BUSY() if posting else problems.UNAVAILABLE())
