"""Simulating a nation: history as day sets, one county through the front door, and a notice that says so."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F

from puyou.accounts.models import in_force
from puyou.compliance import actions as compliance
from puyou.core import clock, notices
from puyou.core import events as log
from puyou.core.clock import SHANGHAI
from puyou.core.models import Event, Notice
from puyou.core.periods import day_of
from puyou.core.progress import step
from puyou.ingest import actions as ingest
from puyou.places.models import Place
from puyou.registry.models import Courier, Device, Duty, RoundCourier, RoundVillage
from puyou.simulator import county as counties
from puyou.simulator import events, front_door, nation, problems, roster, weather
from puyou.simulator.county import County
from puyou.simulator.nation import Nation
from puyou.visits import actions as visits

NOTICE = "模拟数据：投递频次、到村投递、投递员和免责情形均为模拟生成，仅供演示，不反映真实服务"
PREFERRED_COUNTY = "520526000000"  # 威宁彝族回族苗族自治县: many villages, mountains
MOST_WEEKS = 530
FEWEST, MOST = 80, 700  # villages of a county that is told visit by visit


@dataclass(frozen=True)
class Simulation:
    """What was simulated."""

    villages: int
    weeks: int
    couriers: int
    village_years: int
    county: str
    visits: int
    excuses: int
    labels: Path


def simulate(*, place: Place, seed: int, by: str, now: datetime, weeks: int = nation.WEEKS) -> Simulation:
    """Simulate everything under ``place`` for ``weeks`` weeks and judge it. The event at the end says that it is whole.

    Problems: simulator.external_database, simulator.already_there, simulator.no_villages, simulator.bad_weeks.
    """
    _require_empty()
    if not counties.VISIT_WEEKS <= weeks <= MOST_WEEKS:
        raise problems.BAD_WEEKS(least=counties.VISIT_WEEKS, most=MOST_WEEKS)
    with step(f"模拟 {weeks} 周的投递"):
        imagined = nation.imagine(place=place, today=day_of(now), seed=seed, weeks=weeks)
    if not len(imagined.geography.place_id):
        raise problems.NO_VILLAGES(place=place.name)
    chosen = _choose_county(imagined)
    history, county = _lay_down(imagined, chosen, seed, by, now)
    labels = Path(settings.PUYOU_HOME) / "simulator" / f"labels-{seed}.csv"
    sent = _tell(imagined, county, labels, by, now)
    land = imagined.geography
    with step("批准免责、判定达标并汇总"):
        excuses = weather.excuse_storms(imagined, by=by, now=now)
        compliance.bring_up_to_date(now=now, by=by)
    data = {"seed": seed, "villages": len(land.place_id), "weeks": imagined.weeks}
    with transaction.atomic():
        log.append(events.NATION_SIMULATED, subject=f"place:{chosen.pk}", actor=by, now=now, data=data)
    return Simulation(
        len(land.place_id), imagined.weeks, land.rounds, history, chosen.name, sent, excuses, labels
    )


def is_interrupted() -> bool:
    """Whether a simulation began and was never finished, so that only starting again helps."""
    finished = Event.objects.filter(kind=events.NATION_SIMULATED).exists()
    return Notice.objects.filter(code="simulated").exists() and not finished


def shown_courier(place: Place) -> Courier | None:
    """A courier under a place with a round of several villages today, to be shown to newcomers; None without any."""
    today = clock.today()
    stops = RoundVillage.objects.filter(
        in_force(today), place__path__gte=place.path, place__path__lt=place.path + "{"
    ).annotate(runs=F("weekdays").bitand(1 << today.weekday()))
    rounds = stops.filter(runs__gt=0).values("round_id").annotate(n=Count("pk")).order_by("-n", "round_id")
    chosen = rounds.values_list("round_id", flat=True).first()
    walks = RoundCourier.objects.filter(in_force(today), round_id=chosen or 0, substitute=False)
    walk = walks.select_related("courier").order_by("id").first()
    return walk.courier if walk else None


def _require_empty() -> None:
    if settings.EXTERNAL_DATABASE:
        raise problems.EXTERNAL()
    if Duty.objects.exists():
        raise problems.ALREADY_THERE(what="投递频次")


def _choose_county(imagined: Nation) -> Place:
    """The county that is told visit by visit: the preferred one, else the largest of a fitting size."""
    ids, counts = np.unique(imagined.geography.county, return_counts=True)
    preferred = Place.objects.filter(code=PREFERRED_COUNTY, pk__in=ids.tolist()).first()
    if preferred:
        return preferred
    fitting = (counts >= FEWEST) & (counts <= MOST)
    best = ids[np.argmax(np.where(fitting, counts, 0))] if fitting.any() else ids[np.argmin(counts)]
    return Place.objects.get(pk=int(best))


@transaction.atomic
def _lay_down(imagined: Nation, chosen: Place, seed: int, by: str, now: datetime) -> tuple[int, County]:
    notices.publish("simulated", NOTICE, now)
    enrolled = roster.enrol(imagined, told=chosen, by=by, now=now)
    bare = roster.without_phone(imagined)[imagined.geography.round]
    imagined.year.served[:, bare] = 0
    numbers = dict(enumerate(enrolled.numbers))
    county = counties.settle(imagined, chosen, numbers, seed)
    roster.place_points(county, imagined, by=by, now=now)
    told = imagined.year.served[-counties.VISIT_WEEKS :, county.rows].copy()
    counties.take_out_of_history(imagined, county)
    history = nation.load_history(imagined, by=by, now=now)
    imagined.year.served[-counties.VISIT_WEEKS :, county.rows] = told
    return history, county


def _tell(imagined: Nation, county: County, labels: Path, by: str, now: datetime) -> int:
    """Enrol the county's phones, send its visits through the front door and take them in."""
    tags = roster.hang_tags(county, imagined, by=by, now=now)
    made = counties.visits(imagined, county, tags, now, imagined.seed)
    counties.write_labels(labels, made)
    tokens = _tokens(imagined, county, {(visit.courier, visit.device) for visit in made}, by, now)
    with step(f"{county.place.name}：经正门上报 {len(made):,} 次到村", len(made)) as told:
        sent = front_door.send(made, tokens, told)
    with step("识别到村投递"):
        while visits.take_in_pending(limit=5000, now=now):
            pass
    with step("核验凭证"):
        while ingest.check_proofs(limit=5000, by=by, now=now):
            pass
    return sent


def _tokens(
    imagined: Nation, county: County, used: set[tuple[str, str]], by: str, now: datetime
) -> dict[tuple[str, str], str]:
    """Tokens by courier and phone: one's own by enrolment before the story begins, a colleague's issued by hand."""
    couriers = Courier.objects.in_bulk([courier for courier, _ in county.numbers], field_name="number")
    devices = Device.objects.in_bulk([device for _, device in county.numbers], field_name="identifier")
    begun = datetime.combine(imagined.first.shift(-1).monday, time.min, SHANGHAI)
    begun = max(begun, now - timedelta(days=7 * counties.VISIT_WEEKS + 14))
    codes = [
        ingest.issue_enrolment_code(courier=couriers[courier], by=by, now=begun)
        for courier, _ in county.numbers
    ]
    own = front_door.enrol(counties.phones_of(county, imagined.seed), codes, begun)
    tokens = dict(zip(county.numbers, own, strict=True))
    for courier, device in sorted(used - set(tokens)):
        tokens[courier, device] = ingest.issue_token(
            courier=couriers[courier], device=devices[device], by=by, now=now
        )
    return tokens
