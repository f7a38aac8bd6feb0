from django.db import migrations

TABLES = ("returns_formversion", "returns_submission", "returns_returnstep")
GUARD = """
CREATE TRIGGER {0}_append_only BEFORE UPDATE OR DELETE ON {0}
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER {0}_no_truncate BEFORE TRUNCATE ON {0}
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
LOOSE = "DROP TRIGGER {0}_append_only ON {0}; DROP TRIGGER {0}_no_truncate ON {0};"


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_returns"), ("core", "0001_initial")]

    operations = [migrations.RunSQL(GUARD.format(table), LOOSE.format(table)) for table in TABLES]
