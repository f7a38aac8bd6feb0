"""Addresses of this room."""

from django.urls import path, register_converter

from puyou.atlas.cockpit import views as cockpit
from puyou.atlas.views import places, villages


class FileKind:
    """The kinds of files that a table can be had as."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileKind, "filekind")
app_name = "atlas"
urlpatterns = [
    path("cockpit/", cockpit.own, name="cockpit_own"),
    path("cockpit/<str:code>/", cockpit.show, name="cockpit"),
    path("cockpit/<str:code>/live/", cockpit.live, name="cockpit_live"),
    path("atlas/", places.own_place, name="own"),
    path("atlas/<str:code>/", places.show, name="place"),
    path("atlas/<str:code>/live/", places.live, name="live"),
    path("atlas/<str:code>/export.<filekind:kind>", places.export, name="export"),
    path("atlas/<str:code>/villages/", villages.show, name="villages"),
    path("atlas/<str:code>/villages/export.<filekind:kind>", villages.export, name="villages_export"),
]
