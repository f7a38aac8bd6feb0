"""Judging at the front door what phones say to the desk: the payloads of ``answer`` and ``appeal``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from puyou.core.problems import Problem
from puyou.reviews import problems
from puyou.visits import particulars

TEXT_LIMIT = 1000
PHOTOS = "应为至多 6 张照片的列表，每张含 sha256（64 位小写十六进制），可含 role、taken_at"
Payload = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What a phone said: ``about`` is the question's number or the visit's id."""

    about: Any
    text: str
    photos: tuple[str, ...]


def check_answers(payloads: Sequence[Payload]) -> list[Problem | None]:
    """For each payload the Problem to refuse it with, or None."""
    return [_problem_of(read_answer, payload) for payload in payloads]


def check_appeals(payloads: Sequence[Payload]) -> list[Problem | None]:
    """For each payload the Problem to refuse it with, or None."""
    return [_problem_of(read_appeal, payload) for payload in payloads]


def read_answer(payload: Any) -> Said:
    """``{question, text, photos}``; raises the Problem of its shape."""
    _known(payload, "question")
    number = payload["question"]
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**63:
        raise problems.BAD_FIELD(field="question", expected="应为问题的编号（整数）")
    return Said(number, _text(payload), _photos(payload))


def read_appeal(payload: Any) -> Said:
    """``{visit, text, photos}``; raises the Problem of its shape."""
    _known(payload, "visit")
    if not particulars.is_uuid(payload["visit"]):
        raise problems.BAD_FIELD(field="visit", expected="应为到村打卡的编号（UUID）")
    return Said(UUID(payload["visit"]), _text(payload), _photos(payload))


def _problem_of(read: Callable[[Any], Said], payload: Payload) -> Problem | None:
    try:
        read(payload)
    except Problem as problem:
        return problem
    return None


def _known(payload: Any, about: str) -> None:
    if not isinstance(payload, dict):
        raise problems.BAD_FIELD(field=about, expected="应在 JSON 对象之中")
    for name in payload:
        if name not in (about, "text", "photos"):
            raise problems.UNKNOWN_FIELD(field=name[:40])
    for name in (about, "text"):
        if name not in payload:
            raise problems.MISSING_FIELD(field=name)


def _text(payload: Payload) -> str:
    text = payload["text"]
    if not isinstance(text, str) or not 0 < len(text.strip()) <= TEXT_LIMIT or "\0" in text:
        raise problems.BAD_FIELD(field="text", expected=f"应为 1 至 {TEXT_LIMIT} 个字")
    return text.strip()


def _photos(payload: Payload) -> tuple[str, ...]:
    photos = payload.get("photos")
    if photos is None:
        return ()
    try:
        particulars.check_photos("photos", photos)
    except Problem:
        raise problems.BAD_FIELD(field="photos", expected=PHOTOS) from None
    return tuple(photo["sha256"] for photo in photos)
