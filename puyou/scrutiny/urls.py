"""Addresses of the room scrutiny."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
