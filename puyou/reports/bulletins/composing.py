"""From sentences with links to all that a paper says, as plain values that can be frozen."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from puyou.core import notices
from puyou.core.periods import SHANGHAI
from puyou.indicators.engine import Reader
from puyou.reports.bulletins import text
from puyou.reports.bulletins.figures import MISSING, Resolver
from puyou.reports.bulletins.kinds import get_kind
from puyou.reports.bulletins.models import Bulletin
from puyou.reports.bulletins.text import Link, Section

FORMAT = "puyou.bulletin.1"


def resolver_of(reader: Reader, bulletin: Bulletin) -> Resolver:
    """What reads the links of a bulletin."""
    return Resolver(reader, bulletin.place, bulletin.when, bulletin.company)


def compose(reader: Reader, bulletin: Bulletin, sections: Sequence[Section], now: datetime) -> dict[str, Any]:
    """All that the bulletin says: every sentence in pieces, figures numbered in their order as sources."""
    resolver = resolver_of(reader, bulletin)
    resolver.prepare(text.links(sections))
    sources: dict[str, dict[str, Any]] = {}
    said = [_section(resolver, section, sources) for section in sections if section.sentences]
    place, period = bulletin.place, bulletin.when
    return {
        "format": FORMAT, "kind": bulletin.kind, "kind_name": get_kind(bulletin.kind).name, "title": bulletin.title,
        "office": bulletin.office, "document_number": bulletin.document_number,
        "place": {"code": place.code, "name": place.name},
        "period": {"name": period.name, "label": period.label},
        "company": bulletin.company.name if bulletin.company else "",
        "as_of": now.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "day": f"{now.astimezone(SHANGHAI):%Y}年{now.astimezone(SHANGHAI).month}月{now.astimezone(SHANGHAI).day}日",
        "notices": notices.current(), "sections": said, "sources": list(sources.values()),
    }  # fmt: skip


def _section(resolver: Resolver, section: Section, sources: dict[str, dict[str, Any]]) -> dict[str, Any]:
    sentences = [[_piece(resolver, each, sources) for each in text.pieces(one)] for one in section.sentences]
    return {"title": section.title, "sentences": sentences}


def _piece(
    resolver: Resolver, piece: str | Link | None, sources: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Words, a name, or a figure by the number of its source."""
    if isinstance(piece, str):
        return {"text": piece}
    if piece is None:
        return {"text": MISSING}
    said = sources.get(piece.text) or resolver.say(piece)
    if piece.is_label:
        return said | {"label": piece.code}
    sources.setdefault(piece.text, said | {"number": len(sources) + 1, "placeholder": piece.text})
    return {"text": said["text"], "source": sources[piece.text]["number"]}


def sentences(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Heading and plain text of every sentence of a composed paper."""
    for section in content["sections"]:
        for pieces in section["sentences"]:
            yield section["title"], "".join(piece["text"] for piece in pieces)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two papers say the same; the moment and day of asking do not count."""
    idle = {"as_of": "", "day": ""}
    return {**one, **idle} == {**other, **idle}
