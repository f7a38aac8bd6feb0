"""A place of backups: a store with its key, what is in it and how it is named.

``puyou-backup.json`` says in plain text which key opens the rest; everything else is boxes: ``base/<id>/0000``…,
``base/<id>/manifest``, ``wal/<segment>``, ``files/<sha256>``.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from puyou.config.backups import boxes, keys, problems
from puyou.config.backups.stores import Store

HEADER = "puyou-backup.json"
FORMAT = "puyou-backup-1"
CHECK = b"puyou"


@dataclass(frozen=True)
class Place:
    """An opened place: boxes go in and come out under their names."""

    store: Store
    key: bytes

    def put(self, name: str, plain: bytes) -> int:
        """Box and keep, then read back and compare; how many bytes it takes. Problem backup_damaged."""
        box = boxes.seal(plain, self.key, name)
        self.store.put(name, box)
        kept = self.store.get(name)
        if kept is None or hashlib.sha256(kept).digest() != hashlib.sha256(box).digest():
            raise problems.DAMAGED(name=name)
        return len(box)

    def get(self, name: str) -> bytes:
        """What was kept. Problems: backup_missing, backup_damaged."""
        box = self.store.get(name)
        if box is None:
            raise problems.MISSING(name=name)
        try:
            return boxes.unseal(box, self.key, name)
        except boxes.Damaged as error:
            raise problems.DAMAGED(name=name) from error

    def put_once(self, name: str, plain: bytes) -> None:
        """Keep what must never change. Problem backup_conflict when other bytes have that name."""
        if self.store.get(name) is None:
            self.put(name, plain)
        elif self.get(name) != plain:
            raise problems.CONFLICT(name=name)

    def has(self, folder: str) -> set[str]:
        """The names directly in a folder."""
        return {name.rsplit("/", 1)[1] for name, _, _ in self.store.names(folder)}

    def bases(self) -> list[dict[str, Any]]:
        """The manifests of complete base backups, oldest first."""
        complete = sorted(name for name, _, _ in self.store.names("base") if name.endswith("/manifest"))
        return [json.loads(self.get(name)) for name in complete]

    def last_before(self, moment: datetime | None) -> dict[str, Any]:
        """The newest base that was finished by then. Problem backup_no_base."""
        found = [
            base
            for base in self.bases()
            if not moment or datetime.fromisoformat(base["finished_at"]) <= moment
        ]
        if not found:
            raise problems.NO_BASE(moment=moment.isoformat() if moment else "现在")
        return found[-1]


def open_place(address: str, one: keys.Given, *, make: bool = False) -> Place:
    """Open, or with ``make`` begin, a place. Problems: backup_not_found, backup_wrong_key, backup_other_key."""
    store = Store(address)
    said = store.get(HEADER)
    if said is None and not make:
        raise problems.NOT_A_BACKUP(place=address)
    return _begin(store, one) if said is None else _open(store, one, said)


def _begin(store: Store, one: keys.Given) -> Place:
    recipe = keys.fresh_recipe(one)
    key = keys.derive(one, recipe)
    header = {"format": FORMAT, "key": recipe, "check": boxes.seal(CHECK, key, "check").hex()}
    store.put(HEADER, json.dumps(header, indent=1).encode())
    return Place(store, key)


def _open(store: Store, one: keys.Given, said: bytes) -> Place:
    try:
        header = json.loads(said)
        check, recipe = bytes.fromhex(header["check"]), header["key"]
    except (ValueError, KeyError, TypeError) as error:
        raise problems.DAMAGED(name=HEADER) from error
    key = keys.derive(one, recipe)
    try:
        boxes.unseal(check, key, "check")
    except boxes.Damaged as error:
        raise problems.WRONG_KEY() from error
    return Place(store, key)
