"""Visits that were taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0004_detail'),
    ]

    operations = [
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('envelope_id', models.UUIDField(primary_key=True, serialize=False)),
                ('visit_id', models.UUIDField(db_index=True)),
                ('replaced_by', models.UUIDField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('courier_id', models.IntegerField()),
                ('device_id', models.IntegerField()),
                ('holds', models.BooleanField(null=True)),
            ],
            options={
                'verbose_name': '撤回',
                'indexes': [models.Index(condition=models.Q(('holds', None)), fields=['visit_id'], name='visits_withdrawal_waiting')],
            },
        ),
    ]
