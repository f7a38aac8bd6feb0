"""Addresses of the room workbench."""

from django.urls import path

from puyou.workbench import views

urlpatterns = [
    path("workbench/", views.workbench, name="workbench"),
    path("workbench/changes/", views.changes, name="workbench_changes"),
    path("cases/stuck/", views.stuck_list, name="stuck_list"),
    path("workbench/calendar/", views.calendar, name="workbench_calendar"),
]
