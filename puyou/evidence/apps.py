"""Tells Django that the room exists."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "puyou.evidence"
    label = "evidence"
    verbose_name = "证据"
