"""Fit what cement plants report to registers, mercury to air per clinker: for maintainers, after a change of the register rows.

    python tools/kiln_rates.py factors/plant_reference.csv    # prints the fit and the mean rates by country

``tools/kiln_rate_rows.py`` puts them into the factor tables. The file is that of tools/plant_register.py. A rate [mg/t
clinker] is mercury over CO2 / (t CO2 per t clinker), the row co2_per_clinker of cement_kiln. Its logarithm is

    mean + country + plant + year,    each a normal number of its own spread

fitted by maximum likelihood over all levels at once, countries and plants integrated on a grid:

- a listed plant-year without mercury is censored: its rate lies below 10 kg over its own clinker, and may be anything there;
- a plant-year of a file that lists reporting years only counts as what is seen of rates above 10 kg over its clinker;
- a plant-year that the register lacks is missing and no part of the fit, as is one without CO2;
- calculated (C) and estimated (E) mercury is left out.

The value of a row is the arithmetic mean over plants and years. Countries are pooled in part: a country leans on its own plants
as far as these say more of it than the others do. Its spread holds how well the mean of the country is known (drawn from the
normal approximation of the likelihood) and the spread between plants; how years differ is part of the mean only.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import log_ndtr, logsumexp

from hginventory.factors import load_library
from import_mix import read
from plant_register import ABOVE, THRESHOLD_KG

Floats = npt.NDArray[np.float64]
MG_PER_KG = 1e6
NOT_MEASURED = ("C", "E")
WIDTH, POINTS = 5.0, 61  # of the grid of countries, in standard deviations to either side
STEP, BELOW, ABOVE_ALL = 0.1, 8.0, 4.0  # grid of plants in ln(rate), and how far it goes past all rates and limits
LEAST_SD, MOST_SD = STEP, 4.0
TINY = 1e-300
DRAWS = 400


@dataclass(frozen=True)
class PlantYears:
    """Plant-years of a register, one entry each.

    Attributes
    ----------
    country, plant : ndarray of str
        Country, and plant within it.
    log_rate : ndarray of float
        ln of mg mercury to air per t of clinker; NaN: below the threshold.
    log_limit : ndarray of float
        ln of the rate at which the threshold lies in this year.
    only_above : ndarray of bool
        Whether years below the threshold are not listed.
    """

    country: npt.NDArray[np.str_]
    plant: npt.NDArray[np.str_]
    log_rate: Floats
    log_limit: Floats
    only_above: npt.NDArray[np.bool_]

    def where(self, kept: npt.NDArray[np.bool_]) -> PlantYears:
        """Return the plant-years chosen by a mask."""
        return PlantYears(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class RateFit:
    """Distribution of the rates of plants.

    Attributes
    ----------
    mean : float
        Of ln(mg/t clinker), over countries, plants and years.
    country, plant, year : float
        Standard deviations of ln(rate) between countries, plants of a country and years of a plant.
    covariance : ndarray of float, shape (4, 4)
        Of the errors of the mean and of the logarithms of the three.
    """

    mean: float
    country: float
    plant: float
    year: float
    covariance: Floats

    @property
    def parameters(self) -> Floats:
        """The mean, and the logarithms of the standard deviations."""
        return np.array([self.mean, *np.log([self.country, self.plant, self.year])])


@dataclass(frozen=True)
class MeanRate:
    """Mean rate of plants: value [mg/t], ln-sd of how well it is known, ln-sd between plants, plants that report.

    `own` is the weight of the country's own plants, the rest being that of the pool [0-1].
    """

    value: float
    known: float
    plants: float
    reporting: int
    own: float = 0.0

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm of the rate of one plant."""
        return math.hypot(self.known, self.plants)


