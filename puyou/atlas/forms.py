"""The filter bar of a map page: what narrows or shifts the figures."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from puyou.atlas.outlook import Outlook
from puyou.core.filters import Filters
from puyou.places.models import PlaceSet

AREAS = (
    ("", "全部"),
    ("rural", "农村"),
    ("remote", "边远地区"),
    ("township_seat", "乡镇政府所在地"),
    ("urban", "城市"),
)
BASES = (("", "实时（含初判）"), ("settled", "已结算"))
TREES = (("", "当周区划"), ("current", "现行区划"))
LEVEL_WORDS = {1: "省级", 2: "市级", 3: "县级", 4: "乡级", 5: "村"}


class PlaceFilters(Filters):
    """Choices are set from what the page offers; values come from a view that was already read."""

    area = forms.ChoiceField(label="地区类别", choices=AREAS, required=False)
    set = forms.ChoiceField(label="区域集合", required=False)
    basis = forms.ChoiceField(label="口径", choices=BASES, required=False)
    level = forms.ChoiceField(label="列至", required=False)
    tree = forms.ChoiceField(label="区划", choices=TREES, required=False)

    def __init__(self, view: Outlook, place_sets: Sequence[PlaceSet], levels: Sequence[int]) -> None:
        super().__init__(QueryDict(view.query()))
        self.offer("set", [("", "全部"), *((one.code, one.name) for one in place_sets)])
        first, *deeper = levels or (0,)
        words = [("", LEVEL_WORDS.get(first, "")), *((str(level), LEVEL_WORDS[level]) for level in deeper)]
        self.offer("level", words)

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Set a field's choices; a field with nothing to choose is left out."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        if len(choices) > 1:
            field.choices = choices
        else:
            del self.fields[name]


def in_words(view: Outlook, place_sets: Sequence[PlaceSet]) -> list[tuple[str, str]]:
    """What was chosen, for the heads of tables, exports and prints."""
    words = [("周", view.week.label)]
    if view.area:
        words.append(("地区类别", dict(AREAS)[view.area]))
    if view.place_set:
        words.append(("区域集合", next(one.name for one in place_sets if one.code == view.place_set)))
    words.append(("口径", dict(BASES)[view.basis if view.basis != "live" else ""]))
    if view.tree == "current":
        words.append(("区划", dict(TREES)["current"]))
    return words
