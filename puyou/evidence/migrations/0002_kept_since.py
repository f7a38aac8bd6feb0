"""Files are kept from the day they were announced, as the courier is told; the index that finds those to delete."""

from django.db import migrations

FORWARD = """
CREATE INDEX evidence_file_since ON evidence_file (created_at) WHERE expired_at IS NULL;
DROP INDEX evidence_file_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