def plant_years(table: pd.DataFrame, co2_per_clinker: float) -> PlantYears:
    """Return the plant-years that count.

    Parameters
    ----------
    table : DataFrame
        Columns of `plant_reference`: country, plant, co2_t [t], hg_method, listed and value [kg].
    co2_per_clinker : float
        t CO2 per t clinker.
    """
    numbers = table[["co2_t", "value"]].apply(pd.to_numeric)
    kept = numbers["co2_t"].gt(0.0) & ~table["hg_method"].isin(NOT_MEASURED)
    own, numbers = table[kept], numbers[kept]
    per_clinker = MG_PER_KG * co2_per_clinker / numbers["co2_t"].to_numpy()
    return PlantYears(
        own["country"].to_numpy(dtype=str),
        own["plant"].to_numpy(dtype=str),
        np.log(numbers["value"].to_numpy() * per_clinker),
        np.log(float(THRESHOLD_KG) * per_clinker),
        own["listed"].eq(ABOVE).to_numpy(),
    )


def fit(years: PlantYears, near: RateFit | None = None) -> RateFit:
    """Return the fit of greatest likelihood.

    Parameters
    ----------
    years : PlantYears
        Plant-years of several countries.
    near : RateFit, optional
        Where to begin, as the fit of nearly the same plants.

    Raises
    ------
    SystemExit
        If fewer than two plant-years report, or the search does not end.
    """
    seen = years.log_rate[~np.isnan(years.log_rate)]
    if seen.size < 2:
        raise SystemExit("Fewer than two plant-years report mercury. Nothing can be fitted.")
    usual = np.array([float(seen.mean()) - 0.5, math.log(0.4), math.log(0.7), math.log(0.5)])
    start = usual if near is None else near.parameters

    def cost(at: Floats) -> float:
        return -sum(float(logsumexp(own)) for own in _log_posteriors(years, at).values())

    bounds = [(None, None), *[(math.log(LEAST_SD), math.log(MOST_SD))] * 3]
    found = minimize(cost, start, method="L-BFGS-B", bounds=bounds)
    if not found.success:
        raise SystemExit(f"The fit does not end: {found.message}")
    mean, *logs = (float(number) for number in found.x)
    return RateFit(mean, *(math.exp(log) for log in logs), covariance=_covariance(cost, found.x))


def _grid() -> tuple[Floats, Floats]:
    """Return standard normal numbers at equal steps, and the logarithms of their weights."""
    z = np.linspace(-WIDTH, WIDTH, POINTS)
    log_weight = -0.5 * z**2
    return z, log_weight - logsumexp(log_weight)


def _log_posteriors(years: PlantYears, at: Floats) -> dict[str, Floats]:
    """Return ln of likelihood times prior over the grid of its country, by country; their sums are the likelihood."""
    mean, (country_sd, plant_sd, year_sd) = float(at[0]), np.exp(at[1:])
    levels = np.arange(years.log_limit.min() - BELOW, np.nanmax([years.log_rate, years.log_limit]) + ABOVE_ALL, STEP)
    z, log_weight = _grid()
    prior = np.exp(_log_normal(levels, mean + country_sd * z[:, None], plant_sd)) * STEP  # (countries' grid, levels)
    names, plant_of = np.unique(np.char.add(np.char.add(years.country, "\n"), years.plant), return_inverse=True)
    each = np.zeros((names.size, levels.size))
    np.add.at(each, plant_of, _log_likelihood(years, levels, float(year_sd)))
    most = each.max(axis=1, keepdims=True)
    of_plants = np.log(np.exp(each - most) @ prior.T + TINY) + most
    of_country = np.array([name.partition("\n")[0] for name in names])
    return {
        str(country): log_weight + of_plants[of_country == country].sum(axis=0) for country in np.unique(of_country)
    }


def _log_normal(at: Floats, mean: Floats, sd: float) -> Floats:
    return -0.5 * ((at - mean) / sd) ** 2 - math.log(sd * math.sqrt(2.0 * math.pi))


def _log_likelihood(years: PlantYears, levels: Floats, year_sd: float) -> Floats:
    """Return ln of the likelihood of each plant-year at levels of ln(rate) of its plant, shape (years, levels)."""
    below = (years.log_limit[:, None] - levels) / year_sd
    density = _log_normal(np.nan_to_num(years.log_rate)[:, None], levels, year_sd)
    seen = np.where(years.only_above[:, None], density - log_ndtr(-below), density)
    return np.where(np.isnan(years.log_rate)[:, None], log_ndtr(below), seen)


