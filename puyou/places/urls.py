"""Addresses of this room."""

from django.urls import path

from puyou.places.views import boundaries, search

app_name = "places"
urlpatterns = [
    path("places/search/", search.search, name="search"),
    path("places/boundaries/<str:code>.json", boundaries.boundary_map, name="boundaries"),
]
