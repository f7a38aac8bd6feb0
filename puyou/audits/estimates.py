"""Estimating the fabricated share from a stratified draw: value, interval, bounds for what was not established.

Notation: stratum h holds N_h of N visits (W_h = N_h/N); n_h were drawn, m_h of them resolved (属实 or 不属实), x_h of
these refuted (不属实); p_h = x_h/m_h. The share is P = Σ W_h p_h (Cochran, Sampling Techniques, 1977, 5.3): weights by
what strata hold, whatever was drawn. The interval takes on each side the wider of two, for each fails where the other
holds:

* MOVER (Zou and Donner 2008; Newcombe 1998): from the exact limits l_h, u_h of each stratum and f_h = m_h/N_h,
  lower = P − √Σ W_h²(p_h − l_h)²(1 − f_h), upper = P + √Σ W_h²(u_h − p_h)²(1 − f_h). It stays honest where a heavy
  stratum shows no case, and is too short below where many small strata do.
* Korn and Graubard 1998: the exact interval of x* = n*·P of n* = P(1 − P)/V tries, with
  V = Σ W_h²(1 − f_h) p_h(1 − p_h)/(m_h − 1) and n* shortened by the ratio of Student's quantiles at Σm_h − 1 and
  Σm_h − H degrees of freedom. It is right for many small strata, and blind where a heavy one shows no case.

What was not established or not reached is never dropped: ``bounds`` say what P would be were all of it true, or all of
it fabricated (Manski 1989), and ``outer`` holds the interval's limits at these extremes. A stratum with nothing
resolved may be anything from 0 to 1 (p_h: the rest's share).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from puyou.audits.intervals import clopper_pearson, student_quantile

Interval = tuple[float, float]


@dataclass(frozen=True)
class Stratum:
    """What a stratum holds, how many were drawn, and what the re-checks said of them."""

    name: str
    population: int
    sample: int
    refuted: int = 0
    confirmed: int = 0
    flagged: bool = False  # the score would have sent these visits to the desk

    @property
    def resolved(self) -> int:
        return self.refuted + self.confirmed

    @property
    def unresolved(self) -> int:
        return self.sample - self.resolved

    @property
    def share(self) -> float | None:
        return self.refuted / self.resolved if self.resolved else None

    @property
    def kept(self) -> float:
        """1 − f: the part of the uncertainty that a sample of this size leaves in a finite stratum."""
        return 1 - self.resolved / self.population if self.population else 0.0


@dataclass(frozen=True)
class Estimate:
    """The estimated share; ``share`` and ``interval`` are None when too few were resolved to say anything."""

    population: int
    sample: int
    resolved: int
    refuted: int
    share: float | None
    interval: Interval | None
    bounds: Interval | None
    outer: Interval | None

    @property
    def enough(self) -> bool:
        return self.share is not None


def estimate(strata: Sequence[Stratum], confidence: float, enough: int) -> Estimate:
    """The fabricated share of the visits that the strata hold together."""
    held = [stratum for stratum in strata if stratum.population]
    resolved, sample = sum(s.resolved for s in held), sum(s.sample for s in held)
    counts = (sum(s.population for s in held), sample, resolved, sum(s.refuted for s in held))
    if resolved < max(enough, 1):
        return Estimate(*counts, None, None, None, None)
    best, worst = _extremes(held)
    bounds = point(best), point(worst)
    inside = interval(held, confidence)
    outer = (
        min(inside[0], interval(best, confidence)[0]),
        max(inside[1], interval(worst, confidence)[1]),
    )
    return Estimate(*counts, point(held), inside, bounds, outer)


def _extremes(strata: Sequence[Stratum]) -> tuple[list[Stratum], list[Stratum]]:
    """The strata were all that is unresolved true, and were all of it fabricated."""
    best = [replace(s, confirmed=s.confirmed + s.unresolved) for s in strata]
    worst = [replace(s, refuted=s.refuted + s.unresolved) for s in strata]
    return best, worst


def point(strata: Sequence[Stratum]) -> float:
    """P = Σ W_h p_h."""
    whole = sum(s.population for s in strata)
    rest = _share_of_the_known(strata)
    return sum(s.population / whole * (rest if s.share is None else s.share) for s in strata)


def _share_of_the_known(strata: Sequence[Stratum]) -> float:
    known = [(s.population, s.share) for s in strata if s.share is not None]
    whole = sum(population for population, _ in known)
    return sum(population * share for population, share in known) / whole if whole else 0.5


def interval(strata: Sequence[Stratum], confidence: float) -> Interval:
    """On each side the wider of the two intervals; never beyond 0 and 1."""
    one, other = mover(strata, confidence), korn_graubard(strata, confidence)
    return max(0.0, min(one[0], other[0])), min(1.0, max(one[1], other[1]))


def mover(strata: Sequence[Stratum], confidence: float) -> Interval:
    """From the exact limits of each stratum, their distances added in squares."""
    whole, rest, value = sum(s.population for s in strata), _share_of_the_known(strata), point(strata)
    below = above = 0.0
    for stratum in strata:
        share = rest if stratum.share is None else stratum.share
        lower, upper = clopper_pearson(stratum.refuted, stratum.resolved, confidence)
        weight = (stratum.population / whole) ** 2 * stratum.kept
        below += weight * (share - lower) ** 2
        above += weight * (upper - share) ** 2
    return value - sqrt(below), value + sqrt(above)


def korn_graubard(strata: Sequence[Stratum], confidence: float) -> Interval:
    """The exact interval at the sample's effective size."""
    value, spread = point(strata), variance(strata)
    resolved = sum(s.resolved for s in strata)
    if spread == 0 and all(s.kept == 0 for s in strata):
        return value, value
    size = value * (1 - value) / spread if spread > 0 and 0 < value < 1 else float(resolved)
    freedom = resolved - sum(1 for s in strata if s.resolved)
    if resolved > 1 and freedom >= 1:
        tail = 1 - (1 - confidence) / 2
        size *= (student_quantile(tail, resolved - 1) / student_quantile(tail, freedom)) ** 2
    return clopper_pearson(size * value, size, confidence)


