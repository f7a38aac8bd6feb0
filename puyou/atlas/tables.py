"""The columns of the map's tables: every figure with the list it was counted from."""

from dataclasses import dataclass
from typing import Any

from puyou.atlas import links, sparkline
from puyou.atlas.figures import Figure
from puyou.atlas.forms import LEVEL_WORDS
from puyou.atlas.outlook import Outlook
from puyou.core import ramp
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


def places_table(
    view: Outlook, level: int, running: bool, *, whole: bool = False, code: str = "places", title: str = ""
) -> Table:
    """The table beside the map: a row a place. ``whole``: with codes and every count, for files."""
    missed = (
        _villages("未达", "missed", view, verdict="missed"),
        _villages("初判", "provisional", view, verdict="provisional"),
    )
    pending = (_villages("待定", "pending", view, verdict="pending"),)
    columns = (
        *((Column("代码", "code"),) if whole else ()),
        Column("地区", "named", head=True, link=lambda row: links.place_page(row.code, view)),
        _villages("应投", "villages", view),
        _villages("达标", "met", view, verdict="met"),
        *(missed if whole or not running else ()),
        _villages("免责", "excused", view, verdict="excused"),
        *(pending if whole or running else ()),
        Column("已达标" if running else "达标率", "share", format="rate", sort="share"),
        Column("计次投递", "figures.trips", format="count", sort="trips", minor=True),
        Column("应投次数", "figures.trips_due", format="count", sort="trips_due", minor=True),
        Column("最长间隔", "figures.longest_gap", format="count", sort="longest_gap", unit="天", minor=True),
        _villages("零投递", "reasons.no_service", view, reason="no_service"),
        _visits("到村", "visits", view),
        _visits("疑点", "findings", view, finding="any"),
        Column("近53周", "code", show=lambda row: sparkline.draw(row.recent), exported=False, minor=True),
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


def weakest_table(view: Outlook, level_words: str) -> Table:
    """The places that need attention most, and why."""
    return Table(
        code="weakest",
        title=f"最需关注的{level_words}地区",
        columns=(
            Column("地区", "name", head=True, link=lambda row: links.place_page(row.code, view)),
            Column("所在", "above"),
            _villages("应投", "villages", view),
            _villages("未达", "missed", view, verdict="missed"),
            Column("达标率", "share", format="rate"),
            Column("最长间隔", "figures.longest_gap", format="count", unit="天"),
            Column("原因", "because"),
        ),
        counter="个地区",
        exports=False,
    )


def _villages(label: str, field: str, view: Outlook, **narrowed: str) -> Column:
    def link(row: Any) -> str | None:
        more = narrowed | ({"standing": str(row.standing)} if row.standing else {})
        return links.villages(row.code, view, **more) if row.figures and read(row.figures, field) else None

    return Column(label, f"figures.{field}", format="count", sort=field.rpartition(".")[2], link=link)


def _visits(label: str, field: str, view: Outlook, **narrowed: str) -> Column:
    """Visits are listed by place: a stand-in's cannot be told from those of the whole place, so no link."""

    def link(row: Any) -> str | None:
        if row.standing or not row.figures or not read(row.figures, field):
            return None
        return links.visits(row.code, view.week, **narrowed)

    return Column(label, f"figures.{field}", format="count", sort=field, link=link, minor=True)
