"""Definitions that ship, and a published card taken in as what it is: reported figures with a citation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from puyou.indicators import actions, problems
from puyou.indicators.models import FigureLine, FigureList, Indicator, ReturnItem, Verification
from puyou.indicators.periods import Period
from puyou.places import queries as places

ARTICLE = settings.DATA_DIR / "article" / "2019.json"
DEFINITIONS = Path(__file__).with_name("definitions.json")
EARLIEST = date(2000, 1, 1)
SPAN = "span"


@dataclass(frozen=True)
class Loaded:
    """What a card brought: figures on it, values entered by this run, values that stood already."""

    code: str
    figures: int
    entered: int


def load_definitions(*, by: str, now: datetime) -> dict[str, int]:
    """Enter the indicators that the product defines itself; safe to repeat."""
    rows = json.loads(DEFINITIONS.read_text())
    for row in rows:
        row["version"]["valid_from"] = date.fromisoformat(row["version"]["valid_from"])
    return actions.load_definitions(items=[], indicators=rows, by=by, now=now)


@transaction.atomic
def load_card(*, file: Path, by: str, now: datetime) -> Loaded:
    """Take in a published card: items, indicators, values and their order. Again it changes nothing.

    Problems: a file that is not one, units, values, a value that was restated meanwhile (it wants a ground).
    """
    try:
        said = json.loads(file.read_text())
        figures = said["figures"]
        periods = [Period.parse(figure["period"] or said["period"]) for figure in figures]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise problems.BAD_FILE(reason=str(error)[:120]) from None
    actions.load_definitions(
        items=[_item(figure) for figure in figures],
        indicators=[
            _indicator(figure, period, said) for figure, period in zip(figures, periods, strict=True)
        ],
        by=by,
        now=now,
    )
    entered = _report(said, periods, by, now)
    _compose(said, periods)
    return Loaded(said["code"], len(figures), entered)


def _item(figure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": figure["code"],
        "name": figure["name"],
        "unit": figure["unit"],
        "nature": figure["nature"],
        "additive": figure["nature"] != "ratio" and not figure["sample_scope"],
    }


def _indicator(figure: Mapping[str, Any], period: Period, said: Mapping[str, Any]) -> dict[str, Any]:
    version = {
        "text": figure["code"],
        "valid_from": EARLIEST,
        "source": said["source"],
        "verification": Verification.UNVERIFIED,
        "sample_scope": figure["sample_scope"],
        "note": figure["note"],
    }
    return {
        "code": figure["code"],
        "name": figure["name"],
        "group": figure["section"],
        "unit": figure["unit"],
        "direction": figure["direction"],
        "nature": figure["nature"],
        "owner": "国家邮政局",
        "levels": [0, 1, 2, 3] if figure["nature"] != "ratio" else [0],
        "period_kinds": sorted({"year", SPAN, period.kind}),
        "decimals": figure["decimals"],
        "scale": figure["scale"],
        "version": version,
    }


def _report(said: Mapping[str, Any], periods: list[Period], by: str, now: datetime) -> int:
    place = places.get_place(said["place"])
    items = ReturnItem.objects.in_bulk([figure["code"] for figure in said["figures"]], field_name="code")
    entered = 0
    for figure, period in zip(said["figures"], periods, strict=True):
        made = actions.report_value(
            item=items[figure["code"]],
            place=place,
            period=period,
            value=Decimal(figure["value"]),
            qualifier=figure["qualifier"],
            source=said["source"],
            note=figure["note"],
            by=by,
            now=now,
        )
        entered += made.recorded_at == now
    return entered


def _compose(said: Mapping[str, Any], periods: list[Period]) -> None:
    whole = Period.parse(said["period"])
    made, fresh = FigureList.objects.get_or_create(
        code=said["code"],
        defaults={
            "name": said["name"],
            "place": places.get_place(said["place"]),
            "period": whole.name,
            "source": said["source"],
        },
    )
    if not fresh:
        return
    known = Indicator.objects.in_bulk([figure["code"] for figure in said["figures"]], field_name="code")
    FigureLine.objects.bulk_create(
        FigureLine(
            figure_list=made,
            position=at,
            section=figure["section"],
            indicator=known[figure["code"]],
            period="" if period == whole else period.name,
            comparison=figure.get("comparison", ""),
            compared_by=known.get(figure.get("compared_by", "")),
        )
        for at, (figure, period) in enumerate(zip(said["figures"], periods, strict=True))
    )
