"""Who delivers in the simulated nation: companies, couriers, phones, rounds, duties and points."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.accounts import actions as accounts
from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.core.paths import ids
from puyou.core.progress import step
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry import actions as registry
from puyou.registry import queries as tags
from puyou.registry.models import (
    Courier,
    DeliveryPoint,
    DeliveryPointVillage,
    Device,
    DeviceBinding,
    Round,
    RoundCourier,
    RoundVillage,
    VillagePoint,
)
from puyou.simulator.county import County, point_code
from puyou.simulator.geography import AREA_CLASSES
from puyou.simulator.nation import Nation

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("建国", "秀英", "志强", "桂兰", "海燕", "永福", "春梅", "德明", "小军", "玉珍", "文华", "国庆")
UNENROLLED = 0.0015  # share of rounds that were never given a phone
ON_LEAVE = 0.03  # share of rounds with a substitute for two weeks
GROUP = "中国邮政集团（模拟）"


@dataclass(frozen=True, eq=False)
class Roster:
    """Ids and names by round: what the phones of a county need to act."""

    courier_ids: NDArray[np.int64]
    device_ids: NDArray[np.int64]
    numbers: list[tuple[str, str]]  # (courier number, device identifier)


def without_phone(nation: Nation) -> NDArray[np.bool_]:
    """Rounds never enrolled, bool[rounds]; their villages have no recorded service at all."""
    return np.random.default_rng([nation.seed, 8]).random(nation.geography.rounds) < UNENROLLED


def enrol(nation: Nation, *, told: Place, by: str, now: datetime) -> Roster:
    """Fill the registry for the whole nation. Simulated numbers begin with S.

    The county that is told visit by visit has a company of its own, so that its desk can be shown.
    """
    land, begun = nation.geography, nation.first.monday - timedelta(days=364)
    random = np.random.default_rng([nation.seed, 9])
    companies = _companies(land.county, told, now)
    of_round = np.zeros(land.rounds, np.int64)
    of_round[land.round] = companies
    size, bare = land.rounds, without_phone(nation)
    numbers = [(f"S{n:07d}", f"P-SIM-{n:07d}-simulated-") for n in range(size)]
    with step(f"登记 {size:,} 名投递员、投递段与设备"):
        couriers = registry.fill(
            model=Courier,
            columns={
                "number": [number for number, _ in numbers],
                "name": _names(size, random),
                "organisation_id": of_round,
                "valid_from": _days(begun, size),
            },
            by=by,
            now=now,
        )
        devices = registry.fill(
            model=Device,
            columns={
                "identifier": [device for _, device in numbers],
                "enrolled_at": [now.isoformat()] * size,
            },
            by=by,
            now=now,
        )
        _hand_out(devices[~bare], couriers[~bare], begun, by, now)
        rounds = _rounds(nation, of_round, couriers, begun, random, by, now)
    with step(f"排定 {len(land.place_id):,} 个建制村的班期与投递频次"):
        _villages(nation, rounds, begun, by, now)
    return Roster(couriers, devices, numbers)


def _days(day: date, count: int) -> NDArray[np.datetime64]:
    return np.full(count, np.datetime64(day))


def _names(count: int, random: np.random.Generator) -> list[str]:
    first, last = random.integers(0, len(SURNAMES), count), random.integers(0, len(GIVEN), count)
    return [SURNAMES[a] + GIVEN[b] for a, b in zip(first, last, strict=True)]


def _hand_out(devices: Any, couriers: Any, begun: date, by: str, now: datetime) -> None:
    columns = {"device_id": devices, "courier_id": couriers, "valid_from": _days(begun, len(devices))}
    registry.fill(model=DeviceBinding, columns=columns, by=by, now=now)


def _companies(counties: NDArray[np.int32], told: Place, now: datetime) -> NDArray[np.int64]:
    """The company of each village, the province's but for the county that is told; made where it is missing."""
    by, root = Scope.system("simulator"), places.get_root()
    group = _company(GROUP, None, root, by, now)
    provinces: dict[int, int] = {}
    own = Place.objects.in_bulk([int(c) for c in np.unique(counties)])
    for county in own.values():
        province = ids(county.path)[1]
        if province not in provinces:
            place = Place.objects.get(pk=province)
            provinces[province] = _company(f"{place.name}邮政分公司（模拟）", group, place, by, now).pk
    of_county = {county.pk: provinces[ids(county.path)[1]] for county in own.values()}
    if told.pk in of_county:
        above = Organisation.objects.get(pk=of_county[told.pk])
        of_county[told.pk] = _company(f"{told.name}邮政分公司（模拟）", above, told, by, now).pk
    unique, at = np.unique(counties, return_inverse=True)
    return np.array([of_county[int(c)] for c in unique], np.int64)[at]


