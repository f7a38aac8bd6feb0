"""The page of a village: what became of its week, and why."""

from hashlib import blake2b
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import OfficerRequest
from puyou.atlas import village_page
from puyou.atlas.views.opening import Opened, answer, not_modified, open_place
from puyou.places.models import Place


def show(request: OfficerRequest, place: Place) -> HttpResponseBase:
    """The whole page."""
    opened = open_place(request, place)
    visits = village_page.visits_of(opened)
    context = _context(request, opened, visits) | {"etag": _etag(opened, visits)}
    return answer(request, "atlas/village.html", context)


def live(request: OfficerRequest, opened: Opened) -> HttpResponseBase:
    """The part that follows visits and verdicts: 304 while nothing moved."""
    visits = village_page.visits_of(opened)
    etag = _etag(opened, visits)
    if etag in request.headers.get("If-None-Match", ""):
        return not_modified(etag)
    return answer(request, "atlas/village_live.html", _context(request, opened, visits), etag)


def _context(request: HttpRequest, opened: Opened, visits: list[Any]) -> dict[str, Any]:
    return opened.shell() | village_page.context(request, opened, visits)


def _etag(opened: Opened, visits: list[Any]) -> str:
    seen = "|".join(f"{visit.pk}{visit.findings}{visit.counting}{visit.rejected}" for visit in visits)
    said = "|".join(one["told"] for one in village_page.words_of(opened))
    return f'"{blake2b((opened.etag + seen + said).encode(), digest_size=12).hexdigest()}"'
