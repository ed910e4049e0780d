"""Rates of plants from registers: known parameters are found again through the threshold of reporting."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import CensoredData, lognorm

import kiln_rates as tool
from import_mix import read
from kiln_rate_rows import default_inputs
from plant_register import ABOVE, ALL_YEARS

ROOT = Path(tool.__file__).parents[1]
REGISTER = ROOT / "factors" / "plant_reference.csv"
METHOD = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
NATIONS = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")


def made(
    mean: float, country: float, plant: float, year: float, seed: int, nations: int = 8, plants: int = 20
) -> pd.DataFrame:
    """Return a register of three years whose rates have the given parts; 10 kg of mercury is the threshold."""
    random = np.random.default_rng(seed)
    rows = []
    for nation in NATIONS[:nations]:
        of_country = random.normal(0.0, country)
        for p in range(plants):
            of_plant, co2 = random.normal(0.0, plant), random.uniform(3e5, 1.2e6)
            for y in range(3):
                rate = math.exp(mean + of_country + of_plant + random.normal(0.0, year))
                kg = rate * co2 / 0.83 / 1e6
                rows.append(row(nation, f"P{p}", kg if kg > 10.0 else None, co2, year=2017 + y))
    return pd.DataFrame(rows)


def row(country: str, plant: str, kg: float | None, co2: float = 830e3, year: int = 2018) -> dict[str, str]:
    """Return a row of the register table; 830,000 t of CO2 are a million tonnes of clinker."""
    return {
        "country": country, "plant": plant, "year": str(year), "co2_t": repr(co2), "hg_method": "M" if kg else "",
        "listed": ALL_YEARS, "value": "" if kg is None else repr(kg),
    }  # fmt: skip


def years_of(table: pd.DataFrame) -> tool.PlantYears:
    return tool.plant_years(table, 0.83)


@pytest.mark.parametrize(
    ("mean", "country", "plant", "year"),
    [(2.5, 0.4, 0.8, 0.5), (3.5, 0.4, 0.6, 0.6), (2.2, 0.3, 0.9, 0.7), (3.0, 0.8, 0.5, 0.3), (3.0, 0.3, 1.0, 0.3)],
)
def test_known_parts_are_found_again_through_the_threshold(
    mean: float, country: float, plant: float, year: float
) -> None:
    table = made(mean, country, plant, year, seed=5)
    assert 0.1 < table["value"].eq("").mean() < 0.8
    found = tool.fit(years_of(table))
    error = np.sqrt(np.diag(found.covariance))
    wanted = np.array([mean, *np.log([country, plant, year])])
    assert (np.abs(found.parameters - wanted) < 2.6 * error).all()
    assert (error[2:] < 0.25).all()


def test_one_country_without_levels_is_the_censored_lognormal_of_scipy() -> None:
    """With one year a plant, plants and years are one spread, and a country is its mean."""
    table = made(2.8, 0.0, 0.8, 0.0, seed=3, nations=1, plants=150)
    years = years_of(table[table["year"].eq("2017")])
    below = np.isnan(years.log_rate)
    data = CensoredData(uncensored=np.exp(years.log_rate[~below]), left=np.exp(years.log_limit[below]))
    shape, _, scale = lognorm.fit(data, floc=0.0)
    found = tool.fit(years)
    assert math.hypot(found.plant, found.year) == pytest.approx(shape, rel=0.02)
    rate = tool.mean_rates(years, found, ["AAA"], draws=5)["AAA"].value
    assert rate == pytest.approx(scale * math.exp(shape**2 / 2.0), rel=0.03)


def test_years_below_the_threshold_lower_the_mean_and_are_not_zero() -> None:
    both = made(2.5, 0.3, 0.8, 0.5, seed=1)
    seen = both[both["value"].ne("")]
    whole, only_seen = tool.fit(years_of(both)), tool.fit(years_of(seen))
    assert whole.mean < only_seen.mean - 0.3
    zero = both.assign(value=both["value"].replace("", "0.01"))
    assert tool.fit(years_of(zero)).mean < whole.mean - 0.3


def test_a_register_of_reporting_years_only_is_no_register_of_high_plants() -> None:
    both = made(3.0, 0.2, 0.7, 0.5, seed=2)
    seen = both[both["value"].ne("")]
    naive, aware = tool.fit(years_of(seen)), tool.fit(years_of(seen.assign(listed=ABOVE)))
    assert abs(aware.mean - 3.0) < abs(naive.mean - 3.0)


@pytest.mark.parametrize("cells", [{"hg_method": "C"}, {"hg_method": "E"}, {"co2_t": ""}])
def test_calculated_estimated_and_missing_years_play_no_part(cells: dict[str, str]) -> None:
    rows = [row("AAA", "P", 20.0), row("AAA", "Q", None), row("AAA", "R", 15.0) | cells]
    assert years_of(pd.DataFrame([*rows, row("AAA", "S", 30.0)])).plant.tolist() == ["P", "Q", "S"]


def test_a_rate_is_mercury_over_clinker() -> None:
    years = years_of(pd.DataFrame([row("AAA", "P", 20.0), row("AAA", "Q", None)]))
    assert np.exp(years.log_rate[0]) == pytest.approx(20.0)
    assert np.isnan(years.log_rate[1])
    assert np.exp(years.log_limit) == pytest.approx([10.0, 10.0])


def test_a_country_of_one_plant_leans_on_the_others() -> None:
    table = pd.concat([made(2.5, 0.2, 0.6, 0.4, seed=4, nations=5), pd.DataFrame([row("ZZZ", "P", 60.0)])])
    years = years_of(table)
    rates = tool.mean_rates(years, tool.fit(years), ["ZZZ", "AAA"], draws=60)
    assert rates[""].value < rates["ZZZ"].value < 2.0 * rates[""].value
    assert rates["AAA"].known < 0.7 * rates["ZZZ"].known
    assert rates["ZZZ"].reporting == 1
    assert rates[""].reporting > rates["AAA"].reporting > 5
    assert rates[""].own == pytest.approx(0.0, abs=1e-4)
    assert rates["ZZZ"].own < 0.5 * rates["AAA"].own


@pytest.mark.parametrize("plants", [1, 2, 4, 30, 300])
def test_weight_of_own_plants_is_that_of_the_normal_model_where_nothing_is_censored(plants: int) -> None:
    """By hand: variance between countries over itself and the variance of the mean of the country."""
    table = pd.DataFrame([row("AAA", f"P{n}", 1000.0 + n) for n in range(plants)])
    found = tool.RateFit(math.log(1000.0), 0.4, 0.8, 0.6, np.zeros((4, 4)))
    rate = tool.mean_rates(years_of(table), found, ["AAA"], draws=1)["AAA"]
    assert rate.own == pytest.approx(0.16 / (0.16 + (0.64 + 0.36) / plants), abs=0.01)


def test_countries_of_fewer_than_five_reporting_plants_take_mostly_the_pool() -> None:
    years = tool.plant_years(pd.DataFrame(read(REGISTER)), tool.co2_per_clinker())
    rates = tool.mean_rates(years, tool.fit(years), sorted(set(years.country)), draws=2)
    few = {country for country, rate in rates.items() if country and rate.reporting < 5}
    assert few == {"DNK", "FIN", "ITA", "NOR", "PRT"}
    for country, rate in rates.items():
        if country:
            assert (rate.own < 0.5) == (country in few), country
    lines = [line.split("|") for line in METHOD.splitlines()]
    page = {cells[1].strip(): cells for cells in lines if len(cells) == 12 and cells[1].strip() in rates}
    assert set(page) == set(rates) - {""}
    for country, cells in page.items():
        mean, _ = default_inputs(country)
        rate = rates[country]
        meal, fuel, share, air, reported, ratio, _, reporting, own = (float(cell) for cell in cells[2:11])
        assert (air, reported, reporting) == (round(mean), round(rate.value, 1), rate.reporting), country
        assert (meal + fuel) * share == pytest.approx(air, abs=1.1)
        assert ratio == pytest.approx(mean / rate.value, abs=0.06)
        assert own == pytest.approx(rate.own, abs=0.006)


def test_nothing_reported_is_refused() -> None:
    with pytest.raises(SystemExit, match="Nothing can be fitted"):
        tool.fit(years_of(pd.DataFrame([row("AAA", "P", None), row("AAA", "Q", 20.0)])))


def test_the_script_prints_the_fit(tmp_path: Path) -> None:
    table = made(2.8, 0.3, 0.7, 0.5, seed=6, nations=3, plants=12)
    table.to_csv(tmp_path / "plants.csv", index=False)
    root = Path(tool.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "tools/kiln_rates.py", tmp_path / "plants.csv"], cwd=root, capture_output=True, text=True,
        check=True, env={"PYTHONPATH": f"{root}:{root / 'tools'}"},
    )  # fmt: skip
    assert "108 plant-years" in run.stdout
    assert run.stdout.splitlines()[-1].startswith("CCC")
