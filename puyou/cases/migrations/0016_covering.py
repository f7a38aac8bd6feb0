"""Indexes that answer long lists and desks by themselves, and finer statistics of where cases are."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('cases', '0015_publications_stay'),
        ('places', '0002_outline_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='cases_case_state',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_case_open',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_case_company',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['path', 'due_on', 'id'], include=('version', 'state', 'flags', 'warn_on', 'office', 'operator', 'shared', 'handler'), name='cases_case_desk'),
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_case_newest',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-opened_at', '-id'], include=('path',), name='cases_case_latest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['operator', '-opened_at', '-id'], include=('path', 'shared'), name='cases_case_list'),
        ),
        # Paths share long beginnings; with few steps in its histogram the planner takes a city for one row.
        migrations.RunSQL(
            "ALTER TABLE cases_case ALTER COLUMN path SET STATISTICS 2000",
            "ALTER TABLE cases_case ALTER COLUMN path SET STATISTICS -1",
        ),
    ]
