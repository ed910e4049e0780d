"""Article 8(2)(b) of the Minamata Convention: the sources that cover 75 % of a category's annual emission."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hginventory.decisions.ranking.ranking import units_for_share
from hginventory.projection import in_inventory

COVERED = 0.75
COLUMNS = ["category", "units_total", "emission_kg", "smallest_set_size", "covered_kg", "covered_share"]


def smallest_set(units: pd.DataFrame, category: str) -> list[str]:
    """Return the fewest units with 75 % of the base-year emission of an Annex D category, the largest first.

    Parameters
    ----------
    units : DataFrame, index unit_id
        As in `Projection.units`.
    category : str
        ``coal_power``, ``industrial_boiler`` or ``cement``.
    """
    own = units[units["annex_d_category"].eq(category) & in_inventory(units, base_year_only=True)].reset_index()
    own = own.sort_values(["air_base_year_kg", "unit_id"], ascending=[False, True], kind="stable")
    count = units_for_share(own["air_base_year_kg"].to_numpy(dtype=np.float64), COVERED)
    return [str(unit) for unit in own["unit_id"].iloc[:count]]


def coverage(units: pd.DataFrame) -> pd.DataFrame:
    """Return the smallest set of each Annex D category among the units that operate in the base year or start later.

    Returns
    -------
    DataFrame
        category, units_total (that operate in the base year), emission_kg (base year), smallest_set_size, covered_kg,
        covered_share.
    """
    rows = []
    units = units[in_inventory(units)]
    for category in dict.fromkeys(units["annex_d_category"]):
        own = units[units["annex_d_category"] == category]
        chosen = smallest_set(units, category)
        total = float(own["air_base_year_kg"].sum())
        covered = float(own.loc[chosen, "air_base_year_kg"].sum())
        rows.append(
            {
                "category": category,
                "units_total": int(in_inventory(own, base_year_only=True).sum()),
                "emission_kg": total,
                "smallest_set_size": len(chosen),
                "covered_kg": covered,
                "covered_share": covered / total if total > 0 else float("nan"),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)
