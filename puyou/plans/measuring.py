"""How the parts of task lists stand: their measures read from the engine, their reports, the cases they rest on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from puyou.accounts.scopes import Scope
from puyou.indicators.engine import Reader
from puyou.indicators.periods import Period
from puyou.indicators.rules import spoken
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.plans import rules, tasking
from puyou.plans.models import TaskList, TaskMeasure, TaskPart, TaskReport
from puyou.plans.standing import beneath
from puyou.plans.tasking import Facts


@dataclass(frozen=True)
class Measured:
    """A measure at a place: what it is, what is wanted, whether that is met, and the way to its rows."""

    measure: TaskMeasure
    state: str
    shown: str
    wanted: str
    words: str = ""
    link: str = ""

    @property
    def state_name(self) -> str:
        return tasking.MEASURED[self.state]


@dataclass(frozen=True)
class PartStanding:
    """A part with how it stands and why."""

    part: TaskPart
    state: str
    reasons: Sequence[str]
    measures: Sequence[Measured]
    reports: Sequence[TaskReport]

    @property
    def state_name(self) -> str:
        return tasking.STATES[self.state]

    @property
    def badge(self) -> str:
        return tasking.BADGES[self.state]

    @property
    def waiting(self) -> bool:
        return bool(self.reports) and self.reports[0].status == TaskReport.Status.SUBMITTED


@dataclass
class Desk:
    """Reads task lists for one asker; values that were read once are kept."""

    scope: Scope
    today: date
    reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        self.reader = Reader(self.scope, self.today)

    def standings(self, parts: Iterable[TaskPart]) -> list[PartStanding]:
        """How parts stand; their reports and targets are fetched at once."""
        held = list(parts)
        reports: dict[int, list[TaskReport]] = {}
        rows = TaskReport.objects.filter(part__in=held).prefetch_related(
            "evidence__case", "evidence__entry__kind"
        )
        for report in rows.select_related("by__organisation", "decided_by").order_by("-number"):
            reports.setdefault(report.part_id, []).append(report)
        measures: dict[int, list[TaskMeasure]] = {}
        related = ("indicator", "place_set", "task__task_list__place")
        tasks = {part.task_id for part in held}
        for measure in (
            TaskMeasure.objects.filter(task__in=tasks).select_related(*related).order_by("position")
        ):
            measures.setdefault(measure.task_id, []).append(measure)
        wanted = {
            (part_id, measure_id): value
            for part in [held]
            for part_id, measure_id, value in TaskPart.objects.filter(
                pk__in=[each.pk for each in part]
            ).values_list("pk", "targets__measure", "targets__wanted")
        }
        return [
            self._standing(
                part,
                [
                    self.measured(measure, part.place, wanted.get((part.pk, measure.pk)))
                    for measure in measures.get(part.task_id, ())
                ],
                reports.get(part.pk, []),
            )
            for part in held
        ]

    def _standing(self, part: TaskPart, measured: list[Measured], reports: list[TaskReport]) -> PartStanding:
        cases = {
            evidence.case_id
            for report in reports
            if report.status != TaskReport.Status.RETURNED
            for evidence in report.evidence.all()
            if evidence.case is not None and evidence.case.closed_at is None
        }
        facts = Facts(
            measures=tuple(each.state for each in measured),
            accepted=any(
                report.complete and report.status == TaskReport.Status.ACCEPTED for report in reports
            ),
            reported=bool(reports),
            open_cases=len(cases),
        )
        state = tasking.state(facts, part.due_on, self.today)
        return PartStanding(part, state, tasking.reasons(facts, part.due_on, self.today), measured, reports)

    def measured(self, measure: TaskMeasure, place: Place, own: Decimal | None = None) -> Measured:
        """A measure at a place; ``own``: the target that was given to this place."""
        at_home = place.pk == measure.task.task_list.place_id
        if measure.indicator is None:
            return Measured(measure, tasking.NOT_KNOWN, "无数据", measure.said, "没有关联指标")
        if at_home and measure.mode == TaskMeasure.Mode.MEMBERS:
            return self._members(measure, place)
        each = (
            measure.wanted
            if measure.mode == TaskMeasure.Mode.MEMBERS or at_home or measure.everywhere
            else None
        )
        asked = own if own is not None else each
        value = self.reader.value(measure.indicator, place, Period.parse(measure.period))
        link = f"/indicators/{measure.indicator.code}/?place={place.code}&period={measure.period}"
        if value.exact is None:
            shown = "无数据"
            return Measured(
                measure, tasking.NOT_KNOWN, shown, self._wanted(measure, asked), value.missing, link
            )
        if asked is None:
            return Measured(measure, tasking.NOT_KNOWN, value.shown, "没有分解目标", "", link)
        met = rules.satisfies(value.exact, measure.relation, asked)
        return Measured(
            measure,
            tasking.MET if met else tasking.NOT_MET,
            value.shown,
            self._wanted(measure, asked),
            "",
            link,
        )

    def _members(self, measure: TaskMeasure, place: Place) -> Measured:
        """How many members have it: met as soon as enough have, not met once too few can, else not known."""
        period = Period.parse(measure.period)
        if measure.place_set is not None:
            everybody = places.members_of(measure.place_set.code, period.last)
            members = [each for each in everybody if each.path.startswith(place.path)]
        else:
            members = beneath(self.scope, place)
        assert measure.indicator is not None and measure.wanted is not None
        read = [self.reader.value(measure.indicator, each, period).exact for each in members]
        having = sum(
            value is not None and rules.satisfies(value, measure.relation, measure.wanted) for value in read
        )
        lacking = sum(value is None for value in read)
        need = rules.fewest(measure.numerator or 1, measure.denominator or 1, len(members))
        state = (
            tasking.MET
            if having >= need
            else tasking.NOT_KNOWN
            if having + lacking >= need
            else tasking.NOT_MET
        )
        if not members:
            state = tasking.NOT_KNOWN
        wanted = f"{len(members)} 个中至少 {need} 个（{measure.numerator}/{measure.denominator}）"
        words = f"{lacking} 个没有数据" if lacking else ""
        link = f"/indicators/{measure.indicator.code}/?place={place.code}&period={measure.period}"
        shown = "无数据" if lacking == len(members) else f"{having} 个"
        return Measured(measure, state, shown, wanted, words, link)

    def _wanted(self, measure: TaskMeasure, asked: Decimal | None) -> str:
        if asked is None:
            return "没有分解目标"
        return f"{rules.SIGNS[measure.relation]} {told(asked)}{measure.unit}"


def told(value: Decimal) -> str:
    """A number for people: thousands, no idle noughts."""
    places_after = max(0, -int(value.normalize().as_tuple().exponent))
    return spoken(value, min(places_after, 4))


def states_of_tasks(task_list: TaskList, standings: Iterable[PartStanding]) -> dict[int, str]:
    """How each task stands at one place; a task with sub-tasks by theirs."""
    own = {each.part.task_id: each.state for each in standings}
    beneath_of: dict[int | None, list[int]] = {}
    order = []
    for pk, parent in task_list.tasks.order_by("position").values_list("pk", "parent"):
        beneath_of.setdefault(parent, []).append(pk)
        order.append(pk)
    found: dict[int, str] = {}
    for pk in reversed(order):
        children = [found[child] for child in beneath_of.get(pk, ()) if child in found]
        if children:
            found[pk] = tasking.joined(children)
        elif pk in own:
            found[pk] = own[pk]
    return found
