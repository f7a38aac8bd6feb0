"""What a reporter's browser carries for a short while: the receipt just given, or the report being followed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from puyou.cases.feedback import codes
from puyou.cases.feedback.models import Report

PATH = "/portal/feedback/"
RECEIPT, FOLLOWED = "receipt", "followed"
SECONDS = {RECEIPT: 900, FOLLOWED: 1800}
SALT = "puyou.portal.following"


def carry(response: HttpResponse, name: str, report: Report) -> None:
    """Let the browser carry the report for a while."""
    response.set_signed_cookie(
        name,
        str(report.client_id),
        salt=SALT + name,
        max_age=SECONDS[name],
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def carried(request: HttpRequest, name: str) -> Report | None:
    """The report that the browser carries; None when it carries none, or for too long."""
    said = request.get_signed_cookie(name, default="", salt=SALT + name, max_age=SECONDS[name])
    if not said:
        return None
    held = Report.objects.select_related("case__version", "case__place", "category", "place__parent")
    return held.filter(client_id=str(said)).first()


def drop(response: HttpResponse, name: str) -> None:
    """Let the browser forget it."""
    response.delete_cookie(name, path=PATH, samesite="Lax")


def code_of(report: Report) -> str:
    """The code that was told with the number, in two groups."""
    return grouped(codes.code_for(report.client_id))


def grouped(text: str) -> str:
    """``ABCD-EFGH``: easier to copy by hand."""
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4)) if len(text) == 8 else text
