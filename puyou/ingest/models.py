"""What came through the front door, exactly as it was said."""

from django.db import models


class Identity(models.Model):
    """An id that was accepted once, and the digest it came with. Hash-partitioned by id; append-only."""

    id = models.UUIDField(primary_key=True)
    digest = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "信封标识"
        managed = False
        db_table = "ingest_identity"


class Envelope(models.Model):
    """One message from a phone: ``body`` is its canonical form (RFC 8785), its SHA-256 the identity's digest.

    Append-only, partitioned by month of ``received_at``. Device and courier are those of the token.
    """

    id = models.UUIDField(primary_key=True)
    received_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    skew_seconds = models.FloatField()
    device_id = models.IntegerField()
    courier_id = models.IntegerField()
    kind = models.CharField(max_length=30)
    body = models.BinaryField()

    class Meta:
        verbose_name = "信封"
        managed = False
        db_table = "ingest_envelope"


class Pending(models.Model):
    """An accepted envelope that no room has understood yet; the taker deletes it in its own transaction."""

    envelope_id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=30)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "待处理信封"
        indexes = [models.Index(fields=["kind", "received_at", "envelope_id"], name="ingest_pending_queue")]


class Quarantine(models.Model):
    """An accepted envelope whose meaning could not be taken in, with the reason."""

    envelope_id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "隔离信封"


class Token(models.Model):
    """A device's key to the door; only its hash is kept."""

    digest = models.BinaryField(unique=True)
    device = models.ForeignKey("registry.Device", models.PROTECT, related_name="+")
    courier = models.ForeignKey("registry.Courier", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "设备令牌"


class Contact(models.Model):
    """The last contact of a device: the skew of its clock seen then, in seconds (device minus server), and its app."""

    device = models.OneToOneField("registry.Device", models.PROTECT, primary_key=True, related_name="+")
    at = models.DateTimeField()
    skew_seconds = models.FloatField()
    app = models.IntegerField(null=True)

    class Meta:
        verbose_name = "设备联络"


class EnrolmentCode(models.Model):
    """An office's word that a courier may bring a phone to the door: one courier, one use; only a hash is kept."""

    digest = models.BinaryField(unique=True)
    courier = models.ForeignKey("registry.Courier", models.PROTECT, related_name="+")
    issued_by = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    device = models.ForeignKey("registry.Device", models.PROTECT, null=True, related_name="+")
    key_id = models.CharField(max_length=43, blank=True)

    class Meta:
        verbose_name = "开通码"
        constraints = [
            models.UniqueConstraint(
                fields=["courier"],
                name="ingest_one_open_code",
                condition=models.Q(used_at=None, ended_at=None),
            )
        ]


class DeviceKey(models.Model):
    """The public key that a phone signs with, in ``[enrolled_at, ended_at)``; ``key_id`` is its thumbprint.

    ``phone`` is what the app calls the phone it runs on, the same for every enrolment there; empty when not told.
    """

    device = models.ForeignKey("registry.Device", models.PROTECT, related_name="+")
    courier = models.ForeignKey("registry.Courier", models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=43, db_index=True)
    algorithm = models.CharField(max_length=10)
    public_key = models.JSONField()
    label = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=64, blank=True, db_index=True)
    enrolled_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "设备公钥"
        constraints = [
            models.UniqueConstraint(
                fields=["device"], name="ingest_one_open_key", condition=models.Q(ended_at=None)
            )
        ]


class DeviceStanding(models.Model):
    """A phone was suspended, revoked or made active again; the latest row holds, none means active."""

    class Standing(models.TextChoices):
        ACTIVE = "active", "在用"
        SUSPENDED = "suspended", "暂停"
        REVOKED = "revoked", "收回"

    device = models.ForeignKey("registry.Device", models.PROTECT, related_name="+")
    standing = models.CharField(max_length=10, choices=Standing.choices)
    ground = models.CharField(max_length=200)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "设备状态"
        indexes = [models.Index(fields=["device", "-id"], name="ingest_standing_latest")]


class PendingProof(models.Model):
    """An accepted envelope whose proof waits to be checked; the checker deletes it in its own transaction."""

    envelope_id = models.UUIDField(primary_key=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "待核验凭证"
        indexes = [models.Index(fields=["received_at", "envelope_id"], name="ingest_proof_queue")]


class Proof(models.Model):
    """What the check of an envelope's proof found: its signature, its place in the chain, the age of its nonce.

    Append-only but for ``chain``, which envelopes that come later may change; partitioned by month of ``received_at``.
    Codes of ``signature``: ingest.proofs, of ``chain``: ingest.chains. ``prev`` is empty when it is no digest.
    """

    envelope_id = models.UUIDField(primary_key=True)
    received_at = models.DateTimeField()
    device_id = models.IntegerField()
    key_id = models.TextField()
    counter = models.BigIntegerField()
    digest = models.BinaryField()
    prev = models.BinaryField(null=True)
    signature = models.SmallIntegerField()
    chain = models.SmallIntegerField()
    nonce_seconds = models.BigIntegerField(null=True)
    nonce_age = models.FloatField(null=True)
    kind = models.CharField(max_length=30)

    class Meta:
        verbose_name = "信封凭证"
        managed = False
        db_table = "ingest_proof"
