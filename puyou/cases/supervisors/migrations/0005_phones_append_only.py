"""Links, phones and what they said can be neither changed nor removed."""

from django.db import migrations

TABLES = ("supervisorlink", "supervisorphone", "supervisorenvelope")
STAY = "".join(
    f"""
CREATE TRIGGER supervisors_{table}_append_only BEFORE UPDATE OR DELETE ON supervisors_{table}
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER supervisors_{table}_no_truncate BEFORE TRUNCATE ON supervisors_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
    for table in TABLES
)
LOOSE = "".join(
    f"""
DROP TRIGGER supervisors_{table}_append_only ON supervisors_{table};
DROP TRIGGER supervisors_{table}_no_truncate ON supervisors_{table};
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("supervisors", "0004_phones"), ("core", "0001_initial")]
    operations = [migrations.RunSQL(STAY, LOOSE)]
