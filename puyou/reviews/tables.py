"""The lists of the desk as declared: their columns and their filters."""

from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.core.filters import Filters
from puyou.core.tables import Column, Empty, Table
from puyou.reviews import addresses, queue
from puyou.reviews.models import RejectionProposal
from puyou.scrutiny import rules as scrutiny
from puyou.scrutiny.models import marked
from puyou.visits import tables

AGAINST = [(reason.code, reason.name) for reason in scrutiny.REASONS if not reason.supports]
MASK = {reason.code: reason.mask for reason in scrutiny.REASONS}


def badge(mark: str, word: str) -> SafeString:
    """A mark and its word."""
    return format_html('<span class="badge {}">{}</span>', mark, word)


def against_names(row: Any) -> str:
    """What speaks against a visit, in words."""
    return "、".join(reason.name for reason in scrutiny.describe(row.reasons) if not reason.supports)


class WeekInput(forms.TextInput):
    input_type = "week"


class QueueFilters(Filters):
    """By week, by score, by reason, by where it stands, by courier; the place stands in the address."""

    week = forms.CharField(label="周", required=False, max_length=10, widget=WeekInput())
    threshold = forms.IntegerField(label="证据分低于", required=False, min_value=1, max_value=100)
    reason = forms.ChoiceField(label="理由", required=False, choices=[("", "不限"), *AGAINST])
    state = forms.ChoiceField(label="进度", required=False, choices=[("", "不限"), *queue.STATES.items()])
    courier = forms.CharField(label="投递员", required=False, max_length=60)
    lookups = {"state": "state", "courier": "courier_name__contains"}

    def narrow(self, rows: QuerySet[Any], values: Any) -> QuerySet[Any]:
        rows = super().narrow(rows, values)
        if values.get("reason"):
            mask = MASK[values["reason"]]
            rows = rows.annotate(sought=F("evidence_score__reasons").bitand(mask)).filter(sought__gt=0)
        return rows


class DayFilters(Filters):
    """By week and courier."""

    week = forms.CharField(label="周", required=False, max_length=10, widget=WeekInput())
    threshold = forms.IntegerField(label="证据分低于", required=False, min_value=1, max_value=100)
    courier = forms.CharField(label="投递员", required=False, max_length=60)
    lookups = {"courier": "courier_label__contains"}


QUEUE = Table(
    code="review_queue",
    title="待审核的到村打卡",
    columns=(
        Column("时间", "happened_at", format="moment", link=addresses.of_visit, head=True),
        Column("证据分", "score", format="count"),
        Column("村", "place_name"),
        Column("区划代码", "place_code", minor=True),
        Column("投递员", "courier_name", link=lambda row: addresses.of_courier(row.courier_id)),
        Column("不利的理由", against_names, show=lambda row: marked(row.reasons)),
        Column("距村点", "distance_m", format="metres"),
        Column(
            "当日低分",
            "same_day",
            unit="次",
            format="count",
            link=lambda row: addresses.of_day(row.courier_id, row.day),
        ),
        Column("进度", lambda row: queue.STATES[row.state]),
        Column("来源", "get_source_display", minor=True),
        Column("收到时间", "received_at", format="moment", minor=True),
    ),
    keyset=("score", "-day", "-happened_at", "-id"),
    empty=Empty(
        "没有待审核的到村打卡。",
        "证据分低于规定、又还没有人审核的打卡会出现在这里；也可放宽筛选、换一周再看。",
    ),
)
DAYS = Table(
    code="review_days",
    title="按投递员一天合并",
    counter="天",
    columns=(
        Column(
            "投递员",
            "courier_label",
            link=lambda row: addresses.of_day(row["courier_id"], row["day"]),
            head=True,
        ),
        Column("日期", "day", format="short_day"),
        Column("待审核", "visits", unit="次", format="count"),
        Column("最低证据分", "lowest", format="count"),
        Column("涉及", "villages", unit="村", format="count"),
        Column("其中不计入", "stopped", unit="次", format="count"),
    ),
    empty=Empty("没有待审核的到村打卡。", "同一投递员同一天的低分打卡合并为一行，可以一起办理。"),
)


class ProposalFilters(Filters):
    """By state and courier; ``mine`` keeps those that the asker may confirm."""

    outcome = forms.ChoiceField(
        label="状态", required=False, choices=[("", "不限"), *RejectionProposal.Outcome.choices]
    )
    courier = forms.CharField(label="投递员", required=False, max_length=60)
    lookups = {"outcome": "outcome", "courier": "courier__name__contains"}


def _outcome(row: RejectionProposal) -> SafeString:
    mark = {"open": "provisional", "confirmed": "missed", "returned": "met"}.get(row.outcome, "pending")
    return badge(mark, row.get_outcome_display())


