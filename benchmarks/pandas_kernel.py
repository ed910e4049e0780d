"""The yearly kernel in pandas, as one would write it well: what benchmarks/speed.py compares with.

A table of periods (unit, rate, first_year, end_year) becomes a table of units by years. There are two good ways,
and the faster one counts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def by_column(periods: pd.DataFrame, years: NDArray[np.int64]) -> pd.DataFrame:
    """Return kg by unit and year: one vectorised column a year, then the periods of a unit are summed.

    Parameters
    ----------
    periods : DataFrame
        unit, rate [kg/yr], first_year, end_year (half-open).
    years : ndarray of int, shape (Y,)
        Calendar years.
    """
    first, end, rate = periods["first_year"], periods["end_year"], periods["rate"]
    wide = pd.DataFrame({year: rate * ((first <= year) & (year < end)) for year in years})
    return wide.groupby(periods["unit"], sort=False).sum()


def by_steps(periods: pd.DataFrame, years: NDArray[np.int64]) -> pd.DataFrame:
    """Return the same from steps: a rate is added where a period begins and taken off where it ends.

    The running sum leaves residues of rounding in years without operation.
    """
    low, high = int(years[0]), int(years[-1]) + 1
    begin = pd.DataFrame({"unit": periods["unit"], "year": periods["first_year"], "step": periods["rate"]})
    stop = pd.DataFrame({"unit": periods["unit"], "year": periods["end_year"], "step": -periods["rate"]})
    steps = pd.concat([begin, stop], ignore_index=True)
    steps["year"] = steps["year"].clip(low, high)
    table = steps.pivot_table(index="unit", columns="year", values="step", aggfunc="sum", fill_value=0.0)
    return table.reindex(columns=years, fill_value=0.0).cumsum(axis=1)


WAYS = (by_column, by_steps)
