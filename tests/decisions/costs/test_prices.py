"""Money: annuities, the DOE model plants, retrofit costs by size, mercury's share, countries, years of the money."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hginventory as hg
from hginventory.decisions.costs.cost_range import EMPTY, NOTHING, Range, annuity, yearly_cost
from hginventory.decisions.costs.prices import NO_NATIONAL_COST, Prices
from hginventory.decisions.costs.terms import Size
from hginventory.decisions.options.avoided_interval import cost_per_kg
from hginventory.errors import UsageError
from hginventory.factors.library import load_library
from hginventory.report.text.language import words_in

LIBRARY = load_library()
PRICES = Prices(LIBRARY)
KG_PER_LB = 0.45359237
FILTER, SCRUBBER, CATALYST = "fabric filter (COHPAC/TOXECON baghouse) retrofit", "wet FGD retrofit", "SCR retrofit"


def size(mw: float = 400.0, country: str = "USA", gwh: float = 2000.0) -> Size:
    return Size("coal_power", country, mw, gwh, gwh * 9000.0, float("nan"))


def kiln(country: str = "USA", clinker_t: float = 1e6) -> Size:
    return Size("cement_kiln", country, *[float("nan")] * 3, clinker_t)


@pytest.mark.parametrize(
    ("flow", "capital", "operation", "total", "usd_per_lb"),
    [
        pytest.param(4.05e6, 6.139e6, 30.411e6, 30.99e6, 67_700, id="Brown 1999 table 28 and 30: 975 MW"),
        pytest.param(411_000, 0.708e6, 3.185e6, 3.251e6, 70_018, id="Brown 1999 table 28 and 30: 100 MW"),
    ],
)  # fmt: skip
def test_doe_model_plants(flow: float, capital: float, operation: float, total: float, usd_per_lb: float) -> None:
    """Coal method R2: 10 ug/dscm, capacity factor 0.65, 90 % removal, capital recovery of 7 % over 20 years."""
    avoided_kg = flow * 10e-9 * 8760 * 0.65 * 0.9
    cost = yearly_cost(Range.exact(capital), Range.exact(operation), NOTHING, 0.07, 20)
    assert cost.value == pytest.approx(total, rel=0.002)
    assert cost_per_kg(cost, avoided_kg).value * KG_PER_LB == pytest.approx(usd_per_lb, rel=0.002)


def test_default_rate_and_life_are_those_of_the_model_plants() -> None:
    terms = PRICES.terms
    assert annuity(terms.rate, terms.book_life["coal_power"]) == pytest.approx(0.0944, abs=5e-5)
    assert annuity(terms.rate, terms.book_life["cement_kiln"]) == pytest.approx(0.110, abs=5e-4)


def test_a_combination_costs_what_its_parts_cost() -> None:
    """SCR with scrubber costs 975 USD/kW and TOXECON 228 in the class of 300 to 499 MW, carbon at a flat 8."""
    both = PRICES.of([CATALYST, SCRUBBER], size(400), 20)
    toxecon = PRICES.of([FILTER, "ACI upstream of FF"], size(400), 20)
    assert both.capital.value == pytest.approx(975 * 400e3, rel=0.04)
    assert toxecon.capital.value == pytest.approx((228 - 8 + 15.5) * 400e3, rel=0.02)
    assert both.fixed.value == pytest.approx(10.8 * 400e3)
    assert both.variable.value == pytest.approx(3.4 * 2e6)


@given(rate=st.floats(0.001, 0.5), years=st.floats(0.5, 60))
def test_annuity_pays_the_capital_back(rate: float, years: float) -> None:
    worth = annuity(rate, years) * (1 - (1 + rate) ** -years) / rate
    assert worth == pytest.approx(1.0)


@given(years=st.floats(0.5, 60))
def test_without_interest_the_capital_is_split_evenly_and_interest_costs_more(years: float) -> None:
    assert annuity(0.0, years) == pytest.approx(1 / years)
    assert annuity(0.05, years) > annuity(0.0, years)


@pytest.mark.parametrize(("rate", "years"), [(-0.01, 10), (0.05, 0), (0.05, -3), (0.05, np.array([20.0, 0.0]))])
def test_an_annuity_that_is_none_is_refused(rate: float, years: Any) -> None:
    with pytest.raises(UsageError, match="above 0"):
        annuity(rate, years)


def test_capital_is_written_off_over_the_shorter_of_book_life_and_remaining_life() -> None:
    short, book, long = (PRICES.of([SCRUBBER], size(), years) for years in (8, 20, 35))
    assert (short.life, book.life, long.life) == (8, 20, 20)
    assert short.per_year.value > book.per_year.value
    assert long.per_year == book.per_year
    paid = short.capital.value * annuity(0.07, 8) + short.fixed.value + short.variable.value
    assert short.per_year.value == pytest.approx(paid)


def test_full_cost_and_mercurys_share_are_told_apart() -> None:
    scrubber, carbon = PRICES.of([SCRUBBER], size(), 20), PRICES.of(["ACI upstream of FF"], size(), 20)
    toxecon = PRICES.of([FILTER, "ACI upstream of FF"], size(), 20)
    assert scrubber.mercury_per_year == NOTHING
    assert scrubber.per_year.value > 0
    assert carbon.mercury_per_year == carbon.per_year
    assert toxecon.mercury_per_year.value == pytest.approx(carbon.per_year.value)
    assert toxecon.per_year.value > toxecon.mercury_per_year.value


def test_saved_coal_is_a_credit_and_can_make_the_cost_negative() -> None:
    items = ["heat-rate improvement", "coal saved"]
    without, little, much = (PRICES.of(items, size(), 20, saved) for saved in (0.0, 0.04, 0.5))
    assert without.variable.value == 0
    assert little.variable.value == pytest.approx(-0.04 * 2000 * 9000 * 4.0)
    assert much.per_year.value < 0
    assert much.per_year.low <= much.per_year.value <= much.per_year.high
    assert cost_per_kg(much.per_year, 10.0).value < 0


def test_zero_cost_is_a_cost() -> None:
    cost = PRICES.of(["less clinker per cement"], kiln(), 15)
    assert cost.per_year == NOTHING
    assert cost_per_kg(cost.per_year, 3.0).value == 0.0


def test_a_kiln_pays_by_clinker_capacity_and_says_that_operation_is_missing() -> None:
    """Cement costs: 32.4 USD of 2010 a tonne of clinker a year at Durkee."""
    cost = Prices(LIBRARY, price_year=2010).of(["ACI + polishing baghouse, Durkee"], kiln(clinker_t=618_000), 15)
    assert cost.capital.value == pytest.approx(20e6, rel=0.002)
    assert any("lower bound" in note for note in cost.notes)


def test_india_pays_an_eighth_for_a_scrubber_and_others_the_us_level_with_a_note() -> None:
    """70 to 93 USD/kW in the estimate of 2025 against 606 for a US scrubber of 600 MW."""
    american, indian, indonesian = (PRICES.of([SCRUBBER], size(400, c), 20) for c in ("USA", "IND", "IDN"))
    assert indian.capital.value == pytest.approx(0.13 * american.capital.value)
    assert indonesian.capital.value == american.capital.value
    assert indonesian.capital.low == pytest.approx(0.13 * american.capital.low)
    assert indonesian.capital.high == pytest.approx(american.capital.high)
    assert any(note.startswith(f"{NO_NATIONAL_COST}IDN") for note in indonesian.notes)
    assert not any(NO_NATIONAL_COST in note for note in (*american.notes, *indian.notes))
    assert indian.fixed == american.fixed


def test_what_the_facts_do_not_support_stays_at_the_us_level_in_india() -> None:
    cost = PRICES.of([FILTER], size(400, "IND"), 20)
    assert cost.capital == PRICES.of([FILTER], size(400), 20).capital
    assert any(note.startswith(f"{NO_NATIONAL_COST}IND for fabric filter") for note in cost.notes)


def test_a_country_without_costs_is_a_finding() -> None:
    found = PRICES.findings(["IDN", "USA", "IDN", "VNM", "IND"])
    assert [(f.code, f.found, f.count) for f in found] == [("N901", "IDN", 2), ("N901", "VNM", 1)]
    assert Prices(LIBRARY, multiplier=0.5).findings(["IDN"]) == ()


def test_difficulty_and_multiplier_act_on_capital_alone() -> None:
    plain = PRICES.of([SCRUBBER], size(), 20)
    hard = Prices(LIBRARY, difficulty="difficult").of([SCRUBBER], size(), 20)
    third = Prices(LIBRARY, multiplier=1 / 3).of([SCRUBBER], size(400, "IDN"), 20)
    assert hard.capital.value == pytest.approx(1.3 * plain.capital.value)
    assert third.capital.value == pytest.approx(plain.capital.value / 3)
    assert third.capital.high == pytest.approx(plain.capital.high / 3)
    assert hard.variable == plain.variable == third.variable


def test_money_is_brought_to_one_year() -> None:
    """US consumer prices: 156.9 in 1996, 240.01 in 2016."""
    old, new = Prices(LIBRARY, price_year=1996), Prices(LIBRARY, price_year=2016)
    ratio = new.of(["coal washing"], size(), 20).variable.value / old.of(["coal washing"], size(), 20).variable.value
    assert ratio == pytest.approx(240.01 / 156.9)
    assert new.of(["coal washing"], size(), 20).variable.value == pytest.approx(1.5 * 2e6)


def test_a_price_for_one_size_serves_others_with_a_note() -> None:
    near = PRICES.of(["CaBr2 / halogen addition to coal"], size(500.0), 20)
    far = PRICES.of(["CaBr2 / halogen addition to coal"], size(60.0), 20)
    assert not any("stated for about" in note for note in near.notes)
    assert any("stated for about 500 MW" in note for note in far.notes)
    assert far.fixed.value == pytest.approx(near.fixed.value * 60 / 500)


def test_ranges_hold_the_value_and_read_prices_are_narrower_than_recalled_ones() -> None:
    read = Prices(LIBRARY, price_year=2010).of(["ACI + polishing baghouse, Durkee"], kiln(), 15).capital
    recalled = PRICES.of(["regenerable activated coke"], size(), 20).capital
    for money in (read, recalled):
        assert money.low < money.value < money.high
    assert read.high / read.low < recalled.high / recalled.low


def test_the_terms_name_currency_year_rate_life_and_difficulty() -> None:
    text = Prices(LIBRARY, rate=0.1, book_life=12, price_year=2016, difficulty="easy").terms.text()
    assert text.startswith("USD of 2016, interest 10 % a year, capital written off over 12 years or the remaining life")
    assert "easy retrofit" in text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rate": -0.1}, "rate: "),
        ({"rate": 7.0}, "Write 0.07 for 7 %"),
        ({"book_life": 0.0}, "book_life: "),
        ({"difficulty": "heroic"}, "average, difficult, easy"),
        ({"price_year": 1950}, "price_year: the table price_level has no year 1950"),
        ({"multiplier": 0.0}, "multiplier: "),
    ],
)
def test_terms_that_cannot_be_used_are_refused(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Prices(LIBRARY, **wrong)  # type: ignore[arg-type]


def test_a_national_cost_sheet_stands_over_the_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    units = book.active
    units.title = "Coal_units"
    for row in (["unit_id", "country", "MW", "start_year"], ["A", "IDN", 400, 2015]):
        units.append(row)
    own = book.create_sheet("Factors")
    row_id = "control_cost/coal_power/wet FGD retrofit/capital/300/500/USD/2025"
    for row in (["factor_id", "value", "unit", "reason", "source_id"], [row_id, 90, "USD/kW", "tender of 2024", "own"]):
        own.append(row)
    path = tmp_path / "national.xlsx"
    book.save(path)
    library = hg.project(path, draws=0).projection.library
    cost = Prices(library).of([SCRUBBER], size(400), 20)
    assert cost.capital.value == pytest.approx(90 * 400e3)
    assert cost.capital.high == pytest.approx(1.3 * 90 * 400e3)


Z = 1.6448536269514722  # 95th percentile of a normal


@given(
    cost=st.floats(1.0, 1e6),
    widths=st.tuples(st.floats(0.001, 0.3), st.floats(0.05, 0.8)),
    avoided=st.floats(0.1, 1e3),
)
def test_cost_of_a_kilogram_is_drawn_and_not_cornered(cost: float, widths: tuple[float, float], avoided: float) -> None:
    """Where the cost is all but sure, the interval is that of one lognormal; it always lies within the corners."""
    of_cost, of_mercury = widths
    spread = Range(cost, cost * (1 - of_cost), cost * (1 + of_cost))
    levels = (math.exp(-Z * of_mercury), 1.0, math.exp(Z * of_mercury))
    found = cost_per_kg(spread, avoided, levels)
    assert found.value == pytest.approx(cost / avoided)
    assert spread.low / avoided / levels[2] <= found.low < found.value < found.high <= spread.high / avoided / levels[0]
    sure = cost_per_kg(Range.exact(cost), avoided, levels)
    assert sure.low == pytest.approx(cost / avoided / levels[2], rel=0.1)
    assert sure.high == pytest.approx(cost / avoided / levels[0], rel=0.1)
    assert sure.high - sure.low <= found.high - found.low + 1e-9 * found.high


def test_a_kilogram_that_may_not_be_avoided_has_no_upper_price() -> None:
    found = cost_per_kg(Range(10.0, 5.0, 20.0), 2.0, (-0.1, 0.9, 2.0))
    assert found.high == float("inf")
    assert 0 < found.low < found.value
    saving = cost_per_kg(Range(-10.0, -20.0, -5.0), 2.0, (0.5, 1.0, 1.8))
    assert saving.low < saving.value < saving.high < 0


def test_without_draws_only_the_cost_has_a_range() -> None:
    assert cost_per_kg(Range(10.0, 5.0, 20.0), 2.0) == Range(5.0, 2.5, 10.0)


def test_a_cost_without_mercury_has_no_end() -> None:
    assert cost_per_kg(Range(10.0, 5.0, 20.0), 0.0).value == float("inf")
    assert cost_per_kg(Range(-10.0, -20.0, -5.0), 0.0).value == float("-inf")
    assert math.isnan(cost_per_kg(EMPTY, 0.0).value)  # not known is not endless


def test_the_us_level_is_said_with_the_terms_wherever_it_stands_in() -> None:
    assert "capital costs are US values: none are available for IDN" in PRICES.statement(["IDN", "IND", "IDN"])
    assert "US values" not in PRICES.statement(["USA"])
    assert PRICES.statement(["IND"]).endswith(
        "; IND: capital costs are US values except for SCR retrofit, sea-water FGD, wet FGD retrofit"
    )
    assert "are US values" not in Prices(LIBRARY, multiplier=0.4).statement(["IDN", "IND"])
    assert "capital costs 0.4 times US values" in Prices(LIBRARY, multiplier=0.4).statement(["IDN"])
    many = PRICES.statement([f"X{number:02d}" for number in range(9)])
    assert many.endswith("none are available for X00, X01, X02, X03, X04 and 4 more")


def test_terms_are_said_in_the_language_of_a_report() -> None:
    told = words_in("id").tell(Prices(LIBRARY, difficulty="difficult").statement(["IDN", "IND"]))
    assert "USD tahun 2025" in told
    assert "20 atau 15 tahun" in told
    assert "retrofit sulit; kiln: hanya modal" in told
    assert "biaya modal adalah nilai AS: tidak tersedia untuk IDN" in told
    assert not [word for word in ("a year", "US values", "capital", "average") if word in told]


@pytest.mark.parametrize("language", ["en", "id"])
def test_scenarios_keep_their_terms_for_reports(language: str) -> None:
    compared = hg.project("indonesia", where="capacity_mw >= 900", draws=0).compare(["blanket_bat"])
    assert compared.terms["blanket_bat"] == compared.table.set_index("scenario").loc["blanket_bat", "cost_terms"]
    assert ("capital costs" in words_in(language).tell(compared.terms["blanket_bat"])) == (language == "en")


@pytest.mark.parametrize("item", ["ACI upstream of existing PM control", "ACI upstream of FF"])
def test_fixed_operation_of_carbon_injection_carries_its_range(item: str) -> None:
    """From 0.05 (recalled of IPM) to 2.3 USD/kW/yr (read in NEMS), in the price and in the cost of the step."""
    cost = PRICES.of([item], size(100), 20)
    assert (cost.fixed.low / 100e3, cost.fixed.high / 100e3) == (pytest.approx(0.05), pytest.approx(2.3))
    assert cost.fixed.low < cost.fixed.value < cost.fixed.high
    assert cost.operation.high - cost.operation.low >= (2.3 - 0.05) * 100e3


def test_heat_rate_work_is_marked_as_recalled() -> None:
    """300 USD/kW could not be confirmed, so it has the wide range of a recalled price."""
    rows = [row for row in LIBRARY.table("control_cost").defaults
            if row.keys["technology"] == "heat-rate improvement" and row.keys["quantity"] == "capital"]  # fmt: skip
    assert [row.read_from for row in rows] == ["recalled"]
    capital = PRICES.of(["heat-rate improvement"], size(400), 20).capital
    assert (capital.low, capital.high) == (pytest.approx(capital.value / 2), pytest.approx(capital.value * 2))
