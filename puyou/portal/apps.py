"""Tells Django that the room exists."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "puyou.portal"
    label = "portal"
    verbose_name = "公众"
