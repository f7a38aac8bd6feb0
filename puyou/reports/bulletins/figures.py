"""From a link in a sentence to what it says: the figure with its definition, parts, comparison and way to its rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from puyou.accounts.models import Organisation
from puyou.core.problems import Problem
from puyou.indicators import cards, rules
from puyou.indicators.comparing import LAST_YEAR, PREVIOUS, Comparison, change_words, compare
from puyou.indicators.engine import Reader, Value
from puyou.indicators.models import Indicator
from puyou.indicators.periods import Period
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.reports.bulletins.company import FIGURES
from puyou.reports.bulletins.text import Link

MISSING = "（无数据）"
CHANGES = {"change": PREVIOUS, "change_year": LAST_YEAR}
WORDS = {PREVIOUS: "比上期", LAST_YEAR: "比上年同期"}


def known_codes() -> set[str]:
    """Every figure that a sentence may name."""
    return {*Indicator.objects.values_list("code", flat=True), *FIGURES}


@dataclass
class Resolver:
    """Reads links for one paper: of its place, period and company, within the asker's scope."""

    reader: Reader
    place: Place
    period: Period
    company: Organisation | None
    _known: dict[str, Indicator] = field(default_factory=dict)
    _places: dict[str, Place] = field(default_factory=dict)

    def prepare(self, links: Iterable[Link]) -> None:
        """Fetch definitions at once."""
        codes = {each.code for each in links} - self._known.keys()
        self._known |= {each.code: each for each in Indicator.objects.filter(code__in=codes)}
        self.reader.prepare(self._known.values())

    def say(self, link: Link) -> dict[str, Any]:
        """What stands in the sentence (``text``) and, for a figure, where it comes from."""
        if link.is_label:
            return {"text": self._label(link)}
        try:
            return self._figure(link)
        except Problem as problem:
            return self._missing(link, problem.message)

    def _label(self, link: Link) -> str:
        if link.code == "company":
            return self.company.name if self.company else MISSING
        if link.code == "period":
            return self.period.label
        try:
            return self._place(link).name
        except Problem:
            return MISSING

    def _place(self, link: Link) -> Place:
        if not link.place:
            return self.place
        if link.place not in self._places:
            found = places.get_place(link.place)
            self.reader.scope.require(found.path)
            self._places[link.place] = found
        return self._places[link.place]

    def _figure(self, link: Link) -> dict[str, Any]:
        place, period = self._place(link), self._period(link)
        if period is None:
            return self._missing(link, "没有可比的时期")
        if link.code in FIGURES:
            return self._of_company(link, place, period)
        self.prepare([link])
        if link.code not in self._known:
            return self._missing(link, "没有这项指标")
        return self._of_indicator(link, self.reader.value(self._known[link.code], place, period))

    def _period(self, link: Link) -> Period | None:
        if link.when == "previous":
            return self.period.previous()
        return self.period.last_year() if link.when == "last_year" else self.period

    def _of_indicator(self, link: Link, value: Value) -> dict[str, Any]:
        asked = urlencode({"place": value.place.code, "period": value.period.name})
        said = cards.value_json(value) | {
            "link": f"{reverse('indicator', args=[link.code])}?{asked}", "when": link.when, "arithmetic": "",
            "text": value.shown if value.exact is not None else MISSING,
            "place_name": value.place.name, "period_label": value.period.label,
        }  # fmt: skip
        if link.when in CHANGES:
            said |= self._change(value, CHANGES[link.when])
        return said

    def _change(self, value: Value, kind: str) -> dict[str, Any]:
        held = next((each for each in compare(self.reader, value) if each.kind == kind), None)
        if held is None or held.difference is None:
            return {"text": f"{WORDS[kind]}无数据可比", "missing": held.missing if held else "没有可比的时期"}
        return {"text": _compared(held, value.indicator.decimals), "arithmetic": held.arithmetic}

    def _of_company(self, link: Link, place: Place, period: Period) -> dict[str, Any]:
        if self.company is None:
            return self._missing(link, "没有指明企业")
        if link.when in CHANGES:
            return self._missing(link, "企业的数字不作比较，请引用两期的数")
        figure = FIGURES[link.code]
        count = figure.count(self.reader.scope, place, period, self.company)
        return {
            "code": link.code, "name": figure.name, "place": place.code, "place_name": place.name,
            "period": period.name, "period_label": period.label, "value": str(count), "unit": figure.unit,
            "shown": f"{count:,}{figure.unit}", "text": f"{count:,}{figure.unit}", "missing": "", "parts": [],
            "definition": None, "link": figure.link(place, self.company), "when": link.when, "arithmetic": "",
        }  # fmt: skip

    def _missing(self, link: Link, why: str) -> dict[str, Any]:
        return {
            "code": link.code, "name": link.code, "place": link.place or self.place.code, "place_name": "",
            "period": self.period.name, "period_label": self.period.label, "value": None, "unit": "", "shown": "—",
            "text": MISSING, "missing": why, "parts": [], "definition": None, "link": "", "when": link.when,
            "arithmetic": "",
        }  # fmt: skip


def _compared(held: Comparison, decimals: int) -> str:
    """The change in words; points of per cent as finely as the figure itself, unless nothing would be left."""
    points = rules.rounded(held.difference or Decimal(0), decimals)
    if held.percentage_points and points:
        held = replace(held, difference=points)
    words = WORDS[held.kind] if held.difference else WORDS[held.kind].replace("比", "与")
    return words + change_words(held).replace(" ", "")
