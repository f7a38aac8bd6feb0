"""An index of the few visits with grave or doubtful findings, for the review desk (rules.GRAVE)."""

from django.db import migrations

GRAVE = """
CREATE INDEX visits_visit_grave ON visits_visit (day) WHERE (findings & 3604931) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_late_facts_and_position_reviews")]

    operations = [migrations.RunSQL(GRAVE, "DROP INDEX visits_visit_grave")]
