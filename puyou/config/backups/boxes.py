"""A box: bytes compressed, encrypted in chunks and bound to their name; whatever was altered or cut off is refused.

Format (docs/runbooks/backup-format.md): ``PYBOX1\\n``, 16 bytes of salt, 7 of nonce; then chunks, each 4 bytes of
length and an AES-256-GCM ciphertext. Key: HKDF-SHA256(master, salt, "puyou-backup-1:" + name). Nonce: the 7 bytes, the
chunk's number (4), and 1 for the last chunk, else 0. A chunk's plain text: 4 bytes of raw length, a zstd frame.
"""

import os
from collections.abc import Iterator

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"PYBOX1\n"
SALT, PREFIX, LENGTH = 16, 7, 4
CHUNK = 1024 * 1024
HEAD = len(MAGIC) + SALT + PREFIX


class Damaged(Exception):
    """The box does not hold what was put in, or the key is another."""


def seal(plain: bytes, key: bytes, name: str) -> bytes:
    """The box of ``plain``, to be stored under ``name``."""
    salt, prefix = os.urandom(SALT), os.urandom(PREFIX)
    cipher, packer = _cipher(key, salt, name), pa.Codec("zstd", 1)
    starts = range(0, max(len(plain), 1), CHUNK)
    parts = [MAGIC, salt, prefix]
    for number, start in enumerate(starts):
        chunk = plain[start : start + CHUNK]
        packed = len(chunk).to_bytes(LENGTH, "big") + packer.compress(chunk, asbytes=True)
        closed = cipher.encrypt(_nonce(prefix, number, number == len(starts) - 1), packed, None)
        parts += [len(closed).to_bytes(LENGTH, "big"), closed]
    return b"".join(parts)


def unseal(box: bytes, key: bytes, name: str) -> bytes:
    """What was put in; ``Damaged`` when anything of the box or its name is not as it was."""
    if len(box) < HEAD or not box.startswith(MAGIC):
        raise Damaged(name)
    salt, prefix = box[len(MAGIC) : len(MAGIC) + SALT], box[len(MAGIC) + SALT : HEAD]
    cipher, packer = _cipher(key, salt, name), pa.Codec("zstd")
    plain = []
    for number, closed, last in _chunks(box, name):
        try:
            packed = cipher.decrypt(_nonce(prefix, number, last), closed, None)
        except InvalidTag as error:
            raise Damaged(name) from error
        size = int.from_bytes(packed[:LENGTH], "big")
        plain.append(packer.decompress(packed[LENGTH:], decompressed_size=size, asbytes=True))
    return b"".join(plain)


def _chunks(box: bytes, name: str) -> Iterator[tuple[int, bytes, bool]]:
    at, number = HEAD, 0
    while True:
        size = int.from_bytes(box[at : at + LENGTH], "big")
        end = at + LENGTH + size
        if not size or end > len(box):
            raise Damaged(name)
        yield number, box[at + LENGTH : end], end == len(box)
        if end == len(box):
            return
        at, number = end, number + 1


def _cipher(key: bytes, salt: bytes, name: str) -> AESGCM:
    info = b"puyou-backup-1:" + name.encode()
    return AESGCM(HKDF(SHA256(), 32, salt, info).derive(key))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])
