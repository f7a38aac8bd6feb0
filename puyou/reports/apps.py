"""Tells Django that the room exists."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "puyou.reports"
    label = "reports"
    verbose_name = "成绩单"
