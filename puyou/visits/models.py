"""Visits as they were reported, the day sets they add up to, and what people decided about them."""

from django.db import models


class Source(models.TextChoices):
    APP = "app", "通邮APP"
    PDA = "pda", "企业终端"
    PAPER = "paper", "纸质补录"
    RECEIVER = "receiver", "接收人"
    INSPECTOR = "inspector", "检查人员"


class Visit(models.Model):
    """到村打卡. Partitioned by month of ``day``. ``findings`` is a mask (rules.FINDINGS); ``counting`` follows contracts 1.10."""

    id = models.UUIDField(primary_key=True)
    place_id = models.IntegerField()
    day = models.DateField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    courier_id = models.IntegerField(null=True)
    courier_number = models.CharField(max_length=40)
    device_id = models.IntegerField(null=True)
    device_identifier = models.CharField(max_length=64)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    point_id = models.IntegerField(null=True)
    stop_id = models.UUIDField(null=True)
    skew_seconds = models.FloatField(default=0)
    source = models.CharField(max_length=10, choices=Source.choices)
    nothing_today = models.BooleanField(default=False)
    findings = models.IntegerField(default=0)
    distance_m = models.FloatField(null=True)
    rejected = models.BooleanField(default=False)
    counting = models.BooleanField(default=True)
    intake_id = models.BigIntegerField()

    class Meta:
        verbose_name = "到村投递"
        managed = False
        db_table = "visits_visit"


class Intake(models.Model):
    """One batch taken in: a run over pending envelopes, or an imported file known by its SHA-256."""

    kind = models.CharField(max_length=10)
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

    id = models.BigAutoField(primary_key=True)
    place_id = models.IntegerField()
    iso_year = models.SmallIntegerField()
    days = models.BinaryField()  # bit(371) in the database

    class Meta:
        verbose_name = "投递日集"
        managed = False
        db_table = "visits_villageyear"


class VillageChange(models.Model):
    """A village's week whose day set or counts changed and has not been judged yet; the judge deletes it."""

    id = models.BigAutoField(primary_key=True)
    place_id = models.IntegerField()
    monday = models.DateField()
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
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "到村投递审核"
