"""Addresses of the room visits."""

from django.urls import path

from puyou.visits import position_views, views

urlpatterns = [
    path("visits/", views.visit_list, name="visit_list"),
    path("visits/couriers/", position_views.position_review_list, name="position_review_list"),
    path("visits/couriers/<int:pk>/", position_views.position_review, name="position_review"),
    path("visits/<uuid:identifier>/", views.visit_detail, name="visit_detail"),
]
