"""How a case's checklist of materials stands, and which papers an action still lacks."""

from collections.abc import Iterable
from dataclasses import dataclass

from puyou.cases.definition import Action, Definition, Material
from puyou.cases.models import Case
from puyou.cases.papers.models import MaterialRecord

Status = MaterialRecord.Status


@dataclass(frozen=True)
class Item:
    """One paper on the checklist with its latest record, if there is any."""

    material: Material
    record: MaterialRecord | None

    @property
    def status(self) -> str:
        """``wanted`` until somebody hands it in."""
        return self.record.status if self.record else "wanted"

    @property
    def words(self) -> str:
        """The status in Chinese."""
        return self.record.get_status_display() if self.record else "待提交"

    @property
    def is_open(self) -> bool:
        """Whether it may be handed in now."""
        return self.status in ("wanted", Status.RETURNED)


def items_of(case: Case, definition: Definition) -> list[Item]:
    """The checklist in the definition's order."""
    if not definition.materials:
        return []
    latest = MaterialRecord.objects.filter(case=case).order_by("code", "-id").distinct("code")
    records = {record.code: record for record in latest.select_related("by")}
    return [Item(material, records.get(material.code)) for material in definition.materials]


def why_lacking(case: Case, definition: Definition, action: Action) -> str | None:
    """Which papers that the action needs are not accepted, in a sentence; None when all are."""
    if not action.materials:
        return None
    lacking = [
        item
        for item in items_of(case, definition)
        if item.material.code in action.materials and item.status != Status.ACCEPTED
    ]
    return f"材料未齐：{listed(lacking)}" if lacking else None


def listed(items: Iterable[Item]) -> str:
    """Papers with how they stand, in words."""
    return "、".join(f"{item.material.name}（{item.words}）" for item in items)
