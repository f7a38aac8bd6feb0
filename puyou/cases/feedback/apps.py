"""Tells Django that the alcove exists, and what its definitions may name."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "puyou.cases.feedback"
    label = "feedback"
    verbose_name = "社会监督反映"

    def ready(self) -> None:
        """Register guards, effects and the panel on the case's page."""
        from puyou.cases.feedback import registered  # noqa: F401, PLC0415 - models are ready only now
