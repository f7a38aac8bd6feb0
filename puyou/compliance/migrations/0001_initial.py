"""Tables of the room compliance: excuses, weeks, verdicts, misses and roll-ups."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('monday', models.DateField(primary_key=True, serialize=False)),
                ('due_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': '周关账',
            },
        ),
        migrations.CreateModel(
            name='JudgedWeek',
            fields=[
                ('monday', models.DateField(primary_key=True, serialize=False)),
                ('as_of', models.DateField()),
            ],
            options={
                'verbose_name': '判定进度',
            },
        ),
        migrations.CreateModel(
            name='Judging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('cause', models.CharField(max_length=12)),
                ('basis', models.CharField(blank=True, default='', max_length=64)),
                ('village_weeks', models.BigIntegerField(default=0)),
                ('changed', models.BigIntegerField(default=0)),
            ],
            options={
                'verbose_name': '判定批次',
            },
        ),
        migrations.CreateModel(
            name='VerdictYear',
            fields=[
                ('pk', models.CompositePrimaryKey('place_id', 'iso_year', blank=True, editable=False, primary_key=True, serialize=False)),
                ('place_id', models.IntegerField()),
                ('iso_year', models.SmallIntegerField()),
                ('codes', models.BinaryField()),
            ],
            options={
                'verbose_name': '年度达标判定',
            },
        ),
        migrations.CreateModel(
            name='Miss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place_id', models.IntegerField()),
                ('monday', models.DateField()),
                ('need', models.SmallIntegerField()),
                ('served', models.SmallIntegerField()),
                ('rule_version', models.IntegerField()),
                ('noticed_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
                ('superseded_cause', models.CharField(blank=True, max_length=12)),
            ],
            options={
                'verbose_name': '未达标',
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('monday', 'place_id'), name='compliance_miss_standing')],
            },
        ),
        migrations.CreateModel(
            name='Rollup',
            fields=[
                ('pk', models.CompositePrimaryKey('monday', 'level', 'place_id', 'area_class', blank=True, editable=False, primary_key=True, serialize=False)),
                ('monday', models.DateField()),
                ('level', models.SmallIntegerField()),
                ('place_id', models.IntegerField()),
                ('area_class', models.SmallIntegerField()),
                ('met', models.IntegerField()),
                ('unmet', models.IntegerField()),
                ('excused', models.IntegerField()),
                ('trips', models.IntegerField()),
                ('trips_due', models.IntegerField()),
                ('longest_gap', models.IntegerField()),
                ('visits', models.IntegerField()),
                ('findings', models.IntegerField()),
                ('not_enrolled', models.IntegerField()),
                ('no_service', models.IntegerField()),
                ('uncounted', models.IntegerField()),
                ('rule_version', models.IntegerField()),
                ('judged', models.IntegerField()),
            ],
            options={
                'verbose_name': '达标汇总',
                'indexes': [models.Index(fields=['place_id', 'level', 'monday'], name='compliance_rollup_place')],
            },
        ),
        migrations.CreateModel(
            name='Excuse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('ground', models.CharField(choices=[('flood', '洪涝'), ('snow', '冰雪'), ('mountain_closed', '封山'), ('road_closed', '道路中断'), ('epidemic', '疫情防控'), ('outage', '系统故障'), ('other', '其他')], max_length=20)),
                ('document', models.CharField(max_length=100)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('notice', models.UUIDField(db_index=True)),
                ('status', models.CharField(choices=[('proposed', '待批准'), ('approved', '已批准'), ('rejected', '不批准'), ('withdrawn', '已撤回')], max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_note', models.CharField(blank=True, max_length=300)),
                ('applicant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '免责情形',
                'indexes': [models.Index(fields=['status', 'valid_to'], name='compliance_excuse_time')],
            },
        ),
    ]
