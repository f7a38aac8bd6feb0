"""Kept values in words, with the names of the companies and places that they mean."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from puyou.accounts.models import Organisation
from puyou.core import formats
from puyou.ledgers import values
from puyou.ledgers.definition import Definition, Field
from puyou.places.models import Place


class Names:
    """Names asked for once a page."""

    def __init__(self) -> None:
        self._operators: dict[int, str] | None = None
        self._places: dict[str, str] = {}

    def operator(self, pk: int) -> str:
        """The company's name."""
        if self._operators is None:
            rows = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR)
            self._operators = dict(rows.values_list("pk", "name"))
        return self._operators.get(pk, str(pk))

    def place(self, code: str) -> str:
        """The place's name."""
        if code not in self._places:
            row = Place.objects.filter(code=code).order_by("-valid_from").first()
            self._places[code] = f"{row.name}（{code}）" if row else code
        return self._places[code]

    def told(self, field: Field, value: Any) -> str:
        """A kept value as people read it."""
        if value is None or value == "":
            return ""
        if field.numeric:
            return f"{formats.count(Decimal(str(value)))}{field.unit and ' ' + field.unit}"
        if field.type == "date":
            return formats.day(plain(field, value))
        if field.type == "operator":
            return self.operator(int(value))
        if field.type == "place":
            return self.place(str(value))
        return values.shown(field, value)


def plain(field: Field, value: Any) -> Any:
    """A kept value as files and tables take it: numbers as numbers, dates as dates."""
    if value is None:
        return None
    if field.numeric:
        return Decimal(str(value))
    if field.type == "date":
        return values.as_day(value)
    return value


def written(field: Field, value: Any, names: Names) -> Any:
    """A kept value as it can be typed again: in forms and templates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.type == "operator":
        return names.operator(int(value))
    return value


def differences(
    found: Definition, before: Mapping[str, Any], after: Mapping[str, Any], names: Names
) -> list[tuple[str, str, str]]:
    """Which fields say something else: name, before, after."""
    return [
        (
            field.name,
            names.told(field, before.get(field.code)) or "未填",
            names.told(field, after.get(field.code)) or "未填",
        )
        for field in found.written
        if before.get(field.code) != after.get(field.code)
    ]
