"""The perceptual hash stays where a picture stays the same to the eye; whatever a file holds becomes a fact."""

import random
import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from puyou.evidence import fingerprints
from puyou.evidence.tests import scenes

SEEN = range(24)
KINDS = [scenes.scene, scenes.slip]


def hash_of(picture: Image.Image) -> int:
    found = fingerprints.examine(scenes.jpeg(picture))
    assert found.perceptual is not None and found.problem == ""
    return found.perceptual


def bits(one: int, other: int) -> int:
    return bin(one ^ other).count("1")


@pytest.fixture(scope="module", params=KINDS, ids=["scenes", "slips"])
def pictures(request):
    """(picture, hash) of many different pictures of a kind."""
    made = [request.param(seed) for seed in SEEN]
    return [(picture, hash_of(picture)) for picture in made]


SAME = {
    "saved again at quality 40": lambda picture: scenes.recompressed(picture, 40),
    "saved again at quality 20": lambda picture: scenes.recompressed(picture, 20),
    "half as large": lambda picture: scenes.resized(picture, 0.5),
    "a third, saved again": lambda picture: scenes.recompressed(scenes.resized(picture, 0.33), 50),
    "twice as large": lambda picture: scenes.resized(picture, 1.3),
    "darker": lambda picture: scenes.brightened(picture, 0.8),
}


@pytest.mark.parametrize("change", SAME)
def test_what_the_eye_calls_the_same_is_within_seven_bits(pictures, change):
    far = [bits(hash_of(SAME[change](picture)), known) for picture, known in pictures]
    assert max(far) <= 7, far


# What it does not promise; measured, so that nobody believes more (decisions/0065).
OFTEN = {
    "brighter by a tenth": (lambda picture: scenes.brightened(picture, 1.1), 0.8),
    "cut by 1 % a side": (lambda picture: scenes.cropped(picture, 0.01), 0.8),
}


@pytest.mark.parametrize("change", OFTEN)
def test_mild_crops_and_light_are_mostly_within_seven_bits(pictures, change):
    make, share = OFTEN[change]
    far = [bits(hash_of(make(picture)), known) for picture, known in pictures]
    assert np.mean([each <= 7 for each in far]) >= share, far


def test_different_pictures_are_far_apart(pictures):
    hashes = [known for _, known in pictures]
    far = [bits(one, other) for at, one in enumerate(hashes) for other in hashes[:at]]
    assert min(far) > 7 and 26 <= np.median(far) <= 38


def test_the_measures_and_the_cleanness_of_a_phone_photo():
    facts = fingerprints.examine(scenes.jpeg(scenes.scene(1, (640, 480))))
    assert (facts.width, facts.height, facts.has_exif, facts.has_gps, facts.problem) == (
        640,
        480,
        False,
        False,
        "",
    )


def test_exif_is_a_fact_and_so_is_its_position():
    exif = Image.Exif()
    exif[0x0110] = "Phone"
    facts = fingerprints.examine(scenes.jpeg(scenes.scene(1, (640, 480)), exif=exif.tobytes()))
    assert (facts.has_exif, facts.has_gps, facts.problem) == (True, False, "")
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (26.0, 34.0, 0.0)
    facts = fingerprints.examine(scenes.jpeg(scenes.scene(1, (640, 480)), exif=exif.tobytes()))
    assert (facts.has_exif, facts.has_gps) == (True, True)


def png(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("L", (width, height)).save(out, "PNG")
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A small JPEG whose header claims any size."""
    data = bytearray(scenes.jpeg(scenes.scene(1, (64, 64))))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


GOOD = scenes.jpeg(scenes.scene(2, (640, 480)))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "other_type"),
        (b"GIF89a", "other_type"),
        (png(50, 50), "other_type"),
        (b"<svg onload=alert(1)>", "other_type"),
        (b"\xff\xd8\xff", "broken"),
        (b"\xff\xd8\xff" + bytes(1000), "broken"),
        (b"\xff\xd8\xff" + random.Random(1).randbytes(20_000), "broken"),
        (GOOD[: len(GOOD) // 2], "broken"),
        (claiming(65_000, 65_000), "too_many_pixels"),
        (claiming(30_000, 30_000), "too_many_pixels"),
        (claiming(5_000, 5_000), "too_many_pixels"),
        (claiming(0, 100), "broken"),
        (GOOD + b"\xff\xda" * 100, "too_many_pixels"),
        (scenes.jpeg(Image.new("RGB", (640, 480))), "featureless"),
        (scenes.jpeg(Image.new("RGB", (640, 480), (250, 250, 250))), "featureless"),
    ],
)
def test_whatever_comes_becomes_a_fact(data, problem):
    facts = fingerprints.examine(data)
    assert (facts.problem, facts.perceptual) == (problem, None)
    if problem != "featureless":
        assert fingerprints.shrink(data) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (8, 8)])
def test_tiny_pictures_break_nothing(size):
    assert fingerprints.examine(scenes.jpeg(Image.new("RGB", size))).problem == "featureless"


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg_is_read(mode, progressive):
    picture = scenes.scene(3, (640, 480))
    facts = fingerprints.examine(scenes.jpeg(picture.convert(mode), progressive=progressive))
    assert facts.problem == ""
    assert bits(facts.perceptual, hash_of(picture)) <= 7


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=6)), max_size=8), st.booleans())
def test_no_spoilt_photo_is_a_crash(spoils, cut):
    data = bytearray(GOOD)
    for at, stuff in spoils:
        data[at : at + len(stuff)] = stuff
    facts = fingerprints.examine(bytes(data[: len(data) - cut * 3000]))
    assert facts.problem in ("", "broken", "other_type", "too_many_pixels", "featureless")
    assert (facts.perceptual is not None) == (facts.problem == "")


def test_the_small_picture_is_small_and_bare():
    exif = Image.Exif()
    exif[0x0110] = "Phone"
    small = fingerprints.shrink(scenes.jpeg(scenes.scene(1), exif=exif.tobytes()))
    with Image.open(BytesIO(small)) as picture:
        assert picture.format == "JPEG" and max(picture.size) == 320 and not picture.getexif()
    assert len(small) < 40_000
    assert fingerprints.exif_segments(small) == []


def test_drawn_pictures_are_the_same_for_the_same_number():
    assert [zlib.crc32(kind(4).tobytes()) for kind in KINDS] == [
        zlib.crc32(kind(4).tobytes()) for kind in KINDS
    ]
