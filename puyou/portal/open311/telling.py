"""What other systems are told: kinds of reports and how far they are; never who reported, nor in which words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from puyou.accounts.scopes import Scope
from puyou.cases import reading
from puyou.cases.feedback import queries as reports
from puyou.cases.feedback.models import Category, Report
from puyou.core import clock, paths
from puyou.core.clock import SHANGHAI
from puyou.places import queries as places
from puyou.places.models import Place

SHOWN = (Report.Source.PUBLIC, Report.Source.VILLAGE_CODE)
OPEN, CLOSED = "open", "closed"


def discovery(base: str) -> dict[str, Any]:
    """Where the endpoint is and what it speaks."""
    formats = ["text/xml", "application/json"]
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{base}/open311/v2",
        "changeset": "2026-11-26 00:00",
        "type": "production",
        "formats": formats,
    }
    return {
        "changeset": "2026-11-26 00:00",
        "contact": f"{base}{reverse('portal')}",
        "key_service": "需要提交反映的系统，请向国家邮政管理部门申请密钥。",
        "endpoints": [endpoint],
    }


def services() -> list[dict[str, Any]]:
    """The categories in force, as services."""
    return [service(one) for one in reports.list_categories(Scope.public(), clock.today())]


def service(category: Category) -> dict[str, Any]:
    """One category as the list tells it."""
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": category.description,
        "metadata": bool(category.attributes),
        "type": "realtime",
        "keywords": ",".join(category.keywords),
        "group": category.group,
    }


def definition(category: Category) -> dict[str, Any]:
    """The further questions of a category."""
    asked = [
        {
            "variable": bool(one.get("variable", True)),
            "code": one["code"],
            "datatype": one.get("datatype", "string"),
            "required": bool(one.get("required")),
            "datatype_description": "",
            "order": one.get("order", at),
            "description": one["description"],
            "values": [{"key": each["key"], "name": each["name"]} for each in one.get("values", ())],
        }
        for at, one in enumerate(category.attributes, 1)
    ]
    return {"service_code": category.code, "attributes": asked}


def shown() -> QuerySet[Report]:
    """The reports that other systems may ask about: the public's, newest first."""
    found = Report.objects.filter(source__in=SHOWN).select_related(
        "category", "place", "case__office", "case__version"
    )
    return found.annotate(changed=Max("case__events__at")).order_by("-filed_at", "-id")


def requests(found: Iterable[Report]) -> list[dict[str, Any]]:
    """Reports as requests. Description, position and photos stay inside: they may name people."""
    held = list(found)
    names = _chains({report.place for report in held})
    return [_request(report, names[report.place_id]) for report in held]


def _request(report: Report, address: str) -> dict[str, Any]:
    case = report.case
    state = reading.definition_of(case.version_id).state(case.state)
    return {
        "service_request_id": report.tracking,
        "status": CLOSED if case.closed_at else OPEN,
        "status_notes": state.public or state.name,
        "service_name": report.category.name,
        "service_code": report.category.code,
        "description": None,
        "agency_responsible": case.office.name,
        "service_notice": None,
        "requested_datetime": moment(report.filed_at),
        "updated_datetime": moment(getattr(report, "changed", None) or report.filed_at),
        "expected_datetime": f"{case.due_on}T23:59:59+08:00" if case.due_on else None,
        "address": address,
        "address_id": report.place.code,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _chains(found: set[Place]) -> dict[int, str]:
    """Names of places with those above them, read in one go."""
    above = {place.pk: paths.ids(place.path)[1:] for place in found}
    known = places.get_places(sorted({each for chain in above.values() for each in chain}))
    return {pk: "".join(known[each].name for each in chain if each in known) for pk, chain in above.items()}


def moment(at: datetime) -> str:
    """A time as the standard writes it, with its zone."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
