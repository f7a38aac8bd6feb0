"""Sharing out the places of a round, weighted to rural areas, and judging what a checklist's answers say."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

TEXT_LIMIT = 1000
ANSWERS = {"yes_no", "choice", "number", "text", "time", "date", "scale"}
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class County:
    """What a county brings to the sharing out; ``covered``: it has an active supervisor."""

    key: int
    villages: int
    rural_villages: int
    covered: bool


@dataclass(frozen=True)
class Quota:
    """Places of a county, and how many of them are for rural areas."""

    key: int
    places: int
    rural: int


def share_out(places: int, counties: Sequence[County], rural_share: float) -> list[Quota]:
    """One place for each county without a supervisor first, the rest by villages, rural ones weighing more.

    The rural places are the share of the whole, rounded up, as far as counties have rural villages.
    """
    bare = [one for one in counties if not one.covered]
    first = sorted(bare, key=lambda one: (-one.rural_villages, one.key))[:places]
    given = {one.key: 1 for one in first}
    weights = {one.key: _weight(one, rural_share) for one in counties}
    for key, more in largest_remainder(places - len(first), weights).items():
        given[key] = given.get(key, 0) + more
    rural = _rural(given, counties, math.ceil(round(places * rural_share, 9)))
    return [Quota(one.key, given.get(one.key, 0), rural.get(one.key, 0)) for one in counties]


def _weight(county: County, share: float) -> float:
    return county.rural_villages * share + (county.villages - county.rural_villages) * (1 - share)


def _rural(given: Mapping[int, int], counties: Sequence[County], wanted: int) -> dict[int, int]:
    """Rural places one by one to the county with most rural villages for each rural place that it would have."""
    able = [one for one in counties if one.rural_villages and given.get(one.key)]
    found = {one.key: 0 for one in able}
    for _ in range(wanted):
        free = [one for one in able if found[one.key] < given[one.key]]
        if not free:
            break
        most = max(free, key=lambda one: (one.rural_villages / (found[one.key] + 1), -one.key))
        found[most.key] += 1
    return found


def largest_remainder(total: int, weights: Mapping[int, float]) -> dict[int, int]:
    """``total`` in whole numbers by weight; ties go to the smaller key."""
    whole = sum(weights.values())
    if total <= 0 or not weights:
        return {}
    exact = {key: total * (weight / whole if whole else 1 / len(weights)) for key, weight in weights.items()}
    found = {key: math.floor(value) for key, value in exact.items()}
    left = total - sum(found.values())
    for key in sorted(exact, key=lambda key: (found[key] - exact[key], key))[:left]:
        found[key] += 1
    return found


def term_end(start: date, years: int) -> date:
    """The first day after a term of whole years; 29 February counts as 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def fault_of(items: Sequence[Mapping[str, Any]], answers: Any) -> tuple[str, str] | None:
    """The first point of a checklist whose answer is missing or makes no sense, with what is wrong; else None."""
    if not isinstance(answers, dict):
        return "answers", "应为各项的回答"
    unknown = set(answers) - {item["code"] for item in items}
    if unknown:
        return sorted(unknown)[0][:40], "清单上没有这一项"
    for item in items:
        value = answers.get(item["code"])
        if value in (None, ""):
            if item.get("required"):
                return item["code"], f"“{item['text']}”必须回答"
        elif not _fits(item, value):
            return item["code"], f"“{item['text']}”的回答不合要求"
    return None


def _fits(item: Mapping[str, Any], value: Any) -> bool:
    kind = item["answer"]
    if kind == "yes_no":
        return value in ("yes", "no", "unsure")
    if kind == "choice":
        return value in item["choices"]
    if kind in ("number", "scale"):
        top = 5 if kind == "scale" else 1_000_000
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= top
    return isinstance(value, str) and len(value) <= TEXT_LIMIT


def bad_points(items: Sequence[Mapping[str, Any]], answers: Answers) -> list[str]:
    """Codes of the points that were found wanting: those whose answer the list calls bad."""
    return [item["code"] for item in items if answers.get(item["code"]) in item.get("bad", ())]


def summary(
    items: Sequence[Mapping[str, Any]], answers: Sequence[Answers]
) -> list[tuple[str, int, str, int]]:
    """For each point: its text, how many answered, what they said in words, and how many found it wanting."""
    found = []
    for item in items:
        given = [one[item["code"]] for one in answers if one.get(item["code"]) not in (None, "")]
        bad = sum(1 for value in given if value in item.get("bad", ()))
        found.append((item["text"], len(given), _said(item, given), bad))
    return found


def _said(item: Mapping[str, Any], given: Sequence[Any]) -> str:
    if not given:
        return "无人回答"
    if item["answer"] in ("number", "scale"):
        return f"平均 {sum(given) / len(given):.1f}"
    if item["answer"] in ("yes_no", "choice"):
        kinds = dict.fromkeys(given)
        return "，".join(f"{told(item, kind)} {sum(one == kind for one in given)}" for kind in kinds)
    return "见各人结果"


def told(item: Mapping[str, Any], value: Any) -> str:
    """An answer in words."""
    if value in (None, ""):
        return "未答"
    if item["answer"] == "yes_no":
        return {"yes": "是", "no": "否"}.get(value, "不清楚")
    return f"{value} 分" if item["answer"] == "scale" else str(value)
