"""Issued documents can be neither changed nor removed, whoever holds the database's password for the product."""

from django.db import migrations

STAY = """
CREATE TRIGGER cases_casedocument_append_only BEFORE UPDATE OR DELETE ON cases_casedocument
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER cases_casedocument_no_truncate BEFORE TRUNCATE ON cases_casedocument
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
LOOSE = """
DROP TRIGGER cases_casedocument_append_only ON cases_casedocument;
DROP TRIGGER cases_casedocument_no_truncate ON cases_casedocument;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_documents")]
    operations = [migrations.RunSQL(STAY, LOOSE)]
