"""What the procedure of reports may name: its guards, effects and the panel on the case's page."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db.models import F

from puyou.cases import names, relations
from puyou.cases.actions.opening import office_for
from puyou.cases.beside import merging
from puyou.cases.beside.transferring import hand_over
from puyou.cases.feedback import concealing, problems, routes, verifying
from puyou.cases.feedback.models import Confirmation, Report, Verification
from puyou.cases.feedback.panel import context_of
from puyou.cases.models import Case
from puyou.cases.names import Actor, Performing
from puyou.core.periods import day_of
from puyou.core.problems import Problem
from puyou.places.models import Place
from puyou.standards import queries as standards

SILENCE = "feedback_silence_days"


def report_of(performing: Performing) -> Report:
    """The report of a case, read once for an action."""
    return Report.objects.select_related("category", "place").get(case=performing.case)


@names.guard("feedback_overdue", "企业答复或整改的期限已过")
def is_overdue(performing: Performing) -> str | None:
    due = performing.case.due_on
    return None if due is not None and due < day_of(performing.now) else "期限未到，须等企业答复"


@names.guard("feedback_answered", "企业已经答复")
def is_answered(performing: Performing) -> str | None:
    held = Report.objects.filter(case=performing.case).exclude(answered_at=None).exists()
    return None if held else "企业尚未答复，没有可以采信的说法"


@names.guard("feedback_verified", "主管部门最近一次核实的结果为已整改")
def is_verified(performing: Performing) -> str | None:
    last = verifying.last_of(performing.case)
    return None if last and last.result == Verification.Result.FIXED else "主管部门尚未核实为已整改"


@names.guard("feedback_silent", "核实之后，反映人在规定天数内没有表示")
def is_silent(performing: Performing) -> str | None:
    last = verifying.last_of(performing.case)
    days = standards.get_value(SILENCE, day_of(performing.now), place_path=performing.case.place.path)
    if last is None:
        return "尚未核实"
    until = last.at + timedelta(days=int(days.number))
    return None if performing.now >= until else f"须等反映人 {days.value} 天"


@names.effect("feedback_conceal", "从办理内容中隐去反映人的姓名和联系方式")
def conceal(performing: Performing) -> None:
    performing.data = concealing.conceal_all(report_of(performing), performing.data)


@names.effect("feedback_accept", "记下受理时间")
def accept(performing: Performing) -> None:
    Report.objects.filter(case=performing.case, accepted_at=None).update(accepted_at=performing.now)


@names.effect("feedback_refer", "记下应由谁办理，告知反映人")
def refer(performing: Performing) -> None:
    Report.objects.filter(case=performing.case).update(other_body=performing.data["body"])


@names.effect("feedback_merge", "并入同一问题的另一反映，反映人此后看到那一件的进展")
def merge(performing: Performing) -> None:
    report, number = report_of(performing), performing.data["into"].strip()
    found = Report.objects.filter(case__in=Case.objects.filter(relations.visible(performing.actor)))
    into = found.select_related("case__version").filter(case__number=number).first() or (
        found.select_related("case__version").filter(tracking=number.upper()).first()
    )
    if into is None:
        raise problems.UNKNOWN_REPORT(number=number)
    if into.pk == report.pk or into.case.outcome in ("merged", "withdrawn", "other_body"):
        reason = "是同一件" if into.pk == report.pk else "那一件已并入他件、撤回或属其他部门"
        raise problems.BAD_MERGE(number=number, reason=reason)
    merging.merge(performing, into.case)
    report.merged_into = into
    report.save(update_fields=["merged_into"])


@names.effect("feedback_unmerge", "反映人此后又看到本件的进展")
def unmerge(performing: Performing) -> None:
    Report.objects.filter(case=performing.case).update(merged_into=None)


@names.effect("feedback_transfer", "反映的地点随案件更正")
def transfer(performing: Performing) -> None:
    Report.objects.filter(case=performing.case).update(place=performing.case.place)


@names.effect("feedback_dispatch", "按地点和类别转给企业；反映人身份不转")
def dispatch(performing: Performing) -> None:
    report, case = report_of(performing), performing.case
    operator = routes.find_operator(report.place, report.category, day_of(performing.now))
    if operator is None:
        raise problems.NO_OPERATOR(place=report.place.name)
    told = concealing.conceal(report, performing.data.get("told") or report.text)
    performing.data["told"] = told
    case.operator, case.shared = operator, True
    case.fields = {**case.fields, "told": told}
    Report.objects.filter(pk=report.pk).update(told=told, dispatched_at=performing.now)


@names.effect("feedback_answer", "记下企业首次答复的时间与当时的期限")
def answer(performing: Performing) -> None:
    case = performing.case
    due = case.clocks.filter(code="answer", stopped_on=None).values_list("due_on", flat=True).first()
    held = Report.objects.filter(case=case, answered_at=None)
    held.update(answered_at=performing.now, answer_due_on=due)


@names.effect("feedback_go_on", "记下企业未答复的期限")
def go_on(performing: Performing) -> None:
    case = performing.case
    due = case.clocks.filter(code="answer", stopped_on=None).values_list("due_on", flat=True).first()
    Report.objects.filter(case=case, answered_at=None).update(answer_due_on=due)


@names.effect("feedback_report_done", "企业报告整改完成，转核实")
def report_done(performing: Performing) -> None:
    performing.said["attachments"] = verifying.evidence_of(performing.case)


@names.effect("feedback_hand_back", "收回转办，由主管部门另行转办")
def hand_back(performing: Performing) -> None:
    performing.case.shared, performing.case.operator = False, None


def _verify(result: Verification.Result) -> Any:
    def effect(performing: Performing) -> None:
        verifying.note(performing, report_of(performing), result)

    return effect


names.effect("feedback_verify_fixed", "记下核实：已整改")(_verify(Verification.Result.FIXED))
names.effect("feedback_verify_not_fixed", "记下核实：未整改")(_verify(Verification.Result.NOT_FIXED))
names.effect("feedback_verify_refuted", "记下核实：不属实")(_verify(Verification.Result.REFUTED))
names.effect("feedback_verify_not_established", "记下核实：无法核实")(
    _verify(Verification.Result.NOT_ESTABLISHED)
)


@names.effect("feedback_confirm_call", "由监管人员办理时，记为电话确认")
def confirm_by_call(performing: Performing) -> None:
    _called(performing, fixed=True)


@names.effect("feedback_deny_call", "由监管人员办理时，记为反映人在电话里称未解决")
def deny_by_call(performing: Performing) -> None:
    _called(performing, fixed=False)


def _called(performing: Performing, *, fixed: bool) -> None:
    if performing.actor.user is None:
        return  # the reporter's own word, noted where it came in
    Confirmation.objects.create(
        report=report_of(performing),
        fixed=fixed,
        text=performing.data.get("text", ""),
        channel=Confirmation.Channel.CALL,
        client_id=uuid4(),
        at=performing.now,
    )


@names.effect("feedback_reopen", "记一次重新办理")
def reopen(performing: Performing) -> None:
    Report.objects.filter(case=performing.case).update(reopened=F("reopened") + 1)


@names.effect("feedback_escalate", "改由上一级主管部门主管")
def escalate(performing: Performing) -> None:
    office = performing.case.office
    parent = Place.objects.filter(pk=office.place_id).values_list("parent", flat=True).first()
    if parent is None:
        raise problems.NO_OFFICE_ABOVE(office=office.name)
    try:
        above = office_for(Place.objects.get(pk=parent))
    except Problem as error:
        raise problems.NO_OFFICE_ABOVE(office=office.name) from error
    hand_over(performing, above, str(performing.data["ground"]))


@names.panel("report", "feedback/panel.html")
def panel(case: Case, actor: Actor) -> dict[str, Any]:
    """What was reported, by whom where the reader may know, and how it was verified."""
    return context_of(case, actor)
