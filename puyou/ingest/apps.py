"""Tells Django that the room exists."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "puyou.ingest"
    label = "ingest"
    verbose_name = "接收"
