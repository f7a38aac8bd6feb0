"""Near photos among a hundred million hashes: `make bench NAME=evidence_photos`.

Random 64-bit hashes, some of them planted: what is asked for differs from a planted one in 0 to 7 bits. The index is
the product's own (puyou.evidence.neighbours), built in a temporary folder (four times the hashes' size; deleted at the
end) and looked up one at a time, as scoring does: first with none of its pages in memory, then warm. Brute force over
the same hashes in memory stands beside it, and checks some answers in full.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from puyou.evidence import neighbours

COUNT, ASKED, COLD, COMPARED = 100_000_000, 4_000, 300, 20
TARGET_MS = 5.0
Figures = dict[str, float]


def say(text: str) -> None:
    print(f"▸ {text} …", file=sys.stderr, flush=True)


def questions(values: np.ndarray, dice: np.random.Generator) -> list[tuple[int, int]]:
    """(asked for, planted): planted hashes with 0 to 7 bits turned over, every distance as often."""
    made = []
    for number, planted in enumerate(dice.choice(values, ASKED)):
        asked = int(planted)
        for bit in dice.choice(64, number % (neighbours.RADIUS + 1), replace=False):
            asked ^= 1 << int(bit)
        made.append((asked, int(planted)))
    return made


def forget_pages(folder: Path) -> None:
    """Ask the system to drop the index from its memory."""
    for path in folder.rglob("*.npy"):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def timed(index: neighbours.Index, asked: list[tuple[int, int]]) -> tuple[Figures, Figures, float]:
    """Milliseconds of each look-up, by the clock and of the processor; the share of planted hashes found."""
    took, busy, found = [], [], 0
    for value, planted in asked:
        begun, working = time.perf_counter(), time.thread_time()
        answer = index.within(value)
        busy.append((time.thread_time() - working) * 1000)
        took.append((time.perf_counter() - begun) * 1000)
        found += planted in answer.values.tolist()
    return percentiles(took), percentiles(busy), found / len(asked)


def percentiles(took: list[float]) -> Figures:
    figures = {f"p{share}": round(float(np.percentile(took, share)), 3) for share in (50, 95, 99)}
    return figures | {"max": round(max(took), 3)}


def compare(values: np.ndarray, index: neighbours.Index, asked: list[tuple[int, int]]) -> tuple[float, int]:
    """Milliseconds of a scan of all hashes, and how many full answers were the same."""
    took, same = [], 0
    for value, _ in asked[:COMPARED]:
        begun = time.perf_counter()
        scanned = neighbours.brute(values, value, neighbours.RADIUS)
        took.append((time.perf_counter() - begun) * 1000)
        answer = index.within(value)
        same += set(zip(scanned.values.tolist(), scanned.distances.tolist(), strict=True)) == set(
            zip(answer.values.tolist(), answer.distances.tolist(), strict=True)
        )
    return float(np.median(took)), same


def run(count: int, seed: int, folder: Path) -> dict[str, object]:
    dice = np.random.default_rng(seed)
    say(f"{count:,} hashes")
    values = dice.integers(0, 2**64, count, np.uint64)
    asked = questions(values, dice)
    begun = time.perf_counter()
    neighbours.build(folder, values, version="bench", say=say)
    built = time.perf_counter() - begun
    say("looking up, cold")
    forget_pages(folder)
    index = neighbours.current(folder)
    assert index is not None
    cold, _, _ = timed(index, asked[:COLD])
    say("looking up, warm")
    for band in range(neighbours.BANDS):
        np.load(folder / "bench" / f"band{band}.npy", mmap_mode="r").max()
    warm, busy, recall = timed(index, asked)
    say("scanning")
    scan, same = compare(values, index, asked)
    return {
        "count": len(index),
        "build_seconds": round(built, 1),
        "lookup_ms": warm,
        "lookup_processor_ms": busy,
        "lookup_cold_ms": cold,
        "queries": len(asked),
        "recall": recall,
        "brute_force_scan_ms": round(scan, 1),
        "compared_in_full": COMPARED,
        "same_as_brute_force": same,
        "bytes_on_disk": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=20261120)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="puyou-photos-"))
    try:
        figures = run(options.count, options.seed, folder)
    finally:
        shutil.rmtree(folder)
    met = figures["recall"] == 1 and figures["same_as_brute_force"] == COMPARED
    met = met and figures["lookup_ms"]["p95"] <= TARGET_MS  # type: ignore[index]
    conditions = {
        "seed": options.seed,
        "radius": neighbours.RADIUS,
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "machine": platform.machine(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "note": "one process; cold: pages dropped by fadvise, 300 look-ups; peak_mib holds the hashes and mapped pages",
    }
    print(
        json.dumps(
            {
                "bench": "evidence_photos",
                **figures,
                "target_ms": TARGET_MS,
                "met": met,
                "conditions": conditions,
            }
        )
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
