"""The front door's tables: identities and envelopes that nothing may change, and what waits behind them."""

import django.db.models.deletion
from django.db import migrations, models

IDENTITY = """
CREATE TABLE ingest_identity (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (id)
) PARTITION BY HASH (id);
DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE TABLE ingest_identity_%s PARTITION OF ingest_identity'
            ' FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
        EXECUTE format('CREATE TRIGGER ingest_identity_no_truncate BEFORE TRUNCATE ON ingest_identity_%s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()', part);
    END LOOP;
END $$;
CREATE TRIGGER ingest_identity_append_only BEFORE UPDATE OR DELETE ON ingest_identity
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER ingest_identity_no_truncate BEFORE TRUNCATE ON ingest_identity
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
ENVELOPE = """
CREATE TABLE ingest_envelope (
    id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    happened_at timestamptz NOT NULL,
    skew_seconds float8 NOT NULL,
    device_id integer NOT NULL,
    courier_id integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (id, received_at)
) PARTITION BY RANGE (received_at);
CREATE TRIGGER ingest_envelope_append_only BEFORE UPDATE OR DELETE ON ingest_envelope
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER ingest_envelope_no_truncate BEFORE TRUNCATE ON ingest_envelope
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
QUEUE = """
ALTER TABLE ingest_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("core", "0001_initial"), ("registry", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField()),
                ("received_at", models.DateTimeField()),
            ],
            options={"verbose_name": "信封标识", "db_table": "ingest_identity", "managed": False},
        ),
        migrations.CreateModel(
            name="Envelope",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
                ("happened_at", models.DateTimeField()),
                ("skew_seconds", models.FloatField()),
                ("device_id", models.IntegerField()),
                ("courier_id", models.IntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("body", models.BinaryField()),
            ],
            options={"verbose_name": "信封", "db_table": "ingest_envelope", "managed": False},
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                ("envelope_id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "待处理信封",
                "indexes": [models.Index(fields=["kind", "received_at", "envelope_id"], name="ingest_pending_queue")],
            },
        ),
        migrations.CreateModel(
            name="Quarantine",
            fields=[
                ("envelope_id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60)),
                ("message", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
            options={"verbose_name": "隔离信封"},
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(unique=True)),
                ("issued_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "courier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.courier"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.device"
                    ),
                ),
            ],
            options={"verbose_name": "设备令牌"},
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "device",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.device",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("skew_seconds", models.FloatField()),
            ],
            options={"verbose_name": "设备联络"},
        ),
        migrations.RunSQL(IDENTITY, migrations.RunSQL.noop),
        migrations.RunSQL(ENVELOPE, migrations.RunSQL.noop),
        migrations.RunSQL(QUEUE, migrations.RunSQL.noop),
    ]
