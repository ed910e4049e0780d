"""Units whose rate is cut at a limit that they are known to comply with: the central run after the cut.

What is removed beyond the listed controls goes the way of what the dust collector of the unit takes; where it has none,
nobody knows where. Species shares of what leaves the stack stay those of the train.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from hginventory.factors import COMPLIANCE, NOT_USED, Resolved, Value, is_row, weakest_mark
from hginventory.model import AIR, PATHWAYS
from hginventory.projection.result import Projection, UnitCut

UNLISTED, UNKNOWN_SINK = "unlisted_removal_kg_per_yr", "unknown_sink_kg_per_yr"
# columns of the units, where there are cuts
STATED_LIMIT, LISTED_AIR, P_LISTED = "stated_limit", "listed_controls_kg_per_yr", "p_listed_comply"
# factor rows, where controls explain nothing
RATE_OVER_LIMIT, LEAST_PROBABILITY = "compliance/rate_over_limit", "compliance/least_probability"
USUAL_MARGIN = (RATE_OVER_LIMIT, LEAST_PROBABILITY)
_AIR_COLUMNS = ("air_kg_per_yr", "air_base_year_kg", "lifetime_kg", "g_per_gwh", "g_per_t_clinker")


def with_cuts(whole: Projection, cuts: Mapping[str, UnitCut]) -> Projection:
    """Return a projection whose rates are cut at limits.

    Parameters
    ----------
    whole : Projection
        All units, by their listed controls.
    cuts : mapping of str to UnitCut
        Unit -> its cut; other units stay.

    Returns
    -------
    Projection
        Of each cut unit what leaves the stack is smaller, of each species in the same proportion. The mass balance has
        two columns more: what is removed beyond the listed controls, which is contained in the pathways it goes by, and
        the part of it that goes by none of them. The units have three columns more: stated_limit, the id of the limit
        that cuts the rate; listed_controls_kg_per_yr, emissions to air by the listed controls alone; p_listed_comply,
        the probability that these alone comply. `parameters` has one more, "compliance": the limit of each cut unit
        per net heat of its fuel [g/TJ] or clinker [g/t], with the cell that states it and its factor rows.
    """
    if not cuts:
        return whole
    kept = np.array([cuts[unit].kept if unit in cuts else 1.0 for unit in whole.units.index])
    units = whole.units.assign(**{name: whole.units[name] * kept for name in _AIR_COLUMNS})
    removal = whole.units["removal"].to_numpy(dtype=np.float64)
    units["removal"] = np.where(kept < 1.0, 1.0 - (1.0 - removal) * kept, removal)
    limits = _limits(whole, cuts)
    is_cut = limits.origin == COMPLIANCE
    units["removal_origin"] = np.where(is_cut, COMPLIANCE, units["removal_origin"])
    chances = [cut.cut.probability if (cut := cuts.get(unit)) and cut.cut else np.nan for unit in units.index]
    ids = np.array([*whole.complies.ids, ""], dtype=object)
    units[STATED_LIMIT] = ids[np.where(is_cut, whole.complies.index, -1)]
    units[LISTED_AIR] = whole.units["air_kg_per_yr"]
    units[P_LISTED] = chances
    return replace(
        whole,
        units=units,
        mass_balance=_balance(whole.mass_balance, cuts),
        yearly_kg=whole.yearly_kg * kept[:, None],
        parameters={**whole.parameters, COMPLIANCE: limits},
        cuts=cuts,
    )


def _limits(whole: Projection, cuts: Mapping[str, UnitCut]) -> Resolved:
    """Return the limit of each cut unit as a factor: what its rate after the cut is based on."""
    values = []
    for index, unit in enumerate(whole.units.index):
        cut = cuts[unit].cut if unit in cuts else None
        if cut is None:
            values.append(Value(float("nan"), NOT_USED, (), ""))
            continue
        refs = (*whole.complies.refs[index], *(() if cut.is_explained else USUAL_MARGIN))
        marks = [whole.library.row(ref).read_from for ref in refs if is_row(ref)]
        values.append(Value(float(whole.complies.rate[index]), COMPLIANCE, refs, weakest_mark(marks)))
    return Resolved.of(COMPLIANCE, "g/TJ, kilns g/t", values)


def _balance(balance: pd.DataFrame, cuts: Mapping[str, UnitCut]) -> pd.DataFrame:
    """Return the mass balance with what leaves the stack less gone another way."""
    names = [f"{name}_kg_per_yr" for name in PATHWAYS]
    yearly = balance[names].to_numpy(dtype=np.float64, copy=True)
    air = yearly[:, AIR].sum(axis=1)
    unknown = np.zeros(len(balance))
    for index, unit in enumerate(balance.index):
        if unit in cuts:
            yearly[index], unknown[index] = cuts[unit].pathways(yearly[index], cuts[unit].kept)
    unlisted = air - yearly[:, AIR].sum(axis=1)
    return balance.assign(**dict(zip(names, yearly.T, strict=True)), **{UNKNOWN_SINK: unknown, UNLISTED: unlisted})


def pathways_of(balance: pd.DataFrame) -> pd.DataFrame:
    """Return the pathways of a mass balance [kg/yr] by their names: what goes in is their sum.

    Parameters
    ----------
    balance : DataFrame
        As in `Projection.mass_balance`; where it has an unknown sink, that is the last of the pathways.
    """
    columns = [f"{name}_kg_per_yr" for name in PATHWAYS]
    columns += [name for name in (UNKNOWN_SINK,) if name in balance]
    return balance[columns].rename(columns=lambda name: name.removesuffix("_kg_per_yr"))
