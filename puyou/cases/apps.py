"""Tells Django that the room exists."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "puyou.cases"
    label = "cases"
    verbose_name = "案件"

    def ready(self) -> None:
        """Register the relations and documents that definitions may name."""
        from puyou.cases import checks, relations  # noqa: F401, PLC0415 - models are ready only now
        from puyou.cases.beside import merging, transferring  # noqa: F401, PLC0415 - models are ready only now
        from puyou.cases.officers import qualifying, recusing  # noqa: F401, PLC0415 - models are ready only now
        from puyou.cases.papers import kinds  # noqa: F401, PLC0415 - models are ready only now
        from puyou.cases.serving import actions  # noqa: F401, PLC0415 - models are ready only now
