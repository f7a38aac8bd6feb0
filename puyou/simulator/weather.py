"""Notices about simulated storms: most storms are excused by a document, some are not."""

import csv
from datetime import datetime
from pathlib import Path

import numpy as np
from django.conf import settings

from puyou.compliance import actions as compliance
from puyou.places.models import Place
from puyou.simulator.nation import Nation

EXCUSED = 0.7  # share of storms for which a notice was issued


def excuse_storms(imagined: Nation, *, by: str, now: datetime) -> int:
    """Import the storms' notices as approved excuses; returns how many."""
    path = Path(settings.PUYOU_HOME) / "simulator" / f"excuses-{imagined.seed}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = _notices(imagined)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["place_code", "from", "until", "ground", "document_no"])
        writer.writerows(rows)
    if rows:
        compliance.import_excuses(path, by=by, now=now)
    return len(rows)


def _notices(imagined: Nation) -> list[list[str]]:
    random = np.random.default_rng([imagined.seed, 10])
    storms = [storm for storm in imagined.year.storms if random.random() < EXCUSED]
    codes = {
        place.pk: place.code for place in Place.objects.filter(pk__in={storm.county for storm in storms})
    }
    return [
        [
            codes[storm.county],
            imagined.first.shift(storm.week).monday.isoformat(),
            imagined.first.shift(storm.week + 1).monday.isoformat(),
            storm.ground,
            f"模拟〔{imagined.first.shift(storm.week).monday.year}〕{number + 1}号",
        ]
        for number, storm in enumerate(storms)
    ]
