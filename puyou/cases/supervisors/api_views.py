"""What a supervisor's phone calls: enrolling, its day, and the envelopes and photos it brings, much as couriers do."""

import hashlib
import math
from datetime import date, datetime
from typing import Annotated, Any, cast
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Field, Query, Router, Schema
from ninja.security import HttpBearer

from puyou.cases.supervisors import actions, payloads, phones, taking
from puyou.cases.supervisors import problems as refusals
from puyou.cases.supervisors.models import SupervisorPhone
from puyou.core import clock
from puyou.core.periods import day_of
from puyou.core.problems import Problem
from puyou.evidence import actions as evidence
from puyou.ingest import body, gate, nonces, photo_views, versions
from puyou.ingest import problems as door
from puyou.ingest.answers import AppVersions, EnrolmentRequest, Failure, Receipts
from puyou.ingest.photo_views import Announcement, Progress
from puyou.ingest.receipts import Answer
from puyou.ingest.views import sent_by

router = Router(tags=["supervisor"])
FAILURES = (401, 403, 422, 429, 503)
_encoder = msgspec.json.Encoder()
ENVELOPES: dict[str, Any] = {
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
                            "items": {
                                "type": "object",
                                "description": "contracts/envelope.v1.schema.json，必须签名；kind 为 "
                                + "、".join(payloads.KINDS)
                                + "，payload 见 contracts/supervisor.v1.schema.json",
                            },
                        }
                    },
                }
            }
        },
    }
}


class PhoneToken(HttpBearer):
    """``Authorization: Bearer …`` of a supervisor's phone."""

    def authenticate(self, request: HttpRequest, token: str) -> SupervisorPhone:
        address = request.META.get("REMOTE_ADDR", "")
        _refuse_after(gate.ADDRESS.dry(address))
        try:
            phone = phones.phone_of(token)
        except Problem:
            gate.ADDRESS.wait(address)
            raise
        _refuse_after(gate.DEVICE.wait(phones.owner_of(phone)))
        return phone


class Named(Schema):
    """A place by code and name."""

    code: str
    name: str


class Holder(Schema):
    """Whose phone it is: certificate number and name."""

    number: str
    name: str


class Enrolment(Schema):
    """A phone that may speak now."""

    token: str
    device: str
    key_id: str
    supervisor: Holder
    nonce: str
    server_time: datetime
    app: AppVersions


class Certificate(Schema):
    """A certificate as the phone shows it; ``to`` is the first day after."""

    number: str
    code: str
    first: date | None = Field(None, alias="from")
    to: date | None
    address: str


class Declared(Schema):
    """The latest declaration of interest."""

    version: int
    tied: bool
    happened_at: datetime


class Task(Schema):
    """A task with the points of its checklist."""

    id: int
    title: str
    words: str
    kind: str
    kind_name: str
    source: str
    items: list[dict[str, Any]]
    place: Named
    due_on: date
    results: int


class Category(Schema):
    """What can be reported."""

    code: str
    name: str
    group: str


class Step(Schema):
    """One thing that happened, in public words."""

    at: datetime
    words: str
    text: str


class OwnReport(Schema):
    """How far a report is, in public words, and what its reporter may do now."""

    id: UUID
    tracking: str
    category: str
    place: Named
    text: str
    happened_at: datetime
    filed_at: datetime
    words: str
    closed: bool
    outcome: str
    due_on: date | None
    steps: list[Step]
    may_confirm: bool
    may_reopen: bool
    may_rate: bool
    may_withdraw: bool
    score: int | None


class Today(Schema):
    """Everything that a day without signal needs."""

    name: str
    office: str
    place: Named
    active: bool
    certificate: Certificate
    interest_version: int
    declared: Declared | None
    points: int
    tasks: list[Task]
    categories: list[Category]
    places: list[Named]
    reports: list[OwnReport]
    nonce: str
    server_time: datetime


