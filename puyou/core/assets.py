"""Where the built front-end files are: names with content hashes, read from the build's manifest.

The names are final, so no storage may hash them a second time: the address is made here.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

BUILD = Path(__file__).parent / "static" / "core" / "build"


def asset_url(name: str) -> str:
    """The address of a built file; before any build the plain name, so that pages still render.

    A process keeps the names it began with: those are the files that were collected when it started.
    """
    names = _manifest(BUILD) if is_built() else {}
    return f"{settings.STATIC_URL}core/build/{names.get(name, name)}"


def is_built() -> bool:
    """Whether the front end has been built."""
    return (BUILD / "manifest.json").exists()


@cache
def _manifest(folder: Path) -> dict[str, str]:
    names: dict[str, str] = json.loads((folder / "manifest.json").read_text())
    return names
