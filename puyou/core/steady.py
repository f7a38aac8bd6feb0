"""Looking at a mark of the data once for a whole page, so that its parts agree and nothing is asked twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seen: ContextVar[dict[str, str] | None] = ContextVar("seen", default=None)


@contextmanager
def steadily() -> Iterator[None]:
    """Within, marks are read once; for work that only reads. May be nested."""
    if _seen.get() is not None:
        yield
        return
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def once(name: str, read: Callable[[], str]) -> str:
    """The mark called ``name``: read now, unless it was read before within ``steadily``."""
    seen = _seen.get()
    if seen is None:
        return read()
    if name not in seen:
        seen[name] = read()
    return seen[name]
