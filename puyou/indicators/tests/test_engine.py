from datetime import date
from decimal import Decimal

import pytest

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import neighbour, officer
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.indicators import names, queries
from puyou.indicators.comparing import compare
from puyou.indicators.engine import Reader
from puyou.indicators.models import Indicator, ReportedValue
from puyou.indicators.periods import Period
from puyou.indicators.tests.conftest import NOW, TODAY
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db


def test_a_value_carries_its_formula_parts_and_the_way_to_its_rows(bench):
    bench.item("mail"), bench.item("parcels")
    share = bench.indicator("parcel_share", "share(parcels, mail)", "%", "ratio", decimals=1)
    bench.report("mail", 400), bench.report("parcels", 100)
    value = bench.read(share)
    assert (value.value, value.unit.text) == (Decimal("25.0"), "%")
    assert [(part.code, part.amount.value) for part in value.parts] == [("parcels", 100), ("mail", 400)]
    assert (value.numerator.value, value.denominator.value) == (100, 400)
    assert all(part.link.startswith("/indicators/returns/?") for part in value.parts)


def test_what_is_missing_is_missing_with_its_reason_and_never_zero(bench):
    bench.item("mail")
    mail = bench.indicator("mail_items", "mail")
    value = bench.read(mail)
    assert (value.value, value.missing) == (None, "mail没有填报")
    assert value.shown == "—"
    assert bench.read(mail, "2099").missing == "时期还没有开始"
    assert bench.read(mail, "2019-09-24").missing == "本指标不按日统计"


def test_a_place_is_the_sum_of_all_places_below_or_missing(bench):
    bench.item("mail")
    mail = bench.indicator("mail_items", "mail")
    cities = list(get_place("52").children.filter(valid_to=None).order_by("code"))
    for city in cities[:-1]:
        bench.report("mail", 10, place=city.code)
    assert "下级未填报齐全" in bench.read(mail, place="52").missing
    bench.report("mail", 5, place=cities[-1].code)
    assert bench.read(mail, place="52").value == 10 * (len(cities) - 1) + 5


def test_a_year_is_the_sum_of_its_months_for_flows_and_the_last_for_stocks(bench):
    bench.item("mail"), bench.item("outlets", "个", "stock")
    mail = bench.indicator("mail_items", "mail")
    outlets = bench.indicator("outlets_held", "outlets", "个", "stock")
    for month in range(1, 13):
        bench.report("mail", month, f"2019-{month:02}"), bench.report("outlets", month, f"2019-{month:02}")
    assert bench.read(mail).value == 78
    assert bench.read(outlets).value == 12
    assert bench.read(mail, "2019-Q2").value == 15


def test_a_restated_value_wants_a_ground_and_keeps_what_was_said(bench):
    bench.item("mail")
    mail = bench.indicator("mail_items", "mail")
    bench.report("mail", 100)
    assert bench.report("mail", 100).pk == ReportedValue.objects.get().pk
    with pytest.raises(Problem) as refused:
        bench.report("mail", 90)
    assert "更正须写明理由" in refused.value.message
    bench.report("mail", 90, ground="漏剔退件")
    assert bench.read(mail).value == 90
    before = ReportedValue.objects.exclude(superseded_at=None).get()
    assert (before.value, before.superseded_at) == (100, NOW)
    assert Event.objects.filter(kind="value.restated").count() == 1


@pytest.mark.parametrize(
    ("value", "more", "words"),
    [(-1, {}, "不能为负数"), ("1e30", {}, "不是数值"), (1, {"qualifier": "大约"}, "修饰语")],
)
def test_values_that_cannot_be_are_refused(bench, value, more, words):
    bench.item("mail")
    with pytest.raises(Problem) as refused:
        bench.report("mail", value, **more)
    assert words in refused.value.message


def test_definitions_live_side_by_side_and_a_comparison_across_them_warns(bench):
    bench.item("old"), bench.item("new")
    mail = bench.indicator("mail_items", "old")
    bench.version(mail, "new", date(2019, 1, 1))
    bench.report("old", 50, "2018"), bench.report("new", 60, "2019")
    assert (bench.read(mail, "2018").value, bench.read(mail, "2019").value) == (50, 60)
    reader = Reader(bench.scope, TODAY)
    found = {
        each.kind: each
        for each in compare(reader, reader.value(mail, bench.place("0"), Period.parse("2019")))
    }
    held = found["year_on_year"]
    assert (held.difference, held.growth) == (10, 20)
    assert held.arithmetic == "60 − 50 = 10 件；10 ÷ 50 × 100% = 20%"
    assert "口径不同" in held.caution


@pytest.mark.parametrize(
    ("text", "unit", "nature", "words"),
    [
        ("mail", "元", "flow", "单位"),
        ("mail", "件", "stock", "时期"),
        ("mail + money", "件", "flow", "单位不同"),
        ("mail +", "件", "flow", "没有写完"),
        ("@itself", "件", "flow", "循环引用"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(bench, text, unit, nature, words):
    bench.item("mail"), bench.item("money", "元")
    with pytest.raises(Problem) as refused:
        bench.indicator("itself", text, unit, nature)
    assert words in refused.value.message


def test_too_small_a_sample_is_not_shown(bench):
    bench.item("yes", "人"), bench.item("asked", "人")
    share = bench.indicator("content", "share(yes, asked)", "%", "ratio", gate=30)
    bench.report("yes", 3), bench.report("asked", 4)
    value = bench.read(share)
    assert (value.value, value.suppressed, value.parts, value.numerator) == (None, True, (), None)
    assert "样本不足 30" in value.missing


def test_another_province_is_refused_and_a_company_reads_its_own(bench):
    bench.item("mail")
    mail = bench.indicator("mail_items", "mail")
    stranger = scope_for(officer("far", "provincial_regulator", neighbour()))
    with pytest.raises(Problem):
        Reader(stranger, TODAY).value(mail, get_place("52"), Period.parse("2019"))
    county = get_place("520526")
    mine = officer("company.one", "company_manager", county)
    own = mine.appointments.get().post.organisation
    theirs = Organisation.objects.create(name="另一家企业", kind=own.kind, place=county)
    bench.report("mail", 1, place="520526", operator=own)
    bench.report("mail", 2, place="520526", operator=theirs)
    period = Period.parse("2019")
    assert bench.read(mail, place="520526").value == 3
    assert Reader(scope_for(mine), TODAY).value(mail, county, period).value == 1
    assert queries.list_reported(scope_for(mine)).count() == 1


def test_every_shipped_indicator_is_read_for_a_county_without_an_error(bench):
    reader, county, period = Reader(bench.scope, TODAY), get_place("520526"), Period.parse("2026-10")
    shipped = list(Indicator.objects.all())
    assert len(shipped) >= 15
    for indicator in shipped:
        value = reader.value(indicator, county, period)
        assert value.missing or value.value is not None, indicator.code
        assert all(part.link for part in value.parts if part.amount.value is not None), indicator.code


def test_measures_are_offered_once_and_those_of_ledgers_without_code(bench):
    offered = names.offered()
    assert "village_weeks_met" in offered
    assert any(code.startswith("ledger.") for code in offered)
    with pytest.raises(ValueError, match="twice"):
        names.offer("visits", "别的", "次", "flow", lambda scope, place, period: (1, None, ""))
