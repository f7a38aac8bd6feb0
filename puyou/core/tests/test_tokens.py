import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[1] / "static" / "core" / "css"
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", (STYLES / "tokens.css").read_text()))
TEXTS = [
    *((ink, ground) for ink in ("ink", "ink-soft", "ink-faint", "accent", "accent-strong", "danger")
      for ground in ("ground", "ground-soft", "ground-head", "accent-soft")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("danger", "danger-soft"),
    ("ink", "danger-soft"),
    ("notice", "notice-soft"),
    ("ink", "notice-soft"),
    *(("on-service-light", f"service-{step}") for step in (0, 1, 2, 3, "pending", "excused", "none")),
    *(("on-service-dark", f"service-{step}") for step in (5, 6)),
    ("ground", "ink"),
]  # fmt: skip
EDGES = [
    ("control-rule", "ground"),
    ("focus", "ground"),
    ("focus", "ground-soft"),
    ("service-6", "service-0"),
]


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_can_be_read_on_its_ground(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_that_carry_meaning_can_be_seen(edge, ground):
    assert contrast(edge, ground) >= 3


def test_the_service_scale_darkens_step_by_step():
    lights = [luminance(TOKENS[f"service-{step}"]) for step in range(7)]
    assert all(lighter > 1.2 * darker for lighter, darker in zip(lights, lights[1:], strict=False))


def test_labels_on_the_middle_of_the_scale_can_be_read():
    assert contrast("on-service-dark", "service-4") >= 4.3


def test_no_style_sets_text_below_twelve_pixels():
    for sheet in STYLES.glob("*.css"):
        sizes = re.findall(r"font(?:-size)?:[^;]*?(\d+)px", sheet.read_text())
        marks = {"9"}  # the ▲▼ of a sorted column
        assert all(int(size) >= 12 or size in marks for size in sizes), sheet.name
