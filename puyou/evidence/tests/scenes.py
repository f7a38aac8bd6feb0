"""Drawn pictures that behave like photographs of villages: seeded, so that the same number is the same scene."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

SIZE = (1200, 900)
WALLS = [(196, 186, 168), (158, 84, 60), (222, 220, 214), (120, 132, 140), (176, 150, 98)]


def scene(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A village scene: sky, hills, ground, houses with doors and windows, trees, a path, light and grain."""
    dice = np.random.default_rng(seed)
    picture = _backdrop(dice, size)
    draw = ImageDraw.Draw(picture)
    horizon = int(size[1] * dice.uniform(0.3, 0.6))
    _ground(draw, dice, size, horizon)
    for _ in range(dice.integers(1, 5)):
        _house(draw, dice, size, horizon)
    for _ in range(dice.integers(2, 9)):
        _tree(draw, dice, size, horizon)
    picture = picture.filter(ImageFilter.GaussianBlur(1.2))
    return _lit(picture, dice)


def slip(seed: int, size: tuple[int, int] = (900, 1200)) -> Image.Image:
    """A hand-over slip on a table: the same form for everyone, with other strokes and stamp, seen from elsewhere."""
    dice = np.random.default_rng(seed)
    paper = Image.new("RGB", size, (246, 244, 238))
    draw = ImageDraw.Draw(paper)
    for line in range(10):
        draw.line([(60, 140 + line * 90), (size[0] - 60, 140 + line * 90)], fill=(90, 90, 100), width=3)
    for line in range(int(dice.integers(3, 9))):
        for _ in range(int(dice.integers(2, 8))):
            x, y = int(dice.integers(80, size[0] - 200)), 150 + line * 90
            draw.line(
                [(x, y + 60), (x + int(dice.integers(20, 110)), y + int(dice.integers(5, 75)))],
                fill=(30, 30, 60),
                width=6,
            )
    at = dice.integers(100, 600), dice.integers(300, 900)
    draw.ellipse([*at, at[0] + 220, at[1] + 220], outline=(200, 40, 40), width=14)
    table = Image.new("RGB", (size[0] + 300, size[1] + 300), tuple(int(v) for v in dice.integers(40, 200, 3)))
    paper = paper.resize((int(size[0] * dice.uniform(0.75, 1.05)), int(size[1] * dice.uniform(0.75, 1.05))))
    table.paste(paper, (int(dice.integers(0, 260)), int(dice.integers(0, 260))))
    return _lit(table.rotate(float(dice.uniform(-7, 7)), resample=Image.Resampling.BILINEAR), dice)


