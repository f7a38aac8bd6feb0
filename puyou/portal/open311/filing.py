"""Taking in a request that another system files for somebody; the same one sent twice is one report."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from puyou.accounts.scopes import Scope
from puyou.cases.feedback import actions as feedback
from puyou.cases.feedback import queries as reports
from puyou.cases.feedback.filing import Filed, Position
from puyou.cases.feedback.models import Category, Report
from puyou.core.periods import day_of
from puyou.core.problems import Problem
from puyou.places import locating
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.portal import problems
from puyou.portal.report_forms import ReportForm

LOWEST = 3  # a report is about a county or something below it


def take(said: Mapping[str, str], lists: Mapping[str, list[str]], holder: str, now: datetime) -> Filed:
    """File what was said. Problems in words of the field: service, description, place, attributes."""
    category = _category(said)
    position = _position(said)
    place = _place(said, position)
    contact = "，".join(filter(None, (said.get("phone", "").strip(), said.get("email", "").strip())))
    reporter = "".join(filter(None, (said.get("last_name", "").strip(), said.get("first_name", "").strip())))
    return feedback.file_report(
        client_id=identity(said, holder, now),
        source=Report.Source.PUBLIC,
        category=category,
        place=place,
        text=said.get("description", ""),
        position=position,
        reporter=reporter,
        contact=contact,
        attributes=_attributes(category, said, lists),
        owner=f"open311:{holder}",
        now=now,
    )


def identity(said: Mapping[str, str], holder: str, now: datetime) -> UUID:
    """One report's name: the same words from the same system on the same day are the same report."""
    kept = {name: value for name, value in said.items() if name != "api_key"}
    words = json.dumps([holder, str(day_of(now)), kept], ensure_ascii=False, sort_keys=True)
    return UUID(bytes=hashlib.sha256(words.encode()).digest()[:16], version=4)


def _category(said: Mapping[str, str]) -> Category:
    code = said.get("service_code", "").strip()
    if not code:
        raise problems.BAD_QUESTION(reason="缺少 service_code")
    try:
        return reports.get_category(Scope.public(), code)
    except Problem:
        raise problems.UNKNOWN_SERVICE(code=code[:40]) from None


def _position(said: Mapping[str, str]) -> Position | None:
    texts = [said.get(name, "").strip() for name in ("long", "lat")]
    if not any(texts):
        return None
    try:
        lon, lat = (float(text) for text in texts)
    except ValueError:
        raise problems.BAD_QUESTION(reason="lat、long 应为十进制度数，两者都要有") from None
    return Position(lon, lat)


def _place(said: Mapping[str, str], position: Position | None) -> Place:
    """By ``address_id`` (a division's code), else the position, else an ``address_string`` that names one place."""
    code, words = said.get("address_id", "").strip(), said.get("address_string", "").strip()
    if code:
        found: Place | None = places.get_place(code)
    elif position is not None:
        found = locating.locate(position.lon, position.lat)
    elif words:
        found = _named(words)
    else:
        raise problems.BAD_QUESTION(reason="须给出 lat 与 long、address_id 或 address_string 之一")
    if found is None:
        raise problems.OUTSIDE()
    if found.level < LOWEST:
        raise problems.BAD_QUESTION(reason=f"地点须到县级或以下，“{found.name}”太大")
    return found


def _named(words: str) -> Place:
    found = [one for one in places.search(words[:60], 3) if one.level >= LOWEST]
    if len(found) != 1:
        many = "、".join(one.chain_text for one in found)
        raise problems.BAD_QUESTION(
            reason=f"address_string 对应多个地点：{many}" if many else "address_string 找不到对应的地点"
        )
    return places.get_place(found[0].code)


def _attributes(
    category: Category, said: Mapping[str, str], lists: Mapping[str, list[str]]
) -> dict[str, Any]:
    """``attribute[code]`` answers, checked as the public's own form checks them."""
    given: dict[str, Any] = {"text": said.get("description", "")}
    for one in category.attributes:
        name = f"attribute[{one['code']}]"
        many = one.get("datatype") == "multivaluelist"
        several = lists.get(f"{name}[]") or lists.get(name, [])
        given[f"attribute_{one['code']}"] = several if many else said.get(name, "")
    form = ReportForm(category, given)
    form.is_valid()
    wrong = [
        f"{form.fields[name].label}：{''.join(str(each) for each in errors)}"
        for name, errors in form.errors.items()
        if name.startswith("attribute_")
    ]
    if wrong:
        raise problems.BAD_QUESTION(reason="；".join(wrong))
    return form.attributes
