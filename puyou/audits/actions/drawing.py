"""Freezing a frame, saying its digest, and only then drawing by a seed."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from puyou.accounts.scopes import Scope
from puyou.audits import events, frames, problems, rules
from puyou.audits.models import AuditDraw, AuditItem
from puyou.audits.rules import Drawn
from puyou.core import events as log
from puyou.core import formats
from puyou.core.periods import Week, day_of
from puyou.places.models import Place
from puyou.scrutiny import queries as scrutiny
from puyou.standards import queries as standards
from puyou.visits.models import Visit

PERMISSION = "audits.draw"
MOST = 100_000
BATCH = 5_000


@transaction.atomic
def freeze_frame(
    *, place: Place, first: date, last: date, size: int, reason: str = "", scope: Scope, now: datetime
) -> AuditDraw:
    """Write the frame of a settled period and say its digest in the event log, before there is any seed.

    A second draw of days that were drawn before, at the place, above or below it, needs a reason, and says which it
    repeats. Problems: out of scope, dates, not settled, size, nothing to draw from, no reason.
    """
    scope.require(place.path, PERMISSION)
    _check(first, last, size, now)
    before = _before(place, first, last)
    if before and not reason.strip():
        raise problems.NEEDS_REASON(number=before.pk)
    desk, least = scrutiny.desk_score(last), int(standards.get_value("audit_least", day_of(now)).number)
    frame = frames.freeze(place, first, last, desk)
    if not frame.rows:
        raise problems.EMPTY_FRAME(place=place.name)
    sizes = rules.allocate(frame.counts, size, least)
    draw = AuditDraw.objects.create(
        place=place, first_day=first, last_day=last, size=size, least=least, desk_score=desk, frame_rows=frame.rows,
        frame_digest=frame.digest, strata={name: [held, sizes[name]] for name, held in frame.counts.items()},
        frozen_by=scope.name, frozen_at=now, repeats=before, reason=reason.strip()[:300],
    )  # fmt: skip
    data = {
        "place": place.code,
        "from": first,
        "to": last,
        "frame": frame.digest,
        "rows": frame.rows,
        "size": size,
    }
    data |= {"repeats": before.pk if before else None, "reason": draw.reason}
    log.append(events.FRAME_FROZEN, subject=f"audit:{draw.pk}", actor=scope.name, now=now, data=data)
    return draw


def _check(first: date, last: date, size: int, now: datetime) -> None:
    if first > last:
        raise problems.BAD_DATES(first=first, last=last)
    days = int(standards.get_value("settle_days", last).number)
    settled = Week.of(last).sunday + timedelta(days=days)
    if settled >= day_of(now):
        raise problems.NOT_SETTLED(last=formats.day(last), settled=formats.day(settled))
    if not 1 <= size <= MOST:
        raise problems.BAD_SIZE(most=MOST)


def _before(place: Place, first: date, last: date) -> AuditDraw | None:
    """The latest draw of some of the same days at a place, above or below it."""
    rows = AuditDraw.objects.filter(first_day__lte=last, last_day__gte=first).select_related("place")
    for draw in rows.order_by("-pk"):
        if draw.place.path.startswith(place.path) or place.path.startswith(draw.place.path):
            return draw
    return None


@transaction.atomic
def draw_items(*, draw: AuditDraw, seed: str = "", scope: Scope, now: datetime) -> AuditDraw:
    """Draw by a seed that was given, or by one drawn here; both are kept and said.

    Problems: out of scope, seeded already, a seed nobody can repeat, the frame's file gone or changed.
    """
    held = AuditDraw.objects.select_for_update(of=("self",)).select_related("place").get(pk=draw.pk)
    scope.require(held.place.path, PERMISSION)
    if held.seed:
        raise problems.ALREADY_SEEDED()
    given = bool(seed)
    seed = seed or secrets.token_hex(16)
    if len(seed) > 100 or seed != seed.strip() or not seed.isprintable():
        raise problems.BAD_SEED()
    path = frames.path_of(held.frame_digest)
    if not path.is_file() or frames.digest_of(path) != held.frame_digest:
        raise problems.FRAME_GONE()
    drawn = rules.draw(frames.read(path), {name: taken for name, (_, taken) in held.strata.items()}, seed)
    held.seed, held.seeded_by, held.seeded_at = seed, scope.name, now
    held.save(update_fields=["seed", "seeded_by", "seeded_at"])
    _store(held, drawn)
    data = {"seed": seed, "given": given, "items": len(drawn), "frame": held.frame_digest}
    log.append(events.VISITS_DRAWN, subject=f"audit:{held.pk}", actor=scope.name, now=now, data=data)
    return held


def _store(draw: AuditDraw, drawn: Sequence[Drawn]) -> None:
    for start in range(0, len(drawn), BATCH):
        part = drawn[start : start + BATCH]
        ids = [each.visit_id for each in part]
        span = (draw.first_day, draw.last_day)
        visits = {str(visit.pk): visit for visit in Visit.objects.filter(pk__in=ids, day__range=span)}
        scores = {
            str(key): score.score
            for key, score in scrutiny.scores_of(
                Scope.system("audit"), [visit.pk for visit in visits.values()]
            ).items()
        }
        AuditItem.objects.bulk_create(_item(draw, each, visits[each.visit_id], scores) for each in part)


def _item(draw: AuditDraw, drawn: Drawn, visit: Visit, scores: dict[str, int]) -> AuditItem:
    registered = visit.courier_id is not None and visit.courier_id > 0
    return AuditItem(
        draw=draw, visit_id=visit.pk, day=visit.day, place_id=visit.place_id, stratum=drawn.stratum,
        ticket=drawn.ticket,
        courier_id=visit.courier_id if registered else None, score=scores.get(drawn.visit_id),
        flagged="-risky-" in drawn.stratum,
    )  # fmt: skip
