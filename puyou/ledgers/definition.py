"""What a kind of ledger is made of: the shape of a definition, read from JSON and nothing else."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Code = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]{0,39}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=40)]
Note = Annotated[str, Meta(max_length=500)]
Figure = Annotated[
    str, Meta(pattern=r"\A-?[0-9]{1,18}(\.[0-9]{1,6})?\Z")
]  # a number as text: no binary fractions
FieldType = Literal[
    "text", "long_text", "number", "money", "date", "code", "place", "operator", "outlet", "position",
    "attachment", "yes_no",
]  # fmt: skip
Side = Literal["regulator", "operator"]
Nature = Literal["stock", "flow", "cumulative"]
NUMERIC = ("number", "money")
TYPE_NAMES = {
    "text": "文字", "long_text": "长文字", "number": "数", "money": "金额", "date": "日期", "code": "选项",
    "place": "地点", "operator": "企业", "outlet": "网点代码", "position": "经纬度", "attachment": "附件",
    "yes_no": "是否",
}  # fmt: skip
NATURE_NAMES = {"stock": "时点", "flow": "时期", "cumulative": "累计"}
LEVEL_NAMES = ("全国", "省级", "市级", "县级", "乡级", "村级")


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Any part of a definition: unknown words are mistakes."""


class Field(Part, frozen=True):
    """One thing that is written down. ``listed``: a column of the list; ``filtered``: a filter of it.

    ``choices``: code → name, or pairs of them: databases forget the order of keys, so pairs are what is kept.
    ``needed_when``: another field → the values of it that make this one required; ``not_before``: a date field.
    """

    code: Code
    name: Name
    type: FieldType = "text"
    unit: Annotated[str, Meta(max_length=12)] = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] | dict[str, str] = ()
    minimum: Figure | None = None
    maximum: Figure | None = None
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 200
    pattern: Annotated[str, Meta(max_length=200)] = ""
    pattern_says: Annotated[str, Meta(max_length=100)] = ""
    needed_when: dict[str, tuple[str, ...]] = {}
    not_before: Code | None = None
    aliases: tuple[Name, ...] = ()
    listed: bool = False
    filtered: bool = False
    help: Note = ""

    def __post_init__(self) -> None:
        if isinstance(self.choices, dict):
            msgspec.structs.force_setattr(self, "choices", tuple(self.choices.items()))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The choices as code and name, in their order."""
        return tuple(self.choices.items()) if isinstance(self.choices, dict) else self.choices

    @property
    def options(self) -> dict[str, str]:
        """Names of the choices by code, in their order."""
        return dict(self.choices)

    @property
    def numeric(self) -> bool:
        return self.type in NUMERIC


class Measure(Part, frozen=True):
    """A figure counted from entries. ``sums``: the field added up; ``distinct``: the field counted once a value.

    Neither: entries are counted. ``where``: field → the values that count. ``date``: the field by which an entry falls
    into a period; ``until``: the field from which a stock no longer holds it.
    """

    code: Code
    name: Name
    unit: Annotated[str, Meta(min_length=1, max_length=12)]
    nature: Nature
    date: Code
    sums: Code | None = None
    distinct: Code | None = None
    until: Code | None = None
    where: dict[str, tuple[str, ...]] = {}
    note: Note = ""


class FollowUp(Part, frozen=True):
    """Another kind that an entry may give rise to; ``carries``: own field → the other kind's field."""

    kind: Code
    name: Name
    carries: dict[str, str] = {}


class Definition(Part, frozen=True):
    """A whole kind. ``key``: the fields that make an entry the same as another; ``confirm_level``: the lowest level of
    place whose regulator confirms (None: what is submitted counts)."""

    code: Code
    name: Name
    group: Name
    source: Annotated[str, Meta(min_length=1, max_length=300)]
    fields: Annotated[tuple[Field, ...], Meta(min_length=1, max_length=80)]
    title: Code
    number_prefix: Annotated[str, Meta(min_length=1, max_length=8)]
    purpose: Note = ""
    counter: Annotated[str, Meta(min_length=1, max_length=4)] = "条"
    place_name: Name = "地点"
    place_levels: Annotated[tuple[Annotated[int, Meta(ge=0, le=5)], ...], Meta(min_length=1)] = (
        0,
        1,
        2,
        3,
        4,
        5,
    )
    operator: Literal["required", "optional", "none"] = "none"
    fills: Annotated[tuple[Side, ...], Meta(min_length=1)] = ("regulator",)
    confirm_level: Annotated[int, Meta(ge=0, le=3)] | None = 2
    begins: Code | None = None
    ends: Code | None = None
    key: tuple[Code, ...] = ()
    measures: tuple[Measure, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()

    def field(self, code: str) -> Field | None:
        """The field of a code, or None."""
        return {field.code: field for field in self.fields}.get(code)

    def of_type(self, *types: str) -> tuple[Field, ...]:
        """The fields of some types, in their order."""
        return tuple(field for field in self.fields if field.type in types)

    @property
    def written(self) -> tuple[Field, ...]:
        """The fields whose values stand in the entry itself: all but attachments."""
        return tuple(field for field in self.fields if field.type != "attachment")

    @property
    def has_operator(self) -> bool:
        return self.operator != "none"


def read(value: Any) -> Definition:
    """A definition from plain JSON values; msgspec.ValidationError when its shape is wrong."""
    return msgspec.convert(value, Definition)


def plain(definition: Definition) -> dict[str, Any]:
    """The same as plain JSON values, without what is left at its default."""
    found: dict[str, Any] = msgspec.to_builtins(definition)
    return found
