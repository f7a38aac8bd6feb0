"""The list of excuses as declared: its columns and its filters."""

from typing import Any, ClassVar

from django import forms

from puyou.compliance.models import Excuse
from puyou.core.filters import Filters
from puyou.core.tables import Column, Empty, Table


def address_of(excuse: Excuse) -> str:
    """The page of one excuse."""
    return f"/compliance/excuses/{excuse.pk}/"


class ExcuseFilters(Filters):
    """By status, ground and document."""

    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Excuse.Status.choices], required=False)
    ground = forms.ChoiceField(label="理由", choices=[("", "全部"), *Excuse.Ground.choices], required=False)
    document = forms.CharField(label="文件编号", max_length=100, required=False)
    lookups: ClassVar[dict[str, str]] = {
        "status": "status",
        "ground": "ground",
        "document": "document__contains",
    }


def _ground(excuse: Excuse) -> str:
    return (
        excuse.note if excuse.ground == Excuse.Ground.OTHER and excuse.note else excuse.get_ground_display()
    )


def _status(excuse: Excuse) -> str:
    return excuse.get_status_display()


def _applicant(excuse: Excuse) -> Any:
    reported = excuse.document.startswith("通邮APP上报")
    return excuse.applicant or excuse.proposed_by or ("投递员上报" if reported else "文件载入")


EXCUSES = Table(
    code="excuses",
    title="免责情形",
    columns=(
        Column("地点", "place", link=address_of, head=True),
        Column("起始日期", "valid_from", sort="valid_from", format="day"),
        Column("恢复日期", "valid_to", sort="valid_to", format="day"),
        Column("理由", _ground),
        Column("文件编号", "document", sort="document"),
        Column("提出", _applicant),
        Column("状态", _status, sort="status"),
    ),
    empty=Empty("您的管辖范围内没有免责情形。", "遇有洪涝、冰雪、封山等停投情形时，在此申报，经批准后生效。"),
)
