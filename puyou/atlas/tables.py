"""The columns of the map's tables: every figure with the list it was counted from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from puyou.atlas import links, sparkline
from puyou.atlas.figures import Figure
from puyou.atlas.forms import LEVEL_WORDS
from puyou.atlas.outlook import Outlook
from puyou.atlas.sentences import REASONS
from puyou.core import formats, ramp
from puyou.core.cells import read
from puyou.core.tables import Column, Empty, Table

NOTHING = Empty(
    "这里还没有可以判定的村。",
    "导入投递频次（责任表）后，应投的村会出现在这里；也可以放宽筛选条件，或换一周再看。",
)


@dataclass(frozen=True)
class Row:
    """A place in the table: its figures, absent where nothing was judged, and its shares of the last weeks.

    ``standing``: the level it stands in at, 0 when it has that level itself.
    """

    code: str
    name: str
    figures: Figure | None
    recent: tuple[float | None, ...] = ()
    running: bool = False
    standing: int = 0
    lon: float | None = None
    lat: float | None = None

    @property
    def share(self) -> float | None:
        """What colours the map: the rate; in a running week the share of villages met so far."""
        return share_of(self.figures, self.running)

    @property
    def step(self) -> str:
        """The step of the one scale for service."""
        return ramp.step_of(self.share, excused=self.figures.excused if self.figures else 0)

    @property
    def named(self) -> str:
        """The name, marked where the place stands in for a level that it does not have."""
        return f"{self.name}（代列）" if self.standing else self.name


def share_of(figures: Figure | None, running: bool) -> float | None:
    """The rate, or in a running week the villages met so far among those asked."""
    if figures is None or not running:
        return figures.rate if figures else None
    asked = figures.villages - figures.excused
    return figures.met / asked if asked else None


def places_table(view: Outlook, level: int, standing: str, *, code: str = "places", title: str = "") -> Table:
    """The table beside the map: a row a place. ``standing`` of the week decides what unmet villages are called."""
    running = standing == "running"
    unmet = {
        "running": ("待定", "pending"),
        "provisional": ("初判未达", "missed"),
        "settled": ("未达", "missed"),
    }
    label, field = unmet[standing]
    columns = (
        Column("地区", "named", head=True, link=lambda row: links.place_page(row.code, view)),
        _villages("应投", "villages", view),
        _villages("达标", "met", view, verdict="met"),
        _villages(label, field, view, verdict=field),
        Column("已达标" if running else "达标率", "share", format="rate", sort="share", show=_share),
        Column("近53周", "code", show=_small_line, minor=True),
        Column("投递／应投", "figures.trips", sort="trips", show=_trips, minor=True),
        Column(
            "间隔",
            "figures.longest_gap",
            unit="天",
            sort="longest_gap",
            show=_blank("longest_gap"),
            minor=True,
        ),
        _villages("零投递", "reasons.no_service", view, reason="no_service", minor=True),
        _villages("免责", "excused", view, verdict="excused", minor=True),
        _visits("到村", "visits", view),
        _visits("疑点", "findings", view, finding="any"),
    )
    return Table(
        code=code,
        title=title or f"{LEVEL_WORDS[level]}地区",
        columns=columns,
        order="code",
        page_size=200,
        counter="个地区",
        empty=NOTHING,
        key="code",
        data={"code": "code", "name": "named", "step": "step", "lon": "lon", "lat": "lat"},
        exports=False,
    )


def whole_columns(running: bool) -> tuple[Column, ...]:
    """The same table for a file: every count by itself."""
    counts = (
        ("应投", "villages", "个"),
        ("达标", "met", "个"),
        ("未达", "missed", "个"),
        ("其中初判", "provisional", "个"),
        ("免责", "excused", "个"),
        ("待定", "pending", "个"),
    )
    more = (
        ("计次投递", "trips", "次"),
        ("应投次数", "trips_due", "次"),
        ("最长间隔", "longest_gap", "天"),
        ("到村记录", "visits", "次"),
        ("疑点", "findings", "次"),
        *((label, f"reasons.{reason}", "个") for reason, label in REASONS.items()),
    )
    return (
        Column("代码", "code"),
        Column("地区", "named"),
        *(Column(label, f"figures.{field}", unit, "count") for label, field, unit in counts),
        Column("已达标占比" if running else "达标率", "share", format="rate"),
        *(Column(label, f"figures.{field}", unit, "count") for label, field, unit in more),
    )


def weakest_table(view: Outlook, level_words: str) -> Table:
    """The places that need attention most, and why."""
    return Table(
        code="weakest",
        title=f"最需关注的{level_words}地区",
        columns=(
            Column("地区", "name", head=True, link=lambda row: links.place_page(row.code, view)),
            Column("所在", "above", minor=True),
            _villages("应投", "villages", view),
            _villages("未达", "missed", view, verdict="missed"),
            Column("达标率", "share", format="rate"),
            Column("最长间隔", "figures.longest_gap", format="count", unit="天", minor=True),
            Column("原因", "because"),
        ),
        counter="个地区",
        exports=False,
    )


def _villages(label: str, field: str, view: Outlook, *, minor: bool = False, **narrowed: str) -> Column:
    def link(row: Any) -> str | None:
        more = narrowed | ({"standing": str(row.standing)} if row.standing else {})
        return links.villages(row.code, view, **more) if row.figures and read(row.figures, field) else None

    show = None if field == "villages" else _blank(field)
    sort = field.rpartition(".")[2]
    return Column(label, f"figures.{field}", format="count", sort=sort, link=link, show=show, minor=minor)


def _visits(label: str, field: str, view: Outlook, **narrowed: str) -> Column:
    """Visits are listed by place and week alone: figures narrowed in any other way have no such list."""
    narrower = view.area or view.place_set or view.tree != "week"

    def link(row: Any) -> str | None:
        if narrower or row.standing or not row.figures or not read(row.figures, field):
            return None
        return links.visits(row.code, view.week, **narrowed)

    shown = _blank(field)
    return Column(label, f"figures.{field}", format="count", sort=field, link=link, show=shown, minor=True)


def _blank(field: str) -> Callable[[Any], str]:
    """A count; empty where nothing is known, which the row's first figure already says."""
    return lambda row: formats.count(read(row.figures, field)) if row.figures else ""


def _share(row: Row) -> str:
    return formats.rate(row.share) if row.figures else ""


def _trips(row: Row) -> str:
    if row.figures is None:
        return ""
    return f"{formats.count(row.figures.trips)}／{formats.count(row.figures.trips_due)}"


def _small_line(row: Row) -> str:
    return sparkline.draw(row.recent) if any(share is not None for share in row.recent) else ""
