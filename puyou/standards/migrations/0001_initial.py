"""Rules, their versions and the calendar."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('holiday', '放假'), ('makeup_workday', '调休上班')], max_length=16)),
                ('name', models.CharField(max_length=40)),
                ('source', models.CharField(max_length=200)),
            ],
            options={
                'verbose_name': '日历日',
            },
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('year', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=200)),
            ],
            options={
                'verbose_name': '日历年度',
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': '准则',
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_class', models.CharField(blank=True, default='', max_length=16)),
                ('value', models.CharField(max_length=40)),
                ('unit', models.CharField(max_length=30)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('source', models.CharField(max_length=300)),
                ('verification', models.CharField(choices=[('verified', '已核实'), ('unverified', '未经核实')], max_length=12)),
                ('verified_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField()),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='standards.rule')),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '准则版本',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), fields=('rule', 'area_class', 'place', 'valid_from'), name='standards_version_once', nulls_distinct=False)],
            },
        ),
    ]