@router.post(
    "/supervisor/enrolments",
    response={200: Enrolment, (400, 403, 422, 429, 503): Failure},
    summary="凭开通码开通监督员手机",
)
def enrol(request: HttpRequest, asked: EnrolmentRequest) -> dict[str, Any]:
    """与投递员开通相同：手机自备密钥，以签名证明。同一开通码、设备和密钥可以重复提交，令牌相同。"""
    address, now = request.META.get("REMOTE_ADDR", ""), clock.now()
    _refuse_after(gate.GUESSER.dry(address))
    try:
        done = actions.enrol_phone(
            code=asked.code,
            device=asked.device,
            key=asked.key,
            signature=asked.signature,
            label=asked.label,
            now=now,
        )
    except Problem as problem:
        if problem.kind is refusals.BAD_LINK:
            gate.GUESSER.wait(address)
        raise
    held = done.phone.link.supervisor
    return {
        "token": done.token, "device": done.phone.device, "key_id": done.phone.key_id,
        "supervisor": {"number": held.number, "name": held.name},
        "nonce": nonces.make(done.phone.device, now), "server_time": now,
        "app": {"minimum": versions.MINIMUM, "current": versions.CURRENT},
    }  # fmt: skip


@router.get(
    "/supervisor/today", auth=PhoneToken(), response={200: Today, 304: None, FAILURES: Failure},
    summary="监督员的一天：证书、任务、可反映的类别和地点、本人反映的进展",
)  # fmt: skip
def today(request: HttpRequest) -> HttpResponse:
    """没有信号的一天所需的全部内容。ETag 不含 nonce 与 server_time；304 时二者在头中。"""
    now, phone = clock.now(), _phone(request)
    told = phones.today_of(phone.link.supervisor, day_of(now), now)
    plain = _encoder.encode(told)
    tag, nonce = f'"{hashlib.sha256(plain).hexdigest()[:24]}"', nonces.make(phone.device, now)
    answer = HttpResponse(
        _encoder.encode(told | {"nonce": nonce, "server_time": now}), content_type="application/json",
        headers={"ETag": tag},
    )  # fmt: skip
    response = get_conditional_response(request, etag=tag, response=answer) or answer
    response.headers["Puyou-Nonce"], response.headers["Puyou-Server-Time"] = nonce, now.isoformat()
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@router.get(
    "/supervisor/places", auth=PhoneToken(), response={200: list[Named], FAILURES: Failure},
    summary="按名称或代码找地点",
)  # fmt: skip
def find_places(request: HttpRequest, q: Annotated[str, Query(max_length=30)]) -> list[dict[str, str]]:
    """监督员所在市（地、州）内名称含 q 或代码以 q 开头的地点，至多 20 个。"""
    return phones.find_places(_phone(request).link.supervisor, q)


@router.post(
    "/supervisor/envelopes", auth=PhoneToken(), openapi_extra=ENVELOPES,
    response={200: Receipts, (400, 401, 403, 413, 422, 429, 503): Failure}, summary="监督员投递信封，逐项得到回执",
)  # fmt: skip
def receive(request: HttpRequest) -> HttpResponse:
    """同 `/envelopes`，但逐项当即办理：回执 accepted 即已办妥；refused 附 code 与 message。必须签名。"""
    now, phone = clock.now(), _phone(request)
    items = body.split(sent_by(request), request.headers.get("Content-Encoding", ""))
    receipts = taking.take_envelopes(phone=phone, raw_items=items, now=now)
    answer = Answer(receipts, nonces.make(phone.device, now), now, versions.app())
    return HttpResponse(_encoder.encode(answer), content_type="application/json")


@router.post(
    "/supervisor/photos", auth=PhoneToken(), response={200: Progress, (400, *FAILURES): Failure},
    summary="监督员登记照片",
)  # fmt: skip
def announce(request: HttpRequest, file: Announcement) -> evidence.Progress:
    """同 `/photos`。"""
    return evidence.announce_file(**file.model_dump(), owner=_owner(request), now=clock.now())


@router.put(
    "/supervisor/photos/{sha256}", auth=PhoneToken(), openapi_extra=photo_views.BYTES,
    response={200: Progress, photo_views.REFUSALS: Failure}, summary="监督员上传照片的一段",
)  # fmt: skip
def add_part(
    request: HttpRequest, sha256: str, start: Annotated[int, Query(alias="from", ge=0)]
) -> evidence.Progress:
    """同 `/photos/{sha256}`。"""
    data = photo_views.part_of(request)
    return evidence.add_part(sha256=sha256, start=start, data=data, owner=_owner(request), now=clock.now())


def _phone(request: HttpRequest) -> SupervisorPhone:
    return cast("SupervisorPhone", request.auth)  # type: ignore[attr-defined]


def _owner(request: HttpRequest) -> str:
    return phones.owner_of(_phone(request))


def _refuse_after(seconds: float) -> None:
    if seconds > 0:
        raise door.SLOW_DOWN(seconds=math.ceil(seconds))
