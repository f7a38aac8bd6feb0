"""Saving a draft: what can be read is kept, what cannot is told at its cell; two people lose nothing to each other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.returns import events, knowing, powers, problems, reading, rules
from puyou.returns.models import DueReturn
from puyou.returns.reading import LINES, Fault, Read

LONGEST = 300


@dataclass(frozen=True)
class Saved:
    """The draft after saving, what could not be read, and cells that somebody else filled meanwhile and were kept."""

    due: DueReturn
    faults: list[Fault]
    joined: int = 0


@transaction.atomic
def save_draft(
    *,
    due_id: int,
    base: Mapping[str, Any],
    read: Read,
    explanations: Mapping[str, str] | None = None,
    scope: Scope,
    by: User | None,
    now: datetime,
) -> Saved:
    """Keep what was read. ``base``: the data from which the person wrote; cells left unread keep what was there.

    Problems: another state, a place that is gone, another office's; returns.clash when somebody else wrote the same
    cells differently meanwhile: nothing is saved then.
    """
    due = held(due_id)
    require_writable(due, scope)
    data, joined = _together(due, dict(base), read)
    said = {key: text.strip()[:LONGEST] for key, text in (explanations or {}).items() if text.strip()}
    if explanations is None:
        said = due.explanations
    if data == due.data and said == due.explanations:
        return Saved(due, read.faults, joined)
    due.data, due.explanations, due.turn = data, said, due.turn + 1
    due.saved_by, due.saved_at = by, now
    due.save(update_fields=["data", "explanations", "turn", "saved_by", "saved_at"])
    log.append(
        events.RETURN_SAVED,
        subject=f"return:{due.pk}",
        actor=scope.name,
        now=now,
        data={"turn": due.turn, "cells": len(data)},
    )
    return Saved(due, read.faults, joined)


def _together(due: DueReturn, base: dict[str, Any], read: Read) -> tuple[dict[str, Any], int]:
    """The draft with what was written from ``base``; a list's lines count as one cell."""
    unread = {fault.cell for fault in read.faults}
    mine = {**{code: text for code, text in base.items() if code in unread}, **read.data}
    texts = [_texts(each) for each in (base, mine, due.data)]
    found, clashes = rules.merged(*texts)
    if clashes:
        form = knowing.form_of(due.version)
        names = [cell.name for code in clashes if (cell := form.cell(code))] or ["各行"]
        who = due.saved_by.name if due.saved_by else "别人"
        shown = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
        raise problems.CLASH(who=who, count=len(clashes), cells=shown)
    joined = sum(1 for code, text in found.items() if texts[0].get(code) != text != texts[1].get(code))
    return {code: json.loads(text) if code == LINES else text for code, text in found.items()}, joined


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {
        code: json.dumps(value, ensure_ascii=False, sort_keys=True) if code == LINES else str(value)
        for code, value in data.items()
    }


def held(due_id: int) -> DueReturn:
    """The return, locked until the transaction ends. Problem (404) when unknown."""
    found = (
        DueReturn.objects.select_for_update(of=("self",))
        .select_related("form", "version", "filler", "place", "saved_by")
        .filter(pk=due_id)
        .first()
    )
    if found is None:
        raise problems.UNKNOWN_RETURN()
    return found


def require_writable(due: DueReturn, scope: Scope) -> None:
    """Problems: another office's, not editable now, its place is gone."""
    powers.require_filling(scope, due)
    if due.status not in rules.EDITABLE:
        raise problems.WRONG_STATE(state=rules.NAMES[due.status], verb="修改")
    if due.place.valid_to is not None:
        raise problems.PLACE_GONE(place=due.place.name, day=due.place.valid_to)


def limit_lines(read: Read) -> None:
    """Problem: a list with more lines than it may have."""
    count = len(read.data.get(LINES) or [])
    if count > reading.MOST_LINES:
        raise problems.TOO_MANY_LINES(limit=reading.MOST_LINES, count=count)
