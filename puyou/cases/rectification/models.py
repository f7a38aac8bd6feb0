"""Which missed weeks of which villages an order is about."""

from django.db import models

from puyou.core.periods import Week


class RectifiedWeek(models.Model):
    """A village's missed week that a case orders to be made good. ``need``/``served``: as judged when it was ordered.

    A week stands in one order at a time; an order that is withdrawn lets it go.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="rectified_weeks")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    monday = models.DateField()
    need = models.SmallIntegerField()
    served = models.SmallIntegerField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "整改村周"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "monday"],
                name="rectification_one_order_a_week",
                condition=models.Q(released_at=None),
            )
        ]

    @property
    def week_name(self) -> str:
        """``2026-W40``."""
        return Week(self.monday).name
