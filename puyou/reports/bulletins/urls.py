"""Addresses of bulletins, below ``/reports/``."""

from django.urls import path

from puyou.reports.bulletins import views

urlpatterns = [
    path("reports/bulletins/", views.bulletin_list, name="bulletins"),
    path("reports/bulletins/new/", views.bulletin_new, name="bulletin_new"),
    path("reports/bulletins/revisions/<int:pk>/", views.bulletin_revision, name="bulletin_revision"),
    path("reports/bulletins/revisions/<int:pk>/file.<str:kind>", views.bulletin_file, name="bulletin_file"),
    path("reports/bulletins/<int:pk>/", views.bulletin_detail, name="bulletin"),
    path("reports/bulletins/<int:pk>/edit/", views.bulletin_edit, name="bulletin_edit"),
    path("reports/bulletins/<int:pk>/preview/", views.bulletin_preview, name="bulletin_preview"),
    path("reports/bulletins/<int:pk>/freeze/", views.bulletin_freeze, name="bulletin_freeze"),
]
