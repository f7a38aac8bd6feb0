"""How couriers learn the app: the page that the county shows them, and the way to practice mode."""

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import qr
from puyou.fieldwork.views.parts import page


@require_safe
@officer_required("see")
def show(request: OfficerRequest) -> HttpResponseBase:
    """Everything on one page, to be printed too."""
    site = request.build_absolute_uri(reverse("field"))
    context = {"title": "投递员培训", "site": site, "practice": qr.draw(f"{site}#practice")}
    return page(request, "fieldwork/training.html", context)
