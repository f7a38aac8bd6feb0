"""选聘: a round with its places for each county, the candidates, and what was decided about them."""

from django.db import models

from puyou.accounts.models import never_backwards
from puyou.registry.models import AreaClass


class Background(models.TextChoices):
    """Where a supervisor stands in life; a cohort should represent several."""

    MEDIA = "media", "新闻媒体"
    GOVERNMENT = "government", "机关事业单位"
    ENTERPRISE = "enterprise", "企业"
    VILLAGE = "village", "村（居）委会"
    EDUCATION = "education", "教育卫生"
    RESIDENT = "resident", "城乡居民"
    OTHER = "other", "其他"


class RecruitmentRound(models.Model):
    """A call for supervisors at a place and below it; applications are taken in ``[valid_from, valid_to)``.

    ``rural_share``: the share of the places meant for rural areas by the rule in force when it was opened.
    """

    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    places = models.IntegerField()
    rural_share = models.FloatField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "选聘批次"
        constraints = [never_backwards("supervisors_round_forwards")]

    def __str__(self) -> str:
        return self.title


class RecruitmentQuota(models.Model):
    """How many of a round's places a county (or city) may fill, and how many of them in rural areas."""

    round = models.ForeignKey(RecruitmentRound, models.PROTECT, related_name="quotas")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    places = models.IntegerField()
    rural_places = models.IntegerField()
    villages = models.IntegerField()
    rural_villages = models.IntegerField()

    class Meta:
        verbose_name = "选聘名额"
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="supervisors_quota_once")]


class Candidate(models.Model):
    """A person who asked, or was asked, to become a supervisor in a round."""

    class Channel(models.TextChoices):
        DIRECT = "direct", "定向选择"
        RECOMMENDED = "recommended", "委托推荐"
        OPEN = "open", "社会招聘"

    round = models.ForeignKey(RecruitmentRound, models.PROTECT, related_name="candidates")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30)
    background = models.CharField(max_length=12, choices=Background.choices)
    employer = models.CharField(max_length=100, blank=True)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    recommended_by = models.CharField(max_length=100, blank=True)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    area_class = models.CharField(max_length=16, choices=AreaClass.choices)
    statement = models.TextField(blank=True)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = "监督员候选人"
        constraints = [models.UniqueConstraint(fields=["round", "phone"], name="supervisors_candidate_once")]

    def __str__(self) -> str:
        return self.name


class CandidateReview(models.Model):
    """What an officer decided about a candidate, and why; append-only, the latest holds."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "拟聘"
        RESERVE = "reserve", "候补"
        REFUSED = "refused", "不予聘任"
        WITHDRAWN = "withdrawn", "本人退出"

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    ground = models.CharField(max_length=300)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "候选人审查"
        indexes = [models.Index(fields=["candidate", "-id"], name="supervisors_review_latest")]
