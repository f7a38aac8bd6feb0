"""Who delivers where: operators, villages, duties, rounds, couriers and devices, all dated."""

from datetime import date

from django.db import models


class AreaClass(models.TextChoices):
    URBAN = "urban", "城市"
    TOWNSHIP_SEAT = "township_seat", "乡镇政府所在地"
    RURAL = "rural", "农村"
    REMOTE = "remote", "边远地区"


class Operator(models.Model):
    """The profile of an operating company; the default is 中国邮政."""

    organisation = models.OneToOneField("accounts.Organisation", models.PROTECT, primary_key=True)
    licence = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "企业"


class Village(models.Model):
    """A place with a duty: any level-5 division that a duty was laid on."""

    class AccessMode(models.TextChoices):
        POINT = "point", "投交接转点"
        HOUSEHOLD = "household", "直投到户"

    place = models.OneToOneField("places.Place", models.PROTECT, primary_key=True)
    access_mode = models.CharField(max_length=20, blank=True, choices=AccessMode.choices)

    class Meta:
        verbose_name = "建制村"


class VillagePoint(models.Model):
    """Where a village's mail is received, in ``[valid_from, valid_to)``; a reference never un-counts."""

    class Standing(models.TextChoices):
        REFERENCE = "reference", "参考"
        LEARNT = "learnt", "学习所得"
        CONFIRMED = "confirmed", "已确认"

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    lon = models.FloatField()
    lat = models.FloatField()
    standing = models.CharField(max_length=10, choices=Standing.choices)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "村点"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "standing"], name="registry_open_point", condition=models.Q(valid_to=None)
            )
        ]


class DeliveryPoint(models.Model):
    """接转点: a committee house, postal station or shop that receives mail, shareable by several villages."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "村委会"
        STATION = "station", "村邮站"
        SHOP = "shop", "商店"
        OTHER = "other", "其他"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta:
        verbose_name = "接转点"


class DeliveryPointVillage(models.Model):
    """A village served through a delivery point in ``[valid_from, valid_to)``."""

    point = models.ForeignKey(DeliveryPoint, models.PROTECT, related_name="villages")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "接转点服务村"
        constraints = [
            models.UniqueConstraint(
                fields=["point", "place"], name="registry_one_open_service", condition=models.Q(valid_to=None)
            )
        ]


class Duty(models.Model):
    """How often a village must be served in ``[valid_from, valid_to)``: ``times`` per ``period``."""

    class Period(models.TextChoices):
        DAY = "day", "每日"
        WEEK = "week", "每周"

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    area_class = models.CharField(max_length=16, choices=AreaClass.choices)
    times = models.SmallIntegerField()
    period = models.CharField(max_length=4, choices=Period.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    operator = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    timetable = models.SmallIntegerField(default=0)
    below_floor = models.BooleanField(default=False)

    class Meta:
        verbose_name = "投递频次"
        constraints = [
            models.UniqueConstraint(  # a duty that was taken back on its first day leaves its place free
                fields=["place", "operator", "valid_from"],
                name="registry_duty_once",
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="registry_duty_asks_what_a_week_holds",
                condition=models.Q(period="week", times__range=(1, 7)) | models.Q(period="day", times=1),
            ),
        ]

    def is_open_after(self, day: date) -> bool:
        """Whether it is in force on some later day, so that it can still be ended or changed."""
        return self.valid_to is None or self.valid_to > day


class Courier(models.Model):
    """A person who delivers, employed or commissioned; ``number`` is the operator's."""

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", "投递员"
        AGENT = "agent", "委办人员"

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    user = models.OneToOneField("accounts.User", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(
        max_length=10, choices=Kind.choices, default=Kind.EMPLOYEE, db_default=Kind.EMPLOYEE
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "投递员"

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A phone known by its identifier."""

    identifier = models.CharField(max_length=64, unique=True)
    enrolled_at = models.DateTimeField()

    class Meta:
        verbose_name = "设备"


class DeviceBinding(models.Model):
    """A device in a courier's hands in ``[valid_from, valid_to)``."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="bindings")
    courier = models.ForeignKey(Courier, models.PROTECT, related_name="bindings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "设备领用"
        constraints = [
            models.UniqueConstraint(
                fields=["device"], name="registry_one_open_binding", condition=models.Q(valid_to=None)
            )
        ]


class Round(models.Model):
    """投递段: a standing tour of villages."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "投递段"


class RoundVillage(models.Model):
    """A village on a round in ``[valid_from, valid_to)``; ``weekdays`` bit 0 is Monday (班期).

    ``order``: its place in the tour, None where nobody said.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="villages")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    weekdays = models.SmallIntegerField(default=127)
    order = models.SmallIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "投递段行政村"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "place"], name="registry_one_open_stop", condition=models.Q(valid_to=None)
            )
        ]


class RoundCourier(models.Model):
    """A courier on a round in ``[valid_from, valid_to)``, as the regular one or a substitute (代班).

    ``whole`` is false for a substitute who takes only a part of it: the villages of ``part``.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="couriers")
    courier = models.ForeignKey(Courier, models.PROTECT, related_name="rounds")
    substitute = models.BooleanField(default=False)
    whole = models.BooleanField(default=True, db_default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "投递段派员"


class RoundCourierVillage(models.Model):
    """代班村: a village that a substitute takes, when he takes only a part of a round."""

    assignment = models.ForeignKey(RoundCourier, models.PROTECT, related_name="part")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "代班村"
        constraints = [
            models.UniqueConstraint(fields=["assignment", "place"], name="registry_part_village_once")
        ]


class Leave(models.Model):
    """请假: days ``[valid_from, valid_to)`` on which a courier is not expected on any round."""

    courier = models.ForeignKey(Courier, models.PROTECT, related_name="leaves")
    ground = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        verbose_name = "请假"


class VillageTag(models.Model):
    """村码: a QR or NFC tag that hangs in a village in ``[valid_from, valid_to)``.

    ``code`` is the village's code as the tag says it; its seal is computed from the site's secret, never stored.
    """

    class Kind(models.TextChoices):
        QR = "qr", "二维码"
        NFC = "nfc", "NFC 标签"

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    code = models.CharField(max_length=12)
    number = models.IntegerField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ground = models.CharField(max_length=200, blank=True)  # why it was ended

    class Meta:
        verbose_name = "村码"
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="registry_tag_once")]
