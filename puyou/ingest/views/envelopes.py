"""A phone posts envelopes and asks what became of them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja import Router

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.ingest import actions, answers, body, envelopes, nonces, pressure, problems, queries, versions
from puyou.ingest.gate import DeviceToken, OfficerSession
from puyou.ingest.receipts import Answer
from puyou.ingest.tokens import Bearer

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"
router = Router(tags=["envelopes"])
PUYOU_APP = {
    "in": "header",
    "name": "Puyou-App",
    "schema": {"type": "integer"},
    "description": "通邮应用的版本号；只作记录，不作拒绝的理由。",
}
_encoder = msgspec.json.Encoder()


def _contract(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((CONTRACTS / f"{name}.v1.schema.json").read_text())
    return {key: value for key, value in schema.items() if not key.startswith("$")}


POST_EXTRA: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Device-Time",
            "schema": {"type": "string", "format": "date-time"},
            "description": "手机发送时的时钟（RFC 3339，带偏移），用于估计设备时钟偏差，"
            "最多按 24 小时计；缺失或无法解析时沿用上次估计。",
        },
        {
            "in": "header",
            "name": "Content-Encoding",
            "schema": {"type": "string", "enum": ["gzip", "identity"]},
        },
        PUYOU_APP,
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["envelopes"],
                    "properties": {
                        "envelopes": {
                            "type": "array",
                            "maxItems": body.COUNT_LIMIT,
                            "items": _contract("envelope"),
                        }
                    },
                }
            }
        },
    },
}


@router.post(
    "/envelopes",
    auth=DeviceToken(),
    response={200: answers.Receipts, (400, 401, 403, 413, 429, 503): answers.Failure},
    openapi_extra=POST_EXTRA,
    summary="投递信封，逐项得到回执",
)
def receive(request: HttpRequest) -> HttpResponse:
    """一次最多 500 个信封，每个不超过 64 KiB；发送不超过 1 MiB（可 gzip），解压后不超过 8 MiB。

    200 时每项一张回执，顺序与发送一致：accepted、duplicate（重复首次回执）、refused（附 code 与 message）。
    其他状态表示什么都没有存下。
    """
    bearer = cast("Bearer", request.auth)  # type: ignore[attr-defined]
    pressure.refuse_when_behind()
    items = body.split(sent_by(request), request.headers.get("Content-Encoding", ""))
    now = clock.now()
    receipts = actions.accept_envelopes(
        raw_items=items, token=bearer, now=now, device_time=device_time(request), app=app_of(request)
    )
    answer = Answer(receipts, nonces.make(bearer.device_identifier, now), now, versions.app())
    return HttpResponse(_encoder.encode(answer), content_type="application/json")


def sent_by(request: HttpRequest) -> bytes:
    """The bytes of a request within the limit. Problems: too much, broken off."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and request.META.get("HTTP_TRANSFER_ENCODING") == "chunked":
        return bytes(
            request.META["wsgi.input"].read(body.SENT_LIMIT + 1)
        )  # Django reads no body without length
    announced = int(length) if length.isdecimal() else 0
    if announced > body.SENT_LIMIT:
        raise problems.TOO_MUCH_SENT(limit=body.SENT_LIMIT)
    try:
        sent = request.body
    except RequestDataTooBig as error:
        raise problems.TOO_MUCH_SENT(limit=body.SENT_LIMIT) from error
    except UnreadablePostError as error:
        raise problems.UNREADABLE(reason="请求未发送完整") from error
    if len(sent) < announced:  # the line broke; the server hands over what had come
        raise problems.UNREADABLE(reason="请求未发送完整")
    return sent


def device_time(request: HttpRequest) -> datetime | None:
    """What the phone's clock says, from the header ``Device-Time``; for every address that phones call."""
    return envelopes.moment_or_none(request.headers.get("Device-Time", ""))


def app_of(request: HttpRequest) -> int | None:
    """The field app's version, from the header ``Puyou-App``."""
    return versions.number(request.headers.get("Puyou-App"))


@router.get(
    "/envelopes/{id}",
    auth=[DeviceToken(), OfficerSession()],
    response={200: answers.EnvelopeState, (401, 403, 404, 422, 429, 503): answers.Failure},
    summary="信封的去向",
)
def state(request: HttpRequest, id: UUID) -> queries.State:
    """accepted（已收到，待处理）、taken（已处理）或 quarantined（已隔离，附原因）。

    设备只能看自己的，人员只能看管辖范围内的。
    """
    asker: Bearer | Scope = request.auth  # type: ignore[attr-defined]
    if isinstance(asker, Bearer):
        return queries.get_state(Scope.public(), id, device_id=asker.device_id)
    return queries.get_state(asker, id)
