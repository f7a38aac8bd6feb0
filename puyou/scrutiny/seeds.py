"""The first weighting: what each reason weighs, from which measures it holds, how far a source is trusted.

Weights are numbers of the product, chosen on simulated days (bench/evidence_weights.py) and unverified in the field.
"""

from dataclasses import asdict
from datetime import date

from puyou.scrutiny.rules import Limits

VALID_FROM = date(2000, 1, 1)
SOURCE = "产品默认值，依模拟数据选定，待实地核对"
WEIGHTS: dict[str, float] = {
    "unsigned": 0.05,
    "bad_signature": 0.92,
    "unknown_key": 0.92,
    "chain_gap": 0.03,
    "chain_fork": 0.60,
    "old_nonce": 0.05,
    "backdated": 0.95,
    "clocks_disagree": 0.60,
    "wall_jumped": 0.55,
    "fix_disagrees": 0.15,
    "clock_wrong": 0.03,
    "too_fast": 0.75,
    "torn_trail": 0.85,
    "impossible_day": 0.60,
    "repeated_position": 0.40,
    "rounded_position": 0.45,
    "constant_accuracy": 0.15,
    "on_the_point": 0.15,
    "still_approach": 0.55,
    "leaping_approach": 0.25,
    "off_point": 0.05,
    "far_point": 0.70,
    "one_spot": 0.60,
    "home_cluster": 0.45,
    "same_track": 0.45,
    "twin_position": 0.65,
    "photo_copied": 0.90,
    "photo_alike": 0.35,
    "photo_missing": 0.10,
    "mocked": 0.92,
    "rooted": 0.30,
    "shared_device": 0.15,
    "foreign_device": 0.10,
    "no_position": 0.12,
    "tag_forged": 0.92,
    "tag_elsewhere": 0.85,
    "tag_ended": 0.40,
    "tag_afar": 0.85,
    "tag_missing": 0.03,
    "even_rhythm": 0.30,
    "fresh_starts": 0.07,
    "clustered_times": 0.60,
    "pda": 0.00,
    "paper": 0.00,
    "on_the_points": 0.50,
    "flat_accuracy": 0.30,
    "bad_day": 0.55,
    "white_noise": 0.50,
    "never_arrives": 0.30,
    "tag_agrees": 0.20,
    "arrived": 0.35,
    "near_contact": 0.00,
    "near_point": 0.25,
    "own_photo": 0.10,
}
CAPS: dict[str, float] = {"app": 100, "pda": 85, "paper": 70, "receiver": 90, "inspector": 100}
LIMITS: dict[str, float] = asdict(Limits())
