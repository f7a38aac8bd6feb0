"""Tells Django that the room exists."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "puyou.fieldwork"
    label = "fieldwork"
    verbose_name = "外勤"
