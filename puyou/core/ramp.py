"""The one scale for service, met to missed: which step a share belongs to and what the step is called."""

from dataclasses import dataclass

NO_DATA, PENDING, EXCUSED = "none", "pending", "excused"


@dataclass(frozen=True)
class Step:
    """One step of the scale: ``code`` is the CSS class ``service-<code>``; ``lowest`` its least share."""

    code: str
    lowest: float
    label: str


STEPS = (
    Step("0", 1.0, "100%"),
    Step("1", 0.98, "98%—100%"),
    Step("2", 0.95, "95%—98%"),
    Step("3", 0.90, "90%—95%"),
    Step("4", 0.80, "80%—90%"),
    Step("5", 0.60, "60%—80%"),
    Step("6", 0.0, "不足 60%"),
)
OTHERS = (Step(EXCUSED, 0.0, "全部免责"), Step(PENDING, 0.0, "待定"), Step(NO_DATA, 0.0, "无数据"))
VERDICTS = (
    Step("met", 0.0, "达标"),
    Step("missed", 0.0, "未达标"),
    Step("excused", 0.0, "免责"),
    Step("pending", 0.0, "待定"),
    Step("none", 0.0, "无责任"),
)

WORDS = {verdict.code: verdict.label for verdict in VERDICTS} | {"provisional": "初判未达，待补传"}


def step_of(rate: float | None, *, excused: int = 0, pending: int = 0) -> str:
    """The step of a share of 0–1; without one, what stands in its place: pending, excused or no data."""
    if rate is not None:
        return next(step.code for step in STEPS if rate >= step.lowest)
    if pending:
        return PENDING
    return EXCUSED if excused else NO_DATA
