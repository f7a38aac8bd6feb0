"""What an address of GeoReport v2 asks for, read strictly: a wrong filter is an error, never the whole list."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from puyou.cases.feedback.models import Report
from puyou.core import clock
from puyou.core.clock import SHANGHAI
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.portal import problems

SPAN = timedelta(days=90)  # what the standard allows at most in one question
MOST_IDS, PAGE, LARGEST = 50, 100, 1000
STATES = {"open": Q(case__closed_at=None), "closed": ~Q(case__closed_at=None)}


def jurisdiction(asked: Mapping[str, str]) -> Place:
    """The place that ``jurisdiction_id`` (a division's code) names, or the nation; 404 as the standard wants."""
    code = asked.get("jurisdiction_id", "").strip()
    try:
        return places.get_place(code) if code else places.get_root()
    except Problem:
        raise problems.UNKNOWN_JURISDICTION(code=code[:20]) from None


def narrowed(found: QuerySet[Report], asked: Mapping[str, str]) -> list[Report]:
    """The reports asked for: by ids, or by service, status and dates within 90 days; page by page."""
    place = jurisdiction(asked)
    found = found.filter(place__path__gte=place.path, place__path__lt=place.path + "{")
    ids = [one.strip() for one in asked.get("service_request_id", "").split(",") if one.strip()]
    if ids:
        if len(ids) > MOST_IDS:
            raise problems.BAD_QUESTION(reason=f"一次至多查询 {MOST_IDS} 个 service_request_id")
        return list(found.filter(tracking__in=ids))
    codes = [one.strip() for one in asked.get("service_code", "").split(",") if one.strip()]
    found = found.filter(category__code__in=codes) if codes else found
    first, last = dates(asked)
    found = found.filter(_status(asked), filed_at__gte=first, filed_at__lte=last)
    size = number(asked, "page_size", PAGE, LARGEST)
    start = (number(asked, "page", 1, 10_000) - 1) * size
    return list(found[start : start + size])


def _status(asked: Mapping[str, str]) -> Q:
    wanted = [one.strip() for one in asked.get("status", "").split(",") if one.strip()]
    unknown = [one for one in wanted if one not in STATES]
    if unknown:
        raise problems.BAD_QUESTION(reason=f"status 只能是 open、closed，不能是“{unknown[0][:20]}”")
    return STATES[wanted[0]] if len(set(wanted)) == 1 else Q()


def dates(asked: Mapping[str, str]) -> tuple[datetime, datetime]:
    """``start_date`` and ``end_date``; the last 90 days when neither is said."""
    first, last = (_moment(asked, name) for name in ("start_date", "end_date"))
    if first is None and last is None:
        last = clock.now()
    if first is None and last is not None:
        first = last - SPAN
    if last is None and first is not None:
        last = first + SPAN
    assert first is not None and last is not None  # each is known by now
    if not timedelta() <= last - first <= SPAN:
        raise problems.BAD_QUESTION(reason="end_date 不能早于 start_date，二者相距不能超过 90 天")
    return first, last


def _moment(asked: Mapping[str, str], name: str) -> datetime | None:
    text = asked.get(name, "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise problems.BAD_QUESTION(
            reason=f"{name} 应为 ISO 8601 时间，如 2026-11-01T00:00:00+08:00"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def number(asked: Mapping[str, str], name: str, otherwise: int, most: int) -> int:
    """A whole number from 1 to ``most``."""
    text = asked.get(name, "").strip()
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise problems.BAD_QUESTION(reason=f"{name} 应为 1 到 {most} 的整数")
    return int(text)
