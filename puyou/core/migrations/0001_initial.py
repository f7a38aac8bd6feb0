"""The event log, its seals and standing notices."""

from django.db import migrations, models

EVENTS = """
CREATE TABLE core_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE core_unsealed (event_id bigint PRIMARY KEY, at timestamptz NOT NULL);
CREATE INDEX core_event_subject ON core_event (subject, id);
CREATE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only table %% refuses %%', TG_TABLE_NAME, TG_OP; END $$;
CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE ON core_event
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER core_event_no_truncate BEFORE TRUNCATE ON core_event
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
""".replace("%%", "%")


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=120)),
                ("actor", models.CharField(max_length=120)),
                ("data", models.JSONField(default=dict)),
            ],
            options={"verbose_name": "事件", "db_table": "core_event", "managed": False},
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("event_at", models.DateTimeField()),
                ("digest", models.BinaryField()),
            ],
            options={"verbose_name": "封存"},
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sentence", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
            ],
            options={"verbose_name": "公示提示"},
        ),
        migrations.RunSQL(EVENTS, migrations.RunSQL.noop),
    ]
