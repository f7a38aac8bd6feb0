"""Tells Django that the room exists."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "puyou.workbench"
    label = "workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Register what is looked for in the data."""
        from puyou.workbench import checks  # noqa: F401, PLC0415 - models are ready only now
