"""Tells Django that the room exists."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "puyou.core"
    label = "core"
    verbose_name = "地基"
