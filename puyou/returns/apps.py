"""Tells Django that the room exists."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "puyou.returns"
    label = "returns"
    verbose_name = "填报"
