"""Addresses of the room plans."""

from django.urls import path

from puyou.plans.views import home, place_sets

urlpatterns = [
    path("plans/", home.home, name="plans"),
    path("plans/sets/", place_sets.set_list, name="plan_sets"),
    path("plans/sets/import/", place_sets.set_import, name="plan_set_import"),
    path("plans/sets/<slug:code>/", place_sets.set_detail, name="plan_set"),
]
