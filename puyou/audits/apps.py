"""Tells Django that the room exists."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "puyou.audits"
    label = "audits"
    verbose_name = "抽核"
