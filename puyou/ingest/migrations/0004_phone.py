"""What the app calls the phone it runs on, so that several enrolments there are seen as one phone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0003_proof")]
    operations = [
        migrations.AddField(
            model_name="devicekey",
            name="phone",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]
