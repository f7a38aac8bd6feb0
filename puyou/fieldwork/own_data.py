"""我的数据: everything that is kept about one courier, of a month; and the villages of the courier's county."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.core import paths
from puyou.core.steady import steadily
from puyou.fieldwork import answers
from puyou.fieldwork.models import Consent, RoundMark
from puyou.ingest.models import Contact, DeviceStanding
from puyou.ingest.tokens import Bearer
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry.models import Courier, DeviceBinding, RoundVillage
from puyou.reviews import queries as desk
from puyou.scrutiny import queries as scrutiny
from puyou.scrutiny.models import Score
from puyou.standards import queries as standards
from puyou.visits.models import Review, Visit, VisitDetail

COUNTY, VILLAGE = 3, 5
OWN = Scope.system("own data")  # a courier's own visits, wherever they lie
MOST_FOUND = 20
ENFORCED = {"keep_photo_days"}  # by evidence.expire_files, each hour; nothing deletes the others yet
KEPT = (  # what is kept, why, and the rule that says for how long
    ("到村记录（时间、村、件数、文字说明、是否计入）", "核验邮政普遍服务投递频次", "keep_visit_days"),
    ("位置与进村前的定位点", "证明到过村；只在出班与收班之间取得", "keep_track_days"),
    ("照片、语音", "佐证交接", "keep_photo_days"),
    ("可信度评分、审核与申诉", "说明一次到村为何计入或不计入，保障申诉", "keep_review_days"),
    ("设备、密钥与知情同意", "知道记录由谁的手机作出、依据哪一版告知书", "keep_device_days"),
)


def own_data_of(bearer: Bearer, first: date, now: datetime) -> answers.Own:
    """What is kept about the phone's courier, with the visits of the month that begins on ``first``."""
    with steadily():
        courier = Courier.objects.get(pk=bearer.courier_id)
        last = _last_of_month(first)
        visits = list(
            Visit.objects.filter(courier_id=courier.pk, day__range=(first, last)).order_by(
                "-happened_at", "id"
            )
        )
        return answers.Own(
            courier=answers.Person(courier.number, courier.name),
            of=f"{first:%Y-%m}",
            devices=_devices(courier),
            month=_days(visits),
            visits=_visits(visits),
            marks=[
                answers.Mark(mark.day, mark.kind, mark.happened_at)
                for mark in RoundMark.objects.filter(courier=courier, day__range=(first, last)).order_by(
                    "happened_at"
                )
            ],
            consents=[
                answers.ConsentGiven(row.version, row.agreed, row.happened_at)
                for row in Consent.objects.filter(courier=courier).order_by("-happened_at")
            ],
            retention=[_kept(what, why, code, first) for what, why, code in KEPT],
        )


def _last_of_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _devices(courier: Courier) -> list[answers.DeviceHeld]:
    rows = list(
        DeviceBinding.objects.filter(courier=courier).select_related("device").order_by("-valid_from", "-id")
    )
    ids = [row.device_id for row in rows]
    heard = dict(Contact.objects.filter(device__in=ids).values_list("device_id", "at"))
    latest = DeviceStanding.objects.filter(device__in=ids).order_by("device_id", "-id").distinct("device_id")
    standing = {row.device_id: row.get_standing_display() for row in latest}
    return [
        answers.DeviceHeld(
            row.device.identifier,
            row.valid_from,
            row.valid_to,
            heard.get(row.device_id),
            standing.get(row.device_id, DeviceStanding.Standing.ACTIVE.label),
        )
        for row in rows
    ]


def _days(visits: Iterable[Visit]) -> list[answers.DayOfMonth]:
    days: dict[date, answers.DayOfMonth] = {}
    for visit in visits:
        day = days.setdefault(visit.day, answers.DayOfMonth(visit.day, 0, 0, 0))
        day.visits += 1
        day.counting += visit.counting
        day.findings += visit.findings != 0
    return [days[day] for day in sorted(days)]


