"""What a return is judged with: its form, the period before, other forms of the same filler, and what it changes."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from puyou.indicators.periods import Period
from puyou.returns import definition, judging, reading, rules
from puyou.returns.definition import Cell, Form
from puyou.returns.judging import Finding, Known
from puyou.returns.models import DueReturn, FormVersion, Submission


@dataclass(frozen=True)
class Difference:
    """A cell with what it said before: in the last submission and in the period before."""

    cell: Cell
    now: Decimal | None
    said: Decimal | None
    last: Decimal | None

    @property
    def changed(self) -> bool:
        return self.said is not None and self.said != self.now

    @property
    def share(self) -> Decimal | None:
        """By how many per cent it differs from the period before."""
        if self.now is None or not self.last:
            return None
        return (self.now - self.last) / abs(self.last) * 100


def form_of(version: FormVersion) -> Form:
    """The definition of a version."""
    return definition.read(version.definition)


def known_of(due: DueReturn, form: Form, data: dict[str, Any]) -> Known:
    """What judging wants of a return with such data."""
    return Known(reading.numbers(form, data), last_numbers(due), _others(due))


def findings_of(due: DueReturn, form: Form, data: dict[str, Any] | None = None) -> list[Finding]:
    """What is wrong or doubtful in the draft, or in other data."""
    return judging.judge(form, known_of(due, form, due.data if data is None else data))


def last_numbers(due: DueReturn) -> dict[str, Decimal] | None:
    """The numbers handed in for the period before, by the form of that time; None when there are none."""
    before = Period.parse(due.period).previous()
    held = latest(due.form_id, due.filler_id, before.name) if before else None
    return reading.numbers(form_of(held.due.version), held.data) if held else None


def latest(form_id: int, filler_id: int, period: str) -> Submission | None:
    """What was last handed in of a form by a filler for a period."""
    found = Submission.objects.filter(due__form=form_id, due__filler=filler_id, due__period=period)
    return found.select_related("due__version").order_by("-number").first()


def _others(due: DueReturn) -> Callable[[str], Decimal | None]:
    """Cells of other forms of the same filler and period, as handed in."""
    held: dict[str, dict[str, Decimal]] = {}

    def find(code: str) -> Decimal | None:
        name, _, cell = code.partition(".")
        if name not in held:
            found = Submission.objects.filter(
                due__form__code=name, due__filler=due.filler_id, due__period=due.period
            )
            one = found.select_related("due__version").order_by("-number").first()
            held[name] = reading.numbers(form_of(one.due.version), one.data) if one else {}
        return held[name].get(cell)

    return find


def shown_data(due: DueReturn, *, draft: bool) -> dict[str, Any]:
    """What may be shown: the draft to who fills it, else what was handed in last; nothing before that."""
    if draft or due.status in (rules.WAITING, rules.APPROVED):
        return due.data
    last = due.submissions.order_by("-number").first()
    return last.data if last else {}


def differences(due: DueReturn, form: Form, data: dict[str, Any]) -> list[Difference]:
    """Every cell beside what the submission before said and the period before."""
    now, last = reading.numbers(form, data), last_numbers(due) or {}
    handed_in = list(due.submissions.order_by("-number")[:2])
    earlier = handed_in[1:] if due.status in (rules.WAITING, rules.APPROVED) else handed_in[:1]
    said = reading.numbers(form, earlier[0].data) if earlier else {}
    return [
        Difference(cell, now.get(cell.code), said.get(cell.code), last.get(cell.code))
        for cell in form.cells()
    ]
