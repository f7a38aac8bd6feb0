"""Addresses of the room ingest, for officers; phones speak to the API."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
