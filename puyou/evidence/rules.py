"""Judgement about files: what may come in, whether a part fits, and what their facts are called."""

import re
from datetime import datetime, time, timedelta

from puyou.core.clock import SHANGHAI
from puyou.core.problems import ProblemKind
from puyou.evidence import problems

MIB = 1024 * 1024
PART_LIMIT = 256 * 1024
OPEN_LIMIT = 500  # unfinished files of one phone; ten days without signal are some 300
LIMITS = {"image/jpeg": 2 * MIB, "audio/webm": MIB, "audio/ogg": MIB, "audio/mp4": MIB}
SUFFIXES = {"image/jpeg": ".jpg", "audio/webm": ".webm", "audio/ogg": ".ogg", "audio/mp4": ".m4a"}
ROLES = {"slip": "交接单", "place": "现场", "voice": "语音", "other": "其他"}
TROUBLES = {
    "broken": "图片损坏，无法完整读出",
    "other_type": "内容与所报类型不符",
    "too_many_pixels": "像素过多，未予展开",
    "featureless": "画面几乎没有内容",
    "missing": "内容在存储中缺失",
}
TAIL_LIMIT = 500_000  # hashes that a look-up may have to scan one by one: about a millisecond
NIGHT = time(2)
_HASH = re.compile(r"[0-9a-f]{64}")


def refuse_bad_hash(text: str) -> None:
    """Problem evidence.bad_hash unless ``text`` is a SHA-256 in lower-case hex."""
    if not _HASH.fullmatch(text):
        raise problems.BAD_HASH(text=text[:80])


def refuse_unfit(type: str, size: int) -> None:
    """Problem unless a file of this type and size may come in."""
    if type not in LIMITS:
        raise problems.BAD_TYPE(type=type[:60], known="、".join(LIMITS))
    if not 1 <= size <= LIMITS[type]:
        raise problems.BAD_SIZE(limit=LIMITS[type], size=size)


def misfit_of(start: int, length: int, received: int, size: int) -> ProblemKind | None:
    """Why a part may not be added to ``received`` bytes of a file of ``size``; None when it may."""
    if length == 0:
        return problems.EMPTY_PART
    if length > PART_LIMIT:
        return problems.PART_TOO_LARGE
    if start != received:
        return problems.OUT_OF_STEP
    return problems.BEYOND_SIZE if start + length > size else None


def looks_like(type: str, head: bytes) -> bool:
    """Whether the first bytes of a file are those of its type."""
    if type == "image/jpeg":
        return head.startswith(b"\xff\xd8\xff")
    if type == "audio/ogg":
        return head.startswith(b"OggS")
    if type == "audio/webm":
        return head.startswith(b"\x1a\x45\xdf\xa3")
    return head[4:8] == b"ftyp"


def index_is_due(built: datetime | None, now: datetime, waiting: int) -> bool:
    """Whether the index of near pictures is to be built: something waits, and it is night or too much waits."""
    if waiting == 0:
        return False
    if built is None or waiting >= TAIL_LIMIT:
        return True
    here = now.astimezone(SHANGHAI)
    tonight = datetime.combine(
        here.date() if here.time() >= NIGHT else here.date() - timedelta(days=1), NIGHT, SHANGHAI
    )
    return built < tonight


def signed(value: int) -> int:
    """An unsigned 64-bit number as PostgreSQL's bigint."""
    return value - (1 << 64) if value >= 1 << 63 else value
