"""Every address of the site, room by room."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from puyou.config import views

ROOMS = {
    "puyou.accounts": "",
    "puyou.places": "",
    "puyou.standards": "",
    "puyou.registry": "",
    "puyou.visits": "",
    "puyou.compliance": "",
    "puyou.atlas": "",
}
urlpatterns: list[URLResolver | URLPattern] = [
    path("system/", views.system_index, name="system_index"),
    *(path(prefix, include(f"{room}.urls")) for room, prefix in ROOMS.items() if find_spec(f"{room}.urls")),
]
if find_spec("puyou.core.urls"):
    urlpatterns.append(path("", include("puyou.core.urls")))
if find_spec("puyou.config.api"):
    from puyou.config.api import api

    urlpatterns.append(path("api/v1/", api.urls))  # type: ignore[arg-type]
