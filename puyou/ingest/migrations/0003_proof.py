"""Proofs of envelopes, checked after acceptance, and the queue before the check."""

from django.db import migrations, models

PROOF = """
CREATE TABLE ingest_proof (
    envelope_id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    device_id integer NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    counter bigint NOT NULL,
    digest bytea NOT NULL,
    prev bytea,
    signature smallint NOT NULL,
    chain smallint NOT NULL,
    nonce_seconds bigint,
    nonce_age float8,
    kind text COLLATE "C" NOT NULL,
    PRIMARY KEY (envelope_id, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX ingest_proof_counter ON ingest_proof (device_id, counter);
CREATE INDEX ingest_proof_digest ON ingest_proof (device_id, digest);
CREATE INDEX ingest_proof_prev ON ingest_proof (device_id, prev);
CREATE FUNCTION ingest_only_the_chain_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'chain' IS DISTINCT FROM to_jsonb(OLD) - 'chain' THEN
        RAISE EXCEPTION 'append-only table % refuses % of anything but the chain', TG_TABLE_NAME, TG_OP;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ingest_proof_only_chain BEFORE UPDATE ON ingest_proof
    FOR EACH ROW EXECUTE FUNCTION ingest_only_the_chain_changes();
CREATE TRIGGER ingest_proof_append_only BEFORE DELETE ON ingest_proof
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER ingest_proof_no_truncate BEFORE TRUNCATE ON ingest_proof
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
QUEUE = """
ALTER TABLE ingest_pendingproof SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
"""


class Migration(migrations.Migration):
    dependencies = [("ingest", "0002_enrolment")]
    operations = [
        migrations.CreateModel(
            name="PendingProof",
            fields=[
                ("envelope_id", models.UUIDField(primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "待核验凭证",
                "indexes": [models.Index(fields=["received_at", "envelope_id"], name="ingest_proof_queue")],
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("envelope_id", models.UUIDField(primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
                ("device_id", models.IntegerField()),
                ("key_id", models.TextField()),
                ("counter", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("prev", models.BinaryField(null=True)),
                ("signature", models.SmallIntegerField()),
                ("chain", models.SmallIntegerField()),
                ("nonce_seconds", models.BigIntegerField(null=True)),
                ("nonce_age", models.FloatField(null=True)),
                ("kind", models.CharField(max_length=30)),
            ],
            options={"verbose_name": "信封凭证", "db_table": "ingest_proof", "managed": False},
        ),
        migrations.RunSQL(PROOF, migrations.RunSQL.noop),
        migrations.RunSQL(QUEUE, migrations.RunSQL.noop),
    ]
