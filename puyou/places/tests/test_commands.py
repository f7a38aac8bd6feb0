"""The commands of this room as a person types them."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from puyou.places import loading, queries
from puyou.places.models import Place

pytestmark = pytest.mark.django_db


def said(*arguments, code=None):
    out = StringIO()
    if code is None:
        call_command(*arguments, stdout=out, stderr=StringIO())
    else:
        with pytest.raises(SystemExit) as ended:
            call_command(*arguments, stdout=out, stderr=StringIO())
        assert ended.value.code == code
    return out.getvalue()


class TestIntegrity:
    def test_it_prints_one_document(self):
        report = json.loads(said("integrity", "--json"))
        assert report["errors"] == 0
        counts = {row["code"]: row["count"] for row in report["checks"]}
        outside = Place.objects.filter(point_in_county=False).count()
        assert counts["places.point_outside_county"] == outside > 0

    def test_it_ends_with_one_when_an_error_was_found(self):
        Place.objects.filter(code="520526100000").update(parent=None)
        loading.stamp_tree()
        assert json.loads(said("integrity", "--json", code=1))["errors"] >= 1
        assert "没有上级的区划" in said("integrity", code=1)


class TestImportPlaceSet:
    def test_it_reports_what_became_of_the_rows(self, settings, tmp_path):
        settings.PUYOU_HOME = tmp_path
        file = tmp_path / "border.csv"
        file.write_text("place_code\n520526\n99\n", encoding="gb18030")
        report = json.loads(said("import_place_set", str(file), "--name", "边境县", "--json"))
        assert (report["read"], report["accepted"], report["rejected"]) == (2, 1, 1)
        assert report["reject_file"].startswith(str(tmp_path))
        assert queries.get_place_set("border").name == "边境县"

    def test_wrong_use_ends_with_two(self, tmp_path):
        said("import_place_set", str(tmp_path / "nothing.csv"), code=2)
