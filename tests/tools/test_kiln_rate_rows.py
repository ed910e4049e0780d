"""Rows of the rates of plants: spread and parts, what default inputs lack, the tables as the register gives them."""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

import pytest

import kiln_rate_rows as tool
from hginventory.data_files import data_folder
from hginventory.factors import load_library
from kiln_rates import MeanRate

POOL = MeanRate(value=18.3, known=0.6, plants=0.92, reporting=39)


def scopes(row: dict[str, str]) -> dict[str, float]:
    """Return the parts of the variance of a row by scope."""
    return {scope: float(share) for scope, _, share in (part.partition(":") for part in row["scopes"].split(";"))}


def test_a_row_holds_the_mean_and_its_parts() -> None:
    first, second = tool.factor_rows({"": POOL, "ESP": MeanRate(20.0, 0.2, 0.9, 15)}, 0.1)
    assert [first["country"], second["country"]] == ["EU", "ESP"]
    assert float(second["value"]) == pytest.approx(0.020)
    size = math.hypot(0.2, 0.9, 0.1)
    assert float(second["spread"]) == pytest.approx(size, abs=5e-4)
    assert scopes(second) == pytest.approx(
        {"world": 0.01 / size**2, "country": 0.04 / size**2, "plant": 0.81 / size**2}, abs=2e-3
    )
    assert float(second["low"]) == pytest.approx(0.020 * math.exp(-(size**2) / 2 - 1.645 * size), rel=0.03)
    assert second["n"] == "15"


@pytest.mark.parametrize(
    ("mean", "national", "own"), [(71.0, 0.08, 0.6), (40.0, 0.05, 0.2), (150.0, 0.1, 0.84), (71.0, 0.0, 0.0)]
)
def test_inputs_and_row_together_have_the_percentile_of_a_country_and_the_spread_of_plants(
    mean: float, national: float, own: float
) -> None:
    row = tool.model_row(POOL, mean, {"country": national, "plant": own})
    variance, parts = float(row["spread"]) ** 2, scopes(row)
    country = math.sqrt(parts["country"] * variance + national)
    lowest = POOL.value * math.exp(-(POOL.known**2) / 2 - 1.645 * POOL.known)
    assert mean * math.exp(-(country**2) / 2 - 1.645 * country) == pytest.approx(lowest, rel=0.03)
    assert parts["plant"] * variance + own == pytest.approx(POOL.plants**2, abs=0.01)


def test_inputs_that_vary_more_than_plants_need_no_part_of_the_plant() -> None:
    assert scopes(tool.model_row(POOL, 71.0, {"country": 0.08, "plant": 2.0}))["plant"] == 0.0


def test_inputs_are_those_of_the_mass_balance() -> None:
    mean, variance = tool.default_inputs()
    assert 60.0 < mean < 80.0
    assert 0.5 < sum(variance.values()) < 0.9
    spanish, _ = tool.default_inputs("ESP")
    assert spanish > 1.5 * mean  # on the coal of the country, and not the rate of its plants


def test_rows_replace_their_own_and_keep_the_others(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("country,case,value,use\nESP,,1,default\nWLD,,2,default\nCHN,a,3,check\n")
    made = tool.replaced(
        path,
        [{"country": "ESP", "value": "9", "use": "default"}, {"country": "EU", "value": "8", "use": "default"}],
        ("country", "case"),
    )
    assert [(row["country"], row["value"]) for row in made] == [("ESP", "9"), ("EU", "8"), ("WLD", "2"), ("CHN", "3")]


def test_the_script_writes_rows_that_the_tables_accept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a small made register: the other tables are those of the package."""
    for path in data_folder("factors").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    numbers = random.Random(1)
    lines = ["country,plant,year,co2_t,hg_method,listed,value"]
    for country in ("ESP", "FRA", "PRT"):
        for plant in range(8):
            kg = numbers.lognormvariate(2.3, 0.9)
            lines += [f"{country},{plant},{year},600000,M,all years,{kg if kg > 10 else ''}" for year in (2017, 2018)]
    (tmp_path / "made.csv").write_text("\n".join(lines))
    monkeypatch.setattr("sys.argv", ["kiln_rate_rows.py", str(tmp_path / "made.csv"), "--write", str(tmp_path)])
    tool.main()
    from hginventory.factors import FactorLibrary

    made = FactorLibrary(tmp_path)
    rates = {row.keys["country"]: row.number() for row in made.table("cement_emission_factor").defaults}
    assert rates["ESP"] != load_library().row("cement_emission_factor/ESP/any").number()
    assert rates["WLD"] == 0.075
    assert made.row("origin_spread/kiln_model/default").number("spread") > 0.5


@pytest.mark.slow
def test_the_tables_are_what_the_register_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in data_folder("factors").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(
        "sys.argv", ["kiln_rate_rows.py", str(tmp_path / "plant_reference.csv"), "--write", str(tmp_path)]
    )
    tool.main()
    for name in (tool.FACTOR, tool.SPREADS):
        made, kept = (
            (folder / f"{name}.csv").open(encoding="utf-8", newline="") for folder in (tmp_path, data_folder("factors"))
        )
        with made, kept:
            assert list(csv.DictReader(made)) == list(csv.DictReader(kept))
