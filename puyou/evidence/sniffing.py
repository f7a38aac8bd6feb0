"""What a file is by its content alone, from a closed list; what is dangerous or unknown is refused with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

MIB = 1024 * 1024
ENTRIES, UNPACKED, RATIO = 4000, 300 * MIB, 200  # of a packed document
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"
OFD = "application/ofd"


@dataclass(frozen=True)
class Type:
    """A type that is taken in: what it is called, how its names end, how large it may be."""

    name: str
    suffix: str
    limit: int


TYPES = {
    PDF: Type("PDF", ".pdf", 50 * MIB),
    JPEG: Type("照片（JPEG）", ".jpg", 20 * MIB),
    PNG: Type("图片（PNG）", ".png", 20 * MIB),
    DOCX: Type("文档（docx）", ".docx", 20 * MIB),
    XLSX: Type("表格（xlsx）", ".xlsx", 20 * MIB),
    OFD: Type("版式文件（OFD）", ".ofd", 50 * MIB),
}
LARGEST = max(kind.limit for kind in TYPES.values())
PICTURES = frozenset({JPEG, PNG})
_HEADS = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_INSIDE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "OFD.xml": OFD}
_KNOWN = {
    b"\xd0\xcf\x11\xe0": "旧版 Office 文件或加密的文件，请另存为 docx、xlsx 或 PDF",
    b"MZ": "程序文件不接收",
    b"\x7fELF": "程序文件不接收",
    b"Rar!": "压缩包不接收，请逐个上传",
    b"7z\xbc\xaf": "压缩包不接收，请逐个上传",
    b"\x1f\x8b": "压缩包不接收，请逐个上传",
}


class Unfit(Exception):
    """A file that is not taken in; its text says in Chinese why."""


def type_of(file: BinaryIO) -> str:
    """The type of a file by its content; Unfit when it is none of those taken in. Nothing in it is unpacked."""
    file.seek(0)
    head = file.read(512)
    if not head:
        raise Unfit("文件没有内容")
    for mark, found in _HEADS.items():
        if head.startswith(mark):
            return found
    if head.startswith(b"PK"):
        return _packed(file)
    for mark, reason in _KNOWN.items():
        if head.startswith(mark):
            raise Unfit(reason)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unfit("网页和矢量图（HTML、SVG、XML）可能含有程序，不接收")
    raise Unfit(f"不能识别的文件；可用：{listed()}")


def listed() -> str:
    """Every type that is taken in, in words."""
    return "、".join(kind.name for kind in TYPES.values())


def _packed(file: BinaryIO) -> str:
    try:
        with ZipFile(file) as book:
            entries = book.infolist()
    except (BadZipFile, NotImplementedError, ValueError, OSError, UnicodeError) as error:
        raise Unfit("文件损坏，无法打开") from error
    refuse_hostile(entries)
    names = {entry.filename for entry in entries}
    for inside, found in _INSIDE.items():
        if inside in names:
            return found
    raise Unfit("压缩包不接收，请逐个上传")


def refuse_hostile(entries: Iterable[ZipInfo]) -> None:
    """Unfit for a packed document that is a bomb, encrypted, holds programs, or names files outside itself."""
    total = packed = count = 0
    for entry in entries:
        count, total, packed = count + 1, total + entry.file_size, packed + entry.compress_size
        if entry.flag_bits & 1:
            raise Unfit("文件已加密，请去掉密码再上传")
        if _escapes(entry.filename):
            raise Unfit("文件内部的路径不合规")
        if PurePosixPath(entry.filename).name.lower().endswith((".bin.exe", ".exe", ".dll", ".js", ".vbs")):
            raise Unfit("文件内含有程序，不接收")
        if PurePosixPath(entry.filename).name.lower() == "vbaproject.bin":
            raise Unfit("文件内含有宏，请另存为不含宏的文件")
    if count > ENTRIES or total > UNPACKED or total > RATIO * max(packed, MIB):
        raise Unfit("文件展开后过大，不接收")


def _escapes(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or ":" in path.split("/")[0] or "\x00" in name


def plain_name(name: str, kind: str) -> str:
    """A name fit to be shown and saved: no folders, no marks that turn or hide text, and the ending of its content."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(each for each in last if each.isprintable() and each not in '<>:"|?*' and not _turns(each))
    suffix = TYPES[kind].suffix
    stem = kept.strip(" .").rsplit(".", 1)[0].strip(" .") or "未命名"
    return stem[: 100 - len(suffix)] + suffix


def _turns(letter: str) -> bool:
    return letter in "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
