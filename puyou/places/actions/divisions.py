"""Loading the supplied edition of the divisions."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from puyou.core import events
from puyou.places import loading, queries, sources
from puyou.places.actions.sets import seed_place_sets
from puyou.places.events import DIVISIONS_LOADED
from puyou.places.models import Vintage
from puyou.places.problems import OTHER_VINTAGE


@transaction.atomic
def load_divisions(
    *, by: str, now: datetime, provinces: Collection[str] | None = None, folder: Path | None = None
) -> int:
    """Load the supplied edition, or only some provinces (two digits) of it; returns how many rows it wrote.

    What is already there is left alone, so a second run writes nothing. Places begin on the edition's
    cut-off date.
    """
    edition, folder = sources.SUPPLIED, folder or Path(settings.DATA_DIR)
    loading.lock_tree()
    present = Vintage.objects.first()
    if present and present.code != edition.code:
        raise OTHER_VINTAGE(loaded=present.code, wanted=edition.code)
    loaded = present.provinces if present else []
    if present and (len(loaded) == sources.PROVINCES or (provinces and set(provinces) <= set(loaded))):
        return 0
    rows = sources.read_divisions(folder, provinces, without=loaded)
    rows, points = sources.with_points(rows, folder)
    loading.make_nation(edition.cut_off)
    loading.copy_places(rows, edition.cut_off)
    loading.finish(sources.LAST_ID)
    loading.stamp_tree()
    seed_place_sets(Path(settings.DATA_DIR))
    added = sources.province_codes(rows)
    Vintage.objects.update_or_create(
        code=edition.code,
        defaults={
            "source": edition.source,
            "cut_off": edition.cut_off,
            "provinces": sorted([*loaded, *added]),
            "rows": (present.rows if present else 0) + len(rows),
            "points": (present.points if present else 0) + points,
            "loaded_at": now,
        },
    )
    data = {"edition": edition.code, "provinces": added, "rows": len(rows), "points": points}
    events.append(DIVISIONS_LOADED, subject=f"vintage:{edition.code}", actor=by, now=now, data=data)
    transaction.on_commit(_make_files)
    return len(rows)


def _make_files() -> None:
    """Ask once, so that the kept files are ready before anyone waits for them."""
    queries.search("全国", 1)
    queries.current_tree()
    queries.code_index()
