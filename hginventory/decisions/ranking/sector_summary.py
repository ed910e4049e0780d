"""Headline numbers of a sector, or of all units together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hginventory.arguments import whole
from hginventory.decisions.ranking.ranking import (
    COMBINED,
    G_PER_KG,
    HALF,
    KG_PER_T,
    THREE_QUARTERS,
    gini,
    share_of_top,
    units_for_share,
)
from hginventory.projection import count_inventory, in_inventory


@dataclass(frozen=True)
class SectorSummary:
    """Headline numbers of a sector, or of all units together.

    Attributes
    ----------
    sector : str
        Sector, or ``combined``.
    units_total : int
        Units that the inventory counts: those that operate in the base year and those that start later.
    units_operating, units_construction, units_outside : int
        Units that operate in the base year, that start later, and that are outside the inventory.
    air_base_year_kg : float
        Mercury to air in the base year [kg].
    air_construction_kg_per_yr : float
        What units that start later will add in a full year [kg/yr].
    units_unknown_life : int
        Units that the inventory counts and whose remaining life is not known.
    lifetime_t : float
        Mercury to air over the remaining life [t] of the others; NaN where a sector has no other.
    top_n : int
        How many units `top_share` is about.
    top_share : float
        Their share of the remaining mercury [0-1].
    units_for_half, units_for_75 : int
        Units that make 50 and 75 % of the remaining mercury.
    gini : float
        Concentration over the units with any remaining mercury [0-1].
    units_past_lifetime : int
        Units that run though the rule leaves them no year.
    air_past_lifetime_kg : float
        What these emit in the base year [kg].
    intensity : float
        Mean [g/GWh net, or g/t clinker]; NaN for both sectors together.
    intensity_unit : str
        Unit of the intensity.
    """

    sector: str
    units_total: int
    units_operating: int
    units_construction: int
    units_outside: int
    air_base_year_kg: float
    air_construction_kg_per_yr: float
    units_unknown_life: int
    lifetime_t: float
    top_n: int
    top_share: float
    units_for_half: int
    units_for_75: int
    gini: float
    units_past_lifetime: int
    air_past_lifetime_kg: float
    intensity: float
    intensity_unit: str

    @property
    def units_ranked(self) -> int:
        """Units of a ranking over the remaining life, of which the counts and shares are."""
        return self.units_total - self.units_unknown_life


def summarise(units: pd.DataFrame, sector: str | None = None, top: int = 10) -> SectorSummary:
    """Return the headline numbers of a sector; of all units where none is named."""
    whole("top", top, 1)
    table = units if sector is None else units[units["sector"] == sector]
    values = table["lifetime_kg"].dropna().to_numpy(dtype=np.float64)
    count, unknown = count_inventory(table), int(table["lifetime_kg"].isna().sum())
    counted = table[in_inventory(table)]
    # Kilns without any start year are no 0 t: a sum over both sectors would be that of coal alone under another name.
    is_open = any(kg.isna().all() for _, kg in counted.groupby("sector")["lifetime_kg"])
    building = in_inventory(table) & ~in_inventory(table, base_year_only=True)
    past = table["operates_in_base_year"] & table["remaining_years"].eq(0)
    activity = {"coal_power": "generation_net_gwh_per_yr", "cement_kiln": "clinker_t_per_yr"}.get(sector or "")
    produced = float(table[activity].sum()) if activity else 0.0
    return SectorSummary(
        sector=sector or COMBINED,
        units_total=count.counted,
        units_operating=count.operating,
        units_construction=count.construction,
        units_outside=count.outside,
        air_base_year_kg=float(table["air_base_year_kg"].sum()),
        air_construction_kg_per_yr=float(table.loc[building, "air_kg_per_yr"].sum()),
        units_unknown_life=unknown,
        lifetime_t=float("nan") if is_open else float(values.sum()) / KG_PER_T,
        top_n=top,
        top_share=share_of_top(values, top),
        units_for_half=units_for_share(values, HALF),
        units_for_75=units_for_share(values, THREE_QUARTERS),
        gini=gini(values[values > 0]) if (values > 0).any() else float("nan"),
        units_past_lifetime=int(past.sum()),
        air_past_lifetime_kg=float(table.loc[past, "air_base_year_kg"].sum()),
        intensity=float(table["air_kg_per_yr"].sum()) * G_PER_KG / produced if produced > 0 else float("nan"),
        intensity_unit={"coal_power": "g/GWh", "cement_kiln": "g/t clinker"}.get(sector or "", ""),
    )
