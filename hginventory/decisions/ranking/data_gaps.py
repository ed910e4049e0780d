"""Quality of the data: the share based on defaults and on judgement, and which cells to fill in first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats
from hginventory.arguments import whole
from hginventory.factors import (
    COMPLIANCE,
    DEFAULT,
    DERIVED,
    RECALLED,
    REMOVAL_TABLES,
    FactorLibrary,
    is_row,
    open_control,
)
from hginventory.inputs.fleet import as_records
from hginventory.projection import Projection, Tier

WEAK_MARKS = (*RECALLED, "judgement")
FACTORS: Mapping[str, tuple[str, tuple[str, ...]]] = {  # words -> sector, parameters
    "coal mercury": ("coal_power", ("hg_coal",)),
    "activity": ("coal_power", ("activity",)),
    "heating value": ("coal_power", ("calorific_value",)),
    "efficiency": ("coal_power", ("net_efficiency",)),
    "controls": ("coal_power", ("train",)),
    "removal": ("coal_power", ("removal",)),
    "compliance": ("coal_power", (COMPLIANCE,)),
    "kiln activity": ("cement_kiln", ("activity",)),
    "raw meal mercury": ("cement_kiln", ("hg_raw_meal", "emission_factor")),  # the one or the other plays a part
    "kiln fuel mercury": ("cement_kiln", ("fuel_hg",)),
    "kiln controls": ("cement_kiln", ("train",)),
    "share to air": ("cement_kiln", ("removal",)),
    "kiln compliance": ("cement_kiln", (COMPLIANCE,)),
}
NOTHING = 1e-9  # share of the input
SHARED_IN_PLANT = ("hg_coal", "hg_limestone")
CELLS: Mapping[tuple[str, str], str] = {  # sector, parameter -> column to fill in
    ("coal_power", "hg_coal"): "hg_coal",
    ("coal_power", "activity"): "coal_use",
    ("coal_power", "calorific_value"): "calorific_value",
    ("coal_power", "net_efficiency"): "net_efficiency",
    ("coal_power", "removal"): "",  # the first of the controls that is blank
    ("cement_kiln", "activity"): "clinker_output",
    ("cement_kiln", "hg_raw_meal"): "hg_limestone",
    ("cement_kiln", "emission_factor"): "hg_limestone",
    ("cement_kiln", "fuel_hg"): "hg_fuel",
    ("cement_kiln", "removal"): "controls",
}


def factors_of(projection: Projection) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return what the emissions of a run are based on, as `FACTORS`: sectors and statements that it has."""
    sectors = projection.units["sector"].to_numpy()
    bound = sectors[[] if COMPLIANCE not in projection.parameters
                    else projection.parameters[COMPLIANCE].origin == COMPLIANCE]  # fmt: skip
    return {
        words: (sector, names)
        for words, (sector, names) in FACTORS.items()
        if sector in (bound if COMPLIANCE in names else sectors)
    }


def reliance(projection: Projection) -> pd.DataFrame:
    """Return the shares of the base-year emission based on defaults and on recalled or judged rows.

    Parameters
    ----------
    projection : Projection
        The run.

    Returns
    -------
    DataFrame, index factor
        sector, emission_kg of the sector's units in the base year, kg_on_default, share_on_default,
        kg_on_recalled_or_judged, share_on_recalled_or_judged, kg_on_recalled, share_on_recalled. Recalled is what is
        recalled in part as well; of a mix of control trains only the share of the recalled trains counts.
    """
    units = projection.units
    emission = units["air_base_year_kg"].to_numpy(dtype=np.float64)
    sectors = units["sector"].to_numpy()
    rows = []
    for words, (sector, names) in factors_of(projection).items():
        own = sectors == sector
        total = float(emission[own].sum())
        default, weak = np.zeros(len(units), dtype=bool), np.zeros(len(units), dtype=bool)
        recalled = np.zeros(len(units))
        for name in names:
            factor, needed = projection.parameters[name], _plays_part(projection, name)
            default |= needed & (factor.origin == DEFAULT)
            weak |= needed & np.isin(factor.read_from.astype(str), WEAK_MARKS)
            recalled = np.maximum(recalled, needed * _recalled_share(projection, sector, name))
        on_default, on_weak = float(emission[own & default].sum()), float(emission[own & weak].sum())
        on_recalled = float((emission * recalled)[own].sum())
        rows.append(
            {
                "factor": words,
                "sector": sector,
                "emission_kg": total,
                "kg_on_default": on_default,
                "share_on_default": on_default / total if total > 0 else float("nan"),
                "kg_on_recalled_or_judged": on_weak,
                "share_on_recalled_or_judged": on_weak / total if total > 0 else float("nan"),
                "kg_on_recalled": on_recalled,
                "share_on_recalled": on_recalled / total if total > 0 else float("nan"),
            }
        )
    return pd.DataFrame(rows).set_index("factor")


