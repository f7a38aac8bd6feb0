"""Judging who may take which step about a visit, case by case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

ACCEPT, PROPOSE, ASK, CONFIRM, RETURN, WITHDRAW, UPHOLD, DISMISS = (
    "accept", "propose", "ask", "confirm", "return", "withdraw", "uphold", "dismiss",
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """Where a visit stands at the desk. Persons are account ids; 0 and empty when there is none."""

    rejected: bool = False
    proposer: int = 0  # of the open proposal
    appealed: bool = False  # an appeal waits for its decision
    took_part: frozenset[int] = frozenset()  # who proposed and confirmed the rejection that holds
    courier_user: int = 0
    has_courier: bool = True
    taken_back: bool = False  # by its courier or phone: nothing is left to decide but an appeal


def steps_for(person: int, standing: Standing) -> tuple[str, ...]:
    """The steps that a person with the permission may take about a visit, the likeliest first."""
    if person == standing.courier_user:
        return ()
    if standing.taken_back and not (standing.rejected and standing.appealed):
        return ()
    if standing.proposer:
        return (WITHDRAW,) if person == standing.proposer else (CONFIRM, RETURN)
    if standing.rejected:
        if person in standing.took_part:
            return ()
        return (UPHOLD, DISMISS) if standing.appealed else (ACCEPT,)
    return (ACCEPT, PROPOSE, ASK) if standing.has_courier else (ACCEPT, PROPOSE)


def common_steps(each: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The steps offered for any of several visits, in the order of ``STEPS``."""
    offered = {step for steps in each for step in steps}
    return tuple(step for step in STEPS if step in offered)


def is_in_time(said_on: date, due: date) -> bool:
    """Whether an appeal of a day came within its term; the last day belongs to it."""
    return said_on <= due


@dataclass(frozen=True)
class Step:
    """A step in words: its label, what must be written with it (empty: nothing), what it tells afterwards."""

    code: str
    label: str
    needs: str
    told: str


STEPS = {
    step.code: step
    for step in (
        Step(CONFIRM, "复核同意，不予认可", "", "已不予认可，不再计入到村"),
        Step(RETURN, "复核退回", "退回的理由", "已退回，仍计入"),
        Step(WITHDRAW, "撤回拟不予认可", "", "已撤回"),
        Step(UPHOLD, "申诉成立，恢复计入", "决定的理由", "申诉成立，已恢复"),
        Step(DISMISS, "维持不予认可", "决定的理由", "已维持不予认可"),
        Step(ACCEPT, "认可", "", "已认可"),
        Step(PROPOSE, "拟不予认可，交另一人复核", "不予认可的理由", "已提出，等待另一人复核；复核前仍计入"),
        Step(ASK, "询问投递员", "要问的话", "问题将随投递员下次联网送达手机"),
    )
}
