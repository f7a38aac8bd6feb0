"""What was published can be withdrawn, but neither changed nor removed."""

from django.db import migrations

STAY = """
CREATE TRIGGER cases_publication_unchanged
    BEFORE UPDATE OF case_id, title, path, snapshot, sha256, by_id, at ON cases_publication
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER cases_publication_stays BEFORE DELETE ON cases_publication
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""
LOOSE = """
DROP TRIGGER cases_publication_unchanged ON cases_publication;
DROP TRIGGER cases_publication_stays ON cases_publication;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_publications")]
    operations = [migrations.RunSQL(STAY, LOOSE)]
