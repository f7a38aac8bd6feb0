"""Report cards that offices opened to everybody: the newest revision of each, with its files."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puyou.portal import problems, throttling
from puyou.reports import queries
from puyou.reports.models import CardRevision
from puyou.reports.views import KIND_NAMES, download, shown

PAGE = 20


@require_safe
def list_cards(request: HttpRequest) -> HttpResponse:
    """``/portal/cards/``: newest first."""
    throttling.take(throttling.LOOKING, throttling.caller_of(request))
    page = Paginator(queries.public_revisions(), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/cards.html", {"title": "成绩单", "page": page})


@require_safe
def show_card(request: HttpRequest, pk: int) -> HttpResponse:
    """``/portal/cards/<pk>/``: one card as it was published."""
    found = _found(request, pk)
    context = shown(found.content, linked=False) | {"revision": found, "kinds": KIND_NAMES}
    return render(request, "portal/card.html", context)


@require_safe
def card_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """``/portal/cards/<pk>/file.<kind>``: PDF, picture, spreadsheet or signed JSON."""
    return download(_found(request, pk), kind)


def _found(request: HttpRequest, pk: int) -> CardRevision:
    throttling.take(throttling.LOOKING, throttling.caller_of(request))
    found = queries.public_revisions().filter(pk=pk).first()
    if found is None:
        raise problems.NO_CARD()
    return found
