"""Tells Django that the room exists."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "puyou.indicators"
    label = "indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        """Enter the measures that rooms below have facts for."""
        from puyou.indicators import measures  # noqa: PLC0415 - models are ready only now

        measures.offer_all()
