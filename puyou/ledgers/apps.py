"""Tells Django that the room exists."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "puyou.ledgers"
    label = "ledgers"
    verbose_name = "台账"
