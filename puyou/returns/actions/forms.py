"""Publishing forms from their definitions."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from puyou.core import events as log
from puyou.indicators import actions as indicators
from puyou.indicators.models import ReturnItem
from puyou.returns import definition, events, judging, problems
from puyou.returns.models import FormVersion, ReturnForm

FOLDER = Path(__file__).resolve().parents[1] / "forms"


@transaction.atomic
def publish_form(*, said: Any, by: str, now: datetime) -> FormVersion:
    """A form or its next version; the same again changes nothing. Problem returns.bad_form says what is wrong."""
    form = _read(said)
    plain = definition.plain(form)
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    row, _ = ReturnForm.objects.update_or_create(code=form.code, defaults={"name": form.name})
    last = row.versions.order_by("-number").first()
    if last is not None and last.digest == digest:
        return last
    made = FormVersion.objects.create(
        form=row,
        number=last.number + 1 if last else 1,
        definition=plain,
        digest=digest,
        published_by=by,
        published_at=now,
    )
    data = {"version": made.number, "digest": digest}
    log.append(events.FORM_PUBLISHED, subject=f"return_form:{form.code}", actor=by, now=now, data=data)
    return made


def _read(said: Any) -> definition.Form:
    code = str(said.get("code", "?"))[:40] if isinstance(said, dict) else "?"
    try:
        form = definition.read(said)
    except msgspec.ValidationError as error:
        raise problems.BAD_FORM(code=code, reason=str(error)[:200]) from error
    faults = judging.faults_of(form)
    unknown = form.items - set(ReturnItem.objects.filter(code__in=form.items).values_list("code", flat=True))
    if unknown:
        faults.append(f"没有填报项“{sorted(unknown)[0]}”")
    if faults:
        raise problems.BAD_FORM(code=code, reason="；".join(faults[:3]))
    return form


def load_forms(*, by: str, now: datetime, folder: Path = FOLDER) -> int:
    """Publish every form of a folder, its items first; returns how many there are. Safe to repeat."""
    count = 0
    for path in sorted(folder.glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        indicators.load_definitions(
            items=said.get("items", []), indicators=said.get("indicators", []), by=by, now=now
        )
        publish_form(said=said["form"], by=by, now=now)
        count += 1
    return count
