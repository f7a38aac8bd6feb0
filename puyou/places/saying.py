"""Places as people write them into cells: a code, a name, or names from above down."""

import unicodedata

from puyou.core.problems import Problem
from puyou.places import queries, rules
from puyou.places.models import Place

COUNTY = 3


def place_said(text: str) -> Place | str:
    """The present place that a text means, or a sentence why there is none or more than one."""
    if rules.is_code(rules.clean_code(text)):
        try:
            return queries.get_place(text)
        except Problem as problem:
            return problem.message
    name = unicodedata.normalize("NFKC", text).replace(" ", "")[:60]
    found = list(Place.objects.filter(name=name, valid_to=None).order_by("code")[:4])
    if not found:
        found = _by_chain(name)
    if len(found) == 1:
        return found[0]
    if not found:
        return f"没有叫“{text[:40]}”的地区；可填区划代码"
    same = "、".join(place.code for place in found[:3])
    return f"有多个地区叫“{text[:40]}”，请填区划代码（如 {same}）"


def _by_chain(name: str) -> list[Place]:
    """Places whose names from some ancestor down make up the text, such as 贵州省遵义市湄潭县."""
    endings = [name[at:] for at in range(1, len(name) - 1)]
    rows = Place.objects.filter(valid_to=None, level__lte=COUNTY, name__in=endings).order_by("code")
    return [place for place in rows.select_related("parent__parent") if _chain(place).endswith(name)]


def _chain(place: Place) -> str:
    above = place.parent
    parts = [place.name]
    while above is not None and above.level > 0:
        parts.insert(0, above.name)
        above = above.parent
    return "".join(parts)
