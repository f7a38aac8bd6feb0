"""The villages that a figure counted: found by verdict at once, in detail as far as a page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.accounts.scopes import Scope
from puyou.atlas.figures import State, keep
from puyou.atlas.outlook import Outlook
from puyou.atlas.sentences import REASONS
from puyou.compliance import figures as engine
from puyou.compliance import partweeks, reading
from puyou.compliance.rules import AREA_CLASSES, Verdict, standing
from puyou.core.periods import Week
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry import queries as registry

VERDICTS = {
    "met": "达标",
    "missed": "未达标",
    "provisional": "初判未达",
    "pending": "待定",
    "excused": "免责",
}
CODES = {
    "met": Verdict.MET,
    "missed": Verdict.UNMET,
    "provisional": Verdict.UNMET,
    "pending": Verdict.UNMET,
    "excused": Verdict.EXCUSED,
}
REASON_FIELDS = ("not_enrolled", "no_service", "uncounted")
DETAILED = 3_000  # up to so many villages are read in detail at once, so that they can be sorted
SAID = (
    "SELECT string_agg(int4send(place_id), ''::bytea) FROM compliance_verdictyear"
    " WHERE iso_year = {year} AND get_byte(codes, {week}) {code} AND {among}"
)

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Wanted:
    """Which villages: verdict and reason as in the address; ``standing``: the level it stands in at."""

    verdict: str = ""
    reason: str = ""
    standing: int = 0


@dataclass(frozen=True)
class VillageRow:
    """A village's week in a list; ``standing`` as on its page."""

    place_id: int
    code: str
    name: str
    township: str
    standing: str
    reason: str
    area_class: int
    trips: int
    trips_due: int
    longest_gap: int
    visits: int
    findings: int
    lon: float | None
    lat: float | None


def in_words(wanted: Wanted) -> list[tuple[str, str]]:
    """The narrowing in words, for heads of lists and files."""
    words = [("判定", VERDICTS.get(wanted.verdict, "")), ("原因", REASONS.get(wanted.reason, ""))]
    return [(label, value) for label, value in words if value]


class VillageList(Sequence[VillageRow]):
    """Villages in code order whose rows are read only when they are looked at."""

    def __init__(self, ids: Ids, week: Week, tree: str, today: date) -> None:
        self.ids, self.week, self.tree, self.today = ids, week, tree, today

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return details(self.ids[at], self.week, self.tree, self.today)
        return details(self.ids[at : at + 1], self.week, self.tree, self.today)[0]


def list_villages(
    scope: Scope, place: Place, view: Outlook, wanted: Wanted, state: State
) -> Sequence[VillageRow]:
    """The villages that a figure of the place's week counted, in code order; few are ready to be sorted."""
    scope.require(place.path)
    key = ("villages", state, place.pk, view.week, view.area, view.place_set, view.tree, wanted)
    ids = keep(key, lambda: _find(place, view, wanted, state.today))
    found = VillageList(ids, view.week, view.tree, state.today)
    return keep((*key, "rows"), lambda: found[:]) if len(ids) <= DETAILED else found


def _find(place: Place, view: Outlook, wanted: Wanted, today: date) -> Ids:
    if not _possible(wanted.verdict, view.week, today):
        return np.zeros(0, np.int32)
    stretch = _stretch(view.week, view.tree)
    candidates = _candidates(stretch, place, view, wanted)
    verdict = CODES.get(wanted.verdict, Verdict.UNMET if wanted.reason else None)
    kept = view.week.sunday < today and view.week.monday in engine.held_weeks(today)
    if kept and view.tree != "current":
        candidates = _said(stretch, candidates, view.week, verdict)
        if not view.area and not wanted.reason:
            return _ids(stretch, candidates)
    rows = engine.compute(stretch, candidates, engine.VILLAGE, today) if len(candidates) else None
    if rows is None:
        return np.zeros(0, np.int32)
    keep_rows = np.ones(len(rows.place), np.bool_)
    if view.area:
        keep_rows &= rows.area_class == AREA_CLASSES.index(view.area)
    if verdict is not None:
        name = {Verdict.MET: "met", Verdict.UNMET: "unmet", Verdict.EXCUSED: "excused"}[verdict]
        keep_rows &= rows.columns[name] > 0
    if wanted.reason:
        keep_rows &= _has_reason(rows, wanted.reason)
    return _ids(stretch, stretch.tree.position(rows.place[keep_rows]))


