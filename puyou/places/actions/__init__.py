"""Verbs on divisions: load an edition, create, rename, recode, move, retire; keep place sets."""

from puyou.places.actions.changes import create_place, move_place, recode_place, rename_place, retire_place
from puyou.places.actions.divisions import load_divisions
from puyou.places.actions.sets import change_place_set, import_place_set

__all__ = [
    "change_place_set",
    "create_place",
    "import_place_set",
    "load_divisions",
    "move_place",
    "recode_place",
    "rename_place",
    "retire_place",
]
