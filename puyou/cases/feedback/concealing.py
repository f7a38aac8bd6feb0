"""Keeping who reported from the company: texts that it will read are written without the reporter's words for it."""

from typing import Any

from puyou.cases.feedback import rules
from puyou.cases.feedback.models import Report


def secrets_of(report: Report) -> tuple[str, ...]:
    """Words that would tell who reported; none when the reporter stands by it."""
    return (report.reporter, report.contact) if report.hidden else ()


def conceal(report: Report, text: str) -> str:
    """A text as the company may read it."""
    return rules.concealed(text, secrets_of(report))


def conceal_all(report: Report, data: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, with its texts concealed."""
    return {key: conceal(report, value) if isinstance(value, str) else value for key, value in data.items()}
