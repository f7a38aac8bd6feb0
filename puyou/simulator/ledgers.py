"""Ledgers of the told county: what its company and its officers would have entered this year, most of it confirmed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from puyou.accounts.models import User
from puyou.accounts.scopes import scope_for
from puyou.core.periods import day_of
from puyou.ledgers import actions, queries
from puyou.ledgers.models import LedgerEntry
from puyou.places.models import Place

Said = tuple[str, str, Place, dict[str, Any]]  # who (company or officer), kind, place, what is written
ENERGIES, SERVICES = ("electric", "fuel", "electric", "hybrid"), ("police", "tax", "government", "medical")
STAGES = ("approved", "design", "building", "finished", "accepted")
TOWNSHIP = 4


def tell(*, county: Place, officer: User, company: User, seed: int, now: datetime) -> int:
    """Enter a year's ledgers of a county; returns how many entries. Once per database."""
    if LedgerEntry.objects.exists():
        return 0
    random = np.random.default_rng([seed, 21, county.pk])
    townships = list(
        Place.objects.filter(path__startswith=county.path, level=TOWNSHIP, valid_to=None).order_by("code")[
            :24
        ]
    )
    people = {"company": company, "officer": officer}
    told = 0
    for who, kind, place, said in _everything(county, townships or [county], day_of(now), random):
        entry = _enter(people[who], kind, place, said, now)
        if who == "company" and random.random() < 0.8:
            _confirm(entry, officer, now)
        told += 1
    return told


def _enter(by: User, kind: str, place: Place, said: dict[str, Any], now: datetime) -> LedgerEntry:
    current = queries.get_kind(kind)
    operator = by.organisation if current.definition.has_operator else None
    return actions.create_entry(
        version=current.version, place=place, operator=operator, said=said, submit=True, office=by.organisation,
        scope=scope_for(by, day_of(now)), by=by, now=now,
    )  # fmt: skip


def _confirm(entry: LedgerEntry, officer: User, now: datetime) -> None:
    """Where it is the city's to confirm; agreements wait for the province."""
    if queries.get_kind(entry.kind.code).definition.confirm_level in (2, 3):
        actions.confirm_entry(
            entry_id=entry.pk, expected=entry.turn, scope=scope_for(officer, day_of(now)), by=officer, now=now
        )


def _everything(
    county: Place, townships: list[Place], today: date, random: np.random.Generator
) -> Iterator[Said]:
    def days_ago(most: int, least: int = 1) -> str:
        return (today - timedelta(days=int(random.integers(least, most)))).isoformat()

    for at, place in enumerate(townships):
        outlet = f"55{county.code[2:6]}{at:02d}"
        name = {"outlet_name": f"{place.name}邮政所", "outlet": outlet}
        spot = {"position": f"{place.lon},{place.lat}"} if place.lon is not None else {}
        for service in SERVICES[: int(random.integers(0, 4))]:
            opened = {"service": service, "opened_on": days_ago(900)}
            yield "company", "platform_service", place, name | opened | spot
        if at % 2 == 0:
            installed = {
                "type": "counter",
                "devices": str(random.integers(1, 4)),
                "installed_on": days_ago(300),
            }
            yield "company", "recycling_outlet", place, name | installed | spot
        yield "company", "service_site", place, _site(place, at, days_ago(700), random) | spot
        yield "company", "vehicle", county, _vehicle(county, at, days_ago(330), random)
    yield from _projects(townships, days_ago, random)
    yield from _cooperation(county, days_ago)
    yield from _officers(county, townships, days_ago, today)


def _site(place: Place, at: int, opened_on: str, random: np.random.Generator) -> dict[str, Any]:
    functions = {
        code: bool(random.random() < 0.7) for code in ("station", "parcels", "commerce", "convenience")
    }
    kind = ("shop", "station", "service")[at % 3]
    return {
        "name": f"{place.name}服务站", "site_number": f"Z{place.code[:9]}", "type": kind, "opened_on": opened_on
    } | functions  # fmt: skip


