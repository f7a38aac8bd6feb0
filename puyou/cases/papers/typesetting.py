"""Setting a document as PDF/A with the Chinese fonts inside: the same words give the same bytes."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from puyou.cases import problems

HERE = Path(__file__).parent
LETTER = HERE / "letter.typ"
PDF, PNG, DENSITY = "pdf", "png", 144
NODE_FONTS = HERE.parents[2] / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"


def pdf_of(said: dict[str, Any], now: datetime) -> bytes:
    """The letter as PDF/A-2b, dated ``now``."""
    return typeset(LETTER, said, now)


def typeset(template: Path, said: dict[str, Any], now: datetime, kind: str = PDF) -> bytes:
    """A template with its words as PDF/A-2b, or as one picture (``PNG``), dated ``now``.

    Words go in as data, so that nothing written in them is obeyed.
    Problems: the Chinese fonts are not installed; a character that they do not have.
    """
    import typst  # noqa: PLC0415 - heavy, and wanted only where a document is issued

    form: dict[str, Any] = {"format": "png", "ppi": DENSITY} if kind == PNG else {"pdf_standards": "a-2b"}
    try:
        made: bytes = typst.compile(
            template,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"said": json.dumps(said, ensure_ascii=False), "kind": kind},
            timestamp=int(now.timestamp()),
            **form,
        )
    except typst.TypstError as error:
        raise problems.CANNOT_SET() from error
    return made


def _fonts() -> list[Path]:
    """Where the fonts lie: what the operator put into ``PUYOU_HOME/fonts``, else what the build installed."""
    own = Path(settings.PUYOU_HOME) / "fonts"
    for folders in ([own], [NODE_FONTS / "400Regular", NODE_FONTS / "700Bold"]):
        if all(any(folder.glob("*.ttf")) for folder in folders):
            return folders
    raise problems.NO_FONTS(folder=str(own))
