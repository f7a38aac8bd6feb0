"""Weightings as they hold on a day, and publishing the next."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from puyou.core import events as log
from puyou.scrutiny import events, problems, rules, seeds
from puyou.scrutiny.models import Weighting
from puyou.scrutiny.rules import Limits


@dataclass(frozen=True)
class Weights:
    """A weighting as judgement takes it; ``version`` is its row's number."""

    version: int
    weights: Mapping[str, float]
    limits: Limits
    caps: Mapping[str, float]


def get_weights(on: date) -> Weights:
    """The weights in force on a day: of the latest beginning, the latest published. Problem when there are none."""
    row = Weighting.objects.filter(valid_from__lte=on).order_by("-valid_from", "-id").first()
    row = row or Weighting.objects.order_by("valid_from", "-id").first()
    if row is None:
        raise problems.NO_WEIGHTING(day=on)
    known = {name: float(value) for name, value in row.limits.items() if name in asdict(Limits())}
    return Weights(row.pk, row.weights, Limits(**known), row.caps)


@transaction.atomic
def load_weighting(*, by: str, now: datetime) -> int:
    """Load the first weighting where there is none; returns how many were new."""
    if Weighting.objects.exists():
        return 0
    publish_weighting(
        valid_from=seeds.VALID_FROM, weights=seeds.WEIGHTS, limits=seeds.LIMITS, caps=seeds.CAPS,
        source=seeds.SOURCE, by=by, now=now,
    )  # fmt: skip
    return 1


@transaction.atomic
def publish_weighting(
    *,
    valid_from: date,
    weights: Mapping[str, float],
    limits: Mapping[str, float],
    caps: Mapping[str, float],
    source: str,
    by: str,
    now: datetime,
) -> Weighting:
    """Publish a version that scores the days from ``valid_from`` on. Problem: scrutiny.bad_weighting."""
    _require_known(weights, limits, caps)
    row = Weighting.objects.create(
        valid_from=valid_from, weights=dict(weights), limits=dict(limits), caps=dict(caps), source=source,
        published_by=by, published_at=now,
    )  # fmt: skip
    log.append(
        events.WEIGHTING_PUBLISHED,
        subject=f"weighting:{row.pk}",
        actor=by,
        now=now,
        data={"valid_from": str(valid_from), "source": source},
    )
    return row


def _require_known(
    weights: Mapping[str, float], limits: Mapping[str, float], caps: Mapping[str, float]
) -> None:
    _require_names("理由", weights, set(rules.BY_CODE), 1.0)
    _require_names("限值", limits, set(asdict(Limits())), float("inf"))
    _require_names("来源", caps, set(rules.SOURCES), 100.0)


def _require_names(what: str, given: Mapping[str, Any], known: set[str], most: float) -> None:
    for name, value in given.items():
        if name not in known:
            raise problems.BAD_WEIGHTING(reason=f"没有名为 {name} 的{what}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            raise problems.BAD_WEIGHTING(reason=f"{what} {name} 的值 {value} 超出范围")
