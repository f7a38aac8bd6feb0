"""Tables of the room scrutiny: partitioned scores, weightings, the queue of county days, the reader's cursor."""

import django.db.models.deletion
from django.db import migrations, models

SCORE = """
CREATE TABLE scrutiny_score (
    visit_id uuid NOT NULL,
    day date NOT NULL,
    place_id integer NOT NULL,
    courier_id integer,
    device_id integer,
    score smallint NOT NULL,
    reasons bigint NOT NULL DEFAULT 0,
    rule_version integer NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (visit_id, day)
) PARTITION BY RANGE (day);
CREATE INDEX scrutiny_score_place ON scrutiny_score (place_id, day);
CREATE INDEX scrutiny_score_courier ON scrutiny_score (courier_id, day);
CREATE INDEX scrutiny_score_low ON scrutiny_score (score, day) WHERE score < 70;
"""
# A batch's visits lie together in the table: a few kilobytes find them again by the batch that an event names.
INTAKE = "CREATE INDEX visits_visit_intake ON visits_visit USING brin (intake_id) WITH (autosummarize = on)"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("visits", "0001_initial")]

    operations = [
        migrations.RunSQL(SCORE, "DROP TABLE scrutiny_score"),
        migrations.RunSQL(INTAKE, "DROP INDEX visits_visit_intake"),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("visit", models.OneToOneField(
                    db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True,
                    related_name="evidence_score", serialize=False, to="visits.visit")),
                ("day", models.DateField()),
                ("place_id", models.IntegerField()),
                ("courier_id", models.IntegerField(null=True)),
                ("device_id", models.IntegerField(null=True)),
                ("score", models.SmallIntegerField()),
                ("reasons", models.BigIntegerField(default=0)),
                ("rule_version", models.IntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"verbose_name": "证据分", "db_table": "scrutiny_score", "managed": False},
        ),
        migrations.CreateModel(
            name="Weighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("weights", models.JSONField()),
                ("limits", models.JSONField()),
                ("caps", models.JSONField()),
                ("source", models.CharField(max_length=200)),
                ("published_by", models.CharField(max_length=60)),
                ("published_at", models.DateTimeField()),
            ],
            options={"verbose_name": "评分权重"},
        ),
        migrations.CreateModel(
            name="WaitingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("county_id", models.IntegerField()),
                ("day", models.DateField()),
            ],
            options={
                "verbose_name": "待评分县日",
                "constraints": [
                    models.UniqueConstraint(fields=("day", "county_id"), name="scrutiny_waiting_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreCursor",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
            ],
            options={"verbose_name": "评分进度"},
        ),
    ]
