"""Addresses of the room evidence."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
