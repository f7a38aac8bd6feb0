"""Reading notices and villagers' words: for pages in scope, and for the rooms that weigh a visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.conf import settings
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Grip, Scope
from puyou.core import copying
from puyou.places.models import Place
from puyou.standards import queries as standards
from puyou.villagers import codes, marks, problems, rules
from puyou.villagers.models import NoticeCode, VillagerWord

ABSENCES = """
SELECT place_id::int8 AS place, count(*)::int8 AS devices, (extract(epoch FROM max(at)) * 1000000)::int8 AS last_us
FROM (SELECT DISTINCT ON (place_id, device) place_id, said, at FROM villagers_villagerword
WHERE day = '{day}' ORDER BY place_id, device, at DESC) AS last_words WHERE said = 'absent' GROUP BY 1
"""


@dataclass(frozen=True)
class Absences:
    """Villages whose people said on a day that nobody came: how many devices, when last (microseconds since 1970)."""

    place_ids: NDArray[np.int64]
    devices: NDArray[np.int64]
    last_us: NDArray[np.int64]


def code_text(code: NoticeCode) -> str:
    """What stands on a notice: ``XXXXX-XXXXX-XXXXX``."""
    return codes.make_code(code.pk, settings.SECRET_KEY)


def get_code(text: str, on: date) -> NoticeCode:
    """The notice whose code was read or typed; Problems: never made, ended."""
    number = codes.read_code(text, settings.SECRET_KEY)
    found = NoticeCode.objects.select_related("place__parent").filter(pk=number).first() if number else None
    if found is None:
        raise problems.UNKNOWN_CODE()
    if found.valid_to is not None and found.valid_to <= on:
        raise problems.ENDED_CODE(on=found.valid_to)
    return found


def scope_of(code: NoticeCode) -> Scope:
    """What a notice publishes to whoever stands before it: its own village and nothing else."""
    return Scope(f"notice:{code.pk}", (Grip(code.place.path, frozenset({"see"})),))


def list_codes(scope: Scope, place: Place) -> QuerySet[NoticeCode]:
    """Notices of the villages of a place in scope, newest first."""
    found = NoticeCode.objects.filter(_below(place), scope.q("place__path"))
    return found.select_related("place__parent").order_by("-valid_from", "-id")


def villages_with_code(place_ids: Iterable[int], on: date) -> set[int]:
    """Which of some villages have a notice in force."""
    rows = NoticeCode.objects.filter(in_force(on), place__in=list(place_ids))
    return set(rows.values_list("place_id", flat=True))


def list_words(scope: Scope, place: Place) -> QuerySet[VillagerWord]:
    """What villagers of a place in scope said, newest first."""
    found = VillagerWord.objects.filter(_below(place), scope.q("place__path"))
    return found.select_related("place__parent", "code").order_by("-at", "-id")


def words_of_device(code: NoticeCode, device: str, on: date) -> list[VillagerWord]:
    """What one device said of a day at a village, oldest first."""
    mark = marks.device_mark(code.place_id, on, device)
    return list(VillagerWord.objects.filter(place_id=code.place_id, day=on, device=mark).order_by("at"))


def tallies(
    scope: Scope, place_ids: Iterable[int], first: date, last: date
) -> dict[tuple[int, date], rules.Tally]:
    """What villagers in scope said, by village and day (both days included); no entry where nobody spoke."""
    said: dict[tuple[int, date], list[rules.Said]] = {}
    for word in _words(scope, place_ids, first, last):
        said.setdefault((word.place_id, word.day), []).append(_said(word))
    return {key: rules.weigh(words) for key, words in said.items()}


def tally_beside(scope: Scope, place_id: int, day: date, visited_at: datetime | None) -> rules.Tally:
    """What villagers in scope said of the day of a visit, and how many said after it that nobody came."""
    return rules.weigh((_said(word) for word in _words(scope, [place_id], day, day)), visited_at)


def enough_on(day: date) -> int:
    """From how many people a claimed visit deserves a look (dated rule)."""
    return int(standards.get_value("villager_absent_look", day).number)


def absences_on(day: date) -> Absences:
    """Every village where somebody's last word of a day was that nobody came: columns for whoever scores visits."""
    found = copying.copy_out(
        ABSENCES.format(day=day.isoformat()), {"place": "int8", "devices": "int8", "last_us": "int8"}
    )
    return Absences(found["place"], found["devices"], found["last_us"])


def _words(scope: Scope, place_ids: Iterable[int], first: date, last: date) -> QuerySet[VillagerWord]:
    rows = VillagerWord.objects.filter(
        scope.q("place__path"), place__in=list(place_ids), day__range=(first, last)
    )
    return rows.order_by("at", "id")


def _said(word: VillagerWord) -> rules.Said:
    return rules.Said(word.device, word.address, word.said, word.at)


def _below(place: Place) -> Q:
    return Q(place__path__gte=place.path, place__path__lt=place.path + "{")
