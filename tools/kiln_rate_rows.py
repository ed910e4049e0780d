"""Put the rates that cement plants report into the factor tables: for maintainers, after a change of the register rows.

    python tools/kiln_rate_rows.py factors/plant_reference.csv                    # prints the rows
    python tools/kiln_rate_rows.py factors/plant_reference.csv --write factors    # replaces them

`cement_emission_factor` gets the mean rate of each country of the register and of the region EU, by tools/kiln_rates.py. The
spread of a row is that of one plant: how well the mean is known, how plants of a country differ, and the CO2 per clinker.

`origin_spread` gets the row kiln_model, for kilns elsewhere, whose mercury follows from default inputs. Their mean stays that of
the inputs, as plants tested in Asia and America agree with it; but European plants report far less than their inputs give. Two
numbers fix how far the mean of a country may lie from that of the inputs, as a lognormal: its mean is that of the inputs, its
5th percentile that of the mean of a country of which nothing is known, from the register. Plants of a country differ as those of
the register do. The row is what this is wider than the inputs alone, whose spreads of limestone, fuel and share to air are drawn
already: of the country and of the plant, each by itself. It is computed for a kiln on world default inputs.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

import hginventory as hg
from hginventory.factors import load_library, log_sd_of
from import_mix import read, write
from kiln_rates import MeanRate, co2_per_clinker, fit, mean_rates, plant_years

EU = "EU"
FACTOR, SPREADS = "cement_emission_factor", "origin_spread"
SOURCES = {"FIN": "syke-prtr-finland"}
REGISTER = "eea-e-prtr"
P95 = 1.6448536269514722  # 95th percentile of the standard normal
WITHOUT_ROWS = "NPL"  # a country whose kilns take the world's default inputs


def factor_rows(rates: Mapping[str, MeanRate], co2_sd: float) -> list[dict[str, str]]:
    """Return the rows of `cement_emission_factor`, countries in order.

    Parameters
    ----------
    rates : mapping of str to MeanRate
        By country; "" for the region.
    co2_sd : float
        Relative standard deviation of the CO2 per clinker.
    """
    return [_factor_row(country or EU, rate, co2_sd) for country, rate in sorted(rates.items())]


def _factor_row(country: str, rate: MeanRate, co2_sd: float) -> dict[str, str]:
    parts = {"world": co2_sd, "country": rate.known, "plant": rate.plants}
    size = math.hypot(*parts.values())
    low, high = (rate.value / 1000.0 * math.exp(-(size**2) / 2.0 + z * size) for z in (-P95, P95))
    return {
        "country": country, "value": f"{rate.value / 1000.0:.3g}", "unit": "g/t", "basis": "clinker, plants as they run",
        "distribution": "lognormal", "spread": f"{size:.3f}", "scopes": _scopes(parts), "low": f"{low:.2g}", "high": f"{high:.2g}",
        "low_high_meaning": "p5-p95", "n": str(rate.reporting),
        "method": "arithmetic mean rate, fitted to plant_reference by tools/kiln_rates.py with years below the threshold censored; "
        f"spread: ln-sd {rate.known:.2f} of the mean of the country, {rate.plants:.2f} between plants, {co2_sd:.2f} of CO2 per clinker",
        "read_from": "read", "use": "default", "source_id": SOURCES.get(country, REGISTER),
        "note": f"n: plants that report; {'for countries without a row' if country == EU else 'leans on the other countries'}; "
        "most of these plants have no mercury control",
    }  # fmt: skip


def _scopes(parts: Mapping[str, float]) -> str:
    """Return the parts of a variance as factor tables have them; the last takes what rounding leaves."""
    total = sum(sd**2 for sd in parts.values())
    *first, last = parts
    shares = {name: round(parts[name] ** 2 / total, 3) for name in first}
    return ";".join(
        f"{name}:{share:g}" for name, share in {**shares, last: round(1.0 - sum(shares.values()), 3)}.items()
    )


def model_row(rate: MeanRate, mean: float, inputs: Mapping[str, float]) -> dict[str, str]:
    """Return the row kiln_model of `origin_spread`.

    Parameters
    ----------
    rate : MeanRate
        Of a country of which nothing is known [mg/t].
    mean : float
        Rate of a kiln on default inputs [mg/t].
    inputs : mapping of str to float
        Variance of its logarithm that the spreads of the inputs make: of the country, and of the plant.
    """
    lowest = math.log(rate.value) - rate.known**2 / 2.0 - P95 * rate.known
    # mean and 5th percentile of a lognormal: ln p5 = ln mean - sd^2 / 2 - 1.645 sd
    national = math.sqrt(P95**2 + 2.0 * (math.log(mean) - lowest)) - P95
    country = national**2 - inputs["country"]
    plant = max(rate.plants**2 - inputs["plant"], 0.0)
    parts = {"country": math.sqrt(country), "plant": math.sqrt(plant)}
    return {
        "quantity": "kiln_model", "origin": "default", "value": "1", "unit": "1", "basis": "relative to the mean", "distribution": "lognormal",
        "spread": f"{math.hypot(*parts.values()):.2f}", "scopes": _scopes(parts),
        "method": f"spread: of the country, ln-sd {national:.2f} of a lognormal of mean {mean:.0f} mg/t (default inputs) and 5th percentile "
        f"{math.exp(lowest):.1f} mg/t (mean of a country, from plant_reference), of the plant {rate.plants:.2f}, each less that of the inputs "
        f"({math.sqrt(inputs['country']):.2f} and {math.sqrt(inputs['plant']):.2f}); tools/kiln_rate_rows.py",
        "read_from": "judgement", "use": "default", "source_id": "judgement-of-the-hginventory-authors",
        "note": "kilns whose raw meal is a default: default inputs give three to eight times what plants of Europe report",
    }  # fmt: skip


def default_inputs(country: str = WITHOUT_ROWS) -> tuple[float, dict[str, float]]:
    """Return the rate of a kiln on the default inputs of a country [mg/t], and the variance of its logarithm by part."""
    kiln = {"unit_id": "K", "country": country, "clinker_output": 1e6, "method": "tier2"}
    run = hg.project(hg.fleet_from_frame(pd.DataFrame([kiln]), sector="cement_kiln", settings={"base_year": 2020}))
    known = {
        name: run.projection.parameters[name].of_unit(0)
        for name in ("raw_meal_ratio", "hg_raw_meal", "heat_use", "fuel_hg", "air_share")
    }
    terms = {"hg_raw_meal": known["raw_meal_ratio"].value * known["hg_raw_meal"].value * 1000.0,
             "fuel_hg": known["heat_use"].value * known["fuel_hg"].value}  # fmt: skip
    total = sum(terms.values())
    parts = {"country": 0.0, "plant": 0.0}
    for name, share in {**{name: term / total for name, term in terms.items()}, "air_share": 1.0}.items():
        spread = known[name].spread
        if spread is not None:
            variance = math.log1p(share**2 * math.expm1(log_sd_of(spread, known[name].value) ** 2))
            national = sum(part for scope, part in spread.scopes if scope in ("country", "world"))
            parts["country"] += variance * national
            parts["plant"] += variance * (1.0 - national)
    return total * known["air_share"].value, parts


def replaced(path: Path, rows: Sequence[Mapping[str, str]], keys: tuple[str, str]) -> list[dict[str, str]]:
    """Return the rows of a table with rows put in, each for the default of its keys, in the order of use and keys."""
    new = {tuple(row.get(key, "") for key in keys): dict(row) for row in rows}
    kept = [row for row in read(path) if row["use"] != "default" or tuple(row[key] for key in keys) not in new]
    defaults = [row for row in kept if row["use"] == "default"] + list(new.values())
    others = [row for row in kept if row["use"] != "default"]
    return [*sorted(defaults, key=lambda row: tuple(row.get(key, "") for key in keys)), *others]


def main() -> None:
    """Read the command line, then print the rows or replace them in the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("register", type=Path, help="table plant_reference, .csv")
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="folder of the factor tables")
    options = parser.parse_args()
    years = plant_years(pd.DataFrame(read(options.register)), co2_per_clinker())
    rates = mean_rates(years, fit(years), sorted(set(years.country)))
    co2 = load_library().row("cement_kiln/co2_per_clinker/any/WLD")
    made = {FACTOR: (factor_rows(rates, co2.number("spread") / co2.number()), ("country", "case")),
            SPREADS: ([model_row(rates[""], *default_inputs())], ("quantity", "origin"))}  # fmt: skip
    for table, (rows, keys) in made.items():
        write(options.write, table, replaced(options.write / f"{table}.csv", rows, keys) if options.write else rows)


if __name__ == "__main__":
    main()
