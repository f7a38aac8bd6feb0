"""What was proposed, asked, answered, appealed and decided about doubtful visits: rows, never edited away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class AboutVisit(models.Model):
    """What every row of this room says: which visit, of which day, village and courier.

    ``courier`` is null where the visit named nobody whom the registry knows.
    """

    visit_id = models.UUIDField(db_index=True)
    day = models.DateField()
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    courier = models.ForeignKey("registry.Courier", models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class RejectionProposal(AboutVisit):
    """A first person asks that a visit be rejected; it counts on until a second person confirms.

    The database itself refuses a confirmation by the person who proposed, and two open proposals of one visit.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", "待复核"
        CONFIRMED = "confirmed", "复核同意"
        RETURNED = "returned", "复核退回"
        WITHDRAWN = "withdrawn", "已撤回"
        DROPPED = "dropped", "随投递员撤回而终结"

    ground = models.CharField(max_length=300)
    findings = models.IntegerField(default=0)  # the mask the person saw
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    review = models.OneToOneField("visits.Review", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "拟不予认可"
        constraints = [
            models.UniqueConstraint(
                fields=["visit_id"], name="reviews_one_open_proposal", condition=Q(outcome="open")
            ),
            models.CheckConstraint(
                name="reviews_two_people",
                condition=~Q(outcome="confirmed")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
        ]


class Question(AboutVisit):
    """The desk asks the courier. Rows that were asked together share ``bundle``; the phone shows the first of them."""

    text = models.CharField(max_length=300)
    bundle = models.UUIDField(db_index=True)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # answered, or decided without an answer

    class Meta:
        verbose_name = "询问"
        indexes = [
            models.Index(fields=["courier"], name="reviews_question_open", condition=Q(closed_at=None)),
        ]


class Answer(models.Model):
    """What the courier answered; ``id`` is the envelope's, ``photos`` are SHA-256 in hex."""

    id = models.UUIDField(primary_key=True)
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    text = models.CharField(max_length=1000)
    photos: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=64), default=list)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "答复"


class Appeal(AboutVisit):
    """A courier's objection to the rejection ``review``, one to each; ``id`` is the envelope's."""

    id = models.UUIDField(primary_key=True)
    review = models.OneToOneField("visits.Review", models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    photos: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=64), default=list)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "申诉"


class AppealDecision(models.Model):
    """What an officer who took part in neither step of the rejection decided about an appeal."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="decision")
    upheld = models.BooleanField()
    ground = models.CharField(max_length=300)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "申诉决定"

    @property
    def label(self) -> str:
        return "申诉成立，恢复计入" if self.upheld else "维持不予认可"
