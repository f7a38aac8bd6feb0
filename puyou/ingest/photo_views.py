"""The door for photos and voice notes: announced by hash, sent in parts, asked for after a broken line."""

from typing import Annotated, Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from ninja import Query, Router, Schema

from puyou.core import clock
from puyou.evidence import actions
from puyou.evidence import problems as evidence
from puyou.evidence.rules import PART_LIMIT
from puyou.ingest import problems
from puyou.ingest.answers import Failure
from puyou.ingest.gate import DeviceToken
from puyou.ingest.tokens import Bearer

router = Router(tags=["photos"], auth=DeviceToken())
REFUSALS = (400, 401, 403, 404, 409, 413, 422, 429, 503)
BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Announcement(Schema):
    """A file that will come: its hash at capture, its size and its type."""

    sha256: str
    size: int
    type: str


class Progress(Schema):
    """How many bytes of a file are safe, and whether it is whole."""

    sha256: str
    received: int
    complete: bool


def _owner(request: HttpRequest) -> str:
    bearer = cast("Bearer", request.auth)  # type: ignore[attr-defined]
    return f"device:{bearer.device_id}"


@router.post(
    "/photos",
    response={200: Progress, (400, 401, 403, 422, 429, 503): Failure},
    summary="登记照片或语音",
)
def announce(request: HttpRequest, file: Announcement) -> actions.Progress:
    """可重复。complete 为真时无需再传（包括别的设备已传过同一文件）；否则从 received 处续传。"""
    return actions.announce_file(**file.model_dump(), owner=_owner(request), now=clock.now())


@router.put(
    "/photos/{sha256}",
    response={200: Progress, REFUSALS: Failure},
    openapi_extra=BYTES,
    summary="上传一段",
)
def add_part(
    request: HttpRequest, sha256: str, start: Annotated[int, Query(alias="from", ge=0)]
) -> actions.Progress:
    """请求体为从 from 起的原始字节，不超过 256 KiB。

    起点不等于已收字节数时 409，details.received 为应续传之处；内容与 SHA-256 不符时 422 evidence.wrong_hash，
    从 0 重传；存储已满时 503 evidence.no_room，已收部分仍有效。complete 为真即已核对并落盘。
    """
    data = part_of(request)
    return actions.add_part(sha256=sha256, start=start, data=data, owner=_owner(request), now=clock.now())


@router.get(
    "/photos/{sha256}", response={200: Progress, (401, 403, 404, 422, 429, 503): Failure}, summary="上传进度"
)
def progress(request: HttpRequest, sha256: str) -> actions.Progress:
    """本设备登记过的文件已收到多少；不是本设备登记、也还没有收齐的，404。"""
    return actions.progress_of(sha256, _owner(request))


def part_of(request: HttpRequest) -> bytes:
    """The bytes of a part; a request that broke off is refused whole."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and request.META.get("HTTP_TRANSFER_ENCODING") == "chunked":
        return bytes(request.META["wsgi.input"].read(PART_LIMIT + 1))  # Django reads no body without length
    announced = int(length) if length.isdecimal() else 0
    if announced > PART_LIMIT:
        raise evidence.PART_TOO_LARGE(limit=PART_LIMIT)
    try:
        sent = request.body
    except RequestDataTooBig as error:
        raise evidence.PART_TOO_LARGE(limit=PART_LIMIT) from error
    except UnreadablePostError as error:
        raise problems.UNREADABLE(reason="请求未发送完整") from error
    if len(sent) < announced:
        raise problems.UNREADABLE(reason="请求未发送完整")
    return sent
