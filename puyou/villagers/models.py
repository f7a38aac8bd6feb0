"""Codes on village notices, and the words that villagers gave through them."""

from django.db import models


class NoticeCode(models.Model):
    """公示码: hangs in a village for everybody in ``[valid_from, valid_to)``; its id is the number in its code.

    Hanging one publishes the village's own week. The seal is computed from the site's secret, never stored.
    """

    class Hangs(models.TextChoices):
        COMMITTEE = "committee", "村民委员会"
        STATION = "station", "村邮站"
        SHOP = "shop", "商店或服务点"
        OTHER = "other", "其他公共场所"

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    hangs = models.CharField(max_length=10, choices=Hangs.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ground = models.CharField(max_length=200, blank=True)  # why it was ended

    class Meta:
        verbose_name = "公示码"
        indexes = [models.Index(fields=["place"], name="villagers_code_place")]


class VillagerWord(models.Model):
    """村民反映: somebody at a notice said of today that the mail came or did not; never by itself a miss.

    ``device`` and ``address`` are blinded afresh each day and village: they tell repetitions, not people.
    """

    class Said(models.TextChoices):
        ABSENT = "absent", "没来"
        CAME = "came", "来了"

    code = models.ForeignKey(NoticeCode, models.PROTECT, related_name="words")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    said = models.CharField(max_length=6, choices=Said.choices)
    at = models.DateTimeField()
    device = models.CharField(max_length=22)
    address = models.CharField(max_length=22)

    class Meta:
        verbose_name = "村民反映"
        constraints = [
            models.UniqueConstraint(fields=["place", "day", "device", "said"], name="villagers_word_once")
        ]
        indexes = [models.Index(fields=["day", "place"], name="villagers_word_day")]
