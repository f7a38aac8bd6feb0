"""Leave, parts of rounds, tags, agents and the order of villages on a round."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0002_outline_index'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='courier',
            name='kind',
            field=models.CharField(choices=[('employee', '投递员'), ('agent', '委办人员')], db_default='employee', default='employee', max_length=10),
        ),
        migrations.AddField(
            model_name='roundcourier',
            name='whole',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='roundvillage',
            name='order',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='village',
            name='access_mode',
            field=models.CharField(blank=True, choices=[('point', '投交接转点'), ('household', '直投到户')], max_length=20),
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(max_length=200)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('courier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='registry.courier')),
            ],
            options={
                'verbose_name': '请假',
            },
        ),
        migrations.CreateModel(
            name='RoundCourierVillage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='part', to='registry.roundcourier')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
            ],
            options={
                'verbose_name': '代班村',
                'constraints': [models.UniqueConstraint(fields=('assignment', 'place'), name='registry_part_village_once')],
            },
        ),
        migrations.CreateModel(
            name='VillageTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12)),
                ('number', models.IntegerField()),
                ('kind', models.CharField(choices=[('qr', '二维码'), ('nfc', 'NFC 标签')], max_length=4)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('ground', models.CharField(blank=True, max_length=200)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
            ],
            options={
                'verbose_name': '村码',
                'constraints': [models.UniqueConstraint(fields=('code', 'number'), name='registry_tag_once')],
            },
        ),
    ]
