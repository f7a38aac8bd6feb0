"""The estimate is what it says: known values, coverage in simulated nations, bounds, too few."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.audits import estimates, intervals
from puyou.audits.estimates import Stratum


@pytest.mark.parametrize(
    ("hits", "tried", "lower", "upper"),
    [
        (0, 10, 0.0, 0.3085),
        (1, 10, 0.00253, 0.44502),
        (5, 10, 0.18709, 0.81291),
        (10, 10, 0.6915, 1.0),
        (3, 150, 0.00414, 0.05736),
    ],
)  # values of Clopper and Pearson's tables
def test_the_exact_interval_is_the_known_one(hits, tried, lower, upper):
    found = intervals.clopper_pearson(hits, tried, 0.95)
    assert found == pytest.approx((lower, upper), abs=2e-4)


@given(st.integers(1, 60), st.data(), st.floats(0.01, 0.99))
def test_the_incomplete_beta_is_the_binomial_tail(n, data, p):
    """P(X ≥ k) of n tries equals I_p(k, n − k + 1) (DLMF 8.17.5)."""
    k = data.draw(st.integers(1, n))
    tail = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    assert intervals.incomplete_beta(p, k, n - k + 1) == pytest.approx(tail, abs=1e-9)


@pytest.mark.parametrize(("freedom", "known"), [(1, 12.706), (5, 2.571), (30, 2.042), (1000, 1.962)])
def test_students_quantile_is_the_known_one(freedom, known):
    assert intervals.student_quantile(0.975, freedom) == pytest.approx(known, abs=1e-3)


def test_no_tries_say_nothing():
    assert intervals.clopper_pearson(0, 0, 0.95) == (0.0, 1.0)


NATIONS = {
    "one stratum": [(100_000, 0.05, 200)],
    "a rare case in a heavy stratum": [(95_000, 0.01, 100), (5_000, 0.8, 100)],
    "many small strata": [(1_000, 0.01, 10)] * 60,
    "mixed": [(50_000, 0.005, 120), (30_000, 0.03, 60), (8_000, 0.3, 40), (500, 0.7, 20), (60, 0.5, 10)],
    "almost a census": [(200, 0.1, 150), (80, 0.4, 80)],
    "provinces": [(n * 1000, p, 6) for n in (2, 5, 9) for p in (0.0, 0.02, 0.06, 0.5)],
}  # fmt: skip
DRAWS, NOMINAL, TOLERANCE = 400, 0.95, 0.02


def drawn(nation, random, answered=1.0):
    strata = []
    for at, (population, share, sample) in enumerate(nation):
        bad = round(population * share)
        refuted = int(random.hypergeometric(bad, population - bad, sample))
        lost = int(random.binomial(sample, 1 - answered))
        lost_bad = int(random.hypergeometric(refuted, sample - refuted, lost)) if lost else 0
        strata.append(
            Stratum(str(at), population, sample, refuted - lost_bad, sample - refuted - lost + lost_bad)
        )
    return strata


def truth(nation):
    return sum(round(n * p) for n, p, _ in nation) / sum(n for n, _, _ in nation)


@pytest.mark.parametrize("name", NATIONS)
def test_the_interval_covers_the_truth_as_often_as_it_says(name):
    nation, random, covered, middle = NATIONS[name], np.random.default_rng(20261125), 0, 0.0
    for _ in range(DRAWS):
        found = estimates.estimate(drawn(nation, random), NOMINAL, 1)
        covered += found.interval[0] - 1e-12 <= truth(nation) <= found.interval[1] + 1e-12
        middle += found.share / DRAWS
    assert covered / DRAWS >= NOMINAL - TOLERANCE
    assert middle == pytest.approx(truth(nation), abs=0.006)


def test_either_interval_alone_would_not_do():
    """Why both: each misses far too often where the other holds."""
    for name, alone in (
        ("a rare case in a heavy stratum", estimates.korn_graubard),
        ("many small strata", estimates.mover),
    ):
        nation, random = NATIONS[name], np.random.default_rng(7)
        hits = 0
        for _ in range(DRAWS):
            low, high = alone(drawn(nation, random), NOMINAL)
            hits += low <= truth(nation) <= high
        assert hits / DRAWS < NOMINAL - TOLERANCE, name


def test_what_is_missing_is_within_the_bounds_whoever_hides_it():
    """Every fabricated visit unreachable: the value is wrong, the outer limits hold the truth."""
    strata = [Stratum("a", 10_000, 200, refuted=0, confirmed=160)]
    found = estimates.estimate(strata, 0.95, 30)
    assert found.share == 0 and found.bounds == (0, 0.2) and found.outer[1] > 0.2 > found.interval[1]


STRATA = st.lists(
    st.tuples(st.integers(1, 400), st.integers(0, 40), st.integers(0, 40), st.integers(0, 10), st.booleans()),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(deadline=None)
@given(STRATA)
def test_everything_keeps_its_order(rows):
    strata = [Stratum(str(i), n + r + c + u, r + c + u, r, c, f) for i, (n, r, c, u, f) in enumerate(rows)]
    found = estimates.estimate(strata, 0.95, 1)
    if not found.enough:
        assert found.resolved == 0
        return
    assert 0 <= found.outer[0] <= found.interval[0] <= found.share + 1e-9 <= found.interval[1] + 2e-9
    assert found.interval[1] <= found.outer[1] + 1e-9 <= 1 + 1e-9
    assert found.bounds[0] <= found.bounds[1] + 1e-12
    assert found.outer[0] <= found.bounds[0] + 1e-9 and found.bounds[1] <= found.outer[1] + 1e-9


def test_too_few_is_no_number():
    found = estimates.estimate([Stratum("a", 1000, 40, 3, 26)], 0.95, 30)
    assert not found.enough and found.share is None and found.interval is None and found.resolved == 29


def test_a_census_leaves_no_doubt():
    found = estimates.estimate([Stratum("a", 40, 40, 4, 36)], 0.95, 30)
    assert found.share == 0.1 and found.interval == pytest.approx((0.1, 0.1))


def test_a_stratum_without_results_widens():
    known = Stratum("a", 900, 90, 9, 81)
    alone = estimates.estimate([known], 0.95, 30)
    both = estimates.estimate([known, Stratum("b", 100, 10)], 0.95, 30)
    assert both.share == pytest.approx(0.1) and both.interval[1] > alone.interval[1] + 0.04


def test_precision_and_recall_are_weighted_by_the_draw():
    flagged, plain = Stratum("r", 1_000, 100, 80, 20, flagged=True), Stratum("g", 99_000, 100, 1, 99)
    found = estimates.quality([flagged, plain], 30)
    assert found.precision == pytest.approx(0.8)
    assert found.recall == pytest.approx(800 / (800 + 990))
    assert (found.flagged, found.refuted, found.caught) == (100, 81, 80)
    assert estimates.quality([plain], 300).recall is None
