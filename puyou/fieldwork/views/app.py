"""Serving the field app: its page, its service worker and its manifest, as the build made them."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from puyou.fieldwork import problems

BUILD = Path(__file__).parents[1] / "static" / "fieldwork" / "build"
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS = "geolocation=(self), camera=(self), microphone=(self)"
PACKED = (("br", ".br"), ("gzip", ".gz"))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """``/field/``: the app's one page; what it shows is in the phone."""
    return _serve(request, "index.html", "text/html; charset=utf-8")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """``/field/sw.js``: asked for afresh each time, so that a phone hears of a new version."""
    response = _serve(request, "sw.js", "text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/field/"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """``/field/manifest.webmanifest``: what an installed app is called and looks like."""
    return _serve(request, "manifest.webmanifest", "application/manifest+json; charset=utf-8")


def _serve(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    file = BUILD / name
    if not file.exists():
        raise problems.NOT_BUILT()
    answer = _packed(request, file, kind)
    answer.headers["ETag"] = tag = _tag(file, file.stat().st_mtime_ns)
    response = get_conditional_response(request, etag=tag, response=answer) or answer
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Permissions-Policy"] = PERMISSIONS
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


@lru_cache(8)
def _tag(file: Path, stamp: int) -> str:
    """The same for every encoding, hence weak."""
    return f'W/"{hashlib.sha256(file.read_bytes()).hexdigest()[:20]}"'


def _packed(request: HttpRequest, file: Path, kind: str) -> HttpResponse:
    """The smallest copy that the build left and the caller can read."""
    accepted = request.headers.get("Accept-Encoding", "")
    for encoding, ending in PACKED:
        packed = file.with_name(file.name + ending)
        if encoding in accepted and packed.exists():
            return HttpResponse(
                packed.read_bytes(), content_type=kind, headers={"Content-Encoding": encoding}
            )
    return HttpResponse(file.read_bytes(), content_type=kind)
