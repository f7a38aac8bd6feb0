"""The register of supervisors and one supervisor: terms, letters, tasks and credits."""

from functools import wraps
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.cases.problems import UNKNOWN_DOCUMENT
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import actions, filters, forms, phones, queries, seeds, tables
from puyou.cases.supervisors.models import AppointmentLetter, Supervisor
from puyou.cases.supervisors.views import common
from puyou.core import clock, formats, qr
from puyou.core.tables import list_page, listing
from puyou.ingest import codes


@officer_required(HANDLE)
def register(request: OfficerRequest) -> HttpResponseBase:
    """``/cases/supervisors/``: everybody in sight, active or not."""
    rows = queries.list_supervisors(request.scope, clock.today())
    context = common.tabs("supervisors") | {"sentence": "监督员反映情况、完成任务，不取报酬，没有执法权。"}
    return list_page(
        request, tables.SUPERVISORS, rows, filters=filters.SupervisorFilters, scope="管辖范围",
        template="supervisors/list.html", context=context,
    )  # fmt: skip


@officer_required(HANDLE)
def one(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A supervisor with terms, letters, tasks, points, lessons and honours; of reports only how many."""
    held = queries.get_supervisor(request.scope, pk, clock.today())
    tasks = held.assignments.select_related("task__place").annotate(results_count=Count("results"))
    context = {
        "person": held,
        "title": held.name,
        "crumbs": common.crumbs(held.name),
        "terms": held.terms.select_related("letter").defer("letter__data").order_by("-valid_from"),
        "tasks": listing(request, tables.OWN_TASKS, tasks),
        "points": listing(request, tables.OWN_POINTS, held.points.all()),
        "commendations": held.commendations.order_by("-pk"),
        "trainings": [
            (seeds.LESSONS.get(row.lesson, row.lesson), row) for row in held.trainings.order_by("-pk")
        ],
        "phone": phones.latest_of(held),
        "interest": held.declarations.order_by("-pk").first(),
        "reports": queries.reports_count(held),
        "standing": tables.standing_of(held),
        "verify": queries.verify_address(held),
    }
    return render(request, "supervisors/one.html", context)


@officer_required(HANDLE)
def letter(request: OfficerRequest, pk: int, document: int) -> HttpResponseBase:
    """The kept bytes of an appointment letter."""
    held = queries.get_supervisor(request.scope, pk, clock.today())
    found = AppointmentLetter.objects.filter(term__supervisor=held, pk=document).first()
    if found is None:
        raise UNKNOWN_DOCUMENT()
    answer = HttpResponse(bytes(found.data), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.sha256[:16]}.pdf"'
    return answer


def about_one(act: Any) -> Any:
    """A page about one supervisor in sight, who is fetched first."""

    @officer_required(HANDLE)
    @wraps(act)
    def page(request: OfficerRequest, pk: int) -> HttpResponseBase:
        held = queries.get_supervisor(request.scope, pk, clock.today())
        return act(request, held, reverse("supervisor", args=[pk]))  # type: ignore[no-any-return]

    return page


def _how(request: OfficerRequest) -> dict[str, Any]:
    return {"scope": request.scope, "by": request.user, "now": clock.now()}


@about_one
def renew(request: OfficerRequest, held: Supervisor, back: str) -> HttpResponseBase:
    """A further term, with its letter."""

    def act(_: dict[str, Any]) -> tuple[str, str]:
        term = actions.renew_supervisor(supervisor_id=held.pk, **_how(request))
        return f"已续聘 {held.name}，聘期至 {formats.day(term.valid_to - tables.DAY)}，续聘书已制发。", back

    sentence = "新的聘期接着现在的聘期，长短按准则；同时制发续聘书。"
    return common.filled_in(
        request, forms.PlainForm(common.posted(request)), act, title=f"续聘 {held.name}", submit="续聘并制发聘书",
        back=back, sentence=sentence,
    )  # fmt: skip


@about_one
def end(request: OfficerRequest, held: Supervisor, back: str) -> HttpResponseBase:
    """End before the time, with a ground."""

    def act(data: dict[str, Any]) -> tuple[str, str]:
        actions.end_supervisor(supervisor_id=held.pk, **data, **_how(request))
        return f"已解聘 {held.name}，自今日起不再是监督员。", back

    return common.filled_in(
        request, forms.EndForm(common.posted(request)), act, title=f"解聘 {held.name}", submit="解聘", back=back,
        sentence="聘期到今天为止，此后的聘期一并取消；已有的任务结果和积分不变。",
    )  # fmt: skip


@about_one
def commend(request: OfficerRequest, held: Supervisor, back: str) -> HttpResponseBase:
    """Write an honour down."""

    def act(data: dict[str, Any]) -> tuple[str, str]:
        actions.commend_supervisor(supervisor_id=held.pk, **data, **_how(request))
        return f"已表扬 {held.name}。", back

    return common.filled_in(
        request, forms.CommendForm(common.posted(request)), act, title=f"表扬 {held.name}", submit="登记表扬",
        back=back, sentence="登记后不能更改。",
    )  # fmt: skip


@about_one
def train(request: OfficerRequest, held: Supervisor, back: str) -> HttpResponseBase:
    """Write a lesson down that was given at the office."""

    def act(data: dict[str, Any]) -> tuple[str, str]:
        made = actions.complete_training(
            supervisor=held, version=1, now=clock.now(), actor=f"user:{request.user.pk}", **data
        )
        return f"培训已登记，完成时间 {formats.moment(made.at)}。", back

    return common.filled_in(
        request, forms.TrainingForm(common.posted(request)), act, title=f"登记培训：{held.name}", submit="登记",
        back=back, sentence="同一课程登记一次；登记后不能更改。",
    )  # fmt: skip


@about_one
def phone(request: OfficerRequest, held: Supervisor, back: str) -> HttpResponseBase:
    """Ask first; then the code for one phone, shown this once, as link and as QR."""
    if request.method != "POST":
        return common.filled_in(
            request, forms.PlainForm(None), lambda _: ("", back), title=f"开通 {held.name} 的手机", submit="发放开通码",
            back=back, sentence="开通码 24 小时内有效，只能用一次。以前的开通码和手机随之停用，没发出的内容请先发出。",
        )  # fmt: skip
    code = actions.issue_link(supervisor=held, by=request.scope.name, scope=request.scope, now=clock.now())
    link = f"{request.build_absolute_uri(reverse('field'))}#supervise={code}"
    context = {
        "title": f"{held.name}的开通码", "person": held, "code": codes.spaced(code), "link": link,
        "svg": qr.draw(link), "expires_at": clock.now() + codes.LIFETIME, "back": back,
        "crumbs": common.crumbs("开通码", (held.name, back)),
    }  # fmt: skip
    response = render(request, "supervisors/code.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _credits(request: OfficerRequest, table: Any, rows: Any, here: str) -> HttpResponseBase:
    return list_page(
        request, table, rows, filters=filters.HonourFilters, scope="管辖范围", template="supervisors/list.html",
        context=common.tabs(here),
    )  # fmt: skip


@officer_required(HANDLE)
def commendations(request: OfficerRequest) -> HttpResponseBase:
    """Honours of supervisors in sight."""
    return _credits(
        request, tables.COMMENDATIONS, queries.list_commendations(request.scope), "supervisor_commendations"
    )


@officer_required(HANDLE)
def trainings(request: OfficerRequest) -> HttpResponseBase:
    """Lessons that supervisors in sight finished."""
    return _credits(request, tables.TRAININGS, queries.list_trainings(request.scope), "supervisor_trainings")
