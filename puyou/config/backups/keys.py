"""The key of a place of backups: from a key file, or from a passphrase by scrypt."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from puyou.config.backups import problems

FILE, PASSPHRASE = "file", "passphrase"
KINDS = {FILE: "密钥文件", PASSPHRASE: "口令"}
LEAST = 12
COST, BLOCK, PARALLEL = 2**16, 8, 1


@dataclass(frozen=True)
class Given:
    """What the operator gave: a key, or a passphrase from which one is derived."""

    kind: str
    secret: bytes


def given(key_file: str = "") -> Given:
    """From ``key_file`` or the environment. Problems: backup_no_key, backup_bad_key_file."""
    path = key_file or os.environ.get("PUYOU_BACKUP_KEY_FILE", "")
    if path:
        return Given(FILE, _read(Path(path)))
    words = os.environ.get("PUYOU_BACKUP_PASSPHRASE", "")
    if len(words) < LEAST:
        raise problems.NO_KEY(least=LEAST)
    return Given(PASSPHRASE, words.encode())


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise problems.BAD_KEY_FILE(path=path) from error
    if len(key) != 32:
        raise problems.BAD_KEY_FILE(path=path)
    return key


def make_file(path: Path) -> None:
    """A new key file that only its owner can read. Problem backup_key_exists."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise problems.KEY_EXISTS(path=path) from error
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")


def fresh_recipe(one: Given) -> dict[str, Any]:
    """What a new place of backups writes down about its key: never the key itself."""
    if one.kind == FILE:
        return {"kind": FILE}
    return {"kind": PASSPHRASE, "salt": secrets.token_hex(16), "n": COST, "r": BLOCK, "p": PARALLEL}


def derive(one: Given, recipe: dict[str, Any]) -> bytes:
    """The master key by the recipe. Problem backup_other_key."""
    if recipe["kind"] != one.kind:
        raise problems.OTHER_KEY(kind=KINDS[recipe["kind"]])
    if one.kind == FILE:
        return one.secret
    made = Scrypt(bytes.fromhex(recipe["salt"]), 32, recipe["n"], recipe["r"], recipe["p"])
    return made.derive(one.secret)
