"""Addresses of the room scrutiny."""

from django.urls import path

from puyou.scrutiny import views

urlpatterns = [path("scrutiny/<uuid:identifier>/", views.evidence_detail, name="evidence_detail")]
