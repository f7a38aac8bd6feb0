"""Tells Django that the room exists."""

from django.apps import AppConfig


class AtlasConfig(AppConfig):
    name = "puyou.atlas"
    label = "atlas"
    verbose_name = "一张图"
