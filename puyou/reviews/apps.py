"""Tells Django that the room exists."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "puyou.reviews"
    label = "reviews"
    verbose_name = "审核"
