from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.indicators import checking, formula, reckoning, rules
from puyou.indicators.checking import Kind
from puyou.indicators.formula import FormulaError, Name
from puyou.indicators.reckoning import Amount, reckon
from puyou.indicators.units import PLAIN, Unit

PIECES, YUAN = Unit.parse("件"), Unit.parse("元")
KINDS = {
    "items": Kind(PIECES, "flow"),
    "more": Kind(PIECES, "flow"),
    "money": Kind(YUAN, "flow"),
    "outlets": Kind(Unit.parse("个"), "stock"),
    "rate": Kind(Unit.parse("%"), "ratio"),
    "ledger.sites.open": Kind(Unit.parse("个"), "stock"),
}
numbers = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


def find(name: Name) -> Kind | None:
    return KINDS.get(name.code)


def value(text: str, **known: object) -> Decimal | None:
    def ask(name, when):
        said = known.get(name.code + "_before" if when.years_back else name.code)
        unit = KINDS[name.code].unit
        return Amount.lacking("没有填报", unit) if said is None else Amount(Decimal(str(said)), unit)

    return reckon(formula.parse(text), ask).amount.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("items + more × 2", 8),
        ("(items + more) × 2", 12),
        ("items − more − more", 0),
        ("（items + more）", 6),
        ("items ÷ more", 2),
        ("share(items, items + more)", Decimal(200) / 3),
        ("ledger.sites.open", 7),
    ],
)
def test_formulas_are_reckoned_as_written(text, expected):
    found = value(text, items=4, more=2, **{"ledger.sites.open": 7})
    assert found is not None
    assert abs(found - Decimal(expected)) < Decimal("0.000001")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("items +", "没有写完"),
        ("items money", "无法识别"),
        ("share(items)", "需要 2 项"),
        ("__import__('os')", "无法识别"),
        ("items; drop", "无法识别"),
        ("(" * 40 + "items" + ")" * 40, "嵌套过深"),
        ("items + " * 200 + "items", "过长"),
        ("1[斤] × items", "不认识的计量单位"),
    ],
)
def test_what_is_no_formula_is_refused_in_words(text, words):
    with pytest.raises(FormulaError) as refused:
        formula.parse(text)
    assert words in refused.value.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("items + money", "单位不同"),
        ("items + unknown", "没有度量"),
        ("ytd(outlets)", "不能跨期相加"),
        ("items + outlets", "单位不同"),
        ("growth(growth(items))", "不能套用"),
        ("growth(rate)", "百分点"),
        ("share(items, money)", "单位不同"),
    ],
)
def test_what_does_not_go_together_is_refused(text, words):
    with pytest.raises(FormulaError) as refused:
        checking.kind_of(formula.parse(text), find)
    assert words in refused.value.words


def test_units_and_natures_come_out_of_arithmetic():
    kinds = {
        "money ÷ items": ("元/件", "ratio"),
        "share(items, items + more)": ("%", "ratio"),
        "items × 2": ("件", "flow"),
        "ytd(items)": ("件", "cumulative"),
        "growth(outlets)": ("%", "ratio"),
        "change(rate)": ("%", "ratio"),
    }
    for text, (unit, nature) in kinds.items():
        found = checking.kind_of(formula.parse(text), find)
        assert (found.unit.text, found.nature) == (unit, nature), text


def test_a_circle_is_found_however_long():
    assert checking.circle("a", {"a": ["b"], "b": ["c"], "c": ["a"]}) == ["a", "b", "c", "a"]
    assert checking.circle("a", {"a": ["b", "c"], "b": ["c"], "c": []}) == []


def test_missing_stays_missing_and_nothing_divides_by_zero():
    assert value("items + more", items=3) is None
    assert value("items ÷ more", items=3, more=0) is None
    assert value("growth(items)", items=3, items_before=0) is None
    assert value("growth(items)", items=12, items_before=10) == 20


@given(numbers, numbers, numbers, numbers)
def test_a_share_is_of_sums_never_the_mean_of_shares(a, b, c, d):
    whole = value("share(items, items + more)", items=a + c, more=b + d)
    if a + b + c + d == 0:
        assert whole is None
    else:
        assert whole is not None
        assert abs(whole - (a + c) * 100 / (a + b + c + d)) < Decimal("0.0001")


@given(st.lists(numbers, min_size=1, max_size=12), st.randoms())
def test_the_order_of_facts_does_not_matter_and_sums_add_up(values, shuffle):
    amounts = [Amount(each, PIECES) for each in values]
    mixed = list(amounts)
    shuffle.shuffle(mixed)
    assert rules.over_places(amounts, additive=True).value == sum(values)
    assert rules.over_places(mixed, additive=True).value == sum(values)


@given(st.lists(numbers, min_size=1, max_size=12))
def test_stocks_are_never_added_over_time(values):
    amounts = [Amount(each, PIECES) for each in values]
    assert rules.over_time(amounts, "stock") == amounts[-1]
    assert rules.over_time(amounts, "flow").value == sum(values)
    with pytest.raises(ValueError, match="不能跨期相加"):
        rules.add_over_time(amounts, "stock")


@given(numbers, st.integers(0, 6))
def test_rounding_is_half_up_and_near(number, decimals):
    found = rules.rounded(number, decimals)
    assert abs(found - number) <= Decimal(1).scaleb(-decimals) / 2


def test_one_missing_place_makes_the_sum_missing_and_says_how_many():
    found = rules.over_places([Amount(Decimal(1), PIECES), Amount.lacking("没有填报")], additive=True)
    assert found.value is None
    assert "1/2" in found.missing


def test_about_and_more_than_survive_what_they_may():
    about, more = Amount(Decimal(1), PIECES, "约"), Amount(Decimal(2), PIECES, "多")
    assert reckoning.add(more, more).qualifier == "多"
    assert reckoning.add(about, more).qualifier == "约"
    assert reckoning.divide(more, Amount(Decimal(2), PLAIN)).qualifier == "约"