def _possible(verdict: str, week: Week, today: date) -> bool:
    """Whether a week of that age can have the verdict: unmet reads as pending, provisional or missed."""
    now = standing(Verdict.UNMET, week.monday, today, partweeks.settle_days(week.monday))
    allowed = {"pending": ("pending",), "provisional": ("provisional",), "missed": ("provisional", "missed")}
    return now in allowed.get(verdict, (now,))


def _stretch(week: Week, tree: str) -> reading.Stretch:
    return reading.stretches(week.monday, 1, tree == "current")[0]


def _candidates(stretch: reading.Stretch, place: Place, view: Outlook, wanted: Wanted) -> NDArray[np.intp]:
    """Positions of the villages at or below the place; of those it stands in for, when it does."""
    if wanted.standing:
        at = np.flatnonzero(stretch.tree.anchor[wanted.standing] == place.pk)
    else:
        at = reading.villages_under(stretch.tree, place)
    if not view.place_set:
        return at
    members = places.members_of(view.place_set, view.week.monday)
    inside = [reading.villages_under(stretch.tree, member) for member in members]
    return np.intersect1d(at, np.concatenate([*inside, np.zeros(0, np.intp)]))


def _said(
    stretch: reading.Stretch, at: NDArray[np.intp], week: Week, verdict: Verdict | None
) -> NDArray[np.intp]:
    """Those of some villages of which a verdict was said (None: any) in a week that the judge keeps."""
    among = reading.among("place_id", stretch.tree.village_ids[at])
    code = f"= {int(verdict)}" if verdict is not None else "> 0"
    sql = SAID.format(week=week.number - 1, year=week.year, code=code, among=among)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    said = stretch.tree.position(np.frombuffer(bytes(row[0] or b"") if row else b"", ">i4"))
    inside = np.zeros(len(stretch.tree), np.bool_)
    inside[said[said >= 0]] = True
    return at[inside[at]]


def _has_reason(rows: engine.Rows, reason: str) -> NDArray[np.bool_]:
    if reason in REASON_FIELDS:
        return rows.columns[reason] > 0
    others = sum(rows.columns[name] for name in REASON_FIELDS)
    return (rows.columns["unmet"] > 0) & (others == 0)


def _ids(stretch: reading.Stretch, at: NDArray[np.intp]) -> Ids:
    """Village ids in the order of their codes."""
    return stretch.tree.village_ids[at[np.argsort(stretch.tree.village_codes[at], kind="stable")]]


def details(ids: Ids, week: Week, tree: str, today: date) -> list[VillageRow]:
    """The rows of some villages in the order of ``ids``; one judgement for all of them."""
    if not len(ids):
        return []
    stretch = _stretch(week, tree)
    rows = engine.compute(stretch, np.sort(stretch.tree.position(ids)), engine.VILLAGE, today)
    at = {place: i for i, place in enumerate(rows.place.tolist())}
    known = {place.pk: place for place in Place.objects.filter(pk__in=ids.tolist()).select_related("parent")}
    points = registry.points_for(ids, min(week.sunday, today))
    found = []
    for number, identifier in enumerate(ids.tolist()):
        i, place = at[identifier], known[identifier]
        point = (float(points.lon[number]), float(points.lat[number]))
        own = {name: int(column[i]) for name, column in rows.columns.items()}
        found.append(_row(place, own, point, int(rows.area_class[i]), week, today))
    return found


def _row(
    place: Place, own: dict[str, int], point: tuple[float, float], area: int, week: Week, today: date
) -> VillageRow:
    code = Verdict.MET if own["met"] else Verdict.EXCUSED if own["excused"] else Verdict.UNMET
    reason = next((name for name in REASON_FIELDS if own[name]), "too_few") if own["unmet"] else ""
    return VillageRow(
        place_id=place.pk,
        code=place.code,
        name=place.name,
        township=place.parent.name if place.parent else "",
        standing=standing(code, week.monday, today, partweeks.settle_days(week.monday)),
        reason=reason,
        area_class=area,
        trips=own["trips"],
        trips_due=own["trips_due"],
        longest_gap=own["longest_gap"],
        visits=own["visits"],
        findings=own["findings"],
        lon=place.lon if isnan(point[0]) else point[0],
        lat=place.lat if isnan(point[0]) else point[1],
    )