def cells_to_fill(projection: Projection, n: int = 10) -> pd.DataFrame:
    """Return the blank cells to fill in first, by remaining-lifetime emissions based on the default times its spread.

    Parameters
    ----------
    projection : Projection
        The run.
    n : int
        How many cells.

    Returns
    -------
    DataFrame
        place, unit_id, plant, unit, column, units_served, lifetime_kg (of these), relative_spread of the
        default used for it, kg_at_stake (their product). An analysis of coal or limestone serves all units
        of its plant and owner.
    """
    whole("n", n, 1)
    units = projection.units
    lifetime = units["lifetime_kg"].to_numpy(dtype=np.float64)
    sectors = units["sector"].to_numpy()
    spreads: dict[tuple[str, ...], float] = {}
    rows: list[_OpenCell] = []
    records = as_records(projection.fleet.units.loc[units.index])
    for (sector, name), column in CELLS.items():
        if name not in projection.parameters:
            continue
        factor = projection.parameters[name]
        open_cells = (sectors == sector) & np.isin(factor.origin.astype(str), (DEFAULT, DERIVED)) & (lifetime > 0)
        open_cells &= _plays_part(projection, name)
        if name == "removal":
            open_cells &= projection.parameters["train"].origin.astype(str) != "reported"
        if name != "removal":
            open_cells &= factor.origin != DERIVED
        for index in np.flatnonzero(open_cells):
            refs = factor.refs[index]
            if refs not in spreads:
                spreads[refs] = _relative_spread(refs, projection.library)
            blank = column or open_control(records[index])
            rows.append(_OpenCell(int(index), blank, spreads[refs], own_kg=float(lifetime[index])))
    analyses: dict[tuple[object, ...], _OpenCell] = {}
    plants = list(units[["country", "plant", "owner"]].itertuples(index=False, name=None))
    for cell in rows:
        analysis = _analysis(cell.column, units.index[cell.unit_index], *plants[cell.unit_index])
        analyses.setdefault(analysis, cell).add(cell)
    worth = sorted(
        analyses.values(), key=lambda c: (-c.lifetime_kg * c.spread, str(units.index[c.unit_index]), c.column)
    )
    return pd.DataFrame(
        [
            {
                "place": "!".join(projection.fleet.address(str(units.index[cell.unit_index]), cell.column)),
                "unit_id": units.index[cell.unit_index],
                "plant": units["plant"].iloc[cell.unit_index],
                "unit": units["unit"].iloc[cell.unit_index],
                "column": cell.column,
                "units_served": len(cell.unit_indices),
                "lifetime_kg": cell.lifetime_kg,
                "relative_spread": cell.spread,
                "kg_at_stake": cell.lifetime_kg * cell.spread,
            }
            for cell in worth[:n]
        ],
        columns=[
            "place", "unit_id", "plant", "unit", "column", "units_served", "lifetime_kg", "relative_spread",
            "kg_at_stake",
        ],
    )  # fmt: skip


def _recalled_share(projection: Projection, sector: str, name: str) -> Floats:
    """Return the share of a parameter of each unit that is based on rows recalled, wholly or in part."""
    if (sector, name) == ("coal_power", "train"):
        share: Floats = projection.units["train_recalled_share"].fillna(0.0).to_numpy(dtype=np.float64)
        return share
    return np.isin(projection.parameters[name].read_from.astype(str), RECALLED).astype(np.float64)


def _plays_part(projection: Projection, name: str) -> Flags:
    """Return the units whose emission may depend on a parameter.

    The measured emission of a kiln (tier3) was measured behind its controls. An emission factor (tier1) is that of a
    kiln without any and with its dust as usual, so that the share to air cancels and only what controls and a stated
    bleed keep from the stack counts.
    Elsewhere in the balance of these kilns both play a part.
    """
    tier = projection.tier
    if name not in ("train", "removal") or "air_share" not in projection.parameters:
        return np.ones(len(tier), dtype=bool)
    without_controls = 1.0 - projection.parameters["air_share"].value
    kept = ~np.isclose(projection.parameters["removal"].value, without_controls, rtol=0.0, atol=NOTHING)
    cancels = (tier == Tier.EMISSION_FACTOR) & ~kept & (name == "removal")
    plays: Flags = (tier != Tier.MEASURED) & ~cancels
    return plays


@dataclass
class _OpenCell:
    """A blank cell, and the units that one value in it would serve."""

    unit_index: int
    column: str
    spread: float
    lifetime_kg: float = 0.0
    unit_indices: list[int] = field(default_factory=list)
    own_kg: float = 0.0

    def add(self, cell: _OpenCell) -> None:
        """Count the unit of another cell that the same analysis fills."""
        self.unit_indices.append(cell.unit_index)
        self.lifetime_kg += cell.own_kg


def _analysis(column: str, unit_id: object, country: object, plant: object, owner: object) -> tuple[object, ...]:
    """Return what one analysis covers: the units of a plant and owner share their coal or quarry."""
    if column in SHARED_IN_PLANT and isinstance(plant, str):
        return column, country, plant, owner
    return column, unit_id


def _relative_spread(refs: tuple[str, ...], library: FactorLibrary) -> float:
    """Return the spread of the factor rows named, relative to their mean; the widest where there are several."""
    widest = 0.0
    for ref in filter(is_row, refs):
        row = library.row(ref)
        if row.spread is not None and row.value:
            in_logs = row.distribution == "lognormal"
            relative = float(np.sqrt(np.expm1(row.spread**2))) if in_logs else row.spread / row.value
            if row.distribution == "beta" and row.table in REMOVAL_TABLES:
                relative = row.spread / (1.0 - row.value)  # what matters is what passes
            widest = max(widest, relative)
    return widest
