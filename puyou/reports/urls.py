"""Addresses of report cards."""

from django.urls import path

from puyou.reports import edit_views, views
from puyou.reports.bulletins import urls as bulletins

urlpatterns = [
    *bulletins.urlpatterns,
    path("reports/", views.card_list, name="cards"),
    path("reports/new/", edit_views.card_new, name="card_new"),
    path("reports/revisions/<int:pk>/", views.revision_detail, name="card_revision"),
    path("reports/revisions/<int:pk>/file.<str:kind>", views.revision_file, name="card_file"),
    path("reports/<slug:code>/", views.card_detail, name="card"),
    path("reports/<slug:code>/edit/", edit_views.card_edit, name="card_edit"),
    path("reports/<slug:code>/preview/", edit_views.card_preview, name="card_preview"),
    path("reports/<slug:code>/publish/", views.card_publish, name="card_publish"),
]
