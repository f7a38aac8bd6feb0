"""Addresses of the room: ``/field/`` is the phone's, ``/fieldwork/`` the desk's."""

from django.urls import URLPattern, path

from puyou.fieldwork.views import app, board, couriers, devices, leave, slips, tags, training

urlpatterns: list[URLPattern] = [
    path("field/", app.index, name="field"),
    path("field/sw.js", app.worker, name="field_worker"),
    path("field/manifest.webmanifest", app.manifest, name="field_manifest"),
    path("fieldwork/", board.show, name="fieldwork"),
    path("fieldwork/live/", board.live, name="fieldwork_live"),
    path("fieldwork/rounds/<int:pk>/", board.round_show, name="fieldwork_round"),
    path("fieldwork/rounds/<int:pk>/live/", board.round_live, name="fieldwork_round_live"),
    path("fieldwork/couriers/<int:pk>/", couriers.show, name="fieldwork_courier"),
    path("fieldwork/devices/", devices.show, name="fieldwork_devices"),
    path("fieldwork/devices/<int:pk>/", devices.device, name="fieldwork_device"),
    path("fieldwork/devices/<int:pk>/replace/", devices.replace, name="fieldwork_device_replace"),
    path("fieldwork/devices/<int:pk>/<str:kind>/", devices.step, name="fieldwork_device_step"),
    path("fieldwork/codes/", devices.code, name="fieldwork_code"),
    path("fieldwork/leave/", leave.show, name="fieldwork_leave"),
    path("fieldwork/leave/new/", leave.arrange, name="fieldwork_leave_new"),
    path("fieldwork/leave/<int:pk>/end/", leave.end_leave, name="fieldwork_leave_end"),
    path("fieldwork/substitutions/<int:pk>/end/", leave.end_substitution, name="fieldwork_substitution_end"),
    path("fieldwork/slips/", slips.show, name="fieldwork_slips"),
    path("fieldwork/tags/", tags.show, name="fieldwork_tags"),
    path("fieldwork/tags/new/", tags.issue, name="fieldwork_tag_issue"),
    path("fieldwork/tags/sheet/", tags.sheet, name="fieldwork_tag_sheet"),
    path("fieldwork/tags/<int:pk>/end/", tags.end, name="fieldwork_tag_end"),
    path("fieldwork/training/", training.show, name="fieldwork_training"),
]
