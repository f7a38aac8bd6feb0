"""What a picture says about itself: its measures, whether it carries EXIF, and a hash that survives small changes.

The hash is the DCT hash of C. Zauner, *Implementation and Benchmarking of Perceptual Image Hash Functions* (2010),
section 3.2.1 (pHash): grey, 32 × 32, discrete cosine transform, the 8 × 8 coefficients of lowest frequency without the
first row and column, one bit each: above their median or not.
"""

import struct
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE, KEPT = 32, 8
DRAFT = 256  # JPEG is decoded at an eighth, quarter or half where that suffices
PIXELS = 24_000_000
SCANS = 64  # a progressive picture has about ten; hundreds are made to burn time
FEATURELESS = 3.0  # root mean square of the kept coefficients, in grey levels
SMALL = 320
_GPS = 0x8825


def _cosines() -> NDArray[np.float64]:
    """The rows 1 to KEPT of the orthonormal DCT-II of SIDE points."""
    k, n = np.arange(1, KEPT + 1)[:, None], np.arange(SIDE)[None, :]
    return np.asarray(np.sqrt(2 / SIDE) * np.cos(np.pi * (2 * n + 1) * k / (2 * SIDE)))


COSINES = _cosines()


@dataclass(frozen=True)
class Facts:
    """What was found in a file; ``problem`` is a code of rules.TROUBLES or empty."""

    width: int | None = None
    height: int | None = None
    perceptual: int | None = None
    has_exif: bool = False
    has_gps: bool = False
    problem: str = ""


def perceptual_hash(grey: Image.Image) -> int | None:
    """64 bits of a grey picture; None when there is hardly anything on it."""
    values = np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.LANCZOS), np.float64)
    found = (COSINES @ values @ COSINES.T).ravel()
    if np.sqrt(np.mean(found**2)) < FEATURELESS:
        return None
    bits = np.packbits(found > np.median(found))
    return int.from_bytes(bits.tobytes(), "big")


def examine(data: bytes) -> Facts:
    """The facts of a JPEG; whatever is wrong with it becomes a fact too, never an exception."""
    if not data.startswith(b"\xff\xd8\xff"):
        return Facts(problem="other_type")
    has_exif = b"Exif\x00\x00" in exif_segments(data)
    if data.count(b"\xff\xda") > SCANS:
        return Facts(has_exif=has_exif, problem="too_many_pixels")
    try:
        with Image.open(BytesIO(data), formats=["JPEG"]) as picture:
            return _read(picture, has_exif)
    except Image.DecompressionBombError:
        return Facts(has_exif=has_exif, problem="too_many_pixels")
    except Exception:  # a decoder fed with anything may raise anything
        return Facts(has_exif=has_exif, problem="broken")


def _read(picture: Image.Image, has_exif: bool) -> Facts:
    width, height = picture.size
    has_gps = has_exif and _has_gps(picture)
    if width * height > PIXELS:
        return Facts(width, height, has_exif=has_exif, has_gps=has_gps, problem="too_many_pixels")
    try:
        picture.draft("L", (DRAFT, DRAFT))
        perceptual = perceptual_hash(picture.convert("L"))
    except Exception:  # as above; its measures are known by now
        return Facts(width, height, has_exif=has_exif, has_gps=has_gps, problem="broken")
    return Facts(
        width, height, perceptual, has_exif, has_gps, "" if perceptual is not None else "featureless"
    )


def _has_gps(picture: Image.Image) -> bool:
    try:
        return bool(picture.getexif().get_ifd(_GPS))
    except Exception:  # EXIF that cannot be read tells no position
        return False


def exif_segments(data: bytes) -> list[bytes]:
    """The first six bytes of each APP1 segment before the picture's own data."""
    found, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            break
        if marker == 0xE1:
            found.append(data[at + 4 : at + 10])
        at += 2 + length
    return found


def shrink(data: bytes) -> bytes | None:
    """A JPEG of at most SMALL pixels a side, without anything but the picture; None when it cannot be read."""
    try:
        with Image.open(BytesIO(data), formats=["JPEG"]) as picture:
            if picture.width * picture.height > PIXELS or data.count(b"\xff\xda") > SCANS:
                return None
            picture.draft("RGB", (SMALL, SMALL))
            small = picture.convert("RGB")
            small.thumbnail((SMALL, SMALL))
            out = BytesIO()
            small.save(out, "JPEG", quality=75)
            return out.getvalue()
    except Exception:  # as in examine
        return None
