"""What a courier's day without signal needs: villages, what the week asks, questions, decisions, rules, outlines."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from puyou.compliance import queries as compliance
from puyou.compliance.models import Excuse
from puyou.compliance.queries import Due
from puyou.core import paths
from puyou.core.periods import day_of
from puyou.core.steady import steadily
from puyou.fieldwork import answers, consent_texts, outlines
from puyou.fieldwork.models import Consent
from puyou.ingest import nonces, versions
from puyou.ingest.tokens import Bearer
from puyou.places.models import Place
from puyou.registry import queries as registry
from puyou.registry.models import Courier
from puyou.registry.queries import RoundStop, SharedPoint
from puyou.reviews import queries as reviews
from puyou.standards import queries as standards

TOLD_DAYS = 60  # decisions of so many days stay on the phone; older ones are in 我的数据


def today_of(bearer: Bearer, app: int | None, now: datetime) -> answers.Today:
    """The day of the phone's courier; a fixed number of queries, however many villages."""
    on = day_of(now)
    with steadily():
        courier = Courier.objects.get(pk=bearer.courier_id)
        day = registry.round_of(courier.pk, on)
        villages, chains = _villages(day.rows, on)
        return answers.Today(
            day=on,
            app=app_told(app),
            courier=answers.Person(courier.number, courier.name),
            consent=_consent(courier, on),
            rules={"nothing_today_counts": _rule("nothing_today_counts", on)},
            villages=villages,
            questions=_questions(courier.pk),
            decisions=_decisions(courier.pk, now),
            outlines=[answers.Outline(**one) for one in outlines.outlines_of(chains)],
            on_leave=day.on_leave,
            server_time=now,
            nonce=nonces.make(bearer.device_identifier, now),
        )


def app_told(version: int | None) -> answers.AppVersion:
    """Which versions matter, and what to say to this one."""
    known = versions.app()
    return answers.AppVersion(known.minimum, known.current, versions.message(version))


def _villages(rows: Sequence[RoundStop], on: date) -> tuple[list[answers.VillageOfDay], list[str]]:
    """The villages as told, and their paths."""
    ids = {row.place_id for row in rows}
    shared = {pk for row in rows if row.point for pk in row.point.place_ids}
    known = {pk: (code, path) for pk, code, path in _known(ids | shared)}
    dues = compliance.week_dues(sorted(ids), on)
    excused = _excused([known[pk][1] for pk in ids], on)
    told = [
        _village(row, known, dues.get(row.place_id), excused.get(known[row.place_id][1], "")) for row in rows
    ]
    return told, [known[pk][1] for pk in sorted(ids)]


def _known(ids: set[int]) -> list[tuple[int, str, str]]:
    return list(Place.objects.filter(pk__in=ids).values_list("pk", "code", "path"))


def _village(
    row: RoundStop, known: dict[int, tuple[str, str]], due: Due | None, excuse: str
) -> answers.VillageOfDay:
    notes = [f"代{row.substitute_for_name or '班'}"] if row.substitute_for is not None else []
    return answers.VillageOfDay(
        row.code,
        row.name,
        row.township,
        row.lon,
        row.lat,
        _point(row.point, known) if row.point else None,
        row.planned,
        row.order,
        row.mode,
        row.has_tag,
        answers.DueOfWeek(due.times, due.period, due.need, due.made) if due else None,
        due.served_on if due else None,
        "；".join([*notes, excuse] if excuse else notes),
    )


def _point(point: SharedPoint, known: dict[int, tuple[str, str]]) -> answers.PointOfDay:
    codes = [known[pk][0] for pk in point.place_ids if pk in known]
    return answers.PointOfDay(point.code, point.name, point.kind, point.lon, point.lat, codes)


def _excused(village_paths: Sequence[str], on: date) -> dict[str, str]:
    """What excuses a village today, by path: approved, or proposed and waiting."""
    chain = {pk for path in village_paths for pk in paths.ids(path)}
    waiting = (Excuse.Status.APPROVED, Excuse.Status.PROPOSED)
    rows = Excuse.objects.filter(
        place__in=chain, status__in=waiting, valid_from__lte=on, valid_to__gt=on
    ).select_related("place")
    told: dict[str, str] = {}
    for row in rows.order_by("-status", "pk"):  # proposed before approved, so that the approved is said
        until = row.valid_to - timedelta(days=1)
        word = "已批准免责" if row.status == Excuse.Status.APPROVED else "已申报，待批准"
        for path in village_paths:
            if path.startswith(row.place.path):
                told[path] = f"{row.get_ground_display()}，{word}（至{until.month}月{until.day}日）"
    return told


def _consent(courier: Courier, on: date) -> answers.ConsentState:
    text = consent_texts.current(on)
    said = Consent.objects.filter(courier=courier, version=text.version).order_by("-happened_at").first()
    return answers.ConsentState(text.version, text.text, said.agreed if said else None)


def _rule(code: str, on: date) -> answers.RuleValue:
    """A yes-or-no rule with how firm it is; yes where nothing is said."""
    value = standards.find_value(code, on)
    if value is None:
        return answers.RuleValue(True, "none")
    return answers.RuleValue(value.value == "yes", value.verification)


def _questions(courier_id: int) -> list[answers.QuestionAsked]:
    return [
        answers.QuestionAsked(one.id, one.visit, one.village_name, one.text, one.asked_at)
        for one in reviews.questions_for(courier_id)
    ]


def _decisions(courier_id: int, now: datetime) -> list[answers.DecisionTold]:
    return [
        answers.DecisionTold(
            one.visit,
            one.village_name,
            one.day,
            one.decision,
            one.ground,
            one.at,
            one.appealable_until,
            answers.AppealHeard(one.appeal.state, one.appeal.at, one.appeal.ground) if one.appeal else None,
        )
        for one in reviews.decisions_for(courier_id, now - timedelta(days=TOLD_DAYS))
    ]
