"""Tells Django that the room exists."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "puyou.places"
    label = "places"
    verbose_name = "区划"
