"""Tells Django that the room exists."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "puyou.compliance"
    label = "compliance"
    verbose_name = "达标"
