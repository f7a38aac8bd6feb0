"""The commands: JSON alone on standard output, exit codes with one meaning."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from puyou.compliance.models import Rollup
from puyou.compliance.tests import cast
from puyou.compliance.tests.test_actions import MONDAY, on, village  # noqa: F401
from puyou.places import queries as places
from puyou.standards.models import Rule, RuleVersion

pytestmark = pytest.mark.django_db


def run(*words, day=MONDAY + timedelta(days=8)):
    out = io.StringIO()
    with on(day):
        call_command(*words, "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def ask(place, level, first="2026-11-10", last="2026-11-24", **more):
    return run("compliance", "--place", place, "--by", level, "--from", first, "--to", last, **more)


class TestCompliance:
    def test_it_prints_every_week_that_touches_the_dates(self, village):  # noqa: F811
        cast.serve(village, cast.days_from(MONDAY, 3))
        found = ask("52", "province")
        assert (found["place"], found["by"]) == ("520000000000", "province")
        assert [row["week"] for row in found["rows"]] == ["2026-W46", "2026-W47", "2026-W48"]
        assert found["rows"][1] == {
            "place": "520000000000", "name": "贵州省", "week": "2026-W47", "villages": 1, "met": 1, "missed": 0,
            "provisional": 0, "excused": 0, "pending": 0, "rate": 1.0, "trips": 3, "trips_due": 3,
            "longest_gap": 4, "stand_in": False,
        }  # fmt: skip
        assert found["rows"][0]["provisional"] == found["rows"][0]["missed"] == 1
        assert found["rows"][2]["pending"] == 1
        assert found["rows"][2]["rate"] is None

    def test_it_prints_no_week_to_come(self, village):  # noqa: F811
        assert [row["week"] for row in ask(village.code, "village", last="2030-01-01")["rows"]][
            -1
        ] == "2026-W48"
        assert ask("52", "5", first="2029-01-01", last="2030-01-01")["rows"] == []

    @pytest.mark.parametrize("digits", [2, 4, 6, 9, 12])
    def test_it_takes_codes_of_every_length_and_levels_by_any_name(self, village, digits):  # noqa: F811
        code = village.code[:digits]
        assert ask(code, "village")["rows"] == ask("000000000000", "village")["rows"] != []
        assert ask(code, "村")["rows"] == ask(code, "5")["rows"] == ask(code, "village")["rows"]

    WRONG = [
        ("99", "province", "2026-11-10"),
        ("520102", "city", "2026-11-10"),
        ("52", "hamlet", "2026-11-10"),
        ("52", "province", "2026-13-10"),
        ("52", "province", "2026-12-10"),
    ]

    @pytest.mark.parametrize(("place", "level", "first"), WRONG)
    def test_wrong_use_ends_with_2(self, db, place, level, first):
        with pytest.raises(SystemExit) as ended:
            ask(place, level, first=first)
        assert ended.value.code == 2


class TestRules:
    def publish(self, code, value, place=None, first=date(2000, 1, 1), area=""):
        RuleVersion.objects.create(
            rule=Rule.objects.get(code=code), area_class=area, place=place, value=value, unit="method",
            valid_from=first, source="测试", verification="unverified", published_at=cast.moment(first),
        )  # fmt: skip

    def test_a_provinces_own_part_week_rule_judges_there(self, db):
        place = cast.villages_of("520102", 1)[0]
        cast.lay_duty(place, times=1, first=MONDAY + timedelta(days=3))
        assert [row["week"] for row in ask("52", "province")["rows"]] == ["2026-W48"]
        self.publish("part_week_rule", "ceil", places.get_place("52"))
        rows = ask("52", "province")["rows"]
        assert [(row["week"], row["trips_due"]) for row in rows] == [("2026-W47", 1), ("2026-W48", 1)]

    def test_a_holiday_exempts_only_where_a_rule_says_so(self, village):  # noqa: F811
        first, last = "2026-02-16", "2026-02-20"
        assert ask("52", "province", first, last)["rows"][0]["missed"] == 1
        self.publish("holiday_exemption", "exempt", places.get_place("52"))
        assert ask("52", "province", first, last)["rows"][0]["excused"] == 1

    def test_a_verdict_keeps_the_rule_version_that_judged_it(self, village):  # noqa: F811
        ask("52", "province")
        version = RuleVersion.objects.get(rule__code="part_week_rule")
        assert set(Rollup.objects.values_list("rule_version", flat=True)) == {version.pk}


class TestOthers:
    def test_excuses_are_imported_and_told(self, village, tmp_path):  # noqa: F811
        path = tmp_path / "excuses.csv"
        path.write_text(
            "place_code,from,until,ground,document_no\n52,2026-11-16,2026-11-23,flood,甲\n", encoding="utf-8"
        )
        found = run("import_excuses", str(path))
        assert found["read"] == found["accepted"] + found["duplicate"] + found["rejected"] == 1
        assert ask("52", "province")["rows"][1]["excused"] == 1

    def test_other_grounds_of_one_notice_stay_apart(self, village, tmp_path):  # noqa: F811
        path = tmp_path / "excuses.csv"
        rows = ["桥梁垮塌", "蝗灾", "蝗灾", "flood", "洪水"]
        path.write_text(
            "place_code,from,until,ground,document_no\n"
            + "".join(f"52,2026-11-16 00:00:00,2026-11-23,{ground},甲\n" for ground in rows),
            encoding="utf-8",
        )
        first, again = run("import_excuses", str(path)), run("import_excuses", str(path))
        assert (first["accepted"], first["duplicate"]) == (3, 2)
        assert (again["accepted"], again["duplicate"]) == (0, 5)

    def test_a_week_before_all_rules_has_no_rows(self, village):  # noqa: F811
        assert ask("52", "province", first="1970-01-01", last="1970-02-01")["rows"] == []
        assert ask("52", "province", first="1999-12-27", last="2000-01-10")["rows"] == []

    def test_a_missing_file_is_wrong_use(self, db):
        with pytest.raises(SystemExit) as ended:
            run("import_excuses", "/nowhere.csv")
        assert ended.value.code == 2

    def test_a_check_that_finds_something_ends_with_1(self, village):  # noqa: F811
        ask("52", "province")
        assert run("rebuild", "--check")["differences"] == 0
        Rollup.objects.update(trips_due=99)
        with pytest.raises(SystemExit) as ended:
            run("rebuild", "--check")
        assert ended.value.code == 1
        assert run("rebuild")["repaired"] is True
        assert run("rebuild", "--check")["differences"] == 0
