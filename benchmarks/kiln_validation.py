"""Defaults of kilns against what plants report: each country, and each plant, predicted from the others.

    python benchmarks/kiln_validation.py [factors/plant_reference.csv] [--countries-only]

Three predictions of a plant: `inputs`, the mass balance on default inputs, which was the default before; `country
out`, the rate fitted to all other countries; `plant out`, that of its country fitted to all other plants. `fitted`
is that of a fit to all, the plant itself included: it is no independent test. What a plant reports is its mercury
over its clinker in the years listed; a year below the threshold is anything from 0 to 10 kg, so that a plant has a
lowest and a highest rate. It counts as inside the 90 % interval where the two ranges meet: one that never reports
does if the 5th percentile is at most 10 kg a year. The interval score (Gneiting and Raftery 2007,
doi:10.1198/016214506000001437) is the width of the interval and 20 times how far the plant lies outside, in mg/t;
less is better.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from hginventory.data_files import data_folder
from hginventory.factors import load_library
from import_mix import read
from kiln_rate_rows import P95, default_inputs
from kiln_rates import PlantYears, RateFit, co2_per_clinker, fit, mean_rates, plant_years

DRAWS = 40
OUTSIDE = 2.0 / 0.1  # weight of what lies outside a 90 % interval


@dataclass(frozen=True)
class Plant:
    """What a plant reports: lowest and highest rate over the years listed [mg/t]."""

    country: str
    name: str
    low: float
    high: float


@dataclass(frozen=True)
class Predicted:
    """A lognormal prediction: mean [mg/t] and standard deviation of the logarithm."""

    mean: float
    log_sd: float

    def percentile(self, z: float) -> float:
        """Return the percentile of a standard normal number [mg/t]."""
        return self.mean * math.exp(-(self.log_sd**2) / 2.0 + z * self.log_sd)


@dataclass(frozen=True)
class Score:
    """How predictions of plants agree with them.

    Attributes
    ----------
    plants : int
        Number of plants.
    ratio : float
        Median of mean over the middle of what the plant reports.
    inside : float
        Share of plants inside the 90 % interval.
    interval_score : float
        Mean over plants [mg/t].
    """

    plants: int
    ratio: float
    inside: float
    interval_score: float


def plants_of(years: PlantYears) -> list[Plant]:
    """Return what each plant reports."""
    clinker = 1.0 / np.exp(years.log_limit)  # in units of the threshold
    least = np.nan_to_num(np.exp(years.log_rate)) * clinker
    most = np.where(np.isnan(years.log_rate), 1.0, least)
    table = pd.DataFrame({"country": years.country, "plant": years.plant, "t": clinker, "low": least, "high": most})
    sums = table.groupby(["country", "plant"], as_index=False).sum()
    return [Plant(row.country, row.plant, row.low / row.t, row.high / row.t) for row in sums.itertuples()]


def score(plants: Iterable[Plant], predicted: Callable[[Plant], Predicted]) -> Score:
    """Return how the predictions of plants agree with them."""
    ratios, inside, scores = [], [], []
    for plant in plants:
        found = predicted(plant)
        low, high = found.percentile(-P95), found.percentile(P95)
        off = max(low - plant.high, plant.low - high, 0.0)
        ratios.append(found.mean / ((plant.low + plant.high) / 2.0))
        inside.append(off == 0.0)
        scores.append(high - low + OUTSIDE * off)
    return Score(len(ratios), median(ratios), float(np.mean(inside)), float(np.mean(scores)))


class Predictions:
    """Predictions of plants by what they are made from."""

    def __init__(self, years: PlantYears, co2_sd: float) -> None:
        self._years, self._co2_sd = years, co2_sd
        self._whole = fit(years)
        self._inputs: dict[str, Predicted] = {}
        self._by_country: dict[str, Predicted] = {}
        self._by_plant: dict[Plant, Predicted] = {}
        self._fitted = mean_rates(years, self._whole, sorted(set(years.country)), draws=DRAWS)

    def inputs(self, plant: Plant) -> Predicted:
        """Return the mass balance on default inputs."""
        if plant.country not in self._inputs:
            mean, variance = default_inputs(plant.country)
            self._inputs[plant.country] = Predicted(mean, math.sqrt(sum(variance.values())))
        return self._inputs[plant.country]

    def fitted(self, plant: Plant) -> Predicted:
        """Return the rate of the country, fitted to all plants."""
        rate = self._fitted[plant.country]
        return Predicted(rate.value, math.hypot(rate.spread, self._co2_sd))

    def country_out(self, plant: Plant) -> Predicted:
        """Return the rate of a country of which nothing is known, fitted to the other countries."""
        if plant.country not in self._by_country:
            others = self._years.where(self._years.country != plant.country)
            self._by_country[plant.country] = self._rate(others, "")
        return self._by_country[plant.country]

    def plant_out(self, plant: Plant) -> Predicted:
        """Return the rate of the country, fitted to all other plants."""
        if plant not in self._by_plant:
            own = (self._years.country == plant.country) & (self._years.plant == plant.name)
            others = self._years.where(~own)
            self._by_plant[plant] = self._rate(others, plant.country if plant.country in others.country else "")
        return self._by_plant[plant]

    def _rate(self, years: PlantYears, country: str) -> Predicted:
        found: RateFit = fit(years, near=self._whole)
        rate = mean_rates(years, found, [country] if country else [], draws=DRAWS)[country]
        return Predicted(rate.value, math.hypot(rate.spread, self._co2_sd))


def main() -> None:
    """Read the command line, then print a table by country and over all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("register", type=Path, nargs="?", default=data_folder("factors") / "plant_reference.csv")
    parser.add_argument("--countries-only", action="store_true", help="leave no single plants out, which takes minutes")
    options = parser.parse_args()
    years = plant_years(pd.DataFrame(read(options.register)), co2_per_clinker())
    co2 = load_library().row("cement_kiln/co2_per_clinker/any/WLD")
    made = Predictions(years, co2.number("spread") / co2.number())
    ways = {"inputs": made.inputs, "country out": made.country_out, "plant out": made.plant_out, "fitted": made.fitted}
    if options.countries_only:
        del ways["plant out"]
    plants = plants_of(years)
    print(
        f"{'country':8} {'prediction':12} {'plants':>6} {'median ratio':>12} {'inside 90 %':>11} {'interval score':>14}"
    )
    for country in [*sorted({plant.country for plant in plants}), "all"]:
        own = [plant for plant in plants if country in (plant.country, "all")]
        for way, predicted in ways.items():
            one = score(own, predicted)
            print(
                f"{country:8} {way:12} {one.plants:6d} {one.ratio:12.2f} {one.inside:11.0%} {one.interval_score:14.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
