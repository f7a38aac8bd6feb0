"""The states of a return and who moves it where; whether it is late. Pure."""

from datetime import date

OPEN, SIGNING, WAITING, RETURNED, APPROVED, RESTATING = (
    "open", "signing", "waiting", "returned", "approved", "restating",
)  # fmt: skip
NAMES = {
    OPEN: "待填", SIGNING: "待签发", WAITING: "待审核", RETURNED: "已退回", APPROVED: "已通过", RESTATING: "更正中",
}  # fmt: skip
EDITABLE = (OPEN, RETURNED, RESTATING)
VERBS = {
    "submit": ("提交", EDITABLE),
    "recall": ("撤回", (SIGNING,)),
    "sign": ("签发", (SIGNING,)),
    "approve": ("通过", (WAITING,)),
    "return": ("退回", (SIGNING, WAITING)),
    "restate": ("更正", (APPROVED,)),
}
UNSENT, LATE, PUNCTUAL, AHEAD = "unsent", "late", "punctual", "ahead"
PUNCTUALITY = {UNSENT: "逾期未报", LATE: "迟报", PUNCTUAL: "按时", AHEAD: "未到期"}


def may(verb: str, status: str) -> bool:
    """Whether a verb is possible in a state."""
    return status in VERBS[verb][1]


def punctuality(due_on: date, signed_on: date | None, today: date) -> str:
    """Whether it came in time, late, not at all, or still has time; the first signing counts."""
    if signed_on is not None:
        return LATE if signed_on > due_on else PUNCTUAL
    return UNSENT if today > due_on else AHEAD


def following(route: tuple[int, ...], level: int) -> int | None:
    """The level that checks after ``level``; None when that was the last."""
    higher = [each for each in route if each < level]
    return max(higher) if higher else None


def first_level(route: tuple[int, ...], own: int) -> int | None:
    """The level that first checks an office of level ``own``: the nearest above it, or its own at the top."""
    above = [each for each in route if each < own]
    if above:
        return max(above)
    return own if own in route else None


def merged(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    """What two people wrote from the same ``base``, put together; and the cells that both wrote differently."""
    found, clashes = dict(theirs), []
    for code in sorted(base.keys() | mine.keys()):
        own, before, other = mine.get(code), base.get(code), theirs.get(code)
        if own == before or own == other:
            continue
        if other != before:
            clashes.append(code)
        elif own is None:
            found.pop(code, None)
        else:
            found[code] = own
    return found, clashes
