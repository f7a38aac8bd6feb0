"""The place picker's answers: a page, or the list alone for the picker in the shell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from puyou.places import queries

IN_PICKER = 12
ON_PAGE = 50
LONGEST = 60


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Places by a piece of their name or the beginning of their code; names are public."""
    text = request.GET.get("q", "")[:LONGEST].replace("\0", "").strip()
    part = request.headers.get("HX-Request") == "true"
    limit = IN_PICKER if part else ON_PAGE
    found = queries.search(text, limit) if text else []
    template = "places/search_list.html" if part else "places/search.html"
    shown = {"found": found, "text": text, "full": len(found) == limit, "title": "查找地点"}
    return render(request, template, shown)
