"""Tells Django that the room exists."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "puyou.plans"
    label = "plans"
    verbose_name = "规划与任务"
