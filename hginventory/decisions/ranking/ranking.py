"""Who emits most: ranks, shares and concentration. The ranking follows arithmetic means; ties by unit id.

Each sector is a list of its own, with ranks and shares within it; one list of all units is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats
from hginventory.arguments import one_of
from hginventory.projection import Projection, in_inventory, subset
from hginventory.vocabulary import SECTORS

HALF, THREE_QUARTERS = 0.5, 0.75
ROUNDING = 1e-12  # of a share; sums of many floats miss a bound by no more
G_PER_KG = 1000.0
KG_PER_T = 1000.0
COMBINED = "combined"
OF_BASE_YEAR = "air_base_year_kg"
PLANT_KEY, COUNTRY_KEY = ("plant", "country", "sector"), ("country", "sector")
AMOUNTS = {  # column of units that can be ranked by -> unit
    "lifetime_kg": "kg",
    "air_kg_per_yr": "kg/yr",
    OF_BASE_YEAR: "kg",
}


def check_amount(by: object) -> None:
    """Raise a UsageError unless units can be ranked by a column: one with an amount of emission.

    >>> check_amount("status")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    hginventory.errors.UsageError: by: 'status' cannot be ranked by. Use one of: lifetime_kg, air_kg_per_yr, ...
    """
    one_of("by", by, AMOUNTS, "cannot be ranked by")


def of_sector(units: pd.DataFrame, sector: str) -> Flags:
    """Return which units are of a sector, shape (N,).

    Raises
    ------
    UsageError
        If none is.
    """
    there = list(dict.fromkeys(units["sector"]))
    one_of("sector", sector, there, "is not a sector of this run")
    return units["sector"].eq(sector).to_numpy()


def list_names(projection: Projection) -> tuple[str, ...]:
    """Return the lists that the units of a projection are ranked in: its sectors, or `COMBINED` where it asks for one.

    Units of one sector are the list of that sector.
    """
    sectors = sectors_of(projection.units)
    return (COMBINED,) if len(sectors) > 1 and projection.settings.combined else tuple(sectors)


def lists_of(projection: Projection) -> dict[str, Projection]:
    """Return the lists of a projection by name, each as the projection of its units."""
    names = list_names(projection)
    if len(names) == 1:
        return {names[0]: projection}
    return {name: subset(projection, of_sector(projection.units, name)) for name in names}


def sectors_of(units: pd.DataFrame) -> list[str]:
    """Return the sectors of some units: coal units before kilns."""
    return sorted(set(units["sector"]), key=SECTORS.index)


def rank_units(units: pd.DataFrame, by: str = "lifetime_kg", *, combined: bool = False) -> pd.DataFrame:
    """Return the units of the inventory ranked, the largest first; those that never emit are not among them.

    Each sector is ranked by itself, one behind the other.

    Parameters
    ----------
    units : DataFrame, N rows, index unit_id
        As in `Projection.units`.
    by : str
        Column to rank by [kg or kg/yr]; of the base year only units that operate in it are ranked.
    combined : bool
        Rank all units in one list.

    Returns
    -------
    DataFrame, one row per ranked unit
        rank, unit_id, plant, unit, sector, the column itself, share and cumulative_share: within the sector. Of one
        list of all units they are of all, and sector_rank and sector_share are added. Shares are NaN where the total
        is zero.

    Examples
    --------
    >>> table = pd.DataFrame({"plant": "P", "unit": ["1", "2"], "sector": "coal_power", "lifetime_kg": [1.0, 3.0],
    ...                       "inventory_status": "operating"}, index=pd.Index(["A", "B"], name="unit_id"))
    >>> rank_units(table)[["rank", "unit_id", "share"]].values.tolist()
    [[1, 'B', 0.75], [2, 'A', 0.25]]
    >>> rank_units(table.assign(sector=["coal_power", "cement_kiln"]))[["rank", "unit_id", "share"]].values.tolist()
    [[1, 'A', 1.0], [1, 'B', 1.0]]
    """
    table = units.loc[is_ranked(units, by), ["plant", "unit", "sector", by]].reset_index()
    by_sector = _ranked(table, by, "unit_id", sectors_of(units))
    if not combined:
        return by_sector
    own = by_sector.set_index("unit_id").rename(columns={"rank": "sector_rank", "share": "sector_share"})
    return _ranked(table, by, "unit_id").join(own[["sector_rank", "sector_share"]], on="unit_id")


def ranking_of(projection: Projection, by: str = "lifetime_kg") -> pd.DataFrame:
    """Return the units of a projection ranked by sector or in one list, as its setting says; see `rank_units`."""
    return rank_units(projection.units, by, combined=projection.settings.combined)


def _ranked(table: pd.DataFrame, by: str, ties: str, sectors: Sequence[str] = ()) -> pd.DataFrame:
    """Return rows in the order of their list, the largest first, with rank, share and cumulative_share in it.

    Parameters
    ----------
    table : DataFrame
        sector and the columns ``by`` and ``ties``; the latter orders equal amounts.
    sectors : sequence of str
        The lists, in their order; none: one list of all rows.
    """
    table = table.sort_values([by, ties], ascending=[False, True], kind="stable", ignore_index=True)
    sector = table["sector"].to_numpy()
    members = [np.flatnonzero(sector == name) for name in sectors] or [np.arange(len(table))]
    ranks = [np.arange(1, own.size + 1) for own in members]
    amounts = [table[by].to_numpy(dtype=np.float64)[own] for own in members]
    shares = [own / own.sum() if own.sum() > 0 else np.full(own.size, np.nan) for own in amounts]
    table = table.take(np.concatenate(members)).reset_index(drop=True)
    table.insert(0, "rank", np.concatenate(ranks))
    table["share"] = np.concatenate(shares)
    table["cumulative_share"] = np.concatenate([own.cumsum() for own in shares])
    return table


def is_ranked(units: pd.DataFrame, by: str) -> Flags:
    """Return the units that a ranking by a column is of, shape (N,): those that have the amount.

    Of the base year these are the units that operate in it; over the remaining life those of which it is known.
    """
    ranked: Flags = in_inventory(units, base_year_only=by == OF_BASE_YEAR) & units[by].notna().to_numpy()
    return ranked


def rank_plants(units: pd.DataFrame, by: str = "lifetime_kg", *, combined: bool = False) -> pd.DataFrame:
    """Return the plants ranked by the sum over their units that `rank_units` ranks; lists as there.

    A unit without a plant stands for itself.

    Returns
    -------
    DataFrame
        rank, plant, country, sector, units, the column, air_base_year_kg, share, cumulative_share.
    """
    return _rank_groups(units.assign(plant=named_plants(units)), PLANT_KEY, by, combined)


def named_plants(units: pd.DataFrame) -> pd.Series[str]:
    """Return the plant of each unit, index unit_id; a unit without a plant stands for itself."""
    return units["plant"].where(units["plant"].notna(), units.index.to_series())


def rank_countries(units: pd.DataFrame, by: str = "lifetime_kg", *, combined: bool = False) -> pd.DataFrame:
    """Return the countries ranked by the sum over their units that `rank_units` ranks, each sector for itself.

    ``combined`` ranks the rows of both sectors in one list.

    Returns
    -------
    DataFrame
        rank, country, sector, units, the column, air_base_year_kg, share, cumulative_share.
    """
    return _rank_groups(units, COUNTRY_KEY, by, combined)


def _rank_groups(units: pd.DataFrame, key: Sequence[str], by: str, combined: bool) -> pd.DataFrame:
    table = (
        units[is_ranked(units, by)]
        .assign(units=1)
        .groupby(list(key), sort=False)
        .agg({"units": "sum", **dict.fromkeys(dict.fromkeys((by, "air_base_year_kg")), "sum")})
        .reset_index()
    )
    return _ranked(table, by, key[0], () if combined else sectors_of(units))


def share_of_top(values: Floats, n: int) -> float:
    """Return the share of the total that the n largest values make; NaN where the total is zero.

    >>> share_of_top(np.array([1.0, 5.0, 4.0]), 2)
    0.9
    """
    total = values.sum()
    return float(np.sort(values)[::-1][:n].sum() / total) if total > 0 else float("nan")


def units_for_share(values: Floats, share: float) -> int:
    """Return how many of the largest values make at least a share of the total; 0 where the total is zero.

    >>> units_for_share(np.array([1.0, 5.0, 4.0]), 0.9)
    2
    """
    total = values.sum()
    if total <= 0 or share <= 0:
        return 0
    cumulative = np.cumsum(np.sort(values)[::-1]) / total
    return min(int(np.searchsorted(cumulative, share - ROUNDING)) + 1, values.size)


def lorenz(values: Floats) -> tuple[Floats, Floats]:
    """Return the Lorenz curve: cumulative share of units and of the total, the smallest first, from 0 to 1."""
    ordered = np.concatenate([[0.0], np.cumsum(np.sort(values))])
    total = ordered[-1]
    return np.linspace(0.0, 1.0, values.size + 1), ordered / total if total > 0 else np.full(ordered.shape, np.nan)


def gini(values: Floats) -> float:
    """Return the Gini coefficient: 0 all equal, near 1 one for all.

    >>> round(gini(np.array([1.0, 1.0, 1.0])), 12), gini(np.array([0.0, 0.0, 0.0, 1.0]))
    (0.0, 0.75)
    """
    units, cumulative = lorenz(values)
    return float(1.0 - 2.0 * np.trapezoid(cumulative, units))
