"""Rules as dated rows with their source, and the calendar of days off and made up."""

from django.db import models


class Rule(models.Model):
    """Something law or policy fixes, such as the floor of delivery frequency."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)

    class Meta:
        verbose_name = "准则"

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """A rule's value in ``[valid_from, valid_to)``, for an area class and a place, with its source."""

    class Verification(models.TextChoices):
        VERIFIED = "verified", "已核实"
        UNVERIFIED = "unverified", "未经核实"

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    area_class = models.CharField(max_length=16, blank=True, default="")
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    verified_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "准则版本"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "area_class", "place", "valid_from"],
                name="standards_version_once",
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                nulls_distinct=False,
            )
        ]


class CalendarDay(models.Model):
    """A day off, or a weekend day made up as a working day."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "放假"
        MAKEUP = "makeup_workday", "调休上班"

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name = "日历日"


class CalendarYear(models.Model):
    """A year whose arrangement of days off has been published; later days are provisional."""

    year = models.SmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name = "日历年度"
