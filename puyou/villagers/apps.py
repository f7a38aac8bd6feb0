"""Tells Django that the room exists."""

from django.apps import AppConfig


class VillagersConfig(AppConfig):
    name = "puyou.villagers"
    label = "villagers"
    verbose_name = "村民"
