"""The first page of the room."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from puyou.accounts.views.decorators import officer_required


@officer_required("see")
def home(request: HttpRequest) -> HttpResponseBase:
    """``/plans/``: to the place sets."""
    return redirect("plan_sets")
