"""Tells Django that the room exists."""

from importlib import import_module

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "puyou.places"
    label = "places"
    verbose_name = "区划"

    def ready(self) -> None:
        import_module("puyou.places.checks")
