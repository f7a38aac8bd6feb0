"""What people filter lists by, and what they fill in to confirm a point."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from puyou.core.filters import Filters
from puyou.registry.models import AreaClass, DeliveryPoint, Duty, VillagePoint

ANY = [("", "全部")]


class VillageFilters(Filters):
    """Villages by name, duty, point and round."""

    name = forms.CharField(label="村名", required=False, max_length=50)
    area_class = forms.ChoiceField(label="区域类别", required=False, choices=ANY + AreaClass.choices)
    standing = forms.ChoiceField(
        label="村点", required=False, choices=ANY + VillagePoint.Standing.choices + [("none", "无村点")]
    )
    finding = forms.ChoiceField(
        label="疑点",
        required=False,
        choices=[
            *ANY,
            ("below_floor", "低于下限"),
            ("no_round", "不在投递段上"),
            ("no_duty", "没有投递频次"),
        ],
    )
    lookups: ClassVar[dict[str, str]] = {"name": "place__name__contains", "area_class": "duty_class"}

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        """Also by what is missing."""
        rows = super().narrow(rows, values)
        standing = values.get("standing")
        if standing:
            wanted = {"point_standing__isnull": True} if standing == "none" else {"point_standing": standing}
            rows = rows.filter(**wanted)
        missing = {
            "below_floor": {"duty_below": True},
            "no_round": {"round_id__isnull": True},
            "no_duty": {"duty_class__isnull": True},
        }
        return rows.filter(**missing.get(values.get("finding") or "", {}))


class CourierFilters(Filters):
    """Couriers by number or name."""

    number = forms.CharField(label="工号", required=False, max_length=40)
    name = forms.CharField(label="姓名", required=False, max_length=60)
    lookups: ClassVar[dict[str, str]] = {"number": "number__startswith", "name": "name__contains"}


class DeviceFilters(Filters):
    """Devices by identifier or holder."""

    identifier = forms.CharField(label="设备标识", required=False, max_length=64)
    courier = forms.CharField(label="领用人", required=False, max_length=60)
    lookups: ClassVar[dict[str, str]] = {
        "identifier": "identifier__startswith",
        "courier": "courier_name__contains",
    }


class RoundFilters(Filters):
    """Rounds by number, name or courier."""

    number = forms.CharField(label="编号", required=False, max_length=40)
    name = forms.CharField(label="名称", required=False, max_length=100)
    courier = forms.CharField(label="投递员", required=False, max_length=60)
    lookups: ClassVar[dict[str, str]] = {
        "number": "number__startswith",
        "name": "name__contains",
        "courier": "courier_name__contains",
    }


class DeliveryPointFilters(Filters):
    """Delivery points by name or kind."""

    name = forms.CharField(label="名称", required=False, max_length=100)
    kind = forms.ChoiceField(label="类型", required=False, choices=ANY + DeliveryPoint.Kind.choices)
    lookups: ClassVar[dict[str, str]] = {"name": "name__contains", "kind": "kind"}


class DayInput(forms.DateInput):
    """A date as the browser picks it."""

    input_type = "date"


class PointForm(forms.Form):
    """Where a village receives its mail, as a person confirms it."""

    lon = forms.FloatField(label="经度", help_text="东经度数，如 106.713478")
    lat = forms.FloatField(label="纬度", help_text="北纬度数，如 26.578343")
    source = forms.CharField(label="依据", max_length=200, help_text="如现场核实、村委会地址")
    valid_from = forms.DateField(label="生效日期", widget=DayInput)


class DutyEndForm(forms.Form):
    """From when a duty is no longer in force, and why."""

    on = forms.DateField(label="截止日期", help_text="自这一天起不再有效", widget=DayInput)
    ground = forms.CharField(label="依据", max_length=200, help_text="文件名称、文号或事由")


class DutyChangeForm(forms.Form):
    """What a village owes from a day on, and why."""

    on = forms.DateField(label="生效日期", help_text="自这一天起按新的频次", widget=DayInput)
    area_class = forms.ChoiceField(label="区域类别", choices=AreaClass.choices)
    period = forms.ChoiceField(label="周期", choices=Duty.Period.choices)
    times = forms.IntegerField(
        label="次数", min_value=1, max_value=7, help_text="每周 1 至 7 次，或每日 1 次"
    )
    ground = forms.CharField(label="依据", max_length=200, help_text="文件名称、文号或事由")
