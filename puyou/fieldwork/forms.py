"""What people choose and fill in at the desk."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from puyou.core.filters import Filters
from puyou.core.problems import Problem
from puyou.fieldwork import board
from puyou.fieldwork.devices import SILENT_DAYS, STANDINGS
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.visits.wording import KINDS as WORDS


class BoardFilters(Filters):
    """Rounds of the day by state and by who walks them."""

    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *board.STATES.items()])
    name = forms.CharField(label="投递员或投递段", required=False, max_length=60)

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        """Rows are plain values here."""
        state, name = values.get("state"), values.get("name")
        return [
            row
            for row in rows
            if (not state or row.state == state)
            and (not name or name in f"{row.courier_name} {row.round_name} {row.round_number}")
        ]


class DayInput(forms.DateInput):
    """A date as the browser picks it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ArrangeForm(forms.Form):
    """Days of leave and substitution, both included as people say them; the substitute is the button pressed."""

    first = forms.DateField(label="从", widget=DayInput())
    last = forms.DateField(label="到（含当天）", widget=DayInput())
    leave = forms.BooleanField(label="本人请假，这几天不出班", required=False)
    ground = forms.CharField(label="事由", max_length=200, required=False, help_text="如病假、事假、年休假")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", "结束日期不能早于开始日期。")
        if first and last and (last - first).days > 366:
            self.add_error("last", "一次最多安排一年。")
        return values


class GroundForm(forms.Form):
    """Why something is ended."""

    ground = forms.CharField(label="原因", max_length=200)


class TagForm(forms.Form):
    """Villages that get a tag: one, or all of a township that have none."""

    code = forms.CharField(
        label="村或乡镇的区划代码",
        max_length=12,
        help_text="12 位村代码发一张；9 位乡镇代码为其中尚无村码的村各发一张。",
    )
    kind = forms.ChoiceField(
        label="类型", choices=[("qr", "二维码（打印张贴）"), ("nfc", "NFC 标签（写入芯片）")]
    )

    def clean_code(self) -> Place:
        try:
            place = places.get_place(self.cleaned_data["code"].strip())
        except Problem as problem:
            raise forms.ValidationError(problem.message) from problem
        if place.level not in (4, 5):
            raise forms.ValidationError("请填写村或乡镇的代码。")
        return place


class TagFilters(Filters):
    """Tags by village, and whether they are in force."""

    name = forms.CharField(label="村名", required=False, max_length=50)
    ended = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("no", "在用"), ("yes", "已停用")]
    )
    lookups: ClassVar[dict[str, str]] = {"name": "place__name__contains"}

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        """Also by whether it was ended."""
        rows = super().narrow(rows, values)
        ended = values.get("ended")
        return rows.filter(valid_to__isnull=ended == "no") if ended else rows


class FleetFilters(Filters):
    """Phones by holder, standing, and what is worth a look."""

    courier = forms.CharField(label="领用人", required=False, max_length=60)
    standing = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STANDINGS.items()])
    look = forms.ChoiceField(
        label="值得一看",
        required=False,
        choices=[
            ("", "全部"),
            ("phone", "一机多人"),
            ("courier", "一人多机"),
            ("silent", f"{SILENT_DAYS} 天没有联系"),
            ("closed", "未开通"),
        ],
    )
    lookups: ClassVar[dict[str, str]] = {"courier": "courier_name__contains", "standing": "standing"}
    looks: ClassVar[dict[str, dict[str, Any]]] = {
        "phone": {"couriers_on_phone__gt": 1},
        "courier": {"phones_of_courier__gt": 1},
        "silent": {"silent_days__gte": SILENT_DAYS, "courier_id__isnull": False},
        "closed": {"has_token": False, "courier_id__isnull": False},
    }

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        """Also by what is worth a look."""
        return super().narrow(rows, values).filter(**self.looks.get(values.get("look") or "", {}))


KINDS = ("letters", "papers", "parcels", "notices")


class SlipForm(forms.Form):
    """What stands on a slip: village, day, number, and how many of each kind were handed over."""

    village = forms.ChoiceField(label="村", required=False)
    code = forms.CharField(
        label="其他村的代码", required=False, max_length=12, help_text="不在上面的村，填 12 位区划代码。"
    )
    day = forms.DateField(label="交接日期", widget=DayInput())
    number = forms.CharField(label="交接单编号", max_length=40)
    letters = forms.IntegerField(label=WORDS["letters"], required=False, min_value=0, max_value=100_000)
    papers = forms.IntegerField(label=WORDS["papers"], required=False, min_value=0, max_value=100_000)
    parcels = forms.IntegerField(label=WORDS["parcels"], required=False, min_value=0, max_value=100_000)
    notices = forms.IntegerField(label=WORDS["notices"], required=False, min_value=0, max_value=100_000)

    picture = forms.FileField(
        label="交接单照片",
        required=False,
        help_text="JPEG 或 PNG，至多 15 MB；保存前缩小，并去除拍摄信息。",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
    )

    def __init__(self, villages: list[Place], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (village.code, f"{village.name}　{village.parent.name if village.parent else ''}")
            for village in villages
        ]
        field: Any = self.fields["village"]
        field.choices = [("", "请选择"), *choices]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        code = (values.get("code") or "").strip() or values.get("village")
        if not code:
            self.add_error("village", "请选择村，或填写村的代码。")
        else:
            try:
                values["place"] = places.get_place(code)
            except Problem as problem:
                self.add_error("code", problem.message)
        values["handed"] = {name: values[name] for name in KINDS if values.get(name)}
        return values
