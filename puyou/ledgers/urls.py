"""Addresses of the room ledgers."""

from django.urls import path

from puyou.ledgers.views import entries, files, kinds, lists, moves, sheets

urlpatterns = [
    path("ledgers/", kinds.kind_list, name="ledgers"),
    path("ledgers/kinds/new/", kinds.kind_new, name="ledger_kind_new"),
    path("ledgers/entries/<int:pk>/", entries.entry_detail, name="ledger_entry"),
    path("ledgers/entries/<int:pk>/edit/", entries.entry_edit, name="ledger_entry_edit"),
    path("ledgers/entries/<int:pk>/submit/", moves.entry_submit, name="ledger_entry_submit"),
    path("ledgers/entries/<int:pk>/confirm/", moves.entry_confirm, name="ledger_entry_confirm"),
    path("ledgers/entries/<int:pk>/return/", moves.entry_return, name="ledger_entry_return"),
    path("ledgers/entries/<int:pk>/withdraw/", moves.entry_withdraw, name="ledger_entry_withdraw"),
    path("ledgers/entries/<int:pk>/files/new/", files.file_new, name="ledger_file_new"),
    path("ledgers/entries/<int:pk>/files/<int:paper>/", files.file_bytes, name="ledger_file"),
    path(
        "ledgers/entries/<int:pk>/files/<int:paper>/withdraw/",
        files.file_withdraw,
        name="ledger_file_withdraw",
    ),
    path("ledgers/imports/<int:pk>/", sheets.sheet_preview, name="ledger_import"),
    path("ledgers/<slug:code>/", lists.entry_list, name="ledger"),
    path("ledgers/<slug:code>/new/", entries.entry_new, name="ledger_entry_new"),
    path("ledgers/<slug:code>/template/", sheets.template, name="ledger_template"),
    path("ledgers/<slug:code>/import/", sheets.sheet_import, name="ledger_sheet_import"),
    path("ledgers/<slug:code>/timeline/", lists.timeline, name="ledger_timeline"),
    path("ledgers/<slug:code>/map/", lists.entry_map, name="ledger_map"),
    path("ledgers/<slug:code>/definition/", kinds.kind_definition, name="ledger_definition"),
    path("ledgers/<slug:code>/definition/json/", kinds.kind_json, name="ledger_json"),
    path("ledgers/<slug:code>/publish/", kinds.kind_publish, name="ledger_publish"),
]
