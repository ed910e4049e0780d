"""One rule says of every country whether it imports its hard coal."""

from __future__ import annotations

from typing import Any

import pytest

import coal_importers
from hginventory.factors import load_library

COMTRADE = "UN Comtrade, made"


def unit(mw: float, origin: str = "unknown", coal_type: str = "bituminous", country: str = "KOR") -> dict[str, Any]:
    """Return an operating unit."""
    return {"country": country, "coal_type": coal_type, "coal_origin": origin, "capacity_gross": mw}


def imports(mt: str, year: str = "2019", source: str = COMTRADE, country: str = "KOR") -> dict[str, str]:
    """Return a row of the trade facts."""
    return {"importer": country, "importer_total_mt": mt, "year": year, "source": source}


def share(units: list[dict[str, Any]], *trade: dict[str, str], quantity: str = "import_share") -> tuple[float, str]:
    """Return the share of one country, and the rule it was got by."""
    rows = coal_importers.import_rows(units, trade, load_library())
    (row,) = [row for row in rows if row["quantity"] == quantity]
    return float(row["value"]), row["method"][:6]


def test_origins_named_for_a_fifth_of_the_capacity_decide() -> None:
    assert share([unit(150, "imported"), unit(50, "domestic"), unit(800)], imports("0.1")) == (0.75, "rule 1")


def test_origins_of_less_than_a_fifth_give_way_to_customs_statistics() -> None:
    value, rule = share([unit(190, "domestic"), unit(810)], imports("100"))
    assert (value, rule) == (1.0, "rule 2")


def test_imports_are_compared_with_what_the_units_burn() -> None:
    value, rule = share([unit(1000)], imports("1"))
    in_the_year = load_library().in_year(2019)
    factor = in_the_year.row("coal_technology/capacity_factor/KOR/any/any/any/any").number()
    efficiency = load_library().row("coal_technology/net_efficiency/WLD/any/any/any/any").number()
    heat = load_library().row("coal_heating_value/net_calorific_value/WLD/bituminous").number()
    assert (value, rule) == (pytest.approx(1e6 / (1000 * 8760 * factor * 3.6 / efficiency / heat), abs=5e-4), "rule 2")


def test_the_last_year_of_customs_statistics_counts_and_no_report_of_months() -> None:
    rows = (imports("100", "2015"), imports("0.5", "2019"), imports("50", "2021", "a page (Jan-Jul 2021)"))
    assert share([unit(1000)], *rows) == share([unit(1000)], imports("0.5", "2019"))


@pytest.mark.parametrize(("country", "value"), [("USA", 0.0), ("CZE", 0.0), ("PAN", 1.0), ("HKG", 1.0)])
def test_without_both_a_country_with_coal_on_file_burns_its_own(country: str, value: float) -> None:
    assert share([unit(1000, country=country)]) == (value, "rule 3")


def test_lignite_and_anthracite_say_nothing_of_hard_coal() -> None:
    units = [unit(1000, "domestic", "lignite"), unit(1000, "domestic", "anthracite"), unit(500, "imported")]
    assert share(units) == (1.0, "rule 1")
    assert share(units, quantity="hard_coal_share")[0] == 0.2


def test_a_country_without_hard_coal_units_has_no_row() -> None:
    assert coal_importers.import_rows([unit(1000, "domestic", "lignite")], [], load_library()) == []
