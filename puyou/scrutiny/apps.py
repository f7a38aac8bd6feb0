"""Tells Django that the room exists."""

from django.apps import AppConfig


class ScrutinyConfig(AppConfig):
    name = "puyou.scrutiny"
    label = "scrutiny"
    verbose_name = "核实"
