"""What of a place of backups has had its time: old bases, the log before the oldest, files that the law deleted."""

from datetime import datetime, timedelta
from typing import Any

from puyou.config.backups import files, settings
from puyou.config.backups.places import Place
from puyou.core import clock


def kept(bases: list[dict[str, Any]], now: datetime, days: int, least: int) -> list[dict[str, Any]]:
    """Of bases, oldest first, those that stay: the newest ``least``, and all finished within ``days``."""
    border = now - timedelta(days=days)
    young = [base for base in bases if datetime.fromisoformat(base["finished_at"]) >= border]
    return bases[-max(least, len(young)) :]


def prune(place: Place) -> int:
    """Take away what has had its time; how many objects."""
    bases = place.bases()
    staying = kept(bases, clock.now(), settings.keep_days(), settings.keep_at_least())
    going = [base["id"] for base in bases if base not in staying]
    names = [
        name
        for name, _, _ in place.store.names("base")
        if name.split("/")[1] in going
    ]  # fmt: skip
    names.sort(key=lambda name: not name.endswith("/manifest"))  # first what makes it valid
    names += _old_log(place, staying)
    names += [f"files/{name}" for name in files.expired(settings.keep_days()) & place.has("files")]
    place.store.delete(names)
    return len(names)


def _old_log(place: Place, staying: list[dict[str, Any]]) -> list[str]:
    oldest = min((base["first_segment"][8:] for base in staying), default="")
    return [
        name
        for name, _, _ in place.store.names("wal")
        if not name.endswith(".history") and name.rsplit("/", 1)[1][8:24] < oldest
    ]
