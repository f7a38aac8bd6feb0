"""The room's verbs."""

from puyou.registry.actions.duty_imports import DutyImport, import_duties

__all__ = ["DutyImport", "import_duties"]
