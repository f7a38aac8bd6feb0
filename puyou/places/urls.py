"""Addresses of this room."""

from django.urls import path

from puyou.places.views import boundaries, integrity, search

app_name = "places"
urlpatterns = [
    path("places/search/", search.search, name="search"),
    path("places/boundaries/<str:code>.json", boundaries.boundary_map, name="boundaries"),
    path("system/integrity/", integrity.integrity_list, name="integrity_list"),
    path("system/integrity/<str:code>/", integrity.integrity_detail, name="integrity_detail"),
]
