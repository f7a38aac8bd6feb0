"""Periods as DHIS2 writes them: 2026, 2026Q4, 202611, 2026W48, 20261126."""

import re

from puyou.indicators.periods import DAY, MONTH, QUARTER, SPAN, WEEK, YEAR, Period

_FORMS = (
    (re.compile(r"([0-9]{4})"), "{0}"),
    (re.compile(r"([0-9]{4})Q([1-4])"), "{0}-Q{1}"),
    (re.compile(r"([0-9]{4})W([0-9]{1,2})"), "{0}-W{1:0>2}"),
    (re.compile(r"([0-9]{4})([0-9]{2})"), "{0}-{1}"),
    (re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"), "{0}-{1}-{2}"),
)


def read(text: str) -> Period:
    """A period from DHIS2's spelling; ValueError for anything else."""
    for pattern, spelling in _FORMS:
        match = pattern.fullmatch(text.strip())
        if match:
            return Period.parse(spelling.format(*match.groups()))
    raise ValueError(f"not a period: {text[:30]}")


def written(period: Period) -> str | None:
    """A period in DHIS2's spelling; None of a span, for which it has none. Weeks without a leading zero, as there."""
    name = period.name
    if period.kind == SPAN:
        return None
    if period.kind == WEEK:
        year, number = name.split("-W")
        return f"{year}W{int(number)}"
    return {YEAR: name, QUARTER: name.replace("-", ""), MONTH: name.replace("-", "")}.get(
        period.kind, name.replace("-", "") if period.kind == DAY else name
    )
