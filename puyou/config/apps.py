"""Tells Django that the roof exists, and wires the house when it is ready."""

from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "puyou.config"
    label = "config"
    verbose_name = "总装"

    def ready(self) -> None:
        from puyou.config import logs, schedule, wiring  # noqa: PLC0415 - models must be ready first
        from puyou.core import work  # noqa: PLC0415

        work.wire(wiring.LISTENERS, schedule.RHYTHMS)
        wiring.introduce_kinds()
        logs.watch_statements()
