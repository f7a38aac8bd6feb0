"""Tables of the room fieldwork: rounds begun and ended, and consent."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=20)),
                ('agreed', models.BooleanField()),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('courier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.courier')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.device')),
            ],
            options={
                'verbose_name': '知情同意',
                'indexes': [models.Index(fields=['courier', '-happened_at'], name='fieldwork_consent_latest')],
            },
        ),
        migrations.CreateModel(
            name='RoundMark',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('start', '出班'), ('end', '收班')], max_length=5)),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('courier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.courier')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.device')),
            ],
            options={
                'verbose_name': '出班收班',
                'indexes': [models.Index(fields=['courier', 'day'], name='fieldwork_mark_of_day')],
            },
        ),
    ]
