"""What people did is a sliver of the log: an index of its own finds it without reading what phones said."""

from django.db import migrations

INDEX = "CREATE INDEX core_event_people ON core_event (id) WHERE actor LIKE 'user:%'"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_second_chain_and_anchors")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX core_event_people")]
