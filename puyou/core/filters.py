"""The one filter bar: a form read from the address that narrows a list and says in words what was chosen."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

KEPT = {"page", "after", "before", "format", "table"}


class Filters(forms.Form):
    """Declare fields as in any form (required=False); ``lookups`` says which field lookup each narrows by.

    ``further`` names the fields that stand folded behind 更多条件 until one of them is used.

    A wrong value is shown as an error and gives no rows: nobody shall take the whole list for an answer.
    """

    lookups: ClassVar[dict[str, str]] = {}
    further: ClassVar[tuple[str, ...]] = ()
    use_required_attribute = False

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked)
        self._asked = asked

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        """Narrow the rows by what was chosen; override for what ``lookups`` cannot say."""
        for name, lookup in self.lookups.items():
            if values.get(name) not in (None, "", []):
                rows = rows.filter(**{lookup: values[name]})
        return rows

    def narrowed(self, rows: Any) -> Any:
        """The rows that match; none when the filters themselves are wrong."""
        if not self.is_valid():
            return rows.none() if isinstance(rows, QuerySet) else []
        return self.narrow(rows, self.cleaned_data)

    def chosen(self) -> list[tuple[str, str]]:
        """What was chosen, in words: ``[("姓名", "王")]``."""
        self.is_valid()
        return [
            (str(field.label), self._told(field.name, self.cleaned_data[field.name]))
            for field in self.visible_fields()
            if self.cleaned_data.get(field.name) not in (None, "", [], False)
        ]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.further]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in self.further]

    @property
    def further_used(self) -> bool:
        return any(field.errors or self.cleaned_data.get(field.name) for field in self.further_fields)

    @property
    def narrows(self) -> bool:
        return bool(self.chosen()) or bool(self.errors)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Parameters of the address that are not filters (week, sort) and must survive filtering."""
        return [
            (name, value)
            for name, values in self._asked.lists()
            if name not in self.fields and name not in KEPT
            for value in values
        ]

    @property
    def carried_query(self) -> str:
        kept = QueryDict(mutable=True)
        for name, value in self.carried:
            kept.appendlist(name, value)
        return kept.urlencode()

    def _told(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", None) or ())
        if isinstance(value, list | tuple):
            return "、".join(str(choices.get(one, one)) for one in value)
        return "是" if value is True else str(choices.get(value, value))
