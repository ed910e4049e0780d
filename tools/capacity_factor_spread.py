"""Measure how capacity factors of coal units spread around the national one: for maintainers.

    python tools/capacity_factor_spread.py JRC.csv CEA.csv    # prints what was measured

``tools/capacity_factors.py`` puts it into the rows of the table.

JRC.csv holds coal units of Europe by year, from the JRC Open Power Plants Database (European Commission, CC BY 4.0,
https://data.jrc.ec.europa.eu/dataset/9810feeb-f062-49cd-8e76-8d8cfd488a05), with the columns eic_p, eic_g, country,
cyear, cf, time_coverage, capacity_g and status_g. CEA.csv holds coal units of India, from the CO2 baseline database,
version 15, of the Central Electricity Authority (https://cea.nic.in), with the columns station_no, unit_no,
commissioned, capacity_mw_2019 and one ``net_gwh_2014-15`` a financial year.

A unit counts in years in which it generated for nearly the whole year; one that stands beside others with the very same
generation in its station was not metered alone. Spreads are over sqrt(m (1 - m)), the largest a share of mean m can have:

- unit and plant: mean over its years of each unit's distance from the factor of its country in that year, which weighs
  units by capacity. The unit part is what units of one plant differ by, the plant part what is left.
- country: by how much the units of a country together run more or less in one year than in its others, each unit
  compared with itself, so that it does not matter which units a year has; by capacity.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

HOURS = 8.76  # GWh of a MW that runs the whole year
LEAST_COVERED = 0.9  # of the hours of a year
LEAST_YEARS = 2  # of a unit or a country
BUILDING = "CONSTRUCTION"


@dataclass(frozen=True)
class MeasuredSpread:
    """Spread of a capacity factor: total over sqrt(m (1 - m)), shares of its variance, and what it was measured on."""

    size: float
    country: float
    plant: float
    unit: float
    mean: float
    units: int
    unit_years: int

    def at(self, mean: float) -> float:
        """Return the standard deviation at a mean [1].

        >>> round(MeasuredSpread(0.36, 0.05, 0.45, 0.5, 0.5, 577, 2073).at(0.9), 3)
        0.108
        """
        return self.size * math.sqrt(mean * (1.0 - mean))

    def with_country(self, variance: float) -> MeasuredSpread:
        """Return the spread with more variance of the country, over m (1 - m)."""
        total = self.size**2 + variance
        left = self.size**2 / total
        country = 1.0 - left * (1.0 - self.country)
        return replace(self, size=math.sqrt(total), country=country, plant=self.plant * left, unit=self.unit * left)

    @property
    def scopes(self) -> str:
        """Return the shares as factor tables have them."""
        return f"country:{self.country:.2f};plant:{self.plant:.2f};unit:{1 - round(self.country, 2) - round(self.plant, 2):.2f}"


def europe(path: Path) -> pd.DataFrame:
    """Return unit-years of the JRC table: country, plant, unit, year, capacity factor, MW."""
    rows = pd.read_csv(path)
    rows = rows[(rows["time_coverage"] >= LEAST_COVERED) & rows["status_g"].ne(BUILDING)]
    names = {
        "country": "country",
        "eic_p": "plant",
        "eic_g": "unit",
        "cyear": "year",
        "cf": "factor",
        "capacity_g": "mw",
    }
    return _running(rows[list(names)].rename(columns=names))


def india(path: Path) -> pd.DataFrame:
    """Return unit-years of the CEA table, as `europe` does; years are those in which a financial year begins."""
    rows = pd.read_csv(path, parse_dates=["commissioned"])
    rows = rows[rows["unit_no"].gt(0) & rows["capacity_mw_2019"].gt(0)]
    parts = []
    for column in (name for name in rows.columns if name.startswith("net_gwh_")):
        year = int(column.removeprefix("net_gwh_")[:4])
        alone = ~rows.duplicated(["station_no", column], keep=False)
        own = rows[alone & ~rows["commissioned"].gt(f"{year}-04-01")]
        station = own["station_no"].astype(str)
        parts.append(pd.DataFrame({
            "country": "India", "plant": station, "unit": station + "/" + own["unit_no"].astype(str), "year": year,
            "factor": own[column] / (own["capacity_mw_2019"] * HOURS), "mw": own["capacity_mw_2019"],
        }))  # fmt: skip
    return _running(pd.concat(parts))


def _running(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of units that ran, without those that made more than they could."""
    return rows[rows["factor"].gt(0.0) & rows["factor"].le(1.0)].dropna()


