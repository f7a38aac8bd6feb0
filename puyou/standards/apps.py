"""Tells Django that the room exists."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "puyou.standards"
    label = "standards"
    verbose_name = "准则"
