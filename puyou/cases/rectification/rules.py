"""Judging whether a village has made good: so many weeks met after the report, none of them missed."""

from collections.abc import Sequence
from dataclasses import dataclass

MET, MISSED = "met", "missed"


@dataclass(frozen=True)
class Proof:
    """How far one village has come: weeks met so far, weeks asked, and whether one was missed for good."""

    met: int
    asked: int
    missed: bool

    @property
    def proven(self) -> bool:
        return not self.missed and self.met >= self.asked


def proof_of(standings: Sequence[str], asked: int) -> Proof:
    """Judge the weeks since the report, oldest first, by their standing (met, missed, provisional, pending, excused).

    Excused and unsettled weeks prove nothing and break nothing; a week that is missed for good does. Weeks after the
    asked number of met ones are not looked at.
    """
    met = 0
    for standing in standings:
        if standing == MISSED:
            return Proof(met, asked, True)
        met += standing == MET
        if met >= asked:
            break
    return Proof(met, asked, False)
