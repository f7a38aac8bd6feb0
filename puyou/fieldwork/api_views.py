"""The phone's reading side: its day, what is kept about its courier, and villages of the county to add."""

import hashlib
from datetime import date
from typing import Annotated, Any, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Query, Router

from puyou.core import clock
from puyou.fieldwork import answers, field_day, own_data, problems
from puyou.ingest import actions as door_actions
from puyou.ingest import answers as door
from puyou.ingest.gate import DeviceToken
from puyou.ingest.tokens import Bearer
from puyou.ingest.views import app_of, device_time

router = Router(tags=["field"])
FAILURES = (401, 403, 422, 429, 503)


def _told(kind: Any, many: bool = False) -> dict[str, Any]:
    """What the address answers, for readers of the description."""
    _, parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    one = _inlined(parts, kind.__name__)
    schema = {"type": "array", "items": one} if many else one
    return {"responses": {200: {"description": "OK", "content": {"application/json": {"schema": schema}}}}}


def _inlined(parts: dict[str, Any], name: str) -> Any:
    """A schema with its parts written in place of references."""

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return [whole(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return whole(parts[value["$ref"].rsplit("/", 1)[1]])
        return {key: whole(each) for key, each in value.items()}

    return whole(parts[name])


@router.get(
    "/field/today",
    auth=DeviceToken(),
    response={304: None, FAILURES: door.Failure},
    openapi_extra=_told(answers.Today),
    summary="今天的班：各村、待办、答复、规则",
)
def today(request: HttpRequest) -> HttpResponse:
    """没有信号的一天所需的全部内容。

    ETag 不含 nonce 与 server_time；304 时二者在 Puyou-Nonce、Puyou-Server-Time 头中。
    """
    now, bearer, app = clock.now(), _bearer(request), app_of(request)
    told = field_day.today_of(bearer, app, now)
    door_actions.note_contact(token=bearer, now=now, device_time=device_time(request), app=app)
    nonce, told.nonce, told.server_time = told.nonce, "", None
    tag = f'"{hashlib.sha256(answers.encode(told)).hexdigest()[:24]}"'
    told.nonce, told.server_time = nonce, now
    answer = HttpResponse(answers.encode(told), content_type="application/json", headers={"ETag": tag})
    response = get_conditional_response(request, etag=tag, response=answer) or answer
    response.headers["Puyou-Nonce"] = nonce
    response.headers["Puyou-Server-Time"] = now.isoformat()
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@router.get(
    "/field/me",
    auth=DeviceToken(),
    response={FAILURES: door.Failure},
    openapi_extra=_told(answers.Own),
    summary="我的数据：保存了关于我的什么、为什么、到什么时候",
)
def me(request: HttpRequest, month: Annotated[str, Query(max_length=7)] = "") -> HttpResponse:
    """某月（默认本月，如 2026-11）的到村、评分与理由、审核决定，以及设备、同意记录、保存期限。"""
    now = clock.now()
    own = own_data.own_data_of(_bearer(request), _month(month), now)
    return HttpResponse(answers.encode(own), content_type="application/json")


@router.get(
    "/field/villages",
    auth=DeviceToken(),
    response={FAILURES: door.Failure},
    openapi_extra=_told(answers.FoundVillage, many=True),
    summary="本县的村，用于计划外到村",
)
def villages(request: HttpRequest, q: Annotated[str, Query(max_length=30)]) -> HttpResponse:
    """名称含 q 或代码以 q 开头的村，至多 20 个，限投递员所在的县。"""
    found = own_data.find_villages(_bearer(request).courier_id, q, clock.today())
    return HttpResponse(answers.encode(found), content_type="application/json")


def _bearer(request: HttpRequest) -> Bearer:
    return cast("Bearer", request.auth)  # type: ignore[attr-defined]


def _month(text: str) -> date:
    """The first day of the month asked for, this month without one."""
    if not text:
        return clock.today().replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise problems.BAD_MONTH(month=text) from None
