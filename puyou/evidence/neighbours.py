"""Near hashes among a hundred million: an index on disk that many processes read, exact up to seven bits.

Multi-index hashing (Norouzi, Punjani, Fleet, *Fast Search in Hamming Space with Multi-Index Hashing*, 2012): 64 bits
are cut into four bands of 16. Two hashes that differ in at most seven bits differ in at most one bit in some band, so
the look-up visits, in each band, the bucket of its own 16 bits and the 16 that are one bit away. For each band all
hashes are kept once, turned so that the band leads, and sorted; 65,537 offsets say where each bucket begins.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
BANDS, WIDTH = 4, 16
BUCKETS = 1 << WIDTH
RADIUS = 7  # one bit in each of four bands, and three to spare: (1 + 1) × 4 − 1
MANIFEST = "manifest.json"
STEP = 1 << 22
# A band's own bits, then each of its sixteen bits turned over.
PROBES = np.concatenate([np.zeros(1, np.uint64), np.uint64(1) << np.arange(WIDTH, dtype=np.uint64)])
EMPTY: Hashes = np.empty(0, np.uint64)


@dataclass(frozen=True)
class Found:
    """Hashes near one that was asked for, nearest first, each once."""

    values: Hashes
    distances: NDArray[np.uint8]

    @classmethod
    def among(cls, candidates: Hashes, value: int, radius: int) -> "Found":
        """Those of some hashes that lie within ``radius`` of ``value``: the search by brute force."""
        far = np.bitwise_count(candidates ^ np.uint64(value))
        values, first = np.unique(candidates[far <= radius], return_index=True)
        distances = far[far <= radius][first]
        order = np.argsort(distances, kind="stable")
        return cls(values[order], distances[order])


def turned(values: Hashes, band: int) -> Hashes:
    """Hashes turned left so that a band leads."""
    left = np.uint64(WIDTH * band)
    return values if band == 0 else (values << left) | (values >> np.uint64(64 - WIDTH * band))


class Index:
    """A built index, open for reading; its pages are shared by all processes that read it."""

    def __init__(self, folder: Path, manifest: dict[str, object]) -> None:
        self.folder, self.manifest = folder, manifest
        self._bands: list[Hashes] = [
            np.load(folder / f"band{band}.npy", mmap_mode="r").view(np.ndarray) for band in range(BANDS)
        ]
        self._offsets = np.load(folder / "offsets.npy")

    def __len__(self) -> int:
        return len(self._bands[0])

    def within(self, value: int, radius: int = RADIUS) -> Found:
        """The hashes within ``radius`` (at most RADIUS) of ``value``, exactly."""
        if not 0 <= radius <= RADIUS:
            raise ValueError(f"radius {radius} is beyond {RADIUS}")
        near = [
            self._near(turned(np.array([value], np.uint64), band)[0], band, radius) for band in range(BANDS)
        ]
        return Found.among(np.concatenate(near), value, radius)

    def _near(self, lead: np.uint64, band: int, radius: int) -> Hashes:
        """Those near ``lead`` in the buckets that a band's probes open, turned back."""
        buckets = ((lead >> np.uint64(64 - WIDTH)) ^ PROBES).astype(np.intp)
        values, starts = self._bands[band], self._offsets[band]
        opened = np.concatenate([values[starts[bucket] : starts[bucket + 1]] for bucket in buckets])
        found = opened[np.bitwise_count(opened ^ lead) <= radius]
        return turned(found, (BANDS - band) % BANDS)


def brute(values: Hashes, value: int, radius: int) -> Found:
    """The same answer from hashes in no order: for a live tail, and to compare."""
    return Found.among(values[np.bitwise_count(values ^ np.uint64(value)) <= radius], value, radius)


def build(
    folder: Path,
    values: Hashes,
    *,
    version: str,
    say: Callable[[str], None] = lambda text: None,
    **more: object,
) -> Index:
    """Write an index of ``values`` beside the present one and swap them in one step; returns it open.

    ``version`` names its folder; ``more`` is kept in the manifest. Readers that hold the old one keep it until they ask
    ``current`` again; the one before the old one is deleted. Sorts in place: ``values`` is consumed.
    """
    target = folder / version
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    offsets = np.empty((BANDS, BUCKETS + 1), np.int64)
    values = _distinct(values)
    for band in range(BANDS):
        say(f"band {band}")
        offsets[band] = _write_band(target / f"band{band}.npy", values, band)
    np.save(target / "offsets.npy", offsets)
    manifest = {"version": version, "count": len(values), **more}
    _swap(folder, manifest)
    _sweep(folder, version)
    return Index(target, manifest)


def _distinct(values: Hashes) -> Hashes:
    """Each hash once, sorted, without a second copy where there are no repeats."""
    values.sort()
    fresh = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return values if fresh.all() else values[fresh]


def _write_band(path: Path, values: Hashes, band: int) -> NDArray[np.int64]:
    if len(values) == 0:
        np.save(path, values)
        return np.zeros(BUCKETS + 1, np.int64)
    out = np.lib.format.open_memmap(path, "w+", np.uint64, (len(values),))
    for start in range(0, len(values), STEP):
        out[start : start + STEP] = turned(values[start : start + STEP], band)
    if band:
        out.sort()
    out.flush()
    edges = np.arange(BUCKETS, dtype=np.uint64) << np.uint64(64 - WIDTH)
    return np.append(np.searchsorted(out, edges), len(values))


def _swap(folder: Path, manifest: dict[str, object]) -> None:
    fresh = folder / f"{MANIFEST}.new"
    fresh.write_text(json.dumps(manifest))
    os.replace(fresh, folder / MANIFEST)


def _sweep(folder: Path, version: str) -> None:
    """Delete what lies beside the present version, but for the newest before it: somebody may just be opening it."""
    others = sorted(
        (each for each in folder.iterdir() if each.is_dir() and each.name != version),
        key=lambda each: each.stat().st_mtime,
    )
    for old in others[:-1]:
        shutil.rmtree(old, ignore_errors=True)


_open: dict[Path, Index] = {}


def current(folder: Path) -> Index | None:
    """The present index, opened once in each process and again when it was swapped; None before the first."""
    for _ in range(3):  # its folder may be swept between reading the manifest and opening it
        try:
            manifest = json.loads((folder / MANIFEST).read_text())
            known = _open.get(folder)
            if known is None or known.manifest["version"] != manifest["version"]:
                _open[folder] = known = Index(folder / manifest["version"], manifest)
            return known
        except FileNotFoundError:
            continue
    return None
