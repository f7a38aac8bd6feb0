"""Addresses of the room fieldwork."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
