"""Evidence about visits as columns, and the vector form of rules: the one that decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.scrutiny import rules
from puyou.scrutiny.rules import GROUPS, MASK, REASONS, SOURCES, SUPPORTS, Limits

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]
FIXES = 12


@dataclass(frozen=True, eq=False)
class Trail:
    """n visits as trails need them: who was where when. ``moment`` in microseconds since 1970 by a clock put right;
    ``label`` tells what was served: −delivery point, or the village."""

    ids: NDArray[np.uint8]
    day: Ints
    moment: Ints
    courier: Ints
    device: Ints
    lon: Floats
    lat: Floats
    accuracy: Floats
    label: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.day)

    @property
    def who(self) -> Ints:
        """The person: the courier, else the phone."""
        return np.where(self.courier != 0, self.courier, -self.device - (1 << 40))

    def take(self, rows: Any) -> "Trail":
        """The same columns for some rows (indexes or a mask)."""
        return Trail(**{name: getattr(self, name)[rows] for name in Trail.__dataclass_fields__})

    def followed_by(self, other: "Trail") -> "Trail":
        """These visits, then those."""
        names = Trail.__dataclass_fields__
        return Trail(**{name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names})


@dataclass(frozen=True, eq=False)
class Evidence(Trail):
    """Visits of one day and what came with them, as columns.

    ``wanted`` marks those to be scored: all visits of some counties. The others are their couriers' and phones' visits
    elsewhere on that day; those of the days before are the ``past``, a trail. Times in microseconds since 1970, 0 when
    not said; ``happened`` by the phone's own clock. ``approach`` is float[n, 12, 4]: seconds before, lon, lat,
    accuracy, oldest first, NaN behind the last.
    """

    wanted: Bools
    place: Ints
    county: Ints
    happened: Ints
    distance: Floats
    source: Ints
    clock_wrong: Bools
    shared_device: Bools
    foreign_device: Bools
    signature: Ints
    chain: Ints
    nonce: Ints
    fix_age: Floats
    session: Ints
    monotonic: Ints
    wall_jump: Floats
    tag: Ints
    tag_offered: Bools
    photo_asked: Bools
    photos: Ints
    photo_copies: Ints
    photo_likes: Ints
    mock: Ints
    rooted: Ints
    approach: Floats

    past: Trail

    def trail(self) -> Trail:
        """The day's visits as a trail."""
        return Trail(**{name: getattr(self, name) for name in Trail.__dataclass_fields__})

    def only_wanted(self) -> "Evidence":
        """The visits to be scored, without the others."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        kept |= {name: column[self.wanted] for name, column in kept.items() if name != "past"}
        return Evidence(**kept)


def find_reasons(seen: Columns, limits: Limits) -> Ints:
    """The mask of the reasons that hold for each visit (``rules.find_reasons`` on columns)."""
    app, valid = seen["source"] == 0, seen["signature"] == 1
    backdated = seen["nonce_age_s"] < -limits.backdated_s
    followed = seen["fixes"] >= limits.approach_fixes
    still = followed & (seen["jitter_m"] < limits.jitter_m)
    leaping = followed & (seen["leap_kmh"] > limits.leap_kmh)
    white = ~still & (seen["whiteness"] > limits.whiteness)
    on_point = seen["distance_m"] < limits.on_point_m
    beyond, tag = seen["beyond_m"], seen["tag"]
    fine = ~(seen["accuracy_m"] >= limits.repeat_accuracy_m)
    copied, alike = seen["photo_copies"] > 0, seen["photo_likes"] > 0
    found = {
        "unsigned": app & (seen["signature"] == 0),
        "bad_signature": seen["signature"] == 2,
        "unknown_key": seen["signature"] == 3,
        "chain_gap": seen["chain"] == 3,
        "chain_fork": seen["chain"] == 4,
        "old_nonce": seen["nonce_age_s"] > limits.old_nonce_days * 86_400,
        "backdated": backdated,
        "clocks_disagree": seen["clock_gap_s"] > limits.clock_gap_s,
        "wall_jumped": np.abs(seen["wall_jump_s"]) > limits.wall_jump_s,
        "fix_disagrees": (seen["fix_age_s"] > limits.fix_age_s) | (seen["fix_age_s"] < -limits.fix_ahead_s),
        "clock_wrong": seen["clock_wrong"],
        "too_fast": seen["speed_kmh"] > limits.speed_kmh,
        "torn_trail": seen["torn_kmh"] > limits.speed_kmh,
        "impossible_day": seen["day_kmh"] > limits.day_kmh,
        "repeated_position": (seen["repeats"] >= limits.repeats) & fine,
        "rounded_position": seen["rounded"],
        "constant_accuracy": seen["same_accuracy"] >= limits.same_accuracy,
        "on_the_point": on_point,
        "on_the_points": on_point & (seen["on_points"] >= limits.on_points),
        "flat_accuracy": seen["flat"],
        "bad_day": seen["bad_others"] >= limits.bad_others,
        "still_approach": still,
        "leaping_approach": leaping,
        "white_noise": white,
        "never_arrives": seen["idle"] >= limits.idle_share,
        "off_point": (beyond > limits.off_point_m) & (beyond <= limits.far_point_m),
        "far_point": beyond > limits.far_point_m,
        "one_spot": seen["spot_villages"] >= limits.spot_villages,
        "home_cluster": (seen["cluster_villages"] >= limits.cluster_villages)
        & (seen["cluster_share"] >= limits.cluster_share)
        & (beyond > limits.cluster_beyond_m),
        "same_track": (seen["meetings"] >= limits.meetings) & ~(beyond <= limits.cluster_beyond_m),
        "twin_position": (seen["twins"] > 0) & fine,
        "photo_copied": copied,
        "photo_alike": alike,
        "photo_missing": app & seen["photo_asked"] & (seen["photos"] == 0),
        "mocked": seen["mock"] == 1,
        "rooted": seen["rooted"] == 1,
        "shared_device": seen["shared_device"],
        "foreign_device": seen["foreign_device"],
        "no_position": app & ~seen["placed"],
        "tag_forged": tag == 2,
        "tag_elsewhere": tag == 3,
        "tag_ended": tag == 4,
        "tag_afar": (tag == 1) & (beyond > limits.tag_afar_m),
        "tag_missing": app & seen["tag_offered"] & (tag == 0),
        "even_rhythm": seen["rhythm"] < limits.rhythm,
        "fresh_starts": seen["fresh_starts"] >= limits.fresh_share,
        "pda": seen["source"] == 1,
        "paper": seen["source"] == 2,
        "clustered_times": seen["span_s"] < limits.span_s,
        "tag_agrees": (tag == 1) & ~(beyond > limits.tag_afar_m),
        "arrived": followed & ~still & ~leaping & ~white & (seen["way_m"] >= limits.arrived_m),
        "near_contact": valid & ~backdated & (seen["nonce_age_s"] <= limits.near_contact_s),
        "near_point": (seen["distance_m"] <= limits.near_point_m) & ~on_point,
        "own_photo": (seen["photos"] > 0) & ~copied & ~alike,
    }
    masks = np.zeros(len(app), np.int64)
    for code, holds in found.items():
        masks |= np.where(holds, np.int64(MASK[code]), np.int64(0))
    return masks


def risks(reasons: Ints, weights: Mapping[str, float]) -> Floats:
    """``rules.risk_of`` on masks."""
    against, strong = _heaviest(reasons, weights, ("strong", "doubt", "hint"))
    left = np.ones(len(reasons))
    for group in GROUPS:
        if group not in against:
            continue
        weight = against[group]
        for reason in SUPPORTS:
            share = weights.get(reason.code, 0.0)
            if share and group in reason.speaks_to:
                weight = np.where(reasons >> reason.bit & 1, weight * (1.0 - share), weight)
        left *= 1.0 - weight
    return np.maximum(1.0 - left, strong)


def _heaviest(
    reasons: Ints, weights: Mapping[str, float], kinds: tuple[str, ...]
) -> tuple[dict[str, Floats], Floats]:
    """The heaviest weight by group, and among contradictions."""
    found: dict[str, Floats] = {}
    strong = np.zeros(len(reasons))
    for reason in REASONS:
        if reason.kind not in kinds or not weights.get(reason.code):
            continue
        weight = np.where(reasons >> reason.bit & 1, float(weights[reason.code]), 0.0)
        found[reason.group] = np.maximum(found[reason.group], weight) if reason.group in found else weight
        if reason.kind == "strong":
            strong = np.maximum(strong, weight)
    return found, strong


def scores(
    reasons: Ints, source: Ints, weights: Mapping[str, float], caps: Mapping[str, float]
) -> NDArray[np.int16]:
    """``rules.score_of`` on masks."""
    left = np.floor(100.0 * (1.0 - risks(reasons, weights)) + 0.5)
    cap = np.array([caps.get(name, 100.0) for name in SOURCES])[source]
    found: NDArray[np.int16] = np.minimum(left, cap).astype(np.int16)
    return found


def weigh(seen: Columns, who: Ints, limits: Limits, weights: Mapping[str, float]) -> Ints:
    """The reasons of visits of one day once what else is doubtful about each person's day is known.

    ``bad_others`` is written into ``seen``: how many other visits of the person reach ``bad_risk`` by themselves.
    """
    seen["bad_others"] = np.zeros(len(who))
    bad = risks(find_reasons(seen, limits), weights) >= limits.bad_risk
    _, number = np.unique(who, return_inverse=True)
    seen["bad_others"] = np.bincount(number, weights=bad)[number] - bad if len(who) else np.zeros(0)
    return find_reasons(seen, limits)


def row(seen: Columns, at: int) -> rules.Measures:
    """One visit's measures as plain values, for words."""
    return rules.Measures(**{name: seen[name][at].item() for name in rules.MEASURES})
