"""Tells Django that the room exists."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "puyou.workbench"
    label = "workbench"
    verbose_name = "工作台"
