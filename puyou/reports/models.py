"""Cards as they are composed, and their published revisions."""

from django.db import models

from puyou.indicators.periods import Period


class Card(models.Model):
    """成绩单: which figures in which order, with what a person says about them; of a place and period of its own.

    ``layout``: sections and tiles (``layout.py``). ``period`` blank: the month before today's. It is read for other
    places and periods too.
    """

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=60)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24, blank=True)
    source = models.CharField(max_length=300, blank=True)
    layout = models.JSONField(default=list)
    version = models.IntegerField(default=1)
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "成绩单"

    def __str__(self) -> str:
        return self.title


class CardRevision(models.Model):
    """成绩单发布版: a card of a place and period as it was published; append-only, superseded by the next number.

    ``content``: every figure with its parts. ``signature``: Ed25519 over the canonical JSON of it. ``public``: whether
    everybody may read it.
    """

    card = models.ForeignKey(Card, models.PROTECT, related_name="revisions")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24)
    number = models.IntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    pdf = models.BinaryField()
    image = models.BinaryField()
    public = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "成绩单发布版"
        constraints = [
            models.UniqueConstraint(
                fields=["card", "place", "period", "number"], name="reports_revision_number"
            )
        ]
        indexes = [models.Index(fields=["-at"], name="reports_revision_latest")]

    def __str__(self) -> str:
        return f"{self.content['title']}（{self.place.name}，{self.when.label}）第{self.number}版"

    @property
    def when(self) -> Period:
        """The period it is about."""
        return Period.parse(self.period)


from puyou.reports.bulletins import models as bulletins  # noqa: E402, F401 - Django finds them by this
