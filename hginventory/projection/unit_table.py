"""The table of units: what the sectors computed, put side by side, one row per unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory._types import Flags, Floats, Objects, Positions
from hginventory.factors import DEFAULT, NOT_USED, REPORTED, UNUSED, Resolved
from hginventory.inputs.fleet import Fleet
from hginventory.model import AIR, G_PER_KG, PATHWAYS, OperatingYears
from hginventory.projection.inventory import COLUMN, inventory_status
from hginventory.projection.sector import SectorResult
from hginventory.vocabulary import CEMENT_KILN

FLEET_TEXTS = ("country", "admin1", "owner", "captive", "status", "boiler", "technology", "coal_type", "kiln_type")
NUMBERS = (
    "capacity_gross_mw",
    "capacity_net_mw",
    "clinker_t_per_yr",
    "generation_net_gwh_per_yr",
    "capacity_factor",
    "net_efficiency",
    "calorific_value_mj_per_kg",
    "coal_t_per_yr",
    "hg_coal_mg_per_kg",
    "hg_added_behind_kiln_kg_per_yr",
    "train_recalled_share",
)
TEXTS = ("train", "coal_class", "method")
PER_YEAR = ("clinker_t_per_yr", "generation_net_gwh_per_yr", "coal_t_per_yr", "hg_added_behind_kiln_kg_per_yr")
ORIGINS = {  # column -> factor of coal units, factor of kilns
    "activity_origin": ("activity", "activity"),
    "hg_origin": ("hg_coal", "hg_raw_meal"),
    "calorific_value_origin": ("calorific_value", "fuel_hg"),
    "efficiency_origin": ("net_efficiency", "heat_use"),
    "train_origin": ("train", "train"),
    "removal_origin": ("removal", "removal"),
}


@dataclass(frozen=True)
class Joined:
    """Results of all sectors in the order of the fleet.

    Attributes
    ----------
    hg_in : ndarray of float, shape (N,)
        Mercury input of a full year [kg/yr].
    shares : ndarray of float, shape (N, 9)
        Pathway shares.
    tier, basis : ndarray of Tier, ndarray of Basis, shape (N,)
        How the mercury was worked out, and which number the activity follows from.
    low_class : ndarray of str, shape (N,)
        Coal class other than high_cl.
    columns : mapping of str to ndarray, shape (N,)
        Other results, NaN or None where a sector has none.
    later : sequence of mapping of int to float, length N
        Year -> mercury input of that year [kg/yr].
    factors : mapping of str to Resolved
        Factors of both sectors, length N.
    """

    hg_in: Floats
    shares: Floats
    tier: Objects
    basis: Objects
    low_class: Objects
    columns: Mapping[str, NDArray[np.generic]]
    later: Sequence[Mapping[int, float]]
    factors: Mapping[str, Resolved]


def join(length: int, results: Sequence[tuple[Positions, SectorResult]]) -> Joined:
    """Put the results of the sectors back into the order of the fleet.

    Parameters
    ----------
    length : int
        Units of the fleet.
    results : sequence of (ndarray of int, SectorResult)
        Indices of the units of a sector, and its result.
    """
    hg_in = np.zeros(length)
    shares = np.zeros((length, len(PATHWAYS)))
    tier, basis, low_class = (np.full(length, None, dtype=object) for _ in range(3))
    columns: dict[str, NDArray[np.generic]] = {name: np.full(length, np.nan) for name in NUMBERS}
    columns |= {name: np.full(length, None, dtype=object) for name in TEXTS}
    later: list[Mapping[int, float]] = [{}] * length
    factors: dict[str, Resolved] = {}
    for own, result in results:
        hg_in[own] = result.hg_in
        shares[own] = result.shares
        tier[own], basis[own], low_class[own] = result.tier, result.basis, result.low_class
        for name, values in result.columns.items():
            columns[name][own] = values
        for index, years in zip(own, result.later, strict=True):
            later[index] = years
        for name, factor in result.factors.items():
            whole = factors.get(name) or Resolved.of(name, factor.unit, [UNUSED] * length)
            factors[name] = whole.put(own, factor)
    return Joined(hg_in, shares, tier, basis, low_class, columns, later, factors)


def mass_balance(joined: Joined, index: pd.Index[str], runs: Flags) -> pd.DataFrame:
    """Return mercury input and pathways [kg/yr] of a full year; zero for a unit that does not run."""
    hg_in = np.where(runs, joined.hg_in, 0.0)
    table = {"hg_in_kg_per_yr": hg_in}
    table |= {f"{name}_kg_per_yr": hg_in * joined.shares[:, number] for number, name in enumerate(PATHWAYS)}
    return pd.DataFrame(table, index=index)


def unit_table(
    fleet: Fleet,
    joined: Joined,
    operating: OperatingYears,
    yearly_kg: Floats,
    runs: Flags,
    captive_category: str,
) -> pd.DataFrame:
    """Return the table of units; columns as in docs/results.md.

    Parameters
    ----------
    fleet : Fleet
        Names, locations and states of the units.
    joined : Joined
        Results of the sectors.
    operating : OperatingYears
        Remaining years.
    yearly_kg : ndarray of float, shape (N, Y)
        Mercury to air [kg].
    runs : ndarray of bool, shape (N,)
        Whether the unit operates now or is being built.
    captive_category : str
        Annex D category of captive plants.
    """
    read = fleet.units
    kiln = read["sector"].to_numpy() == CEMENT_KILN
    column = {
        name: np.where(runs, values, 0.0 * values) if name in PER_YEAR else values  # type: ignore[operator]
        for name, values in joined.columns.items()
    }
    air = np.where(runs, joined.hg_in, 0.0) * joined.shares[:, AIR].sum(axis=1)
    captive = read["captive"] if "captive" in read else pd.Series(None, index=read.index, dtype=object)
    category = np.where(kiln, "cement", np.where(captive.eq(True), captive_category, "coal_power"))
    given_start = read["start_year"].to_numpy(dtype=np.float64)
    table: dict[str, object] = {
        "plant": read["plant"],
        "unit": read["unit"],
        "sector": read["sector"],
        "annex_d_category": category,
        **{name: read.get(name, None) for name in FLEET_TEXTS},
        "capacity_gross_mw": column["capacity_gross_mw"],
        "capacity_net_mw": column["capacity_net_mw"],
        "clinker_t_per_yr": column["clinker_t_per_yr"],
        "start_year": operating.start,
        "start_origin": np.where(
            np.isnan(operating.start), NOT_USED, np.where(operating.start == given_start, REPORTED, DEFAULT)
        ),
        "end_year": np.where(runs & ~operating.unknown_life, operating.end, np.nan),
        "remaining_years": np.where(operating.unknown_life, np.nan, operating.end - operating.first),
        "operates_in_base_year": operating.runs_in_base_year,
        COLUMN: inventory_status(operating),
        "generation_net_gwh_per_yr": column["generation_net_gwh_per_yr"],
        "capacity_factor": column["capacity_factor"],
        "net_efficiency": column["net_efficiency"],
        "calorific_value_mj_per_kg": column["calorific_value_mj_per_kg"],
        "coal_t_per_yr": column["coal_t_per_yr"],
        "hg_coal_mg_per_kg": column["hg_coal_mg_per_kg"],
        "hg_in_kg_per_yr": np.where(runs, joined.hg_in, 0.0),
        "hg_added_behind_kiln_kg_per_yr": column["hg_added_behind_kiln_kg_per_yr"],
        "removal": 1.0 - joined.shares[:, AIR].sum(axis=1),
        "air_kg_per_yr": air,
        "air_base_year_kg": np.where(operating.runs_in_base_year, air, 0.0),
        "lifetime_kg": np.where(operating.unknown_life, np.nan, yearly_kg.sum(axis=1)),
        "g_per_gwh": _per(air * G_PER_KG, column["generation_net_gwh_per_yr"]),
        "g_per_t_clinker": _per(air * G_PER_KG, column["clinker_t_per_yr"]),
        "train": column["train"],
        "train_recalled_share": column["train_recalled_share"],
        "coal_class": column["coal_class"],
        "method": column["method"],
        **{
            name: np.where(kiln, _origin(joined, of_kiln), _origin(joined, of_coal))
            for name, (of_coal, of_kiln) in ORIGINS.items()
        },
    }
    return pd.DataFrame(table, index=read.index).rename_axis("unit_id")


def _per(amount: Floats, activity: NDArray[np.generic]) -> Floats:
    """Return amount over activity, NaN where there is no activity."""
    divisor = np.asarray(activity, dtype=np.float64)
    out: Floats = np.full(amount.shape, np.nan)
    np.divide(amount, divisor, out=out, where=divisor > 0)
    return out


def _origin(joined: Joined, factor: str) -> Objects | str:
    return joined.factors[factor].origin if factor in joined.factors else NOT_USED
