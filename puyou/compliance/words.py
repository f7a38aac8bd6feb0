"""The verdict as a sentence, from the same numbers that decide it (contracts 1.12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from puyou.compliance.rules import Verdict


@dataclass(frozen=True)
class Told:
    """What the arrays say of one village's week: trips due, served days, the code, days in force.

    ``uncounted``: metres from the village point of each visit that does not count, None when refused.
    """

    need: int
    served: int
    code: int
    running: bool
    excused_days: int = 0
    days_in_force: int = 7
    not_enrolled: bool = False
    uncounted: Sequence[float | None] = ()


def sentence(told: Told) -> str:
    """“本周应投 3 次，已投 2 次，其中 …不计，未达标。”"""
    return "，".join([*_why(told), *_made(told), *_uncounted(told), _verdict(told)]) + "。"


def _why(told: Told) -> list[str]:
    found = []
    if told.days_in_force < 7:
        found.append(f"本周 {told.days_in_force} 天有投递任务")
    if told.excused_days:
        found.append(f"免责 {told.excused_days} 天")
    return found


def _made(told: Told) -> list[str]:
    if told.need == 0:
        made = told.served + len(told.uncounted)
        asked = "本周不要求投递" if told.code == Verdict.NONE else "其余日子折算后不要求投递"
        return [asked, f"已投 {made} 次"] if made else [asked]
    return [f"本周应投 {told.need} 次", f"已投 {told.served + len(told.uncounted)} 次"]


def _uncounted(told: Told) -> list[str]:
    if not told.uncounted:
        return []
    far = [metres for metres in told.uncounted if metres is not None]
    refused = len(told.uncounted) - len(far)
    found = []
    if far:
        distance = f"{max(far) / 1000:.1f} 公里"
        found.append(f"其中 {len(far)} 次距村点 {distance}不计")
    if refused:
        found.append(f"其中 {refused} 次经审核不计")
    return found


def _verdict(told: Told) -> str:
    if told.code == Verdict.UNMET:
        word = "本周未结束，待定" if told.running else "未达标"
        return f"{word}（未接入）" if told.not_enrolled else word
    return {Verdict.NONE: "不计入", Verdict.EXCUSED: "免责", Verdict.MET: "达标"}[Verdict(told.code)]