def measure(rows: pd.DataFrame) -> MeasuredSpread:
    """Return the spread of unit-years.

    Parameters
    ----------
    rows : DataFrame
        As `europe` returns them, of any countries.

    Raises
    ------
    SystemExit
        If no country has units of one plant in two years.
    """
    rows = rows[rows.groupby(["country", "unit"])["year"].transform("size") >= LEAST_YEARS].copy()
    rows["national"] = _weighted(rows, ["country", "year"], "factor")
    rows["distance"] = (rows["factor"] - rows["national"]) / np.sqrt(rows["national"] * (1.0 - rows["national"]))
    means = rows.groupby(["country", "plant", "unit"], as_index=False)[["distance", "factor"]].mean()
    in_plant = means.groupby(["country", "plant"])["distance"]
    several = in_plant.transform("size") > 1
    freedom = int(several.sum()) - means[several].groupby(["country", "plant"]).ngroups
    if not freedom:
        raise SystemExit("No plant has two units with two years each. Nothing can be measured.")
    own = float(((means["distance"] - in_plant.transform("mean"))[several] ** 2).sum()) / freedom
    around = float((means["distance"] ** 2).mean())
    country = _between_years(rows)
    total = around + country
    return MeasuredSpread(
        size=math.sqrt(total), country=country / total, plant=max(around - own, 0.0) / total, unit=min(own, around) / total,
        mean=float(means["factor"].mean()), units=len(means), unit_years=len(rows),
    )  # fmt: skip


def _between_years(rows: pd.DataFrame) -> float:
    """Return the variance of the factor of a country between years, over m (1 - m)."""
    change = rows["factor"] - rows.groupby(["country", "unit"])["factor"].transform("mean")
    years = rows.assign(
        change=change, change_of_year=_weighted(rows.assign(change=change), ["country", "year"], "change")
    )
    years = years.groupby(["country", "year"], as_index=False).agg(
        change=("change_of_year", "first"), national=("national", "first"), mw=("mw", "sum")
    )
    count = years.groupby("country")["year"].transform("size")
    years, count = years[count >= LEAST_YEARS], count[count >= LEAST_YEARS]
    squares = years["change"] ** 2 / (years["national"] * (1.0 - years["national"])) * count / (count - 1)
    return float(np.average(squares, weights=years["mw"]))


def _weighted(rows: pd.DataFrame, by: list[str], column: str) -> pd.Series:
    """Return the mean of a column by group, each row by its capacity, in the index of the rows."""
    products = rows.assign(product=rows[column] * rows["mw"]).groupby(by)
    return products["product"].transform("sum") / products["mw"].transform("sum")


def main() -> None:
    """Read the command line, then print the spread."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jrc", type=Path, help="coal units of Europe, .csv")
    parser.add_argument("cea", type=Path, help="coal units of India, .csv")
    options = parser.parse_args()
    spread = measure(pd.concat([europe(options.jrc), india(options.cea)]))
    print(f"{spread.units} units, {spread.unit_years} unit-years, mean {spread.mean:.3f}")
    print(f"spread {spread.size:.3f} x sqrt(m (1 - m)), at the mean {spread.at(spread.mean):.3f}; {spread.scopes}")


if __name__ == "__main__":
    main()
