"""Addresses of indicators."""

from django.urls import path

from puyou.indicators import views

urlpatterns = [
    path("indicators/", views.indicator_list, name="indicators"),
    path("indicators/returns/", views.return_list, name="indicator_returns"),
    path("indicators/<slug:code>/", views.indicator_detail, name="indicator"),
]
