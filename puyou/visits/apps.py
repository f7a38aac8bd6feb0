"""Tells Django that the room exists."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "puyou.visits"
    label = "visits"
    verbose_name = "到村投递"
