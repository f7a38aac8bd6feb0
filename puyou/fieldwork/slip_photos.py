"""A picture of a paper slip, chosen at the desk: made small and bare as a phone makes it, kept beside its photos."""

import hashlib
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from puyou.evidence import actions as evidence
from puyou.evidence.rules import PART_LIMIT
from puyou.fieldwork import problems

LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, QUALITY = 1600, 15 * 2**20, 60_000_000, 82


def keep(picture: BinaryIO, size: int, owner: str, now: datetime) -> str:
    """Keep a picture for an owner such as ``user:12``; returns its SHA-256. Problem fieldwork.bad_picture."""
    data = bare(picture, size)
    sha256 = hashlib.sha256(data).hexdigest()
    told = evidence.announce_file(sha256=sha256, size=len(data), type="image/jpeg", owner=owner, now=now)
    while not told.complete:
        start = told.received
        part = data[start : start + PART_LIMIT]
        told = evidence.add_part(sha256=sha256, start=start, data=part, owner=owner, now=now)
    return sha256


def bare(picture: BinaryIO, size: int) -> bytes:
    """The picture upright, small, as JPEG, without anything that its camera wrote into it."""
    if size > MOST_BYTES:
        raise problems.BAD_PICTURE()
    try:
        with Image.open(picture, formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise problems.BAD_PICTURE()
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise problems.BAD_PICTURE() from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info.clear()
    told = BytesIO()
    upright.save(told, "JPEG", quality=QUALITY)
    return told.getvalue()
