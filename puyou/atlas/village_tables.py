"""The columns of lists of villages, and such a list as a file."""

from collections.abc import Iterable
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from puyou.atlas import links, problems, villages
from puyou.atlas.forms import AREAS
from puyou.atlas.outlook import Outlook
from puyou.atlas.sentences import REASONS
from puyou.atlas.strip import STANDING_WORDS
from puyou.atlas.views.opening import Opened
from puyou.compliance.rules import AREA_CLASSES
from puyou.core import exports
from puyou.core.tables import Column, Empty, Table

MOST_EXPORTED = 100_000
STEPS = {"met": "1", "missed": "6", "provisional": "6", "pending": "pending", "excused": "excused"}
NONE_FOUND = Empty("没有符合条件的村。", "放宽筛选条件，或换一周再看。")


def standing_words(row: villages.VillageRow) -> str:
    """A village's verdict in words."""
    return STANDING_WORDS[row.standing]


def _badge(row: villages.VillageRow) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', row.standing, standing_words(row))


def _name(view: Outlook) -> Column:
    return Column("村", "name", head=True, link=lambda row: links.place_page(row.code, view))


def _columns(view: Outlook, sortable: bool) -> tuple[Column, ...]:
    def sort(name: str) -> str:
        return name if sortable else ""

    return (
        Column("判定", standing_words, show=_badge),
        Column("原因", lambda row: REASONS.get(row.reason, "")),
        Column("计次投递", "trips", format="count", sort=sort("trips")),
        Column("应投次数", "trips_due", format="count", sort=sort("trips_due")),
        Column("最长间隔", "longest_gap", format="count", unit="天", sort=sort("longest_gap")),
        _visits("到村", "visits", view, sort("visits")),
        _visits("疑点", "findings", view, sort("findings"), finding="any"),
    )


def _visits(label: str, field: str, view: Outlook, sort: str, **narrowed: str) -> Column:
    def link(row: Any) -> str | None:
        return links.visits(row.code, view.week, **narrowed) if getattr(row, field) else None

    return Column(label, field, format="count", sort=sort, link=link, minor=True)


def area_words(row: villages.VillageRow) -> str:
    """A village's area class in words."""
    return dict(AREAS)[AREA_CLASSES[row.area_class]]


def _table(view: Outlook, code: str, title: str, columns: tuple[Column, ...], size: int) -> Table:
    return Table(
        code=code,
        title=title,
        columns=columns,
        page_size=size,
        counter="个村",
        empty=NONE_FOUND,
        key="code",
        data={
            "code": "code",
            "name": "name",
            "kind": lambda row: "village",
            "step": lambda row: STEPS.get(row.standing, "none"),
            "lon": "lon",
            "lat": "lat",
        },
        exports=False,
    )


def short(view: Outlook) -> Table:
    """The villages of a township, beside its map."""
    return _table(view, "villages", "各村", (_name(view), *_columns(view, True)), 500)


def points(view: Outlook, found: Iterable[villages.VillageRow]) -> SafeString:
    """The rows of villages whose place is known, for the map: lean, because a county has hundreds."""
    return format_html_join(
        "\n",
        '<tr data-key="{0}" data-code="{0}" data-name="{1}" data-kind="village" data-step="{2}" data-lon="{3}"'
        ' data-lat="{4}"><th scope="row"><a href="{5}">{1}</a></th><td data-label="乡镇">{6}</td>'
        '<td data-label="判定">{7}</td><td data-label="计次／应投" class="number">{8}／{9}</td></tr>',
        (
            (
                row.code,
                row.name,
                STEPS.get(row.standing, "none"),
                row.lon,
                row.lat,
                links.place_page(row.code, view),
                row.township,
                standing_words(row),
                row.trips,
                row.trips_due,
            )
            for row in found
        ),
    )


def whole(view: Outlook, title: str, sortable: bool) -> Table:
    """The list page: every village that a figure counted."""
    columns = (
        Column("代码", "code", minor=True),
        _name(view),
        Column("乡镇", "township"),
        Column("地区类别", area_words, minor=True),
        *_columns(view, sortable),
    )
    return _table(view, "villages", title, columns, 50)


def export(opened: Opened, wanted: villages.Wanted, kind: str) -> HttpResponseBase:
    """All villages of a list as a file; Problem atlas.too_many_rows beyond what a file should hold."""
    found = villages.list_villages(opened.scope, opened.place, opened.view, wanted, opened.state)
    if len(found) > MOST_EXPORTED:
        raise problems.TOO_MANY_ROWS(rows=f"{len(found):,}", limit=f"{MOST_EXPORTED:,}")
    table = whole(opened.view, "村清单", False)
    words = opened.words + villages.in_words(wanted)
    return exports.respond(kind, table.title, table.columns, found[:], scope=opened.place.name, chosen=words)
