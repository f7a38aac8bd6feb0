"""The page where anybody may check a certificate: number, first character of the name, term, valid or not."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from puyou.accounts.models import in_force
from puyou.accounts.views.requests import address
from puyou.cases.supervisors import problems, queries
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.ingest.throttle import Throttle

GUESSING = Throttle(per_second=0.05, burst=20)  # wrong codes of one address


@never_cache
@require_safe
def verify(request: HttpRequest, number: str, code: str) -> HttpResponseBase:
    """``/cases/supervisors/certificate/NUMBER/CODE/``; wrong number and wrong code are one answer."""
    caller = address(request) or "local"
    if GUESSING.dry(caller) > 0:
        raise problems.SLOW_DOWN()
    try:
        held = queries.find_certificate(number, code)
    except Problem:
        GUESSING.wait(caller)
        raise
    term = held.terms.filter(in_force(clock.today())).first()
    last = term or held.terms.order_by("-valid_to").first()
    context = {"number": held.number, "name": held.name[:1], "office": held.office.name, "valid": term is not None,
               "term": last, "title": "监督员证书核验"}  # fmt: skip
    return render(request, "supervisors/certificate.html", context)
