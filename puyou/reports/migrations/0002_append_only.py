from django.db import migrations

GUARD = """
CREATE TRIGGER reports_cardrevision_append_only BEFORE UPDATE OR DELETE ON reports_cardrevision
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER reports_cardrevision_no_truncate BEFORE TRUNCATE ON reports_cardrevision
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
LOOSE = """
DROP TRIGGER reports_cardrevision_append_only ON reports_cardrevision;
DROP TRIGGER reports_cardrevision_no_truncate ON reports_cardrevision;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("core", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, LOOSE)]
