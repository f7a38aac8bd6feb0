"""Tells Django that the room exists."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "puyou.simulator"
    label = "simulator"
    verbose_name = "模拟"
