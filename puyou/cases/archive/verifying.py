"""Verifying an archive, pure: files against the index, the index against its digest, deeds against the chain."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes

from puyou.cases import chain

FORMAT = "puyou-case-archive-1"
INDEX, TIMELINE = "index.json", "timeline.json"
PATH = re.compile(r"[a-z]+/[0-9]{3}\.[a-z]{2,5}|[a-z]+\.(json|html|css)")
MOST_FILES, TEXT_LIMIT = 2000, 64 * 1024 * 1024
PIECE = 1024 * 1024
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)


class Unreadable(Exception):
    """Not an archive of a case at all; the reason in Chinese."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, with which file, and in Chinese why."""

    kind: str  # missing, changed, added, unsafe, index, chain
    path: str
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What a check found; ``sha256`` and ``sm3`` are those of the index, which is on record where the case is."""

    number: str
    files: int
    sha256: str
    sm3: str
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


def verify(path: Path, digest: str = "") -> Verdict:
    """Check an archive. ``digest``: SHA-256 or SM3 of the index from the record, against one written anew as a whole.

    Raises Unreadable when it is no archive. Nothing is unpacked, and no more is read than the index announces.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            return _verdict(pack, digest.strip().lower())
    except FileNotFoundError as error:
        raise Unreadable("找不到这个文件") from error
    except BROKEN as error:
        raise Unreadable("不是完整的 ZIP 文件") from error


def _verdict(pack: zipfile.ZipFile, digest: str) -> Verdict:
    if len(pack.namelist()) > MOST_FILES:
        raise Unreadable(f"文件多于 {MOST_FILES} 个，不是案卷")
    written = _text(pack, INDEX)
    index = _index(written)
    listed = {entry["path"]: entry for entry in index["files"]}
    sha256, sm3 = _digests(iter([written]))
    faults = [*_strays(pack, listed), *_files(pack, listed), *_deeds(pack, listed)]
    if digest and digest not in (sha256, sm3):
        faults.append(Fault("index", INDEX, "目录的哈希与登记的不符，案卷被整体改写或不是同一次归档"))
    return Verdict(str(index["number"]), len(listed), sha256, sm3, tuple(faults))


def _text(pack: zipfile.ZipFile, name: str) -> bytes:
    try:
        info = pack.getinfo(name)
    except KeyError as error:
        raise Unreadable(f"里面没有 {name}，不是案卷") from error
    if info.file_size > TEXT_LIMIT:
        raise Unreadable(f"{name} 过大")
    with pack.open(info) as file:
        return file.read(TEXT_LIMIT)


def _index(written: bytes) -> dict[str, Any]:
    try:
        index = json.loads(written)
        fit = index["format"] == FORMAT and isinstance(index["number"], str)
        fit = fit and all(_fits(entry) for entry in index["files"])
        fit = fit and len({entry["path"] for entry in index["files"]}) == len(index["files"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("目录读不出") from error
    if not fit:
        raise Unreadable("目录的格式不对，或不是这一版本的案卷")
    found: dict[str, Any] = index
    return found


def _fits(entry: Any) -> bool:
    texts = all(isinstance(entry[name], str) for name in ("path", "name", "sha256", "sm3"))
    return texts and type(entry["size"]) is int and PATH.fullmatch(entry["path"]) is not None


def _strays(pack: zipfile.ZipFile, listed: dict[str, Any]) -> Iterator[Fault]:
    seen = set()
    for name in pack.namelist():
        if name in seen:
            yield Fault("unsafe", name, f"{name} 出现两次，看到的内容可能不同")
        elif not PATH.fullmatch(name):
            yield Fault("unsafe", name, f"{name} 的名称不安全，请勿解压")
        elif name != INDEX and name not in listed:
            yield Fault("added", name, f"{name} 不在目录中，是后来放入的")
        seen.add(name)


def _files(pack: zipfile.ZipFile, listed: dict[str, Any]) -> Iterator[Fault]:
    for path, entry in listed.items():
        said = f"{path}（{entry['name']}）"
        try:
            info = pack.getinfo(path)
        except KeyError:
            yield Fault("missing", path, f"缺少 {said}")
            continue
        if info.file_size != entry["size"] or not _holds(pack, info, entry):
            yield Fault("changed", path, f"{said}的内容与目录所记的哈希不符")


def _holds(pack: zipfile.ZipFile, info: zipfile.ZipInfo, entry: dict[str, Any]) -> bool:
    try:
        return _digests(_pieces(pack, info)) == (entry["sha256"], entry["sm3"])
    except (*BROKEN, zipfile.zlib.error):  # type: ignore[attr-defined]
        return False


def _pieces(pack: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with pack.open(info) as file:
        while piece := file.read(PIECE):
            yield piece


def _digests(pieces: Iterator[bytes]) -> tuple[str, str]:
    sha256, sm3 = hashlib.sha256(), hashes.Hash(hashes.SM3())
    for piece in pieces:
        sha256.update(piece)
        sm3.update(piece)
    return sha256.hexdigest(), sm3.finalize().hex()


def _deeds(pack: zipfile.ZipFile, listed: dict[str, Any]) -> Iterator[Fault]:
    """Follow the chain of what was done, which holds apart from the index."""
    if TIMELINE not in listed or TIMELINE not in pack.namelist():
        yield Fault("missing", TIMELINE, "缺少办理经过")
        return
    at = _broken_at(_text(pack, TIMELINE))
    if at is not None:
        yield Fault("chain", TIMELINE, f"办理经过第 {at} 步与校验链不符，被改动、删除或插入")


def _broken_at(written: bytes) -> int | None:
    before = chain.FIRST
    at = 1
    try:
        for at, deed in enumerate(json.loads(written), 1):
            if deed["record"]["revision"] != at or deed["digest"] != chain.digest(before, deed["record"]):
                return at
            before = deed["digest"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return at
    return None
