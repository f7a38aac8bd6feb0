"""Addresses of the room audits."""

from django.urls import path

from puyou.audits.views import draws, items

urlpatterns = [
    path("audits/", draws.draw_list, name="audit_draws"),
    path("audits/new/", draws.draw_create, name="audit_draw_create"),
    path("audits/<int:pk>/", draws.draw_detail, name="audit_draw"),
    path("audits/<int:pk>/seed/", draws.draw_seed, name="audit_draw_seed"),
    path("audits/<int:pk>/frame/", draws.draw_frame, name="audit_draw_frame"),
    path("audits/<int:pk>/document/", draws.draw_document, name="audit_draw_document"),
    path("audits/items/", items.item_list, name="audit_items"),
    path("audits/items/sheet/", items.sheet, name="audit_sheet"),
    path("audits/items/import/", items.sheet_import, name="audit_sheet_import"),
    path("audits/items/<int:pk>/", items.item, name="audit_item"),
]
