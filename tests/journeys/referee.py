"""A second, slow and plain reading of contracts §1, written from the page alone, to compare the product with."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
RANK = {"missed": 3, "pending": 2, "met": 1, "excused": 0}
DIGITS = {"province": 2, "city": 4, "county": 6, "township": 9, "village": 12}


@dataclass(frozen=True)
class Duty:
    village: str
    area_class: str
    times: int
    period: str
    first: date
    until: date | None

    def in_force(self, day: date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Excuse:
    prefix: str  # digits of the place that matter
    first: date
    until: date


@dataclass
class World:
    """Everything the referee knows. ``known`` maps every 12-digit code to True for real places."""

    duties: list[Duty]
    visits: set[tuple[str, date]]
    excuses: list[Excuse]
    known: set[str]
    now: datetime
    settle_days: int = 10

    def excused(self, village: str, day: date) -> bool:
        return any(village.startswith(e.prefix) and e.first <= day < e.until for e in self.excuses)

    def verdict(self, duty: Duty, monday: date) -> tuple[str | None, int, int]:
        """Verdict or None, served, need of one duty in one week (rules 1–4)."""
        in_force = {monday + DAY * i for i in range(7) if duty.in_force(monday + DAY * i)}
        served = {d for d in in_force if (duty.village, d) in self.visits}
        excused = {d for d in in_force if self.excused(duty.village, d)}
        open_days = in_force - (excused - served)
        need = duty.times * len(open_days) // 7 if duty.period == "week" else len(open_days)
        if need == 0:
            return ("excused" if excused else None), len(served), 0
        if len(served) >= need:
            return "met", len(served), need
        return ("missed" if self.over(monday) else "pending"), len(served), need

    def over(self, monday: date) -> bool:
        return self.now >= datetime.combine(monday + DAY * 7, datetime.min.time(), SHANGHAI)

    def settled(self, monday: date) -> bool:
        end = datetime.combine(monday + DAY * 7, datetime.min.time(), SHANGHAI)
        return self.now >= end + DAY * self.settle_days

    def gap(self, village: str, monday: date) -> int:
        """Rule 7, day by day."""
        duties = [d for d in self.duties if d.village == village]
        today = self.now.astimezone(SHANGHAI).date()
        longest = run = 0
        for offset in range(-366, 7):
            day = monday + DAY * offset
            lacking = (
                day < today
                and any(d.in_force(day) for d in duties)
                and not self.excused(village, day)
                and (village, day) not in self.visits
            )
            run = run + 1 if lacking else 0
            if offset >= 0:
                longest = max(longest, run)
        return longest

    def place_of(self, village: str, level: str) -> tuple[str, bool]:
        """The place that stands for a village at a level, and whether it is a stand-in."""
        if level == "nation":
            return "0" * 12, False
        digits = DIGITS[level]
        for shorter in [d for d in (12, 9, 6, 4, 2) if d <= digits]:
            code = village[:shorter].ljust(12, "0")
            if self._stands_at(code, shorter) and (shorter == 12 or code != village):
                return code, shorter != digits
        return "0" * 12, True

    def _stands_at(self, code: str, digits: int) -> bool:
        """Whether a place of its own has this code: 441900 is no county of 4419, its towns hang on the city."""
        own = next(d for d in (2, 4, 6, 9, 12) if code[:d].ljust(12, "0") == code)
        return code in self.known and own == digits

    def figures(self, prefix: str, first: date, last: date, level: str) -> list[dict[str, object]]:
        """The rows of `puyou compliance`."""
        rows: dict[tuple[str, str], dict[str, object]] = {}
        by_village = defaultdict(list)
        for duty in self.duties:
            if duty.village.startswith(prefix):
                by_village[duty.village].append(duty)
        monday = first - DAY * first.weekday()
        while monday <= last and datetime.combine(monday, datetime.min.time(), SHANGHAI) <= self.now:
            for village, duties in by_village.items():
                self._add(rows, village, duties, monday, level)
            monday += DAY * 7
        return [rows[key] for key in sorted(rows)]

    def _add(self, rows, village: str, duties: list[Duty], monday: date, level: str) -> None:
        judged = [v for v in (self.verdict(d, monday) for d in duties) if v[0]]
        if not judged:
            return
        verdict = max((v[0] for v in judged), key=RANK.__getitem__)
        code, stand_in = self.place_of(village, level)
        year, number, _ = monday.isocalendar()
        row = rows.setdefault(
            (code, f"{year}-W{number:02d}"),
            {
                "place": code,
                "week": f"{year}-W{number:02d}",
                "villages": 0,
                "met": 0,
                "missed": 0,
                "provisional": 0,
                "excused": 0,
                "pending": 0,
                "trips": 0,
                "trips_due": 0,
                "longest_gap": 0,
                "stand_in": stand_in,
            },
        )
        row["villages"] += 1
        row[verdict] += 1
        if verdict == "missed" and not self.settled(monday):
            row["provisional"] += 1
        row["trips"] += sum(min(served, need) for _, served, need in judged)
        row["trips_due"] += sum(need for _, _, need in judged)
        row["longest_gap"] = max(row["longest_gap"], self.gap(village, monday))
        decided = row["met"] + row["missed"]
        row["rate"] = row["met"] / decided if decided else None
