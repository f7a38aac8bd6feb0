"""Visits as they were reported, the day sets they add up to, and what people decided about them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from puyou.visits import rules


class Source(models.TextChoices):
    APP = "app", "通邮APP"
    PDA = "pda", "企业终端"
    PAPER = "paper", "纸质补录"
    RECEIVER = "receiver", "接收人"
    INSPECTOR = "inspector", "检查人员"


class Visit(models.Model):
    """到村打卡. Partitioned by month of ``day``.

    ``findings`` is a mask (rules.FINDINGS); ``counting`` follows rule 1.10. ``courier_id`` and ``device_id`` above
    zero are the registry's, below zero −Stranger.id; null was not said.
    """

    id = models.UUIDField(primary_key=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    intake_id = models.BigIntegerField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    distance_m = models.FloatField(null=True)
    skew_seconds = models.FloatField(default=0)
    day = models.DateField()
    place_id = models.IntegerField()
    courier_id = models.IntegerField(null=True)
    device_id = models.IntegerField(null=True)
    point_id = models.IntegerField(null=True)
    round_id = models.IntegerField(null=True)
    findings = models.IntegerField(default=0)
    counting = models.BooleanField(default=True)
    rejected = models.BooleanField(default=False)
    nothing_today = models.BooleanField(default=False)
    stop_id = models.UUIDField(null=True)
    source = models.CharField(max_length=10, choices=Source.choices)

    class Meta:
        verbose_name = "到村打卡"
        managed = False
        db_table = "visits_visit"

    @property
    def described(self) -> list[rules.Finding]:
        """Its findings in words, gravest first."""
        return rules.describe(self.findings)

    @property
    def finding_names(self) -> str:
        return "、".join(finding.name for finding in self.described)

    @property
    def marked_names(self) -> SafeString:
        """The same, with those that ask for a look marked."""
        badges = {"stops": "badge danger", "doubtful": "badge provisional"}
        return format_html_join(
            "　",
            '<span class="{}">{}</span>',
            ((badges.get(finding.severity, "quiet"), finding.name) for finding in self.described),
        )

    @property
    def standing(self) -> str:
        """Whether it counts, and if not, why."""
        if self.counting:
            return "计入"
        if self.rejected:
            return "审核不予认可"
        return self.described[0].standing if self.described else "不计入"


class VisitDetail(models.Model):
    """到村打卡详情: what a visit said beyond place and time. Partitioned by month of ``day`` as visits are.

    Only visits that said any of it have a row. ``tag_state`` is one of registry.tags.STATES, as it was when the visit
    came; ``fix_age_s``: how old the position was when the visit happened.
    """

    id = models.UUIDField(primary_key=True)
    day = models.DateField()
    handed = models.JSONField(null=True)
    receiver = models.CharField(max_length=12, null=True)
    mode = models.CharField(max_length=12, null=True)
    note = models.CharField(max_length=500, null=True)
    tag = models.CharField(max_length=200, null=True)
    tag_state = models.SmallIntegerField(default=0)
    photos = models.JSONField(null=True)
    voice = models.CharField(max_length=64, null=True)
    corrects = models.UUIDField(null=True)
    unplanned = models.BooleanField(null=True)
    fix_age_s = models.FloatField(null=True)
    counter = models.BigIntegerField(null=True)
    clock_session = models.CharField(max_length=64, null=True)
    monotonic_ms = models.BigIntegerField(null=True)
    wall_jump_ms = models.BigIntegerField(null=True)
    shell = models.CharField(max_length=8, null=True)
    mock = models.BooleanField(null=True)
    rooted = models.BooleanField(null=True)
    position_permission = models.CharField(max_length=12, null=True)
    camera_permission = models.CharField(max_length=12, null=True)
    approach = models.JSONField(null=True)

    class Meta:
        verbose_name = "到村打卡详情"
        managed = False
        db_table = "visits_detail"


class Stranger(models.Model):
    """A courier number or device identifier that a visit named and the registry did not know."""

    class Kind(models.TextChoices):
        COURIER = "courier", "投递员"
        DEVICE = "device", "设备"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=64)

    class Meta:
        verbose_name = "未登记报告者"
        constraints = [models.UniqueConstraint(fields=["kind", "text"], name="visits_stranger_once")]


class Intake(models.Model):
    """One batch taken in: a run over pending envelopes, an imported file or loaded day sets, known by SHA-256."""

    kind = models.CharField(max_length=10)  # envelopes, file or day_sets
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    read = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    duplicate = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "接收批次"


class VillageYear(models.Model):
    """The day set: one bit per day of an ISO year with a counting visit; day 0 is the Monday of W01."""

    pk = models.CompositePrimaryKey("place_id", "iso_year")
    place_id = models.IntegerField()
    iso_year = models.SmallIntegerField()
    days = models.BinaryField()  # bit(371) in the database

    class Meta:
        verbose_name = "投递日集"
        managed = False
        db_table = "visits_villageyear"


class Withdrawal(models.Model):
    """撤回: a visit was taken back by an envelope, or replaced by the visit ``replaced_by``; may come before its visit.

    ``holds`` is None until the visit stands; false when the visit was neither this courier's nor this phone's.
    """

    envelope_id = models.UUIDField(primary_key=True)
    visit_id = models.UUIDField(db_index=True)
    replaced_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    courier_id = models.IntegerField()
    device_id = models.IntegerField()
    holds = models.BooleanField(null=True)

    class Meta:
        verbose_name = "撤回"
        indexes = [
            models.Index(
                fields=["visit_id"], name="visits_withdrawal_waiting", condition=models.Q(holds=None)
            )
        ]


class LoadedYear(models.Model):
    """A fact: days of service handed over as a whole set, without single visits (simulated history)."""

    pk = models.CompositePrimaryKey("place_id", "iso_year")
    place_id = models.IntegerField()
    iso_year = models.SmallIntegerField()
    days = models.BinaryField()  # bit(371) in the database
    intake_id = models.BigIntegerField()

    class Meta:
        verbose_name = "整年载入日集"
        managed = False
        db_table = "visits_loadedyear"


class VillageChange(models.Model):
    """Weeks of a village whose day set or counts changed and were not judged yet; the judge deletes the row.

    Bit k of ``weeks`` is ISO week k + 1 of ``iso_year``.
    """

    id = models.BigAutoField(primary_key=True)
    place_id = models.IntegerField()
    iso_year = models.SmallIntegerField()
    weeks = models.BigIntegerField()
    cause = models.CharField(max_length=12)

    class Meta:
        verbose_name = "待判村周"


class Review(models.Model):
    """A person's decision about a visit: accepted, or rejected with a ground. The latest holds."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "认可"
        REJECTED = "rejected", "不予认可"

    visit_id = models.UUIDField(db_index=True)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    ground = models.CharField(max_length=300)
    findings = models.IntegerField(default=0)  # the mask the person saw
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "到村投递审核"


