"""Definitions of indicators and their versions, what was reported, targets, and lists of indicators."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from puyou.indicators import checking, periods
from puyou.indicators.periods import Period
from puyou.indicators.reckoning import QUALIFIERS

LEVELS = {0: "全国", 1: "省", 2: "市", 3: "县", 4: "乡镇", 5: "村"}
PERIOD_KINDS = list(periods.KINDS.items())
NATURES = list(checking.NATURES.items())
QUALIFIED = [("", "准数"), *((one, one) for one in QUALIFIERS)]
SCALES = [("", "个位"), ("万", "万"), ("亿", "亿")]
VALUE: dict[str, Any] = {"max_digits": 26, "decimal_places": 8}


class Verification(models.TextChoices):
    VERIFIED = "verified", "已核实"
    UNVERIFIED = "unverified", "未经核实"


class Indicator(models.Model):
    """What is measured; how it is computed stands in its versions, which live side by side.

    ``gate``: below so many in the denominator nothing is shown. ``levels``: of places it has values for.
    ``scale``: people are shown 万 or 亿 of the unit; ``decimals`` belong to what is shown.
    """

    class Direction(models.TextChoices):
        UP = "up", "越高越好"
        DOWN = "down", "越低越好"
        NEUTRAL = "neutral", "不分高低"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    group = models.CharField(max_length=30)
    position = models.IntegerField(default=0)
    unit = models.CharField(max_length=20, blank=True)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    nature = models.CharField(max_length=10, choices=NATURES)
    owner = models.CharField(max_length=60)
    levels = ArrayField(models.SmallIntegerField())
    period_kinds = ArrayField(models.CharField(max_length=8, choices=PERIOD_KINDS))
    gate = models.IntegerField(null=True)
    decimals = models.SmallIntegerField(default=0)
    scale = models.CharField(max_length=1, choices=SCALES, blank=True)
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "指标"
        indexes = [models.Index(fields=["group", "position"], name="indicators_in_order")]

    def __str__(self) -> str:
        return self.name


class IndicatorVersion(models.Model):
    """How an indicator is computed in ``[valid_from, valid_to)``, and who says so."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    formula = models.CharField(max_length=600)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    qualifier = models.CharField(max_length=2, choices=QUALIFIED, blank=True)
    base_date = models.DateField(null=True)
    sample_scope = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    published_by = models.CharField(max_length=60)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "指标版本"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicators_version_number"),
            models.UniqueConstraint(fields=["indicator", "valid_from"], name="indicators_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="indicators_version_forwards",
            ),
        ]


class ReturnItem(models.Model):
    """A figure that somebody reports, as formulas may name it. ``additive``: places below add up to the place."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=20, blank=True)
    nature = models.CharField(max_length=10, choices=NATURES)
    additive = models.BooleanField()
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "填报项"

    def __str__(self) -> str:
        return self.name


class ReportedValue(models.Model):
    """What was reported of a place and period, from which source; restating supersedes and keeps what was said."""

    item = models.ForeignKey(ReturnItem, models.PROTECT, related_name="values")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24)
    first_on = models.DateField()
    last_on = models.DateField()
    operator = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    value = models.DecimalField(**VALUE)
    qualifier = models.CharField(max_length=2, choices=QUALIFIED, blank=True)
    source = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=120, blank=True)  # the page on which it was filled in
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    ground = models.CharField(max_length=300, blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "填报值"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "place", "period", "operator"],
                name="indicators_standing_value",
                condition=models.Q(superseded_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(first_on__lte=models.F("last_on")), name="indicators_value_forwards"
            ),
        ]
        indexes = [models.Index(fields=["place", "item", "last_on"], name="indicators_value_place")]

    @property
    def when(self) -> Period:
        """The period it is about."""
        return Period.parse(self.period)


class Target(models.Model):
    """What an indicator ought to come to at a place in a period, and who set it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24)
    last_on = models.DateField()
    value = models.DecimalField(**VALUE)
    source = models.CharField(max_length=300)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "指标目标值"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "place", "period"], name="indicators_target_once")
        ]


class FigureList(models.Model):
    """Indicators in an order, of a place and period, from which a report card is composed."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24)
    revision = models.IntegerField(default=1)
    source = models.CharField(max_length=300)

    class Meta:
        verbose_name = "指标清单"

    def __str__(self) -> str:
        return self.name


class FigureLine(models.Model):
    """One indicator of a list, perhaps of a period of its own, and what it is compared by."""

    class Comparison(models.TextChoices):
        NONE = "", "不比较"
        LAST_YEAR = "year_on_year", "比上年同期"
        RANKS_UP = "ranks_up", "位次前进"
        IN_A_ROW = "in_a_row", "连续提升"

    figure_list = models.ForeignKey(FigureList, models.PROTECT, related_name="lines")
    position = models.IntegerField()
    section = models.CharField(max_length=40)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    period = models.CharField(max_length=24, blank=True)
    comparison = models.CharField(max_length=16, choices=Comparison.choices, blank=True)
    compared_by = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "清单指标"
        constraints = [
            models.UniqueConstraint(fields=["figure_list", "position"], name="indicators_line_once")
        ]
