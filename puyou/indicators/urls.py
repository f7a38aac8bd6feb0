"""Addresses of indicators."""

from django.urls import path, re_path

from puyou.indicators import views
from puyou.indicators.exchange import api_views as exchange

urlpatterns = [
    re_path(r"^dhis2/api/(?:[0-9]{2}/)?dataValueSets(?:\.json)?$", exchange.as_dhis2, name="dhis2_values"),
    path("indicators/", views.indicator_list, name="indicators"),
    path("indicators/returns/", views.return_list, name="indicator_returns"),
    path("indicators/<slug:code>/", views.indicator_detail, name="indicator"),
]