def _visits(visits: list[Visit]) -> list[answers.OwnVisit]:
    ids = [visit.pk for visit in visits]
    names = dict(Place.objects.filter(pk__in={visit.place_id for visit in visits}).values_list("pk", "name"))
    scores = scrutiny.scores_of(OWN, ids)
    reviews = {row.visit_id: row for row in Review.objects.filter(visit_id__in=ids).order_by("id")}
    dropped = desk.dropped_for(ids)
    photos: dict[object, int] = defaultdict(int)
    for pk, kept in VisitDetail.objects.filter(pk__in=ids).values_list("pk", "photos"):
        photos[pk] = len(kept or ())
    return [
        answers.OwnVisit(
            visit.pk,
            names.get(visit.place_id, ""),
            visit.happened_at,
            visit.received_at,
            visit.standing,
            scores[visit.pk].score if visit.pk in scores else None,
            _reasons(visit, scores.get(visit.pk)),
            *_decision(visit, reviews, dropped),
            photos[visit.pk],
        )
        for visit in visits
    ]


def _decision(visit: Visit, reviews: dict[UUID, Review], dropped: dict[UUID, str]) -> tuple[str, str]:
    """What the desk decided and why; that it stopped, where the courier took the visit back meanwhile."""
    if visit.pk in dropped:
        return "不再审核", dropped[visit.pk]
    review = reviews.get(visit.pk)
    return (review.get_decision_display(), review.ground) if review else ("", "")


def _reasons(visit: Visit, score: Score | None) -> list[str]:
    """Why the score is what it is, in words; without a score, what is doubtful."""
    if score is not None:
        return [reason.name for reason in score.described]
    return [f"{finding.name}：{finding.sentence}" for finding in visit.described]


def _kept(what: str, why: str, code: str, on: date) -> answers.Kept:
    value = standards.find_value(code, on)
    if value is None:
        return answers.Kept(what, why, "没有规定期限，未经核实")
    verified = "" if value.verification == "verified" else "，未经核实"
    ended = "期满自动删除，审核、申诉中的除外" if code in ENFORCED else "期满后的自动删除尚未启用，目前不删除"
    until = f"自登记之日起 {value.value} 天（准则第 {value.version_id} 号版本{verified}）；{ended}"
    return answers.Kept(what, why, until)


def find_villages(courier_id: int, text: str, on: date) -> list[answers.FoundVillage]:
    """Villages of the courier's counties by a piece of the name or the beginning of the code, at most 20."""
    text = text.strip().replace("\0", "")
    counties = _counties(courier_id, on)
    if not text or not counties:
        return []
    inside = Q(pk__in=())
    for path in counties:
        inside |= Q(path__gte=path, path__lt=path + "{")
    named = Q(name__contains=text) | Q(code__startswith=text) | Q(parent__name__contains=text)
    rows = Place.objects.filter(inside, named, level=VILLAGE, valid_to=None).select_related("parent")
    ordered = sorted(
        rows[:400], key=lambda row: (not row.name.startswith(text), text not in row.name, row.code)
    )
    return [
        answers.FoundVillage(row.code, row.name, row.parent.name if row.parent else "", row.lon, row.lat)
        for row in ordered[:MOST_FOUND]
    ]


def _counties(courier_id: int, on: date) -> set[str]:
    """Paths of the counties that the courier's rounds lie in; the office's place for a courier without a round."""
    here = RoundVillage.objects.filter(
        in_force(on), in_force(on, "round__couriers__"), round__couriers__courier=courier_id
    )
    chains = [paths.ids(path) for path in here.values_list("place__path", flat=True).distinct()]
    if not chains:
        office = Courier.objects.filter(pk=courier_id).values_list("organisation__place__path", flat=True)
        chains = [paths.ids(path) for path in office if path]
    known = places.get_places({pk for chain in chains for pk in chain})
    return {
        max((known[pk] for pk in chain if known[pk].level <= COUNTY), key=lambda one: one.level).path
        for chain in chains
    }
