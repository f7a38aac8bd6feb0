"""How a task stands: computed from its measures, what was reported and the cases it rests on, never typed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

DONE, RUNNING, IDLE, OVERDUE, UNKNOWN = "done", "running", "idle", "overdue", "unknown"
STATES = {DONE: "已完成", RUNNING: "推进中", IDLE: "未启动", OVERDUE: "超期未完成", UNKNOWN: "无数据"}
BADGES = {DONE: "met", RUNNING: "pending", IDLE: "excused", OVERDUE: "danger", UNKNOWN: "quiet"}
MET, NOT_MET, NOT_KNOWN = "met", "not_met", "not_known"
MEASURED = {MET: "达到", NOT_MET: "未达到", NOT_KNOWN: "无数据"}


@dataclass(frozen=True)
class Facts:
    """What is known of a task at a place.

    ``measures``: each met, not met or not known. ``accepted``: the latest report that claims completion was accepted.
    ``reported``: somebody reported at all. ``open_cases``: of those that reports rest on.
    """

    measures: tuple[str, ...] = ()
    accepted: bool = False
    reported: bool = False
    open_cases: int = 0
    begun: bool = False


def state(facts: Facts, due_on: date | None, today: date) -> str:
    """Done when every measure is met (without any: a report of completion was accepted) and no case is open."""
    if _done(facts):
        return DONE
    if due_on is not None and today > due_on:
        return OVERDUE
    if facts.reported or facts.begun or MET in facts.measures:
        return RUNNING
    return UNKNOWN if facts.measures and set(facts.measures) == {NOT_KNOWN} else IDLE


def _done(facts: Facts) -> bool:
    proven = set(facts.measures) == {MET} if facts.measures else facts.accepted
    return proven and facts.open_cases == 0


def reasons(facts: Facts, due_on: date | None, today: date) -> list[str]:
    """Why it stands so, in words."""
    counts = {code: facts.measures.count(code) for code in MEASURED}
    said = [f"{counts[code]} 项指标{MEASURED[code]}" for code in MEASURED if counts[code]]
    if not facts.measures:
        said.append("完成报告已被接受" if facts.accepted else "没有指标，以上级接受的完成报告为准")
    if facts.open_cases:
        said.append(f"{facts.open_cases} 个关联案件未办结")
    if facts.measures and not facts.reported:
        said.append("尚无报告")
    if due_on is not None and today > due_on and not _done(facts):
        said.append(f"已超期 {(today - due_on).days} 天")
    return said


def joined(states: Sequence[str]) -> str:
    """How a task stands whose sub-tasks stand so; it has no life of its own."""
    held = set(states)
    if not held:
        return IDLE
    if held == {DONE}:
        return DONE
    if OVERDUE in held:
        return OVERDUE
    if held & {DONE, RUNNING}:
        return RUNNING
    return UNKNOWN if held == {UNKNOWN} else IDLE


def tally(states: Iterable[str]) -> dict[str, int]:
    """How many stand how, every state named."""
    found = dict.fromkeys(STATES, 0)
    for each in states:
        found[each] += 1
    return found