def _vehicle(county: Place, at: int, bought_on: str, random: np.random.Generator) -> dict[str, Any]:
    return {
        "vehicle_number": f"邮{county.code[:6]}{at + 1:03d}", "type": ("van", "three_wheel", "motorcycle")[at % 3],
        "energy": ENERGIES[at % len(ENERGIES)], "use": "rural", "price": f"{random.integers(20, 150) / 10}",
        "bought_on": bought_on,
    }  # fmt: skip


def _projects(townships: list[Place], days_ago: Any, random: np.random.Generator) -> Iterator[Said]:
    for at, place in enumerate(townships[:8]):
        stage, approved = STAGES[at % len(STAGES)], days_ago(320, 200)
        said = {
            "name": f"{place.name}网点改造", "project_number": f"GZ{place.code[:9]}", "type": "outlet",
            "region": "west_rural",
            "stage": stage, "planned": str(random.integers(8, 60)), "approved_on": approved,
        }  # fmt: skip
        if stage in STAGES[2:]:
            said["started_on"] = days_ago(190, 120)
        if stage in STAGES[3:]:
            said["finished_on"] = days_ago(90)
            paid = {"subject": said["name"], "project_number": said["project_number"], "use": "building"}
            spent = {"fund": "operator", "amount": said["planned"], "paid_on": said["finished_on"]}
            yield "company", "investment", place, paid | spent
        yield "company", "building_project", place, said


def _cooperation(county: Place, days_ago: Any) -> Iterator[Said]:
    for at, (partner, fee, interface) in enumerate(
        (("甲快递", "0.6", "system"), ("乙快递", "0.8", "manual"))
    ):
        yield "company", "express_agreement", county, {
            "name": f"{county.name}邮政与{partner}合作协议", "agreement_number": f"YK{county.code[:6]}-{at + 1}",
            "partner": partner, "signed_on": days_ago(300, 200), "pilot": at == 0, "mode": "deliver", "fee": fee,
            "interface": interface, "villages": str(120 - 40 * at),
        }  # fmt: skip
    yield "company", "express_difficulty", county, {
        "problem": "单号信息不能自动交换", "category": "interface", "partner": "乙快递", "raised_on": days_ago(120, 60),
        "description": "到件信息靠人工登记，签收状态回传不及时", "stage": "coordinating",
    }  # fmt: skip
    yield "company", "express_difficulty", county, {
        "problem": "每件资费低于投递成本", "category": "fee", "partner": "甲快递", "raised_on": days_ago(200, 150),
        "description": "边远村每件投递成本高于协议资费", "stage": "solved", "coordination": "市局召集双方协商",
        "result": "边远村每件加收 0.3 元", "settled_on": days_ago(100, 30),
    }  # fmt: skip


def _officers(county: Place, townships: list[Place], days_ago: Any, today: date) -> Iterator[Said]:
    yield "officer", "policy_document", county, {
        "name": "关于支持农村邮政体系建设的意见", "document_number": f"府办发〔{today.year}〕12号",
        "issuer": f"{county.name}人民政府办公室",
        "issued_on": days_ago(200, 100), "subject": "rural", "fund": "80",
    }  # fmt: skip
    for place in townships[:3]:
        yield "officer", "field_study", place, {
            "topic": f"{place.name}投递服务调研", "visited_on": days_ago(150), "leader": "市局普遍服务科",
            "method": "visit",
            "findings": "雨季两条村道中断时投递缺班；村邮站钥匙只有一人保管。",
            "suggestions": "落实代班人员；钥匙由村委会另存一把。",
        }  # fmt: skip
    yield "officer", "study_task", townships[0], {
        "task": "落实雨季代班人员", "study": f"{townships[0].name}投递服务调研", "set_on": days_ago(60, 30),
        "finding": "雨季两条村道中断时投递缺班", "owner": f"{county.name}邮政分公司", "stage": "open",
        "due_on": (today + timedelta(days=20)).isoformat(),
    }  # fmt: skip
