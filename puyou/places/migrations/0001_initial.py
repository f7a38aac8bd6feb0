"""The tree of divisions, its history, editions and place sets."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PlaceSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name": "区域集合",
            },
        ),
        migrations.CreateModel(
            name="TreeStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stamp", models.UUIDField()),
            ],
            options={
                "verbose_name": "区划树戳记",
            },
        ),
        migrations.CreateModel(
            name="Vintage",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=300)),
                ("cut_off", models.DateField()),
                (
                    "provinces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                ("rows", models.IntegerField(default=0)),
                ("points", models.IntegerField(default=0)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "区划版本",
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(db_collation="C", max_length=12)),
                ("name", models.CharField(max_length=100)),
                ("level", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("admin", "行政区划"),
                            ("virtual", "统计汇总（无实体）"),
                            ("stat_zone", "统计用开发区"),
                            ("village", "村级单位"),
                        ],
                        max_length=10,
                    ),
                ),
                ("path", models.CharField(db_collation="C", max_length=24)),
                ("geo_code", models.CharField(blank=True, default="", max_length=6)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("point_in_county", models.BooleanField(null=True)),
                ("urban_rural_class", models.CharField(blank=True, default="", max_length=3)),
                ("urban_rural_source", models.CharField(blank=True, default="", max_length=16)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="places.place",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "行政区划",
            },
        ),
        migrations.CreateModel(
            name="PlaceHistory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=12)),
                ("name", models.CharField(max_length=100)),
                ("path", models.CharField(db_collation="C", max_length=24)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("ground", models.CharField(max_length=200)),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history", to="places.place"
                    ),
                ),
            ],
            options={
                "verbose_name": "区划沿革",
            },
        ),
        migrations.CreateModel(
            name="PlaceSetMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "place_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="places.placeset",
                    ),
                ),
            ],
            options={
                "verbose_name": "区域集合成员",
            },
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(fields=("path",), name="places_path_once"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)), fields=("code",), name="places_current_code"
            ),
        ),
        migrations.AddIndex(
            model_name="placehistory",
            index=models.Index(fields=["code"], name="places_history_code"),
        ),
        migrations.AddConstraint(
            model_name="placehistory",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_from__lt", models.F("valid_to"))), name="places_history_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="placehistory",
            constraint=models.UniqueConstraint(fields=("place", "valid_from"), name="places_history_once"),
        ),
        migrations.AddConstraint(
            model_name="placesetmember",
            constraint=models.UniqueConstraint(
                fields=("place_set", "place", "valid_from"), name="places_member_once"
            ),
        ),
    ]
