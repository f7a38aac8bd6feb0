"""How well each visit is proven, by which weights, and what waits to be scored."""

from django.db import models
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from puyou.scrutiny import rules


class Score(models.Model):
    """证据分 of a visit, 0 to 100, with the mask of its reasons. Partitioned by month of ``day``.

    It advises people: a visit counts or not whatever its score. ``rule_version`` is the Weighting's number.
    """

    visit = models.OneToOneField(
        "visits.Visit",
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="evidence_score",
    )
    day = models.DateField()
    place_id = models.IntegerField()
    courier_id = models.IntegerField(null=True)
    device_id = models.IntegerField(null=True)
    score = models.SmallIntegerField()
    reasons = models.BigIntegerField(default=0)
    rule_version = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "证据分"
        managed = False
        db_table = "scrutiny_score"

    @property
    def described(self) -> list[rules.Reason]:
        """Its reasons in words, contradictions first."""
        return rules.describe(self.reasons)

    @property
    def marked_names(self) -> SafeString:
        """The names of its reasons, contradictions and doubts marked."""
        return marked(self.reasons)


def marked(reasons: int) -> SafeString:
    """The names of the reasons that speak against a visit, the grave ones marked."""
    badges = {"strong": "badge danger", "doubt": "badge provisional"}
    against = [reason for reason in rules.describe(reasons) if not reason.supports]
    return format_html_join(
        "　", '<span class="{}">{}</span>', ((badges.get(each.kind, "quiet"), each.name) for each in against)
    )


class Weighting(models.Model):
    """One dated version of how reasons are weighed: the one in force on a visit's day scores it; never edited."""

    valid_from = models.DateField()
    weights = models.JSONField()
    limits = models.JSONField()
    caps = models.JSONField()
    source = models.CharField(max_length=200)
    published_by = models.CharField(max_length=60)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "评分权重"


class WaitingDay(models.Model):
    """Visits of a county's day that wait to be scored (again); the scorer deletes the row. County 0: no county."""

    county_id = models.IntegerField()
    day = models.DateField()

    class Meta:
        verbose_name = "待评分县日"
        constraints = [models.UniqueConstraint(fields=["day", "county_id"], name="scrutiny_waiting_once")]


class ScoreCursor(models.Model):
    """How far the sealed event log was read for what concerns scores."""

    id = models.SmallIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "评分进度"


class Likeness(models.Model):
    """How many earlier photos of other visits a photo resembles, as it was looked up once its file was examined."""

    sha256 = models.BinaryField(primary_key=True)
    likes = models.SmallIntegerField()

    class Meta:
        verbose_name = "照片相似数"
