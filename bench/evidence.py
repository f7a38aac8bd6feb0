"""What the evidence score costs and what it catches: `make bench NAME=evidence`.

Cost: a home of its own with all divisions; a simulated nation's visits of one day (450,000) and of the week before in
PostgreSQL, with their details, proofs and mentions of photos; the job scores the day as the product does, from rows
read to scores written (bench/evidence_nation.py). Signatures are verified when envelopes arrive, not when they are
scored: that rate is reported apart, on real envelopes of simulated phones. Worth: a hold-out seed on which no weight
was chosen, lived in memory. Prints one JSON document; exit 1 when a target is missed.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")

import numpy as np

from bench.evidence_weights import TRAINING
from puyou.ingest import keys, proofs
from puyou.scrutiny import rules, seeds
from puyou.simulator import phones, telling, trials, worlds

ROOT = Path(__file__).resolve().parents[1]
HOLD_OUT = 90_210  # never a training seed of bench/evidence_weights.py
VISITS, LIMIT_S = 450_000, 60.0
TOURS, DAYS = 15_000, 6
SIGNED = 10_000
SEED = 2026
THRESHOLD = 50


def say(text):
    print(f"▸ {text}", file=sys.stderr, flush=True)


def signatures():
    """Verifying real envelopes of simulated phones, on one core."""
    world = worlds.imagine(SIGNED // 3, SEED)
    told = worlds.live(world, trials.FIRST_DAY)
    made = [phones.make(f"P-SIM-{number:07d}-simulated-", SEED) for number in range(len(world.crew))]
    count = len(world.stops.tour)
    cast = telling.Cast(
        [f"S{number:07d}" for number in range(len(made))], made, [f"{place:012d}" for place in range(count)],
        [""] * count, [""] * count, SEED,
    )  # fmt: skip
    envelopes = telling.envelopes([told], cast, np.random.default_rng(1))
    bodies = [phones.spell(each.envelope) for each in envelopes if "proof" in each.envelope]
    known = {phone.key_id: keys.read(phone.jwk) for phone in made}
    began = time.perf_counter()
    states = proofs.verify_many(bodies, known)
    seconds = time.perf_counter() - began
    return {
        "envelopes": len(bodies), "seconds": round(seconds, 2), "per_second_and_core": round(len(bodies) / seconds),
        "valid": int((states == 1).sum()),
        "a_day_on_two_cores_s": round(VISITS / (len(bodies) / seconds) / 2, 1),
    }  # fmt: skip


def worth(tours, days):
    """The hold-out seed, and the training seeds beside it."""
    assert HOLD_OUT not in TRAINING

    def judged(seed, tours):
        trial = trials.run(seed, rules.Limits(), tours, days)
        verdict = trials.judge(trial, seeds.WEIGHTS, rules.Limits(), seeds.CAPS, THRESHOLD)
        return asdict(verdict) | {"missed": verdict.missed}

    say("保留种子")
    held = judged((HOLD_OUT,), tours)
    say("训练种子")
    return {"hold_out_seed": HOLD_OUT, "hold_out": held, "training_seeds": TRAINING,
            "training": judged(TRAINING, tours // 3)}  # fmt: skip


def child(step, home):
    """A step in a process and a home of its own; its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.evidence_nation", step], check=True, stdout=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "PUYOU_HOME": str(home)},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def conditions():
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cores": os.cpu_count(), "processor": names[0].split(": ")[1] if names else "?",
        "python": platform.python_version(), "numpy": np.__version__, "load": os.getloadavg(),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tours", type=int, default=TOURS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--only", choices=("cost", "worth"))
    asked = parser.parse_args()
    report = {"conditions": conditions()}
    sound = True
    if asked.only != "cost":
        report["worth"] = worth(asked.tours, asked.days)
        sound &= not report["worth"]["hold_out"]["missed"]
    if asked.only != "worth":
        home = Path(tempfile.mkdtemp(prefix="puyou-bench-", dir="/var/tmp"))
        home.chmod(0o755)
        try:
            say("全国一天与此前一周")
            report["nation"] = child("prepare", home)
            say("评分")
            report["cost"] = child("score", home)
        finally:
            subprocess.run([sys.executable, "-m", "puyou.config.cli", "stop"], cwd=ROOT, check=False,
                           env={**os.environ, "PUYOU_HOME": str(home)}, stdout=subprocess.DEVNULL)  # fmt: skip
            shutil.rmtree(home, ignore_errors=True)
        say("签名")
        report["signatures"] = signatures()
        sound &= report["cost"]["seconds"] <= LIMIT_S and report["cost"]["visits"] >= 0.98 * VISITS
    report["conditions"]["load_at_end"] = os.getloadavg()
    report["targets_met"] = bool(sound)
    print(json.dumps(report, ensure_ascii=False, indent=1, default=float))
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
