"""Verbs on ledgers: publish kinds; write, move and import entries; keep files."""

from puyou.ledgers.actions.entries import create_entry, edit_entry
from puyou.ledgers.actions.files import Upload, attach_file, withdraw_file
from puyou.ledgers.actions.importing import apply_import, hand_in_sheet
from puyou.ledgers.actions.kinds import load_kinds, publish_kind, read_definition, read_text, wrong_code
from puyou.ledgers.actions.moving import confirm_entry, return_entry, submit_entry, withdraw_entry

__all__ = [
    "Upload",
    "apply_import",
    "attach_file",
    "confirm_entry",
    "create_entry",
    "edit_entry",
    "hand_in_sheet",
    "load_kinds",
    "publish_kind",
    "read_definition",
    "read_text",
    "return_entry",
    "submit_entry",
    "withdraw_entry",
    "withdraw_file",
    "wrong_code",
]
