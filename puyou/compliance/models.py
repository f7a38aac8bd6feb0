"""Grounds, weeks, verdicts and roll-ups."""

from django.db import models


class Excuse(models.Model):
    """A ground for days without delivery at a place and below it: ``[valid_from, valid_to)``."""

    class Ground(models.TextChoices):
        FLOOD = "flood", "洪涝"
        SNOW = "snow", "冰雪"
        MOUNTAIN_CLOSED = "mountain_closed", "封山"
        ROAD_CLOSED = "road_closed", "道路中断"
        EPIDEMIC = "epidemic", "疫情防控"
        OUTAGE = "outage", "系统故障"
        OTHER = "other", "其他"

    class Status(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        REJECTED = "rejected", "不批准"
        WITHDRAWN = "withdrawn", "已撤回"

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField()
    ground = models.CharField(max_length=20, choices=Ground.choices)
    document = models.CharField(max_length=100)
    note = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "免责情形"


class Closing(models.Model):
    """A week whose end was noticed: misses of that week became rows."""

    monday = models.DateField(primary_key=True)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "周关账"


class VerdictYear(models.Model):
    """The verdict last said of each week of a village's ISO year: 53 bytes, codes of rules.Verdict."""

    id = models.BigAutoField(primary_key=True)
    place_id = models.IntegerField()
    iso_year = models.SmallIntegerField()
    codes = models.BinaryField()

    class Meta:
        verbose_name = "年度达标判定"
        constraints = [models.UniqueConstraint(fields=["place_id", "iso_year"], name="compliance_verdictyear_once")]


class Miss(models.Model):
    """A closed week that ended unmet, and what superseded it later."""

    place_id = models.IntegerField()
    monday = models.DateField()
    need = models.SmallIntegerField()
    served = models.SmallIntegerField()
    rule_version = models.IntegerField()
    noticed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    superseded_cause = models.CharField(max_length=12, blank=True)

    class Meta:
        verbose_name = "未达标"


class Rollup(models.Model):
    """A place's week in one area class. ``unmet`` reads as pending or missed by the clock, never stored as either."""

    id = models.BigAutoField(primary_key=True)
    place_id = models.IntegerField()
    level = models.SmallIntegerField()  # the level it stands at; above the place's own when it stands in
    monday = models.DateField()
    area_class = models.SmallIntegerField()
    villages = models.IntegerField()
    met = models.IntegerField()
    unmet = models.IntegerField()
    excused = models.IntegerField()
    trips = models.IntegerField()
    trips_due = models.IntegerField()
    longest_gap = models.SmallIntegerField()
    visits = models.IntegerField()
    findings = models.IntegerField()
    not_enrolled = models.IntegerField()
    no_service = models.IntegerField()
    uncounted = models.IntegerField()
    rule_version = models.IntegerField()
    judged = models.BigIntegerField()

    class Meta:
        verbose_name = "达标汇总"
        managed = False
        db_table = "compliance_rollup"
