"""What the figures page is asked: a period, a place, a group."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from puyou.accounts.scopes import Scope
from puyou.cases.feedback import figures
from puyou.cases.feedback.figures import Period
from puyou.cases.feedback.tables import category_choices, day_field
from puyou.core.filters import Filters
from puyou.places import queries as places
from puyou.places.models import Place


class FigureFilters(Filters):
    """Period, group and category."""

    since = day_field("自")
    until = day_field("至")
    by = forms.ChoiceField(label="分组", choices=list(figures.GROUPS.items()), required=False)
    category = forms.ChoiceField(label="类别", required=False)
    place = forms.CharField(label="地点代码", max_length=12, required=False)

    def __init__(self, asked: Any, *, sources: bool = False) -> None:
        super().__init__(asked)
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        if not sources:
            self.fields["by"].choices = [  # type: ignore[attr-defined]
                one for one in figures.GROUPS.items() if one[0] != "source"
            ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("since") and values.get("until") and values["until"] < values["since"]:
            self.add_error("until", "不能早于起始日期")
        return values


@dataclass(frozen=True)
class Question:
    """What was asked, with what stands for what was left out: this year so far, the reader's place, by place."""

    period: Period
    by: str
    place: Place | None
    category: str


def question_of(filters: FigureFilters, scope: Scope, today: date) -> Question:
    """Read the filters; a place outside the scope is refused, wrong values count as left out."""
    filters.is_valid()
    values = filters.cleaned_data
    until = values.get("until") or today
    since = values.get("since") or date(until.year, 1, 1)
    place = places.get_place(values["place"]) if values.get("place") else home_of(scope)
    if place is not None:
        scope.require(place.path)
    return Question(
        Period(min(since, until), until), values.get("by") or "place", place, values.get("category") or ""
    )


def home_of(scope: Scope) -> Place | None:
    """The one place that the reader's scope is; None when there are several."""
    held = Place.objects.filter(path__in=[path for path in scope.paths() if path], valid_to=None)
    found = list(held[:2])
    return found[0] if len(found) == 1 else places.get_root() if scope.everything else None
