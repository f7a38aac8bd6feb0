"""Forms and their versions, who owes which by when, what was handed in, and every step on the way."""

from django.db import models

from puyou.returns import rules


class ReturnForm(models.Model):
    """A form; what it asks stands in its versions, the latest of which holds for new returns."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)

    class Meta:
        verbose_name = "填报表式"

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """A published definition (definition.Form as JSON); never changed, superseded by a higher number."""

    form = models.ForeignKey(ReturnForm, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    definition: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    digest = models.CharField(max_length=64)
    published_by = models.CharField(max_length=60)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "填报表式版本"
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="returns_version_number")]


class DueReturn(models.Model):
    """What an office owes for a period, and its draft. ``data``: cell → number as text, of a list ``lines`` as JSON.

    ``turn`` grows with whatever happens; ``level``: whose check it waits for; ``first_signed_at`` decides whether it
    came in time; ``explanations``: finding → what was said to it; ``ground``: why it is written again.
    """

    form = models.ForeignKey(ReturnForm, models.PROTECT, related_name="returns")
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    filler = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24)
    first_on = models.DateField()
    last_on = models.DateField()
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=list(rules.NAMES.items()), default=rules.OPEN)
    level = models.SmallIntegerField(null=True)
    turn = models.IntegerField(default=1)
    data: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(default=dict)
    explanations: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    ground = models.CharField(max_length=300, blank=True)
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)
    filled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    first_signed_at = models.DateTimeField(null=True)
    assigned_by = models.CharField(max_length=60)
    assigned_at = models.DateTimeField()

    class Meta:
        verbose_name = "填报任务"
        constraints = [
            models.UniqueConstraint(fields=["form", "filler", "period"], name="returns_due_once"),
        ]
        indexes = [
            models.Index(fields=["status", "due_on"], name="returns_due_status"),
            models.Index(fields=["place", "period"], name="returns_due_place"),
        ]

    def __str__(self) -> str:
        return f"{self.form.name} {self.period}"


class Submission(models.Model):
    """What was signed and handed in, each time anew; append-only. ``ground``: why it was said again."""

    due = models.ForeignKey(DueReturn, models.PROTECT, related_name="submissions")
    number = models.IntegerField()
    data: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    explanations: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField()
    filled_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    signed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    ground = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "报送"
        constraints = [models.UniqueConstraint(fields=["due", "number"], name="returns_submission_number")]


class ReturnStep(models.Model):
    """A return came into a state; append-only, the latest holds. ``submission``: what it said then, if handed in."""

    due = models.ForeignKey(DueReturn, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=list(rules.NAMES.items()))
    level = models.SmallIntegerField(null=True)
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "填报流转"
        indexes = [models.Index(fields=["due", "id"], name="returns_step_due")]
