"""Addresses of rules and the calendar."""

from django.urls import path

from puyou.standards.views import calendar, rules

urlpatterns = [
    path("standards/", rules.rule_list, name="rule_list"),
    path("standards/calendar/", calendar.calendar, name="calendar"),
    path("standards/calendar/upload/", calendar.calendar_upload, name="calendar_upload"),
    path("standards/versions/<int:pk>/verify/", rules.version_verify, name="rule_version_verify"),
    path("standards/<slug:code>/", rules.rule, name="rule"),
    path("standards/<slug:code>/publish/", rules.version_publish, name="rule_version_publish"),
]
