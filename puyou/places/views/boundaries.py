"""Sending maps of divisions, packed and cacheable."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from puyou.places import boundaries

HOUR = "public, max-age=3600"
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def boundary_map(request: HttpRequest, code: str) -> HttpResponseBase:
    """GeoJSON of what is drawn for a place; with ``?v=`` the current tag it may be kept for ever."""
    tag = boundaries.tag()
    keep = FOR_EVER if request.GET.get("v") == tag else HOUR
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if f'W/"{tag}"' in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    answer = boundaries.get_map(code)
    body = answer.body
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body, headers["Content-Encoding"] = answer.packed, "gzip"
    return HttpResponse(body, content_type="application/geo+json", headers=headers)
