"""Enrolment codes, the keys and the standing of phones, and which app they run."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ingest', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='app',
            field=models.IntegerField(null=True),
        ),
        migrations.CreateModel(
            name='DeviceKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(db_index=True, max_length=43)),
                ('algorithm', models.CharField(max_length=10)),
                ('public_key', models.JSONField()),
                ('label', models.CharField(blank=True, max_length=60)),
                ('enrolled_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('courier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.courier')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.device')),
            ],
            options={
                'verbose_name': '设备公钥',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('device',), name='ingest_one_open_key')],
            },
        ),
        migrations.CreateModel(
            name='DeviceStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standing', models.CharField(choices=[('active', '在用'), ('suspended', '暂停'), ('revoked', '收回')], max_length=10)),
                ('ground', models.CharField(max_length=200)),
                ('by', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.device')),
            ],
            options={
                'verbose_name': '设备状态',
                'indexes': [models.Index(fields=['device', '-id'], name='ingest_standing_latest')],
            },
        ),
        migrations.CreateModel(
            name='EnrolmentCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(unique=True)),
                ('issued_by', models.CharField(max_length=60)),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('key_id', models.CharField(blank=True, max_length=43)),
                ('courier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.courier')),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.device')),
            ],
            options={
                'verbose_name': '开通码',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None), ('used_at', None)), fields=('courier',), name='ingest_one_open_code')],
            },
        ),
    ]
