"""How far capacity factors of units lie from that of their country: parts of a made fleet, and the real files."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import capacity_factor_spread as tool

DATA = Path("/work/shared/data")
JRC = DATA / "europe_jrc_open_coal_units_generation_2015_2018.csv"
CEA = DATA / "india_cea_co2db_v15_coal_station_and_unit_generation.csv"


def made(country: float, plant: float, unit: float, seed: int = 1) -> pd.DataFrame:
    """Return units of 40 countries whose parts have the given standard deviations, around 0.5."""
    random = np.random.default_rng(seed)
    rows = []
    for c in range(40):
        years = random.normal(0.0, country, 4)
        for p in range(12):
            own_plant = random.normal(0.0, plant)
            for u in range(4):
                factor = 0.5 + own_plant + random.normal(0.0, unit) + years
                rows += [{"country": f"C{c}", "plant": p, "unit": f"{p}/{u}", "year": 2015 + y, "factor": factor[y],
                          "mw": 300.0} for y in range(4)]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("country", "plant", "unit"),
    [(0.0, 0.06, 0.06), (0.03, 0.06, 0.06), (0.02, 0.0, 0.08), (0.02, 0.08, 0.0), (0.05, 0.05, 0.05)],
)
def test_parts_of_a_made_fleet_are_found_again(country: float, plant: float, unit: float) -> None:
    found = tool.measure(made(country, plant, unit))
    variance = country**2 + plant**2 + unit**2
    assert found.at(0.5) == pytest.approx(math.sqrt(variance), rel=0.08)
    for part, share in ((country, found.country), (plant, found.plant), (unit, found.unit)):
        assert share == pytest.approx(part**2 / variance, abs=0.07)
    assert found.country + found.plant + found.unit == pytest.approx(1.0)
    assert (found.units, found.unit_years) == (40 * 12 * 4, 40 * 12 * 4 * 4)


def test_years_in_which_other_units_report_are_no_years_of_the_country() -> None:
    rows = made(0.0, 0.1, 0.05)
    half = rows["plant"].lt(6) & rows["year"].ge(2017) | rows["plant"].ge(6) & rows["year"].lt(2017)
    assert tool.measure(rows[half]).country < 0.01


def test_one_unit_a_plant_says_nothing_of_plants() -> None:
    rows = made(0.0, 0.1, 0.1)
    with pytest.raises(SystemExit, match="No plant has two units"):
        tool.measure(rows[rows["unit"].str.endswith("/0")])


def test_scopes_sum_to_one_and_another_country_adds_its_variance() -> None:
    spread = tool.MeasuredSpread(0.36, 0.055, 0.545, 0.4, 0.5, 10, 20)
    assert sum(float(part.partition(":")[2]) for part in spread.scopes.split(";")) == pytest.approx(1.0)
    wider = spread.with_country(0.2)
    assert wider.size**2 == pytest.approx(0.36**2 + 0.2)
    assert wider.plant * wider.size**2 == pytest.approx(0.545 * 0.36**2)
    assert wider.country + wider.plant + wider.unit == pytest.approx(1.0)


def test_european_rows_are_whole_years_of_units_that_ran(tmp_path: Path) -> None:
    columns = "eic_p,eic_g,cyear,cf,time_coverage,country,capacity_g,status_g"
    lines = ["P,A,2015,0.5,1.0,Spain,300,COMMISSIONED", "P,A,2016,0.5,0.7,Spain,300,COMMISSIONED",
             "P,B,2015,0.0,1.0,Spain,300,COMMISSIONED", "P,C,2015,0.4,1.0,Spain,300,CONSTRUCTION",
             "P,D,2015,,1.0,Spain,300,COMMISSIONED", "P,E,2015,0.6,0.99,Spain,300,DECOMMISSIONED"]  # fmt: skip
    (tmp_path / "jrc.csv").write_text("\n".join([columns, *lines]))
    assert tool.europe(tmp_path / "jrc.csv")["unit"].tolist() == ["A", "E"]


def test_indian_rows_are_units_metered_alone_from_their_first_whole_year(tmp_path: Path) -> None:
    columns = "station_no,unit_no,commissioned,capacity_mw_2019,net_gwh_2015-16,net_gwh_2016-17"
    lines = ["1,0,,500,2190,2190", "1,1,2001-01-01,250,1095,1200", "1,2,2001-01-01,250,1095,990",
             "2,1,2016-01-01,100,400,438", "3,1,2001-01-01,0,10,10", "4,1,2001-01-01,100,900,-1"]  # fmt: skip
    (tmp_path / "cea.csv").write_text("\n".join([columns, *lines]))
    found = tool.india(tmp_path / "cea.csv")
    assert found[["unit", "year"]].values.tolist() == [["1/1", 2016], ["1/2", 2016], ["2/1", 2016]]
    assert found["factor"].tolist() == pytest.approx([1200 / 2190, 990 / 2190, 0.5])


def test_real_files_give_the_spread_of_the_table() -> None:
    if not (JRC.exists() and CEA.exists()):
        pytest.skip("the files of units of Europe and India are not here")
    from hginventory.factors import load_library

    spread = tool.measure(pd.concat([tool.europe(JRC), tool.india(CEA)]))
    assert spread.at(spread.mean) == pytest.approx(0.18, abs=0.01)
    rows = load_library().table("coal_technology").rows
    of_country = [row for row in rows if row.use == "default" and row.keys["quantity"] == "capacity_factor"
                  and row.keys["country"] != "WLD" and row.valid_from]  # fmt: skip
    assert len(of_country) > 300
    for row in of_country:
        assert row.spread == pytest.approx(spread.at(row.number()), rel=0.01)
        assert ";".join(f"{scope}:{share:.2f}" for scope, share in row.scopes) == spread.scopes
