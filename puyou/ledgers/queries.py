"""Reading ledgers: kinds, entries in scope, what was ever said about one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.ledgers import powers, problems, reading, rules
from puyou.ledgers.definition import Definition
from puyou.ledgers.models import (
    LedgerEntry,
    LedgerFile,
    LedgerImport,
    LedgerKind,
    LedgerRevision,
    LedgerStep,
    LedgerVersion,
)


@dataclass(frozen=True)
class Kind:
    """A kind with the version that holds for new entries."""

    row: LedgerKind
    version: LedgerVersion
    definition: Definition


def list_kinds(scope: Scope) -> list[Kind]:
    """Every kind with its latest version, by group and name; what kinds there are is no secret of any place."""
    latest = LedgerVersion.objects.values("kind").annotate(number=Max("number"))
    numbers = {row["kind"]: row["number"] for row in latest}
    versions = LedgerVersion.objects.select_related("kind").order_by("kind__group", "kind__name")
    return [
        Kind(version.kind, version, reading.definition_of(version))
        for version in versions
        if numbers[version.kind_id] == version.number
    ]


def get_kind(code: str) -> Kind:
    """A kind by its code; problem ledgers.unknown_kind."""
    version = LedgerVersion.objects.filter(kind__code=code).select_related("kind").order_by("-number").first()
    if version is None:
        raise problems.UNKNOWN_KIND(code=code[:40])
    return Kind(version.kind, version, reading.definition_of(version))


def list_versions(scope: Scope, kind: LedgerKind) -> QuerySet[LedgerVersion]:
    """All versions of a kind, latest first."""
    return kind.versions.order_by("-number")


def list_entries(scope: Scope, kind: LedgerKind | None = None) -> QuerySet[LedgerEntry]:
    """The entries that one may see, of all kinds or one."""
    rows = LedgerEntry.objects.filter(powers.visible(scope))
    rows = rows.filter(kind=kind) if kind else rows
    return rows.select_related("place", "operator", "kind", "version")


def get_entry(scope: Scope, pk: int) -> LedgerEntry:
    """One entry; problem ledgers.unknown_entry when it is not there or not to be seen."""
    found = (
        list_entries(scope)
        .select_related("office", "created_by", "origin__kind", "operator__parent__parent__parent")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise problems.UNKNOWN_ENTRY()
    return found


def list_revisions(scope: Scope, entry: LedgerEntry) -> list[LedgerRevision]:
    """Everything an entry ever said, oldest first; ``entry`` was read in scope."""
    return list(entry.revisions.select_related("by", "place", "operator").order_by("number"))


def list_steps(scope: Scope, entry: LedgerEntry) -> list[LedgerStep]:
    """The states an entry came into, oldest first; ``entry`` was read in scope."""
    return list(entry.steps.select_related("by__organisation").order_by("id"))


def list_files(scope: Scope, entry: LedgerEntry) -> list[LedgerFile]:
    """The files of an entry, taken-back ones too; ``entry`` was read in scope."""
    return list(entry.files.select_related("by", "withdrawn_by").order_by("id"))


def list_follow_ups(scope: Scope, entry: LedgerEntry) -> QuerySet[LedgerEntry]:
    """What an entry gave rise to, as far as one may see it."""
    return list_entries(scope).filter(origin=entry).order_by("id")


def count_by_kind(scope: Scope) -> Mapping[int, Mapping[str, Any]]:
    """How many entries of each kind one sees: all but withdrawn ones, and those that wait for confirmation."""
    alive = ~Q(status=rules.WITHDRAWN)
    rows = (
        LedgerEntry.objects.filter(powers.visible(scope))
        .order_by()
        .values("kind_id")
        .annotate(
            alive=Count("id", filter=alive),
            waiting=Count("id", filter=Q(status=rules.SUBMITTED)),
            returned=Count("id", filter=Q(status=rules.RETURNED)),
            latest=Max("changed_at"),
        )
    )
    return {row["kind_id"]: dict(row) for row in rows}


def list_operators(scope: Scope, limit: int = 200) -> list[Organisation]:
    """Companies to be offered in a form: one's own, or those seated in one's places; others may be named."""
    condition = Q(pk__in=())
    for grip in scope.grips:
        if powers.FILL not in grip.permissions:
            continue
        if grip.organisation_id is not None:
            for generation in range(powers.GENERATIONS):
                condition |= Q(**{"parent__" * generation + "pk": grip.organisation_id})
        else:
            condition |= Q(place__path__gte=grip.path, place__path__lt=grip.path + "{")
    rows = Organisation.objects.filter(Q() if scope.everything else condition)
    return list(rows.filter(kind=Organisation.Kind.OPERATOR).order_by("place__path", "name")[:limit])


def get_import(scope: Scope, pk: int) -> LedgerImport:
    """A handed-in sheet of one's own; problem ledgers.unknown_import."""
    found = LedgerImport.objects.select_related("kind", "version").filter(pk=pk).first()
    if found is None or scope.name != f"user:{found.by_id}":
        raise problems.UNKNOWN_IMPORT()
    return found


def names_of(entries: list[LedgerEntry]) -> dict[int, str]:
    """Names of the companies that fields of these entries name, for lists."""
    wanted = {
        value
        for entry in entries
        for field in reading.definition_of(entry.version).of_type("operator")
        if isinstance(value := entry.data.get(field.code), int)
    }
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
