"""How many earlier photos a photo resembles, kept once it was looked up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0001_initial"), ("evidence", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Likeness",
            fields=[
                ("sha256", models.BinaryField(primary_key=True, serialize=False)),
                ("likes", models.SmallIntegerField()),
            ],
            options={"verbose_name": "照片相似数"},
        ),
    ]
