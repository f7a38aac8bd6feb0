"""A second chain by SM3 beside SHA-256, and a root a day to be kept outside."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.AddField("Seal", "sm3", models.BinaryField(null=True)),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("sha256", models.BinaryField()),
                ("sm3", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={"verbose_name": "日根"},
        ),
    ]
