"""Capital by capacity: forms and their limits, means and scatter, whose price is used, and prices of countries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hginventory.decisions.costs.cost_range import Range
from hginventory.decisions.costs.prices import Prices
from hginventory.decisions.costs.terms import Size
from hginventory.decisions.options.option_table import OptionTable
from hginventory.errors import FactorError
from hginventory.factors import OVERRIDE_KEY
from hginventory.factors.library import FactorLibrary, load_library
from hginventory.vocabulary import COAL_POWER

LIBRARY = load_library()
PRICES, OF_2015 = Prices(LIBRARY), Prices(LIBRARY, price_year=2015)
ITEMS = sorted({i for o in OptionTable(LIBRARY).options.values() if o.sector == COAL_POWER for i in o.items})
CURVES = LIBRARY.table("control_cost_curve").defaults
COUNTRIES = sorted({row.keys["country"] for row in LIBRARY.table("country_cost").defaults} | {"IDN"})
ENDS = sorted({float(row.extra[key]) for row in CURVES for key in ("data_from_mw", "data_to_mw") if row.extra[key]})
CARBON, CATALYST, SCRUBBER = "ACI upstream of existing PM control", "SCR retrofit", "wet FGD retrofit"
FILTER = "fabric filter (COHPAC/TOXECON baghouse) retrofit"
LAW = f"control_cost_curve/coal_power/{CARBON}/power law/any/USD/2015"
FLOOR = f"control_cost_curve/coal_power/{CARBON}/floor/fixed/USD/2015"
sizes = st.one_of(st.floats(5.0, 2000.0), st.sampled_from(ENDS), st.sampled_from([np.nextafter(e, 0.0) for e in ENDS]))


def at(mw: float, country: str = "USA") -> Size:
    return Size(COAL_POWER, country, float(mw), 5.0 * mw, 45e3 * mw, math.nan)


def capital(item: str, mw: float, prices: Prices = PRICES, country: str = "USA") -> Range:
    return prices.of([item], at(mw, country), 20).capital


def with_own(prices: Mapping[str, float]) -> FactorLibrary:
    rows = [LIBRARY.row(row_id) for row_id in prices]
    return LIBRARY.with_rows(
        [replace(r, value=prices[r.row_id], extra={**r.extra, OVERRIDE_KEY: f"Factors!B{r.line}"}) for r in rows]
    )


@pytest.mark.parametrize("item", ITEMS)
@settings(deadline=None)
@given(one=sizes, other=sizes, country=st.sampled_from(COUNTRIES))
def test_a_larger_unit_pays_no_less_in_all_and_no_more_by_the_kilowatt(
    item: str, one: float, other: float, country: str
) -> None:
    small, large = sorted((one, other))
    less, more = capital(item, small, country=country), capital(item, large, country=country)
    for end in ("value", "low", "high"):
        assert getattr(more, end) >= getattr(less, end) * (1 - 1e-12)
        assert getattr(more, end) / large <= getattr(less, end) / small * (1 + 1e-12)
    assert more.low <= more.value <= more.high


@given(
    megawatts=st.lists(sizes, min_size=1, max_size=20), items=st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3)
)
def test_many_units_at_once_pay_what_each_pays_alone(megawatts: list[float], items: list[str]) -> None:
    for country in ("USA", "IND"):
        curve = PRICES.rates(items, at(400, country)).full.capital
        alone = [PRICES.of(items, at(mw, country), 20).capital.value for mw in megawatts]
        assert (curve.values(np.array(megawatts)) * np.array(megawatts) * 1e3).tolist() == pytest.approx(
            alone, rel=1e-12
        )


@pytest.mark.parametrize(
    ("mw", "million_usd_2015"),
    [
        pytest.param(50, 1.6 + 3.5 * 0.05, id="floor at 50 MW"),
        pytest.param(94, 1.6 + 3.5 * 0.094, id="floor just below the limit"),
        pytest.param(100, 1.4728 * 0.0865 * 100**0.597, id="mean at 100 MW: 1.47 times a median of 1.35 million"),
        pytest.param(500, 1.4728 * 0.0865 * 500**0.597, id="mean at 500 MW: 1.47 times a median of 3.53 million"),
        pytest.param(1000, 1.4728 * 0.0865 * 1000**0.597, id="mean at 1000 MW"),
    ],
)
def test_carbon_injection_costs_what_254_us_systems_report(mw: float, million_usd_2015: float) -> None:
    found = capital(CARBON, mw, OF_2015)
    assert found.value == pytest.approx(million_usd_2015 * 1e6, rel=1e-3)
    assert found.low == pytest.approx(found.value * math.exp(-1.6449 * 0.88 - 0.88**2 / 2), rel=1e-3)
    assert found.high == pytest.approx(found.value * math.exp(1.6449 * 0.88 - 0.88**2 / 2), rel=1e-3)
    assert capital("ACI upstream of FF", mw, OF_2015) == found


@pytest.mark.parametrize(("mw", "low", "high"), [(82, 8.0, 30.3), (188, 7.6, 20.2), (382, 3.5, 12.0), (578, 4.1, 10.1)])
def test_the_quartiles_of_reported_costs_lie_within_the_range_of_one_unit(mw: float, low: float, high: float) -> None:
    """Quartiles [USD of 2015/kW] of the size classes of the reports, which the fit did not use."""
    found = capital(CARBON, mw, OF_2015)
    assert found.low / mw / 1e3 < low < high < found.high / mw / 1e3


def test_consumer_prices_bring_2015_to_2025_by_the_recalled_factor() -> None:
    assert capital(CARBON, 300).value / capital(CARBON, 300, OF_2015).value == pytest.approx(1.36, abs=0.002)


@pytest.mark.parametrize("item", [SCRUBBER, FILTER, CATALYST])
def test_curves_of_large_devices_are_the_fit_of_their_size_classes(item: str) -> None:
    """Classes of AEO2026 at 60, 200, 400, 600 and 850 MW."""
    rows = [
        row for row in LIBRARY.table("control_cost").defaults
        if row.keys["technology"] == item and row.keys["quantity"] == "capital"
    ]  # fmt: skip
    assert len(rows) == 5
    classes = [row.number() for row in sorted(rows, key=lambda row: float(row.keys["mw_from"] or 0))]
    middles = np.array([60.0, 200.0, 400.0, 600.0, 850.0])
    slope, log_at_100 = np.polyfit(np.log(middles / 100), np.log(classes), 1)
    curve = next(row for row in CURVES if row.keys["technology"] == item)
    assert curve.number() == pytest.approx(math.exp(log_at_100), rel=1e-3)
    assert float(curve.extra["exponent"]) == pytest.approx(slope, abs=6e-4)
    for mw, usd_per_kw in zip(middles, classes, strict=True):
        assert capital(item, mw).value / mw / 1e3 == pytest.approx(usd_per_kw, rel=0.06)


def test_a_new_filter_with_carbon_costs_both() -> None:
    both = PRICES.of([FILTER, "ACI upstream of FF"], at(250), 20).capital
    assert both.value == pytest.approx(capital(FILTER, 250).value + capital("ACI upstream of FF", 250).value)


FLAT = f"control_cost/coal_power/{CARBON}/capital/any/any/USD/2025"
BAND = f"control_cost/coal_power/{SCRUBBER}/capital/300/500/USD/2025"
SCRUBBER_LAW = f"control_cost_curve/coal_power/{SCRUBBER}/power law/any/USD/2025"


@pytest.mark.parametrize(
    ("own", "item", "mw", "usd_2025_per_kw"),
    [
        pytest.param({FLAT: 5.0}, CARBON, 60, 5.0, id="price in control_cost, small unit"),
        pytest.param({FLAT: 5.0}, CARBON, 900, 5.0, id="price in control_cost, large unit"),
        pytest.param({BAND: 90.0}, SCRUBBER, 400, 90.0, id="price of a size class, within it"),
        pytest.param({SCRUBBER_LAW: 90.0}, SCRUBBER, 100, 90.0, id="curve, at its reference capacity"),
        pytest.param({SCRUBBER_LAW: 90.0}, SCRUBBER, 800, 90.0 * 8**-0.294, id="curve, elsewhere"),
        pytest.param({LAW: 2.0}, CARBON, 100, 2.0 * 322 / 237.02, id="one form of two: the other is not used"),
        pytest.param({FLOOR: 1.0}, CARBON, 100, 4.5 * 322 / 237.02, id="one part of the floor: both parts, no law"),
        pytest.param({FLAT: 5.0, LAW: 2.0}, CARBON, 100, 5.0, id="both: the price of control_cost"),
    ],
)
def test_a_price_of_the_users_own_is_used_before_the_curve(
    own: dict[str, float], item: str, mw: float, usd_2025_per_kw: float
) -> None:
    found = capital(item, mw, Prices(with_own(own)))
    assert found.value / mw / 1e3 == pytest.approx(usd_2025_per_kw)


def test_a_price_of_a_size_class_leaves_other_sizes_to_the_curve() -> None:
    own = Prices(with_own({BAND: 90.0}))
    for mw in (299.0, 500.0):
        assert capital(SCRUBBER, mw, own) == capital(SCRUBBER, mw)


@pytest.mark.parametrize("column", ["exponent", "reference_mw"])
def test_a_curve_without_exponent_or_reference_is_named(column: str) -> None:
    row = LIBRARY.row(LAW)
    broken = LIBRARY.with_rows([replace(row, extra={**row.extra, column: ""})])
    with pytest.raises(FactorError, match=rf"control_cost_curve.csv:{row.line}: {column} of .* is blank"):
        capital(CARBON, 100, Prices(broken))


@pytest.mark.parametrize(("mw", "said"), [(20, True), (49.9, True), (50, False), (1849, False), (1900, True)])
def test_a_unit_beyond_the_sizes_on_file_is_extrapolated_with_a_note(mw: float, said: bool) -> None:
    notes = Prices(LIBRARY).of([CARBON], at(mw), 20).notes
    assert any("extrapolated from costs of units of 50 to 1850 MW" in note for note in notes) == said


@pytest.mark.parametrize(
    ("country", "item", "mw", "usd_per_kw", "year", "level"),
    [
        pytest.param("IND", SCRUBBER, 600, 81.5, 2025, 322.0, id="India, middle of the estimate of 2025"),
        pytest.param("CHN", SCRUBBER, 600, 140, 2009, 214.54, id="China, half of the international price of 2009"),
        pytest.param("CHN", CATALYST, 600, 67, 2005, 195.3, id="China, catalyst, market"),
        pytest.param("ZAF", SCRUBBER, 794, 525, 2021, 270.97, id="Medupi, plan of 2021"),
        pytest.param("SRB", SCRUBBER, 620, 191, 2024, 313.689, id="TENT B"),
        pytest.param("POL", CATALYST, 222.5, 61, 2018, 251.107, id="Dolna Odra"),
    ],
)
def test_a_national_price_is_that_of_its_contract(
    country: str, item: str, mw: float, usd_per_kw: float, year: int, level: float
) -> None:
    found = capital(item, mw, country=country).value / mw / 1e3
    assert found == pytest.approx(usd_per_kw * 322.0 / level, rel=0.04), year


@pytest.mark.parametrize(("usd_per_kw", "mw"), [(30, 800), (59, 500)])
def test_indian_contracts_of_2018_lie_within_the_range_of_india(usd_per_kw: float, mw: float) -> None:
    found = capital(SCRUBBER, mw, country="IND")
    assert found.low < usd_per_kw * 322 / 251.107 * mw * 1e3 < found.high
