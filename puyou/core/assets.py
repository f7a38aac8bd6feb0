"""Where the built front-end files are: names with content hashes, read from the build's manifest.

The names are final, so no storage may hash them a second time: the address is made here.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

BUILD = Path(__file__).parent / "static" / "core" / "build"


def asset_url(name: str) -> str:
    """The address of a built file; before any build the plain name, so that pages still render."""
    return f"{settings.STATIC_URL}core/build/{_manifest(_stamp()).get(name, name)}"


def is_built() -> bool:
    """Whether the front end has been built."""
    return (BUILD / "manifest.json").exists()


def _stamp() -> int:
    try:
        return (BUILD / "manifest.json").stat().st_mtime_ns
    except OSError:
        return 0


@cache
def _manifest(stamp: int) -> dict[str, str]:
    if not stamp:
        return {}
    names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    return names
