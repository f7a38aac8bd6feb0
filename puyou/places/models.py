"""Administrative divisions: the present tree, what it was before, and which supplied edition it came from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

LEVELS = {0: "nation", 1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}
NATION_CODE = "000000000000"
NATION_ID = 1


class Kind(models.TextChoices):
    ADMIN = "admin", "行政区划"
    VIRTUAL = "virtual", "统计汇总（无实体）"
    STAT_ZONE = "stat_zone", "统计用开发区"
    VILLAGE = "village", "村级单位"


class Place(models.Model):
    """A division as it is now. ``path`` is the chain of ids from the nation down (core.paths).

    The row's code, name and parent hold since ``valid_from``; a retired place keeps its last ones and has a
    ``valid_to`` (first day it no longer exists) and perhaps a ``successor``.
    """

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=100)
    level = models.SmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=24, db_collation="C")
    geo_code = models.CharField(max_length=6, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    point_in_county = models.BooleanField(null=True)
    urban_rural_class = models.CharField(max_length=3, blank=True, default="")
    urban_rural_source = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        verbose_name = "行政区划"
        constraints = [
            models.UniqueConstraint(fields=["path"], name="places_path_once"),
            models.UniqueConstraint(
                fields=["code"], name="places_current_code", condition=models.Q(valid_to=None)
            ),
        ]
        indexes = [
            models.Index(fields=["geo_code"], name="places_outline", condition=~models.Q(geo_code="")),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceHistory(models.Model):
    """What a division was in ``[valid_from, valid_to)``: code, name, parent and path of that time."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="history")
    code = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=100)
    parent = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    path = models.CharField(max_length=24, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField()
    ground = models.CharField(max_length=200)

    class Meta:
        verbose_name = "区划沿革"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__lt=models.F("valid_to")), name="places_history_forward"
            ),
            models.UniqueConstraint(fields=["place", "valid_from"], name="places_history_once"),
        ]
        indexes = [models.Index(fields=["code"], name="places_history_code")]


class Vintage(models.Model):
    """A supplied edition of the divisions, and which provinces of it are loaded (two-digit codes)."""

    code = models.CharField(max_length=40, primary_key=True)
    source = models.CharField(max_length=300)
    cut_off = models.DateField()
    provinces: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=2), default=list)
    rows = models.IntegerField(default=0)
    points = models.IntegerField(default=0)
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name = "区划版本"


class TreeStamp(models.Model):
    """One row whose ``stamp`` is new after every change of the tree, so that every process notices."""

    stamp = models.UUIDField()

    class Meta:
        verbose_name = "区划树戳记"


class PlaceSet(models.Model):
    """A named, dated list of places, usable as filter, dimension and denominator."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name = "区域集合"

    def __str__(self) -> str:
        return self.name


class PlaceSetMember(models.Model):
    """A place's membership of a set in ``[valid_from, valid_to)``."""

    place_set = models.ForeignKey(PlaceSet, models.CASCADE, related_name="members")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "区域集合成员"
        constraints = [
            models.UniqueConstraint(fields=["place_set", "place", "valid_from"], name="places_member_once")
        ]
