"""The copy of a picture that is shown: upright, without what its camera wrote into it; the original stays."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps

from puyou.cases import problems
from puyou.evidence import shelf, storage
from puyou.evidence.sniffing import JPEG, PNG

PIXELS, LONGEST_SIDE, QUALITY = 50_000_000, 2560, 85
_FORMATS = {JPEG: "JPEG", PNG: "PNG"}


def refuse_unreadable(path: Path, kind: str) -> None:
    """Problem unless the picture can be read whole and is not beyond what may be unpacked."""
    with _opened(path, kind) as picture:
        picture.load()


def copy_of(sha256: str, kind: str) -> Path:
    """Where the bare copy lies, made on the first look and kept."""
    target = storage.root() / "small" / shelf.SHELF / sha256[:2] / f"{sha256}.jpg"
    if not target.exists():
        made = _made(shelf.path_of(sha256), kind)
        with storage.telling_of_full_disk():
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(f".{uuid.uuid4().hex}")
            made.save(fresh, "JPEG", quality=QUALITY)
            os.replace(fresh, target)
    return target


def _made(path: Path, kind: str) -> Image.Image:
    with _opened(path, kind) as picture:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        bare = Image.new("RGB", upright.size, "white")  # a new picture carries nothing of the old one's words
        if upright.has_transparency_data:
            upright = upright.convert("RGBA")
            bare.paste(upright, mask=upright.getchannel("A"))
        else:
            bare.paste(upright.convert("RGB"))
        return bare


@contextmanager
def _opened(path: Path, kind: str) -> Iterator[Image.Image]:
    with _telling(), Image.open(path, formats=[_FORMATS[kind]]) as picture:
        if picture.width * picture.height > PIXELS:
            raise problems.TOO_MANY_PIXELS(limit=PIXELS // 10_000)
        yield picture


@contextmanager
def _telling() -> Iterator[None]:
    """Whatever a decoder raises becomes a Problem that says so."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise problems.TOO_MANY_PIXELS(limit=PIXELS // 10_000) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise problems.UNFIT_FILE(reason="图片损坏，无法完整读出") from error
