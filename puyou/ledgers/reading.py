"""Definitions as the database has them, read once; places and operators found by what people write."""

import json
import unicodedata
from collections import OrderedDict
from typing import Any

from django.db.models import Q

from puyou.accounts.models import Organisation
from puyou.core.problems import Problem
from puyou.ledgers import definition
from puyou.ledgers.definition import Definition
from puyou.ledgers.models import LedgerVersion
from puyou.ledgers.values import Finders, Unfit
from puyou.places import queries as places
from puyou.places import rules as codes
from puyou.places.models import Place

KEPT = 200
COUNTY = 3
_read: "OrderedDict[str, Definition]" = OrderedDict()


def definition_of(version: LedgerVersion) -> Definition:
    """What a version asks for; read once a process for each digest."""
    if version.digest not in _read:
        _read[version.digest] = definition.read(version.definition)
        while len(_read) > KEPT:
            _read.popitem(last=False)
    return _read[version.digest]


class Directory:
    """Finds places and operators for one form or one sheet, asking the database once for each spelling."""

    def __init__(self) -> None:
        self._places: dict[str, Place | str] = {}
        self._operators: dict[str, Organisation | str] = {}

    @property
    def finders(self) -> Finders:
        return Finders(place=lambda text: self.place(text).code, operator=lambda text: self.operator(text).pk)

    def place(self, text: str) -> Place:
        """A place by its code, or by its name where only one has it (贵州省遵义市 and 遵义市 both do)."""
        if text not in self._places:
            self._places[text] = _place(text)
        found = self._places[text]
        if isinstance(found, str):
            raise Unfit(found)
        return found

    def operator(self, text: str) -> Organisation:
        """An operating company by its number here or by its full name."""
        if text not in self._operators:
            self._operators[text] = _operator(text)
        found = self._operators[text]
        if isinstance(found, str):
            raise Unfit(found)
        return found


def _place(text: str) -> Place | str:
    if codes.is_code(codes.clean_code(text)):
        try:
            return places.get_place(text)
        except Problem as problem:
            return problem.message
    name = unicodedata.normalize("NFKC", text).replace(" ", "")[:60]
    found = list(Place.objects.filter(name=name, valid_to=None).order_by("code")[:4])
    if not found:
        found = _by_chain(name)
    if len(found) == 1:
        return found[0]
    if not found:
        return f"没有叫“{text[:40]}”的地区；可填区划代码"
    same = "、".join(place.code for place in found[:3])
    return f"有多个地区叫“{text[:40]}”，请填区划代码（如 {same}）"


def _by_chain(name: str) -> list[Place]:
    """Places whose names from some ancestor down make up the text, such as 贵州省遵义市湄潭县."""
    endings = [name[at:] for at in range(1, len(name) - 1)]
    rows = Place.objects.filter(valid_to=None, level__lte=COUNTY, name__in=endings).order_by("code")
    return [place for place in rows.select_related("parent__parent") if _chain(place).endswith(name)]


def _chain(place: Place) -> str:
    above = place.parent
    parts = [place.name]
    while above is not None and above.level > 0:
        parts.insert(0, above.name)
        above = above.parent
    return "".join(parts)


def _operator(text: str) -> Organisation | str:
    rows = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR)
    name = unicodedata.normalize("NFKC", text).strip()[:100]
    known = Q(name=text[:100]) | Q(name=name)
    if name.isascii() and name.isdigit() and len(name) < 10:
        known |= Q(pk=int(name))
    found = list(rows.filter(known)[:2])
    if len(found) == 1:
        return found[0]
    return f"没有叫“{text[:40]}”的企业" if not found else f"有多个企业叫“{text[:40]}”，请改用企业编号"


def canonical(value: Any) -> str:
    """Plain values in one fixed spelling, for digests."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
