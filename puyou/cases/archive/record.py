"""A case in plain values, as its archive keeps it: facts, everything done, and what stands beside."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from puyou.cases import chain, reading, tables
from puyou.cases.models import Case, CaseEvent, Service

PARTY_HIDDEN = "（不公开）"
TAKEN_BACK = ("withdrawn_at", "withdrawn_by", "withdrawn_ground")


def spelled(value: Any) -> str:
    """Plain values as the text that the archive holds: one spelling, so that the same case gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, default=_spell) + "\n"


def _spell(value: Any) -> str:
    if isinstance(value, datetime):
        return chain.spell_moment(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def facts_of(case: Case) -> dict[str, Any]:
    """What the case is and how it ended."""
    version, definition = case.version, reading.definition_of(case.version_id)
    return {
        "number": case.number,
        "title": case.title,
        "procedure": {
            "code": definition.code,
            "name": definition.name,
            "version": version.number,
            "digest": version.digest,
            "legal_basis": definition.legal_basis,
        },
        "place": {"code": case.place.code, "name": case.place.name},
        "office": case.office.name,
        "operator": case.operator.name if case.operator else None,
        "handler": case.handler.name if case.handler else None,
        "state": case.state,
        "state_name": tables.state_name(case),
        "flags": sorted(case.flags),
        "outcome": case.outcome,
        "fields": case.fields,
        "revision": case.revision,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "retain_until": case.retain_until,
        "retention_years": definition.retention_years,
    }


def beside(case: Case) -> dict[str, Any]:
    """Parties, terms, papers and words around the case, each as a list in its order."""
    return {
        "parties": [_party(one) for one in case.parties.select_related("user", "organisation").order_by("pk")],
        "clocks": [_clock(one) for one in case.clocks.prefetch_related("pauses", "extensions").order_by("pk")],
        "materials": _rows(case.material_records, "code", "status", "ground", "by", "at"),
        "notes": _rows(case.notes, "text", "side", "shared", "by", "at", *TAKEN_BACK),
        "attachments": _rows(
            case.attachments, "pk", "name", "type", "size", "sha256", "sm3", "scanned", "material", "side", "by", "at",
            *TAKEN_BACK,
        ),
        "services": [_service(one) for one in _services(case)],
        "links": [_link(one) for one in case.links.select_related("other").order_by("pk")],
        "transfers": _rows(case.transfers, "source", "target", "ground", "by", "at"),
        "recusals": _rows(
            case.recusals, "user", "ground", "asked_by", "asked_at", "decision", "decided_by", "decided_at",
            "decided_ground",
        ),
    }  # fmt: skip


def _rows(manager: Any, *names: str) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in names} for row in manager.order_by("pk")]


def _party(party: Any) -> dict[str, Any]:
    who = PARTY_HIDDEN if party.hidden else str(party.name or party.user or party.organisation or "")
    return {"role": party.role, "name": who, "valid_from": party.valid_from, "valid_to": party.valid_to}


def _clock(clock: Any) -> dict[str, Any]:
    names = ("code", "started_on", "allowance", "stopped_on", "due_on", "provisional")
    return {name: getattr(clock, name) for name in names} | {
        "pauses": _rows(clock.pauses, "first", "last", "ground"),
        "extensions": _rows(clock.extensions, "allowance", "ground", "approved_by", "at"),
    }


def _services(case: Case) -> Iterable[Service]:
    return Service.objects.filter(document__case=case).select_related("document", "proof").order_by("pk")


def _service(service: Service) -> dict[str, Any]:
    names = ("how", "to", "on", "effective_on", "result", "number", "witnesses", "remark", "by", "at")
    proof = {"document": service.document.number, "proof": service.proof.sha256 if service.proof else None}
    return proof | {name: getattr(service, name) for name in names}


def _link(link: Any) -> dict[str, Any]:
    names = ("kind", "ground", "by", "at", "ended_at", "ended_by", "ended_ground")
    return {"other": link.other.number} | {name: getattr(link, name) for name in names}


def timeline_of(events: Iterable[CaseEvent]) -> list[dict[str, Any]]:
    """Everything done, oldest first: what the chain's digests cover (``record``), and the words people read."""
    return [
        {
            "record": chain.record_of(event),
            "digest": event.digest,
            "name": event.name,
            "by": event.by.name if event.by else "系统",
        }
        for event in events
    ]
