"""Tables of the room visits: partitioned visits, day sets, the change queue and reviews."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

VISIT = """
CREATE TABLE visits_visit (
    id uuid NOT NULL,
    happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    intake_id bigint NOT NULL,
    lon double precision,
    lat double precision,
    accuracy_m double precision,
    distance_m double precision,
    skew_seconds double precision NOT NULL DEFAULT 0,
    day date NOT NULL,
    place_id integer NOT NULL,
    courier_id integer,
    device_id integer,
    point_id integer,
    round_id integer,
    findings integer NOT NULL DEFAULT 0,
    counting boolean NOT NULL DEFAULT true,
    rejected boolean NOT NULL DEFAULT false,
    nothing_today boolean NOT NULL DEFAULT false,
    stop_id uuid,
    source varchar(10) NOT NULL,
    PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE INDEX visits_visit_place ON visits_visit (place_id, day);
CREATE INDEX visits_visit_courier ON visits_visit (courier_id, day);
CREATE INDEX visits_visit_device ON visits_visit (device_id, day);
"""

DAY_SETS = """
CREATE TABLE visits_villageyear (
    place_id integer NOT NULL,
    iso_year smallint NOT NULL,
    days bit(371) NOT NULL,
    PRIMARY KEY (place_id, iso_year)
) WITH (fillfactor = 85);
CREATE TABLE visits_loadedyear (
    place_id integer NOT NULL,
    iso_year smallint NOT NULL,
    days bit(371) NOT NULL,
    intake_id bigint NOT NULL,
    PRIMARY KEY (place_id, iso_year)
);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(VISIT, "DROP TABLE visits_visit"),
        migrations.RunSQL(DAY_SETS, "DROP TABLE visits_villageyear; DROP TABLE visits_loadedyear"),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("intake_id", models.BigIntegerField()),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("accuracy_m", models.FloatField(null=True)),
                ("distance_m", models.FloatField(null=True)),
                ("skew_seconds", models.FloatField(default=0)),
                ("day", models.DateField()),
                ("place_id", models.IntegerField()),
                ("courier_id", models.IntegerField(null=True)),
                ("device_id", models.IntegerField(null=True)),
                ("point_id", models.IntegerField(null=True)),
                ("round_id", models.IntegerField(null=True)),
                ("findings", models.IntegerField(default=0)),
                ("counting", models.BooleanField(default=True)),
                ("rejected", models.BooleanField(default=False)),
                ("nothing_today", models.BooleanField(default=False)),
                ("stop_id", models.UUIDField(null=True)),
                ("source", models.CharField(max_length=10, choices=[
                    ("app", "通邮APP"), ("pda", "企业终端"), ("paper", "纸质补录"),
                    ("receiver", "接收人"), ("inspector", "检查人员")])),
            ],
            options={"verbose_name": "到村打卡", "db_table": "visits_visit", "managed": False},
        ),
        migrations.CreateModel(
            name="VillageYear",
            fields=[
                ("pk", models.CompositePrimaryKey("place_id", "iso_year", blank=True, editable=False,
                                                  primary_key=True, serialize=False)),
                ("place_id", models.IntegerField()),
                ("iso_year", models.SmallIntegerField()),
                ("days", models.BinaryField()),
            ],
            options={"verbose_name": "投递日集", "db_table": "visits_villageyear", "managed": False},
        ),
        migrations.CreateModel(
            name="LoadedYear",
            fields=[
                ("pk", models.CompositePrimaryKey("place_id", "iso_year", blank=True, editable=False,
                                                  primary_key=True, serialize=False)),
                ("place_id", models.IntegerField()),
                ("iso_year", models.SmallIntegerField()),
                ("days", models.BinaryField()),
                ("intake_id", models.BigIntegerField()),
            ],
            options={"verbose_name": "整年载入日集", "db_table": "visits_loadedyear", "managed": False},
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("file_digest", models.CharField(blank=True, max_length=64)),
                ("read", models.BigIntegerField(default=0)),
                ("accepted", models.BigIntegerField(default=0)),
                ("duplicate", models.BigIntegerField(default=0)),
                ("rejected", models.BigIntegerField(default=0)),
            ],
            options={"verbose_name": "接收批次"},
        ),
        migrations.CreateModel(
            name="Stranger",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8, choices=[("courier", "投递员"), ("device", "设备")])),
                ("text", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "未登记报告者",
                "constraints": [models.UniqueConstraint(fields=("kind", "text"), name="visits_stranger_once")],
            },
        ),
        migrations.CreateModel(
            name="VillageChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place_id", models.IntegerField()),
                ("iso_year", models.SmallIntegerField()),
                ("weeks", models.BigIntegerField()),
                ("cause", models.CharField(max_length=12)),
            ],
            options={"verbose_name": "待判村周"},
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visit_id", models.UUIDField(db_index=True)),
                ("decision", models.CharField(max_length=10, choices=[("accepted", "认可"), ("rejected", "不予认可")])),
                ("ground", models.CharField(max_length=300)),
                ("findings", models.IntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                         to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "到村投递审核"},
        ),
    ]
