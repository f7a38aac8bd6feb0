"""An index of the places that have an outline."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='place',
            index=models.Index(condition=models.Q(('geo_code', ''), _negated=True), fields=['geo_code'], name='places_outline'),
        ),
    ]
