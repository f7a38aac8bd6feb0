"""Addresses of the room visits."""

from django.urls import path

from puyou.visits import views

urlpatterns = [
    path("visits/", views.visit_list, name="visit_list"),
    path("visits/<uuid:identifier>/", views.visit_detail, name="visit_detail"),
]
