"""Addresses of the room returns."""

from django.urls import path

from puyou.returns.views import filling, forms, lists, moves, returns

urlpatterns = [
    path("returns/", lists.return_list, name="returns"),
    path("returns/approve/", moves.approve_chosen, name="returns_approve"),
    path("returns/forms/", forms.form_list, name="return_forms"),
    path("returns/forms/<slug:code>/", forms.form_detail, name="return_form"),
    path("returns/forms/<slug:code>/open/", forms.round_open, name="return_round"),
    path("returns/<int:pk>/", returns.return_detail, name="return"),
    path("returns/<int:pk>/fill/", filling.return_fill, name="return_fill"),
    path("returns/<int:pk>/sheet/", filling.sheet_out, name="return_sheet"),
    path("returns/<int:pk>/sheet/import/", filling.sheet_in, name="return_sheet_import"),
    path("returns/<int:pk>/submit/", moves.return_submit, name="return_submit"),
    path("returns/<int:pk>/recall/", moves.return_recall, name="return_recall"),
    path("returns/<int:pk>/sign/", moves.return_sign, name="return_sign"),
    path("returns/<int:pk>/approve/", moves.return_approve, name="return_approve"),
    path("returns/<int:pk>/return/", moves.return_return, name="return_return"),
    path("returns/<int:pk>/restate/", moves.return_restate, name="return_restate"),
]
