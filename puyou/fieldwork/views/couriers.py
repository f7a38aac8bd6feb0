"""A courier's month as a calendar, to look at and to print."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.fieldwork import months, problems
from puyou.fieldwork.views.parts import page
from puyou.registry import queries as registry


@require_safe
@officer_required("see")
def show(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """``/fieldwork/couriers/<pk>/?month=2026-11``."""
    courier = registry.get_courier(request.scope, pk)
    today = clock.today()
    month = months.get_month(courier, read_month(request), today)
    context = {
        "title": f"{courier.name}的{month.label}",
        "courier": courier,
        "month": month,
        "weekdays": ["一", "二", "三", "四", "五", "六", "日"],
        "sentence": _tell(month),
        "after": month.after if months.last_of(month.first) < today else "",
        "crumbs": [{"name": "今日班务", "url": reverse("fieldwork")}, {"name": courier.name}],
    }
    return page(request, "fieldwork/courier.html", context)


def read_month(request: HttpRequest) -> date:
    """The first day of the month asked for, this month without one; Problem fieldwork.bad_month."""
    text = request.GET.get("month", "").strip()
    if not text:
        return clock.today().replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
        if date(2000, 1, 1) <= first <= date(2200, 1, 1):
            return first
    except ValueError:
        pass
    raise problems.BAD_MONTH(month=text[:20])


def _tell(month: months.Month) -> str:
    told = [f"到村 {month.total('visits')} 次，出勤 {month.count('visits')} 天"]
    for name, word in (("leave", "请假"), ("stands_in", "代班")):
        if month.count(name):
            told.append(f"{word} {month.count(name)} 天")
    for name, word in (
        ("missed", "应到未到 {} 村次"),
        ("uncounted", "不计入 {} 次"),
        ("doubtful", "存疑 {} 次"),
    ):
        if month.total(name):
            told.append(word.format(month.total(name)))
    return "，".join(told) + "。"
