"""Verbs of bulletins: have one written, change its sentences, freeze it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.indicators.engine import Reader
from puyou.indicators.periods import Period
from puyou.places.models import Place
from puyou.reports import events, problems, signing
from puyou.reports.bulletins import composing, figures, files, queries, text, writing
from puyou.reports.bulletins.figures import Resolver
from puyou.reports.bulletins.kinds import get_kind
from puyou.reports.bulletins.models import Bulletin, BulletinRevision
from puyou.reports.bulletins.queries import COMPOSE
from puyou.reports.bulletins.text import Section, TextError


@transaction.atomic
def write_bulletin(
    *, kind: str, place: Place, period: Period, company: Organisation | None, reader: Reader, now: datetime
) -> Bulletin:
    """A new bulletin with the machine's sentences. Problems: outside the scope, unknown kind, company or none."""
    scope = reader.scope
    scope.require(place.path, COMPOSE)
    said = get_kind(kind)
    if said.company != (company is not None):
        raise problems.NO_COMPANY(kind=said.name)
    resolver = Resolver(reader, place, period, company)
    made = Bulletin.objects.create(
        kind=kind, title=writing.title_of(resolver, said)[:80], place=place, period=period.name, company=company,
        office=queries.office_of(place)[:60], sections=text.kept(writing.write(resolver, said)),
        changed_by=scope.name, changed_at=now,
    )  # fmt: skip
    _say(made, scope, now)
    return made


@transaction.atomic
def change_bulletin(
    *, bulletin: Bulletin, title: str, office: str, document_number: str, sections: Sequence[Section], seen: int,
    scope: Scope, now: datetime,
) -> Bulletin:  # fmt: skip
    """Other sentences. Problems: outside the scope, changed by somebody since version ``seen``, a typed number."""
    scope.require(bulletin.place.path, COMPOSE)
    held = Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    _refuse_stale(held, seen)
    _refuse_unfit(sections)
    held.title, held.office, held.document_number = title, office, document_number
    held.sections, held.version = text.kept(sections), held.version + 1
    held.changed_by, held.changed_at = scope.name, now
    held.save()
    _say(held, scope, now)
    return held


def _refuse_stale(held: Bulletin, seen: int) -> None:
    if held.version != seen:
        raise problems.BULLETIN_CHANGED(version=held.version)


def _refuse_unfit(sections: Sequence[Section]) -> None:
    try:
        text.examine(sections, figures.known_codes())
    except TextError as error:
        raise problems.BAD_TEXT(where=error.where, reason=error.reason) from error


def _say(bulletin: Bulletin, scope: Scope, now: datetime) -> None:
    data = {
        "version": bulletin.version,
        "kind": bulletin.kind,
        "title": bulletin.title,
        "sections": bulletin.sections,
    }
    log.append(
        events.BULLETIN_CHANGED, subject=f"bulletin:{bulletin.pk}", actor=scope.name, now=now, data=data
    )


@transaction.atomic
def freeze_bulletin(
    *, bulletin: Bulletin, seen: int, reader: Reader, by: User | None, now: datetime
) -> BulletinRevision:
    """The next revision: content, digest, docx and PDF/A kept as they are; the same again is refused."""
    scope = reader.scope
    scope.require(bulletin.place.path, COMPOSE)
    held = Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    _refuse_stale(held, seen)
    sections = text.read(held.sections)
    _refuse_unfit(sections)
    content = composing.compose(reader, held, sections, now)
    number = _next_number(held, content)
    sha256 = signing.digest(content)
    made = BulletinRevision.objects.create(
        bulletin=held, number=number, content=content, sha256=sha256, by=by, at=now,
        docx=files.docx_of(content, number, sha256), pdf=files.pdf_of(content, number, sha256, now),
    )  # fmt: skip
    data = {"number": number, "sha256": sha256, "place": held.place.code, "period": held.period}
    log.append(events.BULLETIN_FROZEN, subject=f"bulletin:{held.pk}", actor=scope.name, now=now, data=data)
    return made


def _next_number(held: Bulletin, content: dict[str, Any]) -> int:
    if not content["sections"]:
        raise problems.EMPTY_BULLETIN()
    last = BulletinRevision.objects.filter(bulletin=held).order_by("-number").first()
    if last is not None and composing.same(last.content, content):
        raise problems.SAME_AS_BEFORE(number=last.number)
    return last.number + 1 if last else 1
