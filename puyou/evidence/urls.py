"""Addresses of the room evidence."""

from django.urls import path

from puyou.evidence import views

urlpatterns = [
    path("evidence/<str:sha256>/", views.file_page, name="evidence_file"),
    path("evidence/<str:sha256>/bytes/", views.file_bytes, name="evidence_bytes"),
    path("evidence/<str:sha256>/small/", views.file_small, name="evidence_small"),
]
