"""Tells Django that the room exists."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "puyou.registry"
    label = "registry"
    verbose_name = "名录"