def _company(name: str, parent: Organisation | None, place: Place, by: Scope, now: datetime) -> Organisation:
    known = Organisation.objects.filter(name=name, place=place).first()
    return known or accounts.create_organisation(
        kind="operator", name=name, parent=parent, place=place, by=by, now=now
    )


def _rounds(
    nation: Nation,
    company: NDArray[np.int64],
    couriers: NDArray[np.int64],
    begun: date,
    random: np.random.Generator,
    by: str,
    now: datetime,
) -> NDArray[np.int64]:
    size = nation.geography.rounds
    columns: dict[str, Any] = {
        "number": [f"R{n:07d}" for n in range(size)],
        "name": [f"模拟投递段{n + 1}" for n in range(size)],
        "organisation_id": company,
    }
    rounds = registry.fill(model=Round, columns=columns, by=by, now=now)
    columns = {"round_id": rounds, "courier_id": couriers, "valid_from": _days(begun, size)}
    registry.fill(model=RoundCourier, columns=columns, by=by, now=now)
    away = np.flatnonzero(random.random(size) < ON_LEAVE)
    if len(away):
        since = _days(nation.first.monday, len(away)) + random.integers(0, nation.weeks * 7, len(away))
        columns = {
            "round_id": rounds[away],
            "courier_id": couriers[(away + 1) % size],
            "substitute": np.ones(len(away), bool),
            "valid_from": since,
            "valid_to": since + 14,
        }
        registry.fill(model=RoundCourier, columns=columns, by=by, now=now)
    return rounds


def _villages(nation: Nation, rounds: NDArray[np.int64], begun: date, by: str, now: datetime) -> None:
    land, count = nation.geography, len(nation.geography.place_id)
    columns = {
        "round_id": rounds[land.round],
        "place_id": land.place_id,
        "weekdays": nation.year.timetable,
        "valid_from": _days(begun, count),
    }
    registry.fill(model=RoundVillage, columns=columns, by=by, now=now)
    registry.fill_duties(
        place_ids=land.place_id,
        area_classes=np.array(AREA_CLASSES)[land.area_class],
        times=np.where(land.per_day, 1, land.times),
        periods=np.where(land.per_day, "day", "week"),
        valid_from=_days(nation.first.monday, count),
        valid_to=np.full(count, np.datetime64("NaT"), "datetime64[D]"),
        by=by,
        now=now,
    )


def place_points(county: County, nation: Nation, *, by: str, now: datetime) -> None:
    """Learnt points for a county's villages, and the delivery points that some of them share."""
    ids_, since = nation.geography.place_id[county.rows], nation.first.monday
    columns: dict[str, Any] = {
        "place_id": ids_,
        "lon": [stop.lon for stop in county.stops],
        "lat": [stop.lat for stop in county.stops],
        "standing": ["learnt"] * len(ids_),
        "source": ["模拟"] * len(ids_),
        "valid_from": _days(since, len(ids_)),
    }
    registry.fill(model=VillagePoint, columns=columns, by=by, now=now)
    hosts = sorted(set(county.shared.values()))
    if not hosts:
        return
    columns = {
        "code": [point_code(county, host) for host in hosts],
        "name": ["模拟村邮站"] * len(hosts),
        "kind": ["station"] * len(hosts),
        "lon": [county.stops[host].lon for host in hosts],
        "lat": [county.stops[host].lat for host in hosts],
    }
    points = dict(
        zip(hosts, registry.fill(model=DeliveryPoint, columns=columns, by=by, now=now), strict=True)
    )
    served = sorted([*county.shared.items(), *((host, host) for host in hosts)])
    columns = {
        "point_id": [points[host] for _, host in served],
        "place_id": [ids_[at] for at, _ in served],
        "valid_from": _days(since, len(served)),
    }
    registry.fill(model=DeliveryPointVillage, columns=columns, by=by, now=now)


def hang_tags(county: County, nation: Nation, *, by: str, now: datetime) -> list[str]:
    """Tags in some of a county's villages; returns their text by stop, empty where there is none."""
    since, tagged = nation.first.monday, county.world.stops.tagged
    texts = []
    for place, hangs in zip(nation.geography.place_id[county.rows].tolist(), tagged.tolist(), strict=True):
        if not hangs:
            texts.append("")
            continue
        tag = registry.issue_tag(place=Place.objects.get(pk=place), valid_from=since, by=by, now=now)
        texts.append(tags.tag_text(tag))
    return texts
