import pytest

from puyou.cases.rectification.rules import proof_of


@pytest.mark.parametrize(
    ("standings", "met", "missed", "proven"),
    [
        ([], 0, False, False),
        (["met", "met"], 2, False, True),
        (["met", "pending"], 1, False, False),
        (["met", "excused", "met"], 2, False, True),
        (["provisional", "met"], 1, False, False),
        (["met", "missed", "met"], 1, True, False),
        (["met", "met", "missed"], 2, False, True),
    ],
)
def test_weeks_prove_what_they_prove(standings, met, missed, proven):
    found = proof_of(standings, 2)
    assert (found.met, found.missed, found.proven) == (met, missed, proven)
