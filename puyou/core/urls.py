"""Addresses of the shell itself."""

from django.urls import path

from puyou.core import styles

urlpatterns = [
    path("system/styles/", styles.style_page, name="system_styles"),
    path("system/styles/boundaries.json", styles.sample_boundaries, name="system_styles_boundaries"),
]