def jpeg(picture: Image.Image, quality: int = 80, **options: object) -> bytes:
    """A picture as a phone sends it."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def recompressed(picture: Image.Image, quality: int = 40) -> Image.Image:
    """Saved once more, harder."""
    return Image.open(BytesIO(jpeg(picture, quality))).convert("RGB")


def resized(picture: Image.Image, share: float = 0.5) -> Image.Image:
    """Smaller or larger."""
    return picture.resize(
        (int(picture.width * share), int(picture.height * share)), Image.Resampling.BILINEAR
    )


def cropped(picture: Image.Image, share: float = 0.02) -> Image.Image:
    """Cut by a share on each side."""
    x, y = int(picture.width * share), int(picture.height * share)
    return picture.crop((x, y, picture.width - x, picture.height - y))


def brightened(picture: Image.Image, factor: float = 1.2) -> Image.Image:
    """Brighter or darker."""
    return ImageEnhance.Brightness(picture).enhance(factor)


def _backdrop(dice: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    width, height = size
    coarse = dice.uniform(-1, 1, (5, 7))
    clouds = np.asarray(Image.fromarray(coarse.astype(np.float32)).resize(size, Image.Resampling.BICUBIC))
    sky = (
        dice.uniform(120, 235)
        + np.linspace(0, dice.uniform(-60, 60), height)[:, None]
        + clouds * dice.uniform(8, 45)
    )
    hills = height * (dice.uniform(0.2, 0.5) + 0.12 * _curve(dice, width))
    field = np.where(np.arange(height)[:, None] > hills[None, :], sky * dice.uniform(0.35, 0.8), sky)
    tint = np.array([dice.uniform(0.85, 1), dice.uniform(0.92, 1), 1])
    return Image.fromarray(np.clip(field[..., None] * tint, 0, 255).astype(np.uint8))


def _curve(dice: np.random.Generator, width: int) -> np.ndarray:
    x = np.linspace(0, 2 * np.pi, width)
    return sum(dice.uniform(-1, 1) / k * np.sin(k * x + dice.uniform(0, 6.3)) for k in range(1, 7))


def _ground(
    draw: ImageDraw.ImageDraw, dice: np.random.Generator, size: tuple[int, int], horizon: int
) -> None:
    green = tuple(int(v) for v in (dice.uniform(70, 140), dice.uniform(90, 160), dice.uniform(40, 100)))
    draw.rectangle([0, horizon, size[0], size[1]], fill=green)
    x = dice.uniform(0, size[0], 2)
    wide = dice.uniform(60, 300)
    draw.polygon(
        [(x[0], horizon), (x[0] + wide / 5, horizon), (x[1] + wide, size[1]), (x[1], size[1])],
        fill=(188, 176, 150),
    )


def _house(draw: ImageDraw.ImageDraw, dice: np.random.Generator, size: tuple[int, int], horizon: int) -> None:
    wide, high = dice.uniform(0.12, 0.5) * size[0], dice.uniform(0.15, 0.5) * size[1]
    left, bottom = dice.uniform(-0.1, 0.9) * size[0], horizon + dice.uniform(0.02, 0.3) * size[1]
    wall = WALLS[int(dice.integers(len(WALLS)))]
    shade = dice.uniform(0.6, 1.1)
    draw.rectangle(
        [left, bottom - high, left + wide, bottom], fill=tuple(min(255, int(v * shade)) for v in wall)
    )
    roof = (int(dice.uniform(40, 130)),) * 3
    draw.polygon(
        [
            (left - 20, bottom - high),
            (left + wide / 2, bottom - high * 1.4),
            (left + wide + 20, bottom - high),
        ],
        fill=roof,
    )
    door = left + wide * dice.uniform(0.1, 0.7)
    draw.rectangle([door, bottom - high * 0.5, door + wide * 0.18, bottom], fill=(60, 40, 30))
    for each in range(int(dice.integers(1, 4))):
        at = left + wide * (0.1 + 0.3 * each)
        draw.rectangle([at, bottom - high * 0.85, at + wide * 0.14, bottom - high * 0.62], fill=(70, 90, 110))


def _tree(draw: ImageDraw.ImageDraw, dice: np.random.Generator, size: tuple[int, int], horizon: int) -> None:
    x, y, r = (
        dice.uniform(0, size[0]),
        horizon + dice.uniform(0, 0.3) * size[1],
        dice.uniform(0.03, 0.13) * size[0],
    )
    draw.rectangle([x - r / 8, y - r, x + r / 8, y], fill=(80, 60, 40))
    leaf = tuple(int(v) for v in (dice.uniform(20, 90), dice.uniform(60, 130), dice.uniform(20, 70)))
    draw.ellipse([x - r, y - 2.4 * r, x + r, y - 0.4 * r], fill=leaf)


def _lit(picture: Image.Image, dice: np.random.Generator) -> Image.Image:
    """Uneven light and the grain of a small sensor."""
    values = np.asarray(picture, np.float32)
    height, width = values.shape[:2]
    across, down = np.linspace(-1, 1, width), np.linspace(-1, 1, height)
    light = 1 + dice.uniform(-0.2, 0.2) * across[None, :] + dice.uniform(-0.2, 0.2) * down[:, None]
    grain = dice.normal(0, 4, (height, width, 1))
    return Image.fromarray(np.clip(values * light[..., None] + grain, 0, 255).astype(np.uint8))
