"""Addresses of the room: ``/field/`` is the phone's, ``/fieldwork/`` the desk's."""

from django.urls import URLPattern, path

from puyou.fieldwork.views import app

urlpatterns: list[URLPattern] = [
    path("field/", app.index, name="field"),
    path("field/sw.js", app.worker, name="field_worker"),
    path("field/manifest.webmanifest", app.manifest, name="field_manifest"),
]
