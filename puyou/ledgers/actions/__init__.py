"""Verbs on ledgers: publish kinds; write, move and import entries; keep files."""

from puyou.ledgers.actions.entries import create_entry, edit_entry
from puyou.ledgers.actions.kinds import load_kinds, publish_kind, read_definition, read_text, wrong_code
from puyou.ledgers.actions.moving import confirm_entry, return_entry, submit_entry, withdraw_entry

__all__ = [
    "confirm_entry",
    "create_entry",
    "edit_entry",
    "load_kinds",
    "publish_kind",
    "read_definition",
    "read_text",
    "return_entry",
    "submit_entry",
    "withdraw_entry",
    "wrong_code",
]
