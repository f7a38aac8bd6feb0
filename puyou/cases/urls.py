"""Addresses of the room cases."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
