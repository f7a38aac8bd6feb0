"""Addresses of the room audits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
