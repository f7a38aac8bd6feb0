"""Tells Django that the alcove exists, and what its definitions may name."""

from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "puyou.cases.rectification"
    label = "rectification"
    verbose_name = "整改"

    def ready(self) -> None:
        """Register guards, effects and the panel on the case's page."""
        from puyou.cases.rectification import registered  # noqa: F401, PLC0415 - models are ready only now
