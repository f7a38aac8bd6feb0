"""Addresses of the room workbench."""

from django.urls import path

from puyou.workbench import notice_views, views

urlpatterns = [
    path("workbench/", views.workbench, name="workbench"),
    path("workbench/changes/", views.changes, name="workbench_changes"),
    path("cases/stuck/", views.stuck_list, name="stuck_list"),
    path("workbench/calendar/", views.calendar, name="workbench_calendar"),
    path("workbench/notices/", notice_views.preferences, name="notice_preferences"),
    path("system/channels/", notice_views.channels, name="channel_list"),
    path("system/channels/new/", notice_views.channel_new, name="channel_new"),
    path("system/channels/<int:pk>/<slug:code>/", notice_views.channel, name="channel_setting"),
    path("system/channels/<int:pk>/<slug:code>/test/", notice_views.channel_test, name="channel_test"),
    path("system/deliveries/", notice_views.deliveries, name="delivery_list"),
]
