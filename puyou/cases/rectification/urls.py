"""Addresses of the alcove rectification."""

from django.urls import path

from puyou.cases.rectification import views

urlpatterns = [path("cases/rectification/new/", views.rectification_create, name="rectification_create")]