def _covariance(cost: Any, at: Floats, step: float = 0.02) -> Floats:
    """Return the inverse of the second derivatives of the cost; a spread at its lower bound counts as known."""
    free = [0, *(index for index in (1, 2, 3) if at[index] > math.log(LEAST_SD) + step)]
    size = len(free)
    shift = np.eye(len(at))[free] * step
    second = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            corners = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
            values = [a * b * cost(at + a * shift[i] + b * shift[j]) for a, b in corners]
            second[i, j] = second[j, i] = sum(values) / (4.0 * step**2)
    out = np.zeros((len(at), len(at)))
    out[np.ix_(free, free)] = np.linalg.inv(second)
    return out


def mean_rates(
    years: PlantYears, found: RateFit, countries: Sequence[str], *, draws: int = DRAWS, seed: int = 1
) -> dict[str, MeanRate]:
    """Return the mean rate of plants by country; "" is a country of which nothing is known.

    Parameters
    ----------
    years : PlantYears
        What was fitted.
    found : RateFit
        Its fit.
    countries : sequence of str
        Countries wanted besides "".
    draws, seed : int
        Draws of what is not known of the fit.
    """
    random = np.random.default_rng(seed)
    drawn = random.multivariate_normal(found.parameters, found.covariance, draws)
    drawn[:, 1:] = np.clip(drawn[:, 1:], math.log(LEAST_SD), math.log(MOST_SD))
    z, weight = _grid()
    logs: dict[str, list[float]] = {country: [] for country in ("", *countries)}
    for at in drawn:
        posteriors = {"": weight, **_log_posteriors(years, at)}
        for country, own in logs.items():
            chance = np.exp(posteriors[country] - logsumexp(posteriors[country]))
            own.append(_log_mean(at) + math.exp(at[1]) * float(random.choice(z, p=chance / chance.sum())))
    central = {"": weight, **_log_posteriors(years, found.parameters)}
    out = {}
    for country, own in logs.items():
        factor = logsumexp(central[country] + found.country * z) - logsumexp(central[country])
        at_home = (years.country == country) | (country == "")
        reporting = at_home & ~np.isnan(years.log_rate)
        plants = {*zip(years.country[reporting], years.plant[reporting], strict=True)}
        value = math.exp(_log_mean(found.parameters) + float(factor))
        chance = np.exp(central[country] - logsumexp(central[country]))
        weight_of_own = 1.0 - float(
            chance @ z**2 - (chance @ z) ** 2
        )  # how much of the variance between countries is gone
        out[country] = MeanRate(value, float(np.std(own)), found.plant, len(plants), weight_of_own)
    return out


def _log_mean(at: Floats) -> float:
    """Return ln of the arithmetic mean rate over plants and years of a country in the middle."""
    return float(at[0] + (math.exp(2.0 * at[2]) + math.exp(2.0 * at[3])) / 2.0)


def co2_per_clinker() -> float:
    """Return the CO2 of a kiln per clinker [t/t], from the factor table."""
    return load_library().row("cement_kiln/co2_per_clinker/any/WLD").number()


def main() -> None:
    """Read the command line, then print the fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("register", type=Path, help="table plant_reference, .csv")
    options = parser.parse_args()
    years = plant_years(pd.DataFrame(read(options.register)), co2_per_clinker())
    found = fit(years)
    below = int(np.isnan(years.log_rate).sum())
    print(f"{len(years.plant)} plant-years, of which {below} below the threshold")
    print(
        f"standard deviation of ln(rate): countries {found.country:.2f}, plants {found.plant:.2f}, years {found.year:.2f}"
    )
    print("country  mean rate [mg/t clinker]  ln-sd of the mean  plants that report  weight of own plants")
    for country, rate in mean_rates(years, found, sorted(set(years.country))).items():
        print(f"{country or 'others':8} {rate.value:25.1f} {rate.known:18.2f} {rate.reporting:19d} {rate.own:21.2f}")


if __name__ == "__main__":
    main()
