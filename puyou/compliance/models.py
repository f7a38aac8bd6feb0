"""Grounds, weeks, verdicts and roll-ups."""

from django.db import models


class Excuse(models.Model):
    """A ground for days without delivery at a place and below it: ``[valid_from, valid_to)``.

    Rows of one notice share ``notice``; ``applicant`` is the organisation that asked, None for imports.
    """

    class Ground(models.TextChoices):
        FLOOD = "flood", "洪涝"
        SNOW = "snow", "冰雪"
        MOUNTAIN_CLOSED = "mountain_closed", "封山"
        ROAD_CLOSED = "road_closed", "道路中断"
        EPIDEMIC = "epidemic", "疫情防控"
        SICKNESS = "sickness", "人员伤病"
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
    notice = models.UUIDField(db_index=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    applicant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "免责情形"
        indexes = [models.Index(fields=["status", "valid_to"], name="compliance_excuse_time")]

    def __str__(self) -> str:
        return f"{self.place}{self.get_ground_display()}"


class Hindrance(models.Model):
    """受阻上报: a courier's word from the field why a village cannot be served; the excuse waits for a regulator.

    ``photos`` counts those that were mentioned to the room evidence as ``hindrance:<envelope_id>``.
    """

    envelope_id = models.UUIDField(primary_key=True)
    excuse = models.ForeignKey(Excuse, models.PROTECT, related_name="hindrances")
    courier = models.ForeignKey("registry.Courier", models.PROTECT, related_name="+")
    device = models.ForeignKey("registry.Device", models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    photos = models.SmallIntegerField(default=0)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta:
        verbose_name = "受阻上报"


class Closing(models.Model):
    """A week whose end was noticed: misses of that week became rows."""

    monday = models.DateField(primary_key=True)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "周关账"


class JudgedWeek(models.Model):
    """How far a week's roll-ups are true: gaps count the days before ``as_of``."""

    monday = models.DateField(primary_key=True)
    as_of = models.DateField()

    class Meta:
        verbose_name = "判定进度"


class Judging(models.Model):
    """One run of the judge; its id is what roll-ups and pages know as their state.

    ``basis`` is the digest of the duties that a whole run saw, empty for a run over a few villages.
    """

    at = models.DateTimeField()
    cause = models.CharField(max_length=12)
    basis = models.CharField(max_length=64, blank=True, default="")
    village_weeks = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "判定批次"


class VerdictYear(models.Model):
    """The verdict last said of each week of a village's ISO year: 53 bytes, codes of rules.Verdict."""

    pk = models.CompositePrimaryKey("place_id", "iso_year")
    place_id = models.IntegerField()
    iso_year = models.SmallIntegerField()
    codes = models.BinaryField()

    class Meta:
        verbose_name = "年度达标判定"


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
        constraints = [
            models.UniqueConstraint(
                fields=["monday", "place_id"],
                name="compliance_miss_standing",
                condition=models.Q(superseded_at=None),
            )
        ]


class Rollup(models.Model):
    """A place's week in one area class, nation to county.

    ``unmet`` reads as pending or missed by the clock, never stored as either; ``judged`` is the number of the
    run that last wrote the row.
    """

    pk = models.CompositePrimaryKey("monday", "level", "place_id", "area_class")
    monday = models.DateField()
    level = models.SmallIntegerField()  # the level it stands at; above the place's own when it stands in
    place_id = models.IntegerField()
    area_class = models.SmallIntegerField()
    met = models.IntegerField()
    unmet = models.IntegerField()
    excused = models.IntegerField()
    trips = models.IntegerField()
    trips_due = models.IntegerField()
    longest_gap = models.IntegerField()
    visits = models.IntegerField()
    findings = models.IntegerField()
    not_enrolled = models.IntegerField()
    no_service = models.IntegerField()
    uncounted = models.IntegerField()
    rule_version = models.IntegerField()
    judged = models.IntegerField()

    class Meta:
        verbose_name = "达标汇总"
        indexes = [models.Index(fields=["place_id", "level", "monday"], name="compliance_rollup_place")]
