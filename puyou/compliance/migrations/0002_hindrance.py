"""What couriers report from the field, and sickness among the grounds."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0001_initial'),
        ('registry', '0002_field_app'),
    ]

    operations = [
        migrations.AlterField(
            model_name='excuse',
            name='ground',
            field=models.CharField(choices=[('flood', '洪涝'), ('snow', '冰雪'), ('mountain_closed', '封山'), ('road_closed', '道路中断'), ('epidemic', '疫情防控'), ('sickness', '人员伤病'), ('outage', '系统故障'), ('other', '其他')], max_length=20),
        ),
        migrations.CreateModel(
            name='Hindrance',
            fields=[
                ('envelope_id', models.UUIDField(primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('photos', models.SmallIntegerField(default=0)),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('courier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.courier')),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.device')),
                ('excuse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hindrances', to='compliance.excuse')),
            ],
            options={
                'verbose_name': '受阻上报',
            },
        ),
    ]