PROPOSALS = Table(
    code="rejection_proposals",
    title="拟不予认可",
    columns=(
        Column("村", "place.name", link=addresses.of_visit, head=True),
        Column("打卡日期", "day", format="day"),
        Column("投递员", "courier.name", link=lambda row: addresses.of_day(row.courier_id, row.day)),
        Column("理由", "ground"),
        Column("提出人", "proposed_by.name"),
        Column("提出时间", "proposed_at", format="moment"),
        Column("状态", "get_outcome_display", show=_outcome),
        Column("复核人", "decided_by.name"),
        Column("复核意见", "note", minor=True),
    ),
    empty=Empty("没有拟不予认可的打卡。", "一人在审核中提出不予认可后，在这里等待另一人复核；复核前仍计入。"),
)
CAME = "answered"
QUESTION_STATES = [("", "不限"), (CAME, "已答复，待决定"), ("open", "等待答复"), ("decided", "已有结论")]


class QuestionFilters(Filters):
    """By where the question stands and by courier."""

    state = forms.ChoiceField(label="状态", required=False, choices=QUESTION_STATES)
    courier = forms.CharField(label="投递员", required=False, max_length=60)
    lookups = {"courier": "courier__name__contains"}

    def narrow(self, rows: QuerySet[Any], values: Any) -> QuerySet[Any]:
        rows, state = super().narrow(rows, values), values.get("state")
        if state == CAME:
            return rows.filter(answered_at__isnull=False, undecided=True)
        if state == "open":
            return rows.filter(closed_at=None)
        return rows.filter(undecided=False) if state == "decided" else rows


def _question_state(row: Any) -> str:
    if row.answered_at is not None:
        return "已答复，待决定" if row.undecided else "已有结论"
    return "等待答复" if row.closed_at is None else "已有结论"


QUESTIONS = Table(
    code="courier_questions",
    title="询问与答复",
    columns=(
        Column("村", "place.name", link=addresses.of_visit, head=True),
        Column("打卡日期", "day", format="day"),
        Column("投递员", "courier.name", link=lambda row: addresses.of_courier(row.courier_id)),
        Column("问题", "text"),
        Column("询问人", "asked_by.name", minor=True),
        Column("询问时间", "asked_at", format="moment"),
        Column("答复", "answer_text"),
        Column("答复时间", "answered_at", format="moment"),
        Column("状态", _question_state),
    ),
    empty=Empty("没有询问过投递员。", "在一条打卡的审核页上可以询问投递员；问题随下次联网送达手机。"),
)
APPEAL_STATES = [
    ("", "不限"),
    ("waiting", "待决定"),
    ("mine", "待我决定"),
    ("upheld", "申诉成立"),
    ("dismissed", "维持原结论"),
]


class AppealFilters(Filters):
    """By where the appeal stands and by courier."""

    state = forms.ChoiceField(label="状态", required=False, choices=APPEAL_STATES)
    courier = forms.CharField(label="投递员", required=False, max_length=60)
    lookups = {"courier": "courier__name__contains"}

    def narrow(self, rows: QuerySet[Any], values: Any) -> QuerySet[Any]:
        rows, state = super().narrow(rows, values), values.get("state")
        if state in ("waiting", "mine"):
            return rows.filter(decision=None)
        decided = {"upheld": Q(decision__upheld=True), "dismissed": Q(decision__upheld=False)}
        return rows.filter(decided[state]) if state else rows


def decision_of(appeal: Any) -> Any:
    """The decision about an appeal, or None."""
    return getattr(appeal, "decision", None)


def _appeal_state(appeal: Any) -> str:
    return decision_of(appeal).label if decision_of(appeal) else "待决定"


APPEALS = Table(
    code="courier_appeals",
    title="投递员申诉",
    columns=(
        Column("村", "place.name", link=addresses.of_visit, head=True),
        Column("打卡日期", "day", format="day"),
        Column("投递员", "courier.name", link=lambda row: addresses.of_courier(row.courier_id)),
        Column("申诉", "text"),
        Column("不予认可的理由", "review.ground"),
        Column("收到时间", "received_at", format="moment"),
        Column("状态", _appeal_state),
        Column("决定人", lambda row: decision_of(row).by.name if decision_of(row) else ""),
        Column("决定的理由", lambda row: decision_of(row).ground if decision_of(row) else "", minor=True),
    ),
    empty=Empty("没有申诉。", "投递员对不予认可可以在手机上申诉；由没有参与过该结论的人决定。"),
)


class CourierFilters(Filters):
    """By name."""

    courier = forms.CharField(label="投递员", required=False, max_length=60)
    lookups = {"courier": "courier_name__contains"}


COURIERS = Table(
    code="review_couriers",
    title="投递员低分占比",
    counter="人",
    columns=(
        Column("投递员", "courier_name", link=lambda row: addresses.of_courier(row["courier_id"]), head=True),
        Column("到村", "visits", unit="次", format="count"),
        Column("低分", "doubtful", unit="次", format="count"),
        Column("低分占比", "share", format="rate"),
        Column("不予认可", "rejected", unit="次", format="count"),
    ),
    empty=Empty("近四周没有到村打卡。", "投递员打卡后，这里按低分占比从高到低列出。"),
)
COURIER_VISITS = tables.VISITS
