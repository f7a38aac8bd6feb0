"""Tells Django that the alcove exists."""

from django.apps import AppConfig


class SupervisorsConfig(AppConfig):
    name = "puyou.cases.supervisors"
    label = "supervisors"
    verbose_name = "监督员"
