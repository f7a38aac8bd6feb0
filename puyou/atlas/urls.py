"""Addresses of this room."""

from django.urls import path

from puyou.atlas.views import places, villages

app_name = "atlas"
urlpatterns = [
    path("", places.own_place, name="home"),
    path("atlas/", places.own_place, name="own"),
    path("atlas/<str:code>/", places.show, name="place"),
    path("atlas/<str:code>/live/", places.live, name="live"),
    path("atlas/<str:code>/export.<str:kind>", places.export, name="export"),
    path("atlas/<str:code>/villages/", villages.show, name="villages"),
    path("atlas/<str:code>/villages/export.<str:kind>", villages.export, name="villages_export"),
]
