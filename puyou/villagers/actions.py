"""Hanging notices in villages, ending them, and taking down what villagers say."""

from datetime import date, datetime

from django.db import transaction

from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.places.models import Place
from puyou.standards import queries as standards
from puyou.villagers import events, marks, problems
from puyou.villagers.models import NoticeCode, VillagerWord

VILLAGE = 5


@transaction.atomic
def issue_code(*, place: Place, hangs: str, valid_from: date, by: str, now: datetime) -> NoticeCode:
    """Hang a notice in a village; its week can be read by anybody there from ``valid_from`` on."""
    if place.level != VILLAGE or place.valid_to is not None:
        raise problems.NO_VILLAGE(name=place.name, code=place.code)
    if hangs not in NoticeCode.Hangs.values:
        raise problems.UNKNOWN_HANGS()
    made = NoticeCode.objects.create(place=place, hangs=hangs, valid_from=valid_from)
    data = {"place": place.pk, "hangs": hangs, "valid_from": str(valid_from)}
    log.append(events.CODE_ISSUED, subject=f"notice_code:{made.pk}", actor=by, now=now, data=data)
    return made


@transaction.atomic
def end_code(*, code: NoticeCode, on: date, ground: str, by: str, now: datetime) -> NoticeCode:
    """The notice is lost or replaced: not good from ``on``. Problem without ground or when ended before."""
    code = NoticeCode.objects.select_for_update().get(pk=code.pk)
    if not ground.strip():
        raise problems.GROUND_MISSING()
    if code.valid_to is not None:
        raise problems.ENDED_ALREADY(on=code.valid_to)
    code.valid_to, code.ground = max(on, code.valid_from), ground.strip()[:200]
    code.save(update_fields=["valid_to", "ground"])
    data = {"place": code.place_id, "on": str(code.valid_to), "ground": code.ground}
    log.append(events.CODE_ENDED, subject=f"notice_code:{code.pk}", actor=by, now=now, data=data)
    return code


@transaction.atomic
def give_word(
    *, code: NoticeCode, said: str, day: date, device: str, address: str, by: str, now: datetime
) -> VillagerWord:
    """Take down that the mail came today or did not; the same device saying the same again changes nothing.

    ``day`` is the day that the page showed. Problems: ended code, page of another day, more than the rules allow of a
    village or of one network.
    """
    code = NoticeCode.objects.select_for_update().get(pk=code.pk)
    today = day_of(now)
    if code.valid_to is not None and code.valid_to <= today:
        raise problems.ENDED_CODE(on=code.valid_to)
    if said not in VillagerWord.Said.values:
        raise problems.UNKNOWN_WORD()
    if day != today:
        raise problems.STALE_PAGE()
    device = marks.device_mark(code.place_id, today, device)
    address = marks.network_mark(code.place_id, today, address)
    heard = VillagerWord.objects.filter(place_id=code.place_id, day=today)
    before = heard.filter(device=device, said=said).first()
    if before is not None:
        return before
    for rows, rule in (
        (heard, "villager_words_village"),
        (heard.filter(address=address), "villager_words_network"),
    ):
        if rows.count() >= standards.get_value(rule, today).number:
            raise problems.ENOUGH()
    word = VillagerWord.objects.create(
        code=code, place_id=code.place_id, day=today, said=said, at=now, device=device, address=address
    )
    data = {"place": code.place_id, "day": str(today), "said": said, "code": code.pk}
    log.append(events.WORD_GIVEN, subject=f"villager_word:{word.pk}", actor=by, now=now, data=data)
    return word
