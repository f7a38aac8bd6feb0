"""What a visit said beyond place and time, partitioned as the visits are."""

from django.db import migrations, models

DETAIL = """
CREATE TABLE visits_detail (
    id uuid NOT NULL,
    day date NOT NULL,
    handed jsonb,
    receiver varchar(12),
    mode varchar(12),
    note varchar(500),
    tag varchar(200),
    tag_state smallint NOT NULL DEFAULT 0,
    photos jsonb,
    voice varchar(64),
    corrects uuid,
    unplanned boolean,
    fix_age_s double precision,
    counter bigint,
    clock_session varchar(64),
    monotonic_ms bigint,
    wall_jump_ms bigint,
    shell varchar(8),
    mock boolean,
    rooted boolean,
    position_permission varchar(12),
    camera_permission varchar(12),
    approach jsonb,
    PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_grave_visits_index")]

    operations = [
        migrations.RunSQL(DETAIL, "DROP TABLE visits_detail"),
        migrations.CreateModel(
            name="VisitDetail",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("handed", models.JSONField(null=True)),
                ("receiver", models.CharField(max_length=12, null=True)),
                ("mode", models.CharField(max_length=12, null=True)),
                ("note", models.CharField(max_length=500, null=True)),
                ("tag", models.CharField(max_length=200, null=True)),
                ("tag_state", models.SmallIntegerField(default=0)),
                ("photos", models.JSONField(null=True)),
                ("voice", models.CharField(max_length=64, null=True)),
                ("corrects", models.UUIDField(null=True)),
                ("unplanned", models.BooleanField(null=True)),
                ("fix_age_s", models.FloatField(null=True)),
                ("counter", models.BigIntegerField(null=True)),
                ("clock_session", models.CharField(max_length=64, null=True)),
                ("monotonic_ms", models.BigIntegerField(null=True)),
                ("wall_jump_ms", models.BigIntegerField(null=True)),
                ("shell", models.CharField(max_length=8, null=True)),
                ("mock", models.BooleanField(null=True)),
                ("rooted", models.BooleanField(null=True)),
                ("position_permission", models.CharField(max_length=12, null=True)),
                ("camera_permission", models.CharField(max_length=12, null=True)),
                ("approach", models.JSONField(null=True)),
            ],
            options={"verbose_name": "到村打卡详情", "db_table": "visits_detail", "managed": False},
        ),
    ]
