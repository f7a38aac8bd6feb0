"""Lists of places as documents bring them: the columns found by their headings, every fault at its row.

Which place a row means is asked of ``find``; who may enter it, of ``allowed``. Knows no framework.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from puyou.core.grids import Grid, cell_name, plain_heading

LOOKED = 20  # rows from the top in which the head is looked for
ALWAYS = date(1949, 10, 1)
CODE, NAME, PROVINCE, CITY, COUNTY, SINCE, UNTIL = (
    "code",
    "name",
    "province",
    "city",
    "county",
    "since",
    "until",
)
HEADINGS = {
    CODE: ("区划代码", "行政区划代码", "代码", "place_code"),
    NAME: ("地区", "地点", "名称", "地区名称", "name"),
    PROVINCE: ("省", "省份", "省（区、市）", "省级"),
    CITY: ("市", "地市", "市（地）", "市（州）", "市级", "地级"),
    COUNTY: ("县", "县名", "县（市、区）", "区县", "县级"),
    SINCE: ("自", "起", "起日", "起始日期", "from"),
    UNTIL: ("至", "止", "止日", "终止日期", "to"),
}
MEANING = {plain_heading(text): code for code, texts in HEADINGS.items() for text in texts}
Spell = tuple[date, date | None]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell."""

    cell: str
    row: int
    said: str
    why: str


@dataclass(frozen=True)
class Listed:
    """A row that was understood: the place, and ``[since, until)``."""

    row: int
    place: Any
    since: date
    until: date | None


@dataclass
class Examined:
    """What a sheet says."""

    rows: list[Listed] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def wanted(self) -> dict[tuple[int, date], date | None]:
        """Memberships by place and first day."""
        return {(each.place.pk, each.since): each.until for each in self.rows}


Find = Callable[[str], Any]
Allowed = Callable[[Any], bool]


def find_head(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The row that names the columns, and where each is; None without a column that names places."""
    for at, row in enumerate(grid[:LOOKED]):
        found: dict[str, int] = {}
        for index, heading in enumerate(row):
            meant = MEANING.get(plain_heading(heading))
            if meant is not None:
                found.setdefault(meant, index)
        if {CODE, NAME, COUNTY, CITY, PROVINCE} & set(found):
            return at, found
    return None


def examine(
    grid: Grid,
    head: tuple[int, Mapping[str, int]],
    find: Find,
    allowed: Allowed,
    present: Mapping[int, Sequence[Spell]],
) -> Examined:
    """Every row below the head; ``present``: how long each place has been a member already."""
    examined = Examined()
    at, columns = head
    for number, cells in enumerate(grid[at + 1 :], at + 2):
        said = {code: cells[index].strip() if index < len(cells) else "" for code, index in columns.items()}
        if any(said.values()):
            _row(examined, number, said, columns, find, allowed)
    _refuse_overlaps(examined, columns, present)
    return examined


def _row(
    examined: Examined,
    number: int,
    said: Mapping[str, str],
    columns: Mapping[str, int],
    find: Find,
    allowed: Allowed,
) -> None:
    column, text = _named(said)

    def fault(code: str, why: str) -> None:
        examined.faults.append(Fault(cell_name(columns[code], number), number, said.get(code, "")[:60], why))

    place = find(text) if text else "请填写地区"
    if isinstance(place, str):
        fault(column, place)
        return
    if said.get(CODE) and said.get(NAME) and place.name != said[NAME]:
        fault(NAME, f"代码 {said[CODE]} 是{place.name}，与名称不符")
        return
    if not allowed(place):
        fault(column, f"{place.name}不在您的管辖范围")
        return
    days = [_day(said.get(code, "")) for code in (SINCE, UNTIL)]
    for code, day in zip((SINCE, UNTIL), days, strict=True):
        if isinstance(day, str):
            fault(code, day)
    since, until = days
    if isinstance(since, str) or isinstance(until, str):
        return
    if until is not None and until <= (since or ALWAYS):
        fault(UNTIL, "止日应晚于起日（止日当天起不再属于本集合）")
        return
    examined.rows.append(Listed(number, place, since or ALWAYS, until))


def _named(said: Mapping[str, str]) -> tuple[str, str]:
    """Which column names the place of a row, and how: its code, else its name behind those of the places above."""
    if said.get(CODE):
        return CODE, said[CODE]
    chain = [code for code in (PROVINCE, CITY, COUNTY, NAME) if said.get(code)]
    if chain:
        return chain[-1], "".join(said[code] for code in chain)
    return next(code for code in (CODE, NAME, COUNTY, CITY, PROVINCE) if code in said), ""


def _day(text: str) -> date | None | str:
    """The day of a cell; a sentence when it is none."""
    plain = text.replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "").strip()
    if not plain:
        return None
    parts = plain.split("-")
    try:
        return date(*(int(part) for part in parts)) if len(parts) == 3 else "不是日期，应形如 2026-11-23"
    except ValueError:
        return "没有这一天，应形如 2026-11-23"


def _refuse_overlaps(
    examined: Examined, columns: Mapping[str, int], present: Mapping[int, Sequence[Spell]]
) -> None:
    """Nobody is a member twice on one day: neither by two rows nor by a row and what stands already."""
    column = next(code for code in (CODE, NAME, COUNTY, CITY, PROVINCE) if code in columns)
    kept: list[Listed] = []
    taken: dict[int, dict[date, tuple[date | None, int]]] = {
        place: {since: (until, 0) for since, until in spells} for place, spells in present.items()
    }
    for each in examined.rows:
        spells = taken.setdefault(each.place.pk, {})
        before = spells.get(each.since)
        clash = next(
            (
                row
                for since, (until, row) in spells.items()
                if since != each.since and _overlap((since, until), each)
            ),
            None,
        )
        if before is not None and before[1]:
            clash = before[1]
        if clash is None:
            spells[each.since] = (each.until, each.row)
            kept.append(each)
            continue
        why = f"与第 {clash} 行重复" if clash else "与已有的起止日期重叠；要改止日，请保留原起日"
        cell = cell_name(columns[column], each.row)
        examined.faults.append(Fault(cell, each.row, each.place.name, f"{each.place.name}{why}"))
    examined.rows = kept
    examined.faults.sort(key=lambda fault: fault.row)


def _overlap(spell: Spell, other: Listed) -> bool:
    since, until = spell
    return (until is None or other.since < until) and (other.until is None or since < other.until)


def topmost(paths: Iterable[str]) -> list[str]:
    """The paths that lie inside no other of them: a county and its province are one member, counted once."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept
