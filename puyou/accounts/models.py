"""Organisations, people, the posts they hold and what the posts may see."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


def never_backwards(name: str) -> models.CheckConstraint:
    """A period ``[valid_from, valid_to)`` may be empty (withdrawn in time) but never runs backwards."""
    return models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name=name)


def in_force(on: date, through: str = "") -> Q:
    """Rows whose period ``[valid_from, valid_to)`` holds the day ``on``; ``through`` prefixes lookups."""
    open_ended, ends_later = Q(**{f"{through}valid_to": None}), Q(**{f"{through}valid_to__gt": on})
    return (open_ended | ends_later) & Q(**{f"{through}valid_from__lte": on})


class Organisation(models.Model):
    """A regulator's office or an operator's company, in its own tree, seated at a place."""

    class Kind(models.TextChoices):
        REGULATOR = "regulator", "邮政管理部门"
        OPERATOR = "operator", "邮政企业"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "机构"
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="accounts_organisation_once")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person's account, looked after by ``organisation``; what it may see comes from posts alone."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="users")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = "用户"

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A named bundle of permissions such as ``compliance.approve_excuse``; the catalogue is roles.py."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    permissions: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=60), default=list
    )

    class Meta:
        verbose_name = "角色"

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A seat in an organisation, whoever holds it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)

    class Meta:
        verbose_name = "岗位"
        constraints = [models.UniqueConstraint(fields=["organisation", "title"], name="accounts_post_once")]

    def __str__(self) -> str:
        return self.title


class Appointment(models.Model):
    """A person's time in a post: ``[valid_from, valid_to)``."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "任职"
        constraints = [never_backwards("accounts_appointment_forwards")]


class Grant(models.Model):
    """A post may act in a role within a place (and an operator) in ``[valid_from, valid_to)``."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "授权"
        constraints = [never_backwards("accounts_grant_forwards")]


class LoginSession(models.Model):
    """A person's stay on one device, from sign-in until it is ended; ``key`` is the web session's."""

    user = models.ForeignKey(User, models.PROTECT, related_name="login_sessions")
    key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=200)
    address = models.GenericIPAddressField(null=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "会话"


class AccessKey(models.Model):
    """接口密钥: lets a program act as a person, within that person's scope; only its hash is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="access_keys")
    name = models.CharField(max_length=40)
    digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    valid_to = models.DateField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "接口密钥"

    def __str__(self) -> str:
        return self.name
