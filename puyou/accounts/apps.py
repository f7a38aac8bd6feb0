"""Tells Django that the room exists."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "puyou.accounts"
    label = "accounts"
    verbose_name = "人员"
