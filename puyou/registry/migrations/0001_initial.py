"""Operators, villages, duties, points, couriers, devices and rounds."""

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
            name='DeliveryPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('committee', '村委会'), ('station', '村邮站'), ('shop', '商店'), ('other', '其他')], max_length=12)),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
            ],
            options={
                'verbose_name': '接转点',
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifier', models.CharField(max_length=64, unique=True)),
                ('enrolled_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '设备',
            },
        ),
        migrations.CreateModel(
            name='Operator',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='accounts.organisation')),
                ('licence', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'verbose_name': '企业',
            },
        ),
        migrations.CreateModel(
            name='Village',
            fields=[
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='places.place')),
                ('access_mode', models.CharField(blank=True, max_length=20)),
            ],
            options={
                'verbose_name': '建制村',
            },
        ),
        migrations.CreateModel(
            name='Courier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '投递员',
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name': '投递段',
            },
        ),
        migrations.CreateModel(
            name='RoundCourier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('substitute', models.BooleanField(default=False)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('courier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='registry.courier')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='couriers', to='registry.round')),
            ],
            options={
                'verbose_name': '投递段派员',
            },
        ),
        migrations.CreateModel(
            name='DeliveryPointVillage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='registry.deliverypoint')),
            ],
            options={
                'verbose_name': '接转点服务村',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('point', 'place'), name='registry_one_open_service')],
            },
        ),
        migrations.CreateModel(
            name='DeviceBinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('courier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='registry.courier')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='registry.device')),
            ],
            options={
                'verbose_name': '设备领用',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('device',), name='registry_one_open_binding')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_class', models.CharField(choices=[('urban', '城市'), ('township_seat', '乡镇政府所在地'), ('rural', '农村'), ('remote', '边远地区')], max_length=16)),
                ('times', models.SmallIntegerField()),
                ('period', models.CharField(choices=[('day', '每日'), ('week', '每周')], max_length=4)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('timetable', models.SmallIntegerField(default=0)),
                ('below_floor', models.BooleanField(default=False)),
                ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
            ],
            options={
                'verbose_name': '投递频次',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), fields=('place', 'operator', 'valid_from'), name='registry_duty_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('period', 'week'), ('times__range', (1, 7))), models.Q(('period', 'day'), ('times', 1)), _connector='OR'), name='registry_duty_asks_what_a_week_holds')],
            },
        ),
        migrations.CreateModel(
            name='RoundVillage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekdays', models.SmallIntegerField(default=127)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='registry.round')),
            ],
            options={
                'verbose_name': '投递段行政村',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('round', 'place'), name='registry_one_open_stop')],
            },
        ),
        migrations.CreateModel(
            name='VillagePoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lon', models.FloatField()),
                ('lat', models.FloatField()),
                ('standing', models.CharField(choices=[('reference', '参考'), ('learnt', '学习所得'), ('confirmed', '已确认')], max_length=10)),
                ('source', models.CharField(max_length=200)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
            ],
            options={
                'verbose_name': '村点',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('place', 'standing'), name='registry_open_point')],
            },
        ),
    ]
