"""Publishing kinds of ledgers: a definition is checked whole, then stands as a version that never changes."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.ledgers import definition, events, problems, reading, rules
from puyou.ledgers.definition import Definition
from puyou.ledgers.models import LedgerKind, LedgerVersion

MOST = 200_000  # characters of a definition


def read_definition(value: Any) -> Definition:
    """A sound definition from plain JSON values, or problem ledgers.bad_definition with every fault in Chinese."""
    try:
        found = definition.read(value)
    except (msgspec.ValidationError, RecursionError) as error:
        raise problems.BAD_DEFINITION(faults=f"格式不对：{error}") from error
    faults = [*rules.faults(found), *_unknown_kinds(found), *_taken_prefix(found)]
    if faults:
        raise problems.BAD_DEFINITION(faults="；".join(faults))
    return found


def read_text(text: str) -> Definition:
    """A sound definition from JSON text."""
    if len(text) > MOST:
        raise problems.BAD_DEFINITION(faults=f"文本超过 {MOST:,} 字")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"第 {error.lineno} 行第 {error.colno} 列" if isinstance(error, json.JSONDecodeError) else ""
        raise problems.BAD_DEFINITION(faults=f"不是正确的 JSON{'，' + where if where else ''}") from error
    return read_definition(value)


def _unknown_kinds(found: Definition) -> list[str]:
    """Follow-ups lead to kinds that are there, or are this one, and to fields that those have."""
    said = []
    for follow in found.follow_ups:
        target = found if follow.kind == found.code else _latest(follow.kind)
        if target is None:
            said.append(f"后续台账“{follow.name}”：没有“{follow.kind}”这类台账")
            continue
        said += [
            f"后续台账“{follow.name}”：“{target.name}”没有字段“{code}”"
            for code in follow.carries.values()
            if target.field(code) is None
        ]
    return said


def _taken_prefix(found: Definition) -> list[str]:
    """Numbers of two kinds never look alike."""
    others = LedgerVersion.objects.exclude(kind__code=found.code)
    same = others.filter(definition__number_prefix=found.number_prefix).select_related("kind").first()
    return [f"编号字头“{found.number_prefix}”已由“{same.kind.name}”使用"] if same else []


def _latest(code: str) -> Definition | None:
    version = LedgerVersion.objects.filter(kind__code=code).order_by("-number").first()
    return reading.definition_of(version) if version else None


def digest(found: Definition) -> str:
    """SHA-256 over a definition in one fixed spelling."""
    return hashlib.sha256(reading.canonical(definition.plain(found)).encode()).hexdigest()


@transaction.atomic
def publish_kind(*, value: Any, expected: int, note: str = "", by: str, now: datetime) -> LedgerVersion:
    """Publish a definition as the next version of its kind; ``expected``: the version it was written from, 0 for none.

    Entries that run keep their version. Problems: unsound, another version came between, nothing changed, a field that
    would mean something else than before.
    """
    found = read_definition(value)
    kind, _ = LedgerKind.objects.get_or_create(
        code=found.code, defaults={"name": found.name, "group": found.group}
    )
    held = LedgerKind.objects.select_for_update().get(pk=kind.pk)
    last = held.versions.order_by("-number").first()
    number = last.number if last else 0
    if number != expected:
        raise problems.OLD_VERSION(number=number, expected=expected)
    said, mark = "首次发布", digest(found)
    if last is not None:
        before = reading.definition_of(last)
        if last.digest == mark:
            raise problems.SAME_DEFINITION(number=number)
        if clashes := rules.clashes(before, found):
            raise problems.BAD_DEFINITION(faults="；".join(clashes))
        said = "；".join(rules.changes_of(before, found))
    version = LedgerVersion.objects.create(
        kind=held, number=number + 1, definition=definition.plain(found), digest=mark, published_at=now,
        published_by=by, note=(note.strip() or said)[:300],
    )  # fmt: skip
    LedgerKind.objects.filter(pk=held.pk).update(name=found.name, group=found.group)
    data = {"kind": found.code, "number": version.number, "digest": mark}
    log.append(events.KIND_PUBLISHED, subject=f"ledger_kind:{found.code}", actor=by, now=now, data=data)
    return version


def load_kinds(*, folder: Path, by: str, now: datetime) -> list[LedgerVersion]:
    """Publish the kinds that ship with the product where they are new, or changed and nobody else published since.

    Safe to repeat. Kinds that others follow up come first.
    """
    values = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    published = []
    for value in _in_order(values):
        newest = LedgerVersion.objects.filter(kind__code=value["code"]).order_by("-number").first()
        if newest is None:
            published.append(publish_kind(value=value, expected=0, by=by, now=now))
        elif newest.published_by == by and newest.digest != digest(definition.read(value)):
            published.append(publish_kind(value=value, expected=newest.number, by=by, now=now))
    return published


def _in_order(values: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those without follow-ups before those that lead to them."""
    return sorted(values, key=lambda value: (bool(value.get("follow_ups")), value["code"]))


def wrong_code(said: str, expected: str) -> Problem:
    """The refusal of a definition that is another kind's."""
    return problems.BAD_DEFINITION(faults=f"代码“{said}”与本类的“{expected}”不同；新的类别请用“新建类别”")
