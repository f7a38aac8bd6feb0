"""A layout as an editor posts it: numbered fields, indicators called by their names. Pure."""

import re
from collections.abc import Mapping

from puyou.reports.layout import Layout, Section, Tile

SECTION = re.compile(r"s(\d{1,3})-title")
TILE = re.compile(r"s(\d{1,3})-t(\d{1,3})-indicator")


def read_posted(said: Mapping[str, str], codes: Mapping[str, str]) -> Layout:
    """The layout that was written; ``codes``: an indicator's code by its name. An unknown name stays as written."""
    tiles: dict[int, list[int]] = {}
    for name in said:
        if found := TILE.fullmatch(name):
            tiles.setdefault(int(found[1]), []).append(int(found[2]))
    sections = sorted(int(found[1]) for name in said if (found := SECTION.fullmatch(name)))
    return tuple(
        Section(
            _word(said, f"s{at}-title"),
            _word(said, f"s{at}-judgement"),
            tuple(_tile(said, f"s{at}-t{each}", codes) for each in sorted(tiles.get(at, ()))),
        )
        for at in sections
    )


def _tile(said: Mapping[str, str], of: str, codes: Mapping[str, str]) -> Tile:
    indicator, by = _word(said, f"{of}-indicator"), _word(said, f"{of}-by")
    return Tile(
        indicator=codes.get(indicator, indicator),
        comparison=_word(said, f"{of}-comparison"),
        by=codes.get(by, by),
        period=_word(said, f"{of}-period"),
        note=_word(said, f"{of}-note"),
        chart=f"{of}-chart" in said,
    )


def _word(said: Mapping[str, str], name: str) -> str:
    return said.get(name, "").strip()


def by_name(names: Mapping[str, str]) -> dict[str, str]:
    """Codes by name from names by code; a name that two indicators share calls neither."""
    called = list(names.values())
    return {name: code for code, name in names.items() if called.count(name) == 1}


def shown(layout: Layout, names: Mapping[str, str]) -> list[dict[str, object]]:
    """A layout for the editor: every indicator by its name where that is enough."""
    alone = by_name(names)

    def called(code: str) -> str:
        name = names.get(code, code)
        return name if alone.get(name) == code else code

    return [
        {
            "title": section.title, "judgement": section.judgement,
            "tiles": [
                {**vars(tile), "indicator": called(tile.indicator), "by": called(tile.by)} for tile in section.tiles
            ],
        }
        for section in layout
    ]  # fmt: skip
