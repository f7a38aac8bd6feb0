"""The panel of a report on its case's page: each reader sees what they may know."""

from typing import Any

from puyou.cases.feedback import concealing, verifying
from puyou.cases.feedback.filing import subject_of
from puyou.cases.feedback.models import Report
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.relations import HANDLE
from puyou.core import clock
from puyou.evidence import showing


def context_of(case: Case, actor: Actor) -> dict[str, Any]:
    """The report for a page. Who reported, and the text as written, only for an office that handles it."""
    report = Report.objects.select_related("category", "place", "repeats__case", "merged_into__case").get(
        case=case
    )
    office = may_know(case, actor)
    by_visits = report.category.by_visits and case.state == "verifying"
    return {
        "report": report,
        "text": report.text if office else report.told or concealing.conceal(report, report.text),
        "told": report.told if office and report.told != report.text else "",
        "knows": office or not report.hidden,
        "office": office,
        "photos": showing.files_of(subject_of(report), by=actor.user, now=clock.now()) if actor.user else [],
        "verifications": _verifications(report, office=office),
        "confirmations": report.confirmations.order_by("-pk"),
        "ratings": report.ratings.order_by("-pk"),
        "alike": _alike(report) if office else [],
        "visits": verifying.visits_since(report, report.answered_at or report.filed_at) if by_visits else [],
    }


def _verifications(report: Report, *, office: bool) -> list[dict[str, Any]]:
    """How it was looked at, newest first; attachments that were not shared with the company stay the office's."""
    return [
        {
            "one": one,
            "evidence": [each for each in one.evidence if office or each.get("visit") or each.get("shared")],
        }
        for one in report.verifications.select_related("by").order_by("-pk")
    ]


def may_know(case: Case, actor: Actor) -> bool:
    """Whether somebody may know who reported: through a regulator's post that handles cases at the place."""
    return actor.scope.everything or any(
        HANDLE in grip.permissions and grip.organisation_id is None and case.place.path.startswith(grip.path)
        for grip in actor.scope.grips
    )


def _alike(report: Report) -> list[Report]:
    """Other reports of the same at the same place, newest first: duplicates, or repeats."""
    held = Report.objects.filter(place=report.place, category=report.category).exclude(pk=report.pk)
    return list(held.select_related("case").order_by("-filed_at")[:10])