def variance(strata: Sequence[Stratum]) -> float:
    """V = Σ W_h²(1 − f_h) p_h(1 − p_h)/(m_h − 1); with one resolved or none, the most that it could be."""
    whole = sum(s.population for s in strata)
    return sum((s.population / whole) ** 2 * s.kept * _within(s) for s in strata)


def _within(stratum: Stratum) -> float:
    if stratum.resolved < 2:
        return 0.25
    share = stratum.refuted / stratum.resolved
    return share * (1 - share) / (stratum.resolved - 1)


@dataclass(frozen=True)
class Quality:
    """How the score did against the re-checks, weighted by N_h/m_h; None where too few were resolved to say."""

    precision: float | None
    recall: float | None
    flagged: int
    refuted: int
    caught: int


def quality(strata: Sequence[Stratum], enough: int) -> Quality:
    """Of the visits that the score flags, how many are fabricated; of the fabricated, how many it flags."""
    flagged = sum(s.resolved for s in strata if s.flagged)
    refuted = sum(s.refuted for s in strata)
    caught = sum(s.refuted for s in strata if s.flagged)
    if sum(s.resolved for s in strata) < max(enough, 1):
        return Quality(None, None, flagged, refuted, caught)
    hits = _weighted(strata, lambda s: s.refuted if s.flagged else 0)
    alarms = _weighted(strata, lambda s: s.resolved if s.flagged else 0)
    cases = _weighted(strata, lambda s: s.refuted)
    return Quality(
        hits / alarms if alarms else None, hits / cases if cases else None, flagged, refuted, caught
    )


def _weighted(strata: Sequence[Stratum], counted: Callable[[Stratum], int]) -> float:
    return sum(s.population / s.resolved * counted(s) for s in strata if s.resolved)
