"""Addresses for machines that watch over this one: is it alive, is it ready, how is it doing."""

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import officer_required
from puyou.config import measures
from puyou.config.views import SYSTEM

LEAST = 20  # characters of a token that nobody guesses
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return _short("ok", 200)


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and its tables stand; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM ingest_pending LIMIT 1")
    except DatabaseError:
        return _short("database away", 503)
    return _short("ok", 200)


def _short(word: str, status: int) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    return HttpResponse(word + "\n", status=status, content_type="text/plain", headers=headers)


def metrics(request: HttpRequest) -> HttpResponseBase:
    """For whoever brings the token of ``PUYOU_METRICS_TOKEN``, and for people who may see 系统."""
    token, said = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if len(token) >= LEAST and hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return _metrics(request)
    return _for_officers(request)


def _metrics(request: HttpRequest) -> HttpResponseBase:
    return HttpResponse(measures.metrics(), content_type=PROMETHEUS, headers={"Cache-Control": "no-store"})


_for_officers = officer_required(SYSTEM)(_metrics)
