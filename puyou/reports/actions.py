"""Verbs of report cards: make one, change what it consists of, publish it for a place and period."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.indicators.models import FigureList, Indicator
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.reports import composing, events, files, layout, problems, signing
from puyou.reports.composing import Asked
from puyou.reports.layout import Layout, Section, Tile
from puyou.reports.models import Card, CardRevision

COMPOSE = "reports.compose"
SHIPPED = Path(__file__).parent / "cards.json"


@transaction.atomic
def create_card(
    *,
    code: str,
    title: str,
    place: Place,
    period: str,
    source: str,
    consists: Layout,
    scope: Scope,
    now: datetime,
) -> Card:
    """A new card. Problems: outside the scope, code taken, a layout that is not right."""
    scope.require(place.path, COMPOSE)
    _refuse_unfit(consists)
    try:
        with transaction.atomic():
            made = Card.objects.create(
                code=code, title=title, place=place, period=period, source=source, layout=layout.kept(consists),
                changed_by=scope.name, changed_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise problems.TAKEN(code=code) from None
    _say(made, scope, now)
    return made


@transaction.atomic
def change_card(
    *,
    card: Card,
    title: str,
    period: str,
    source: str,
    consists: Layout,
    seen: int,
    scope: Scope,
    now: datetime,
) -> Card:
    """Another layout. Problems: outside the scope, changed by somebody since version ``seen``, not right."""
    scope.require(card.place.path, COMPOSE)
    held = Card.objects.select_for_update(of=("self",)).get(pk=card.pk)
    if held.version != seen:
        raise problems.CHANGED(version=held.version)
    _refuse_unfit(consists)
    held.title, held.period, held.source, held.layout = title, period, source, layout.kept(consists)
    held.version, held.changed_by, held.changed_at = held.version + 1, scope.name, now
    held.save()
    _say(held, scope, now)
    return held


def _refuse_unfit(consists: Layout) -> None:
    try:
        layout.examine(consists, Indicator.objects.values_list("code", flat=True))
    except layout.LayoutError as error:
        raise problems.BAD_LAYOUT(where=error.where, reason=error.reason) from error


def _say(card: Card, scope: Scope, now: datetime) -> None:
    data = {"version": card.version, "title": card.title, "layout": card.layout}
    log.append(events.CARD_CHANGED, subject=f"card:{card.code}", actor=scope.name, now=now, data=data)


@transaction.atomic
def publish_card(
    *, card: Card, asked: Asked, content: dict[str, Any], public: bool, note: str, scope: Scope, by: User | None,
    now: datetime,
) -> CardRevision:  # fmt: skip
    """The next revision of a card for a place and period: frozen, signed and set; the same again is refused."""
    scope.require(asked.place.path, COMPOSE)
    Card.objects.select_for_update(of=("self",)).get(pk=card.pk)
    if not any(True for _ in composing.figures(content)):
        raise problems.EMPTY()
    before = CardRevision.objects.filter(card=card, place=asked.place, period=asked.period.name)
    last = before.order_by("-number").first()
    if last is not None and _same(last.content, content):
        raise problems.SAME_AS_BEFORE(number=last.number)
    number, sha256 = (last.number if last else 0) + 1, signing.digest(content)
    made = CardRevision.objects.create(
        card=card, place=asked.place, period=asked.period.name, number=number, content=content, sha256=sha256,
        public_key=signing.public_key(), signature=signing.sign(content), public=public, note=note, by=by, at=now,
        pdf=files.set_as("pdf", content, number, sha256, now),
        image=files.set_as("png", content, number, sha256, now),
    )  # fmt: skip
    data = {"place": asked.place.code, "period": asked.period.name, "number": number, "sha256": sha256}
    log.append(events.CARD_PUBLISHED, subject=f"card:{card.code}", actor=scope.name, now=now, data=data)
    return made


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two cards say the same; the moment of asking does not count."""
    return {**one, "as_of": ""} == {**other, "as_of": ""}


def layout_of(found: FigureList) -> Layout:
    """A list of figures as a layout: its sections in order, each line a tile."""
    sections: dict[str, list[Tile]] = {}
    for line in found.lines.select_related("indicator", "compared_by").order_by("position"):
        by = line.compared_by.code if line.compared_by else ""
        tile = Tile(line.indicator.code, line.comparison, by, line.period)
        sections.setdefault(line.section, []).append(tile)
    return tuple(Section(title, "", tuple(tiles)) for title, tiles in sections.items())


def load_cards(*, scope: Scope, now: datetime) -> list[Card]:
    """The cards that come with the product and one of every list of figures, where there is none; safe to repeat."""
    held = set(Card.objects.values_list("code", flat=True))
    nation = places.get_root()
    made = [
        create_card(
            code=each["code"], title=each["title"], place=nation, period="", source=each["source"],
            consists=_shipped(each), scope=scope, now=now,
        )
        for each in json.loads(SHIPPED.read_text())
        if each["code"] not in held
    ]  # fmt: skip
    return made + [
        create_card(
            code=found.code, title=found.name, place=found.place, period=found.period, source=found.source,
            consists=layout_of(found), scope=scope, now=now,
        )
        for found in FigureList.objects.select_related("place").exclude(code__in=held)
    ]  # fmt: skip


def _shipped(each: dict[str, Any]) -> Layout:
    return tuple(
        Section(section["title"], "", tuple(Tile(code, "previous", chart=True) for code in section["tiles"]))
        for section in each["sections"]
    )
