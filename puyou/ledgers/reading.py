"""Definitions as the database has them, read once; places and operators found by what people write."""

import json
import unicodedata
from collections import OrderedDict
from typing import Any

from django.db.models import Q

from puyou.accounts.models import Organisation
from puyou.ledgers import definition
from puyou.ledgers.definition import Definition
from puyou.ledgers.models import LedgerVersion
from puyou.ledgers.values import Finders, Unfit
from puyou.places.models import Place
from puyou.places.saying import place_said

KEPT = 200
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
            self._places[text] = place_said(text)
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
