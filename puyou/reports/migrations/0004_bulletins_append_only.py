from django.db import migrations

GUARD = """
CREATE TRIGGER reports_bulletinrevision_append_only BEFORE UPDATE OR DELETE ON reports_bulletinrevision
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER reports_bulletinrevision_no_truncate BEFORE TRUNCATE ON reports_bulletinrevision
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
LOOSE = """
DROP TRIGGER reports_bulletinrevision_append_only ON reports_bulletinrevision;
DROP TRIGGER reports_bulletinrevision_no_truncate ON reports_bulletinrevision;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_bulletins"), ("core", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, LOOSE)]