class Cursor(models.Model):
    """How far a standing job has come: 1 reads the sealed event log (the last sequence), 2 looks at days (ordinals)."""

    id = models.SmallIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "处理进度"


class Rescreening(models.Model):
    """A fact that came late: visits of these places, couriers or devices wait to be screened again.

    From ``next_day`` to ``last_day`` (None: no end); no ids at all means every visit. ``horizon`` is the youngest
    transaction that ran when the row was written: it and older ones may be batches that did not know the fact.
    """

    event_id = models.BigIntegerField()
    reason = models.CharField(max_length=60)  # the event's kind
    cause = models.CharField(max_length=12)
    place_ids = ArrayField(models.IntegerField(), default=list)
    courier_ids = ArrayField(models.IntegerField(), default=list)
    device_ids = ArrayField(models.IntegerField(), default=list)
    next_day = models.DateField()
    last_day = models.DateField(null=True)
    horizon = models.BigIntegerField()

    class Meta:
        verbose_name = "待重新核验"
        db_table = "visits_rescreen"


class PositionReview(models.Model):
    """A courier whose share of visits without position exceeded the rule: opened by the day, closed by an officer.

    ``place`` is the lowest place that holds all villages visited from ``first_day`` to ``last_day``; whoever may
    review there may close.
    """

    courier = models.ForeignKey("registry.Courier", models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    visits = models.IntegerField()
    without = models.IntegerField()
    rule_version = models.IntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "无定位审核"
        constraints = [
            models.UniqueConstraint(
                fields=["courier"], name="visits_one_open_position_review", condition=models.Q(closed_at=None)
            )
        ]

    @property
    def share(self) -> float:
        """Visits without position among all, 0 to 1."""
        return self.without / self.visits
