"""What bundled fleets there are, and what the tracker table knows of each country."""

from __future__ import annotations

import pandas as pd

from hginventory.inputs.bundled.tracker_table import ISO, credited, read_tracker_table
from hginventory.inputs.fleet import Attribution, attributions
from hginventory.inputs.parsing import country_names
from hginventory.vocabulary import RUNNING, UNKNOWN

KNOWN = {  # column of our workbook -> of the table, which holds it for some units
    "start_year": "start year",
    "coal_type": "coal type",
    "technology": "combustion technology",
}


def fleets() -> pd.DataFrame:
    """Return the countries whose units are bundled, with what is known of them.

    Every name of a country, and ``EU27``, ``ASEAN`` and ``world``, can be given as a fleet. The tracker does not report
    mercury and heating value of coal, generation, efficiency or control devices: default values are used.

    Returns
    -------
    DataFrame, one row per country with units that operate or are under construction, largest capacity first
        fleet (its name, as ``VNM``), country, units and capacity_mw [MW] in operation by the tracker,
        units_construction, construction_mw [MW], and the share of the capacity in operation [0-1] for which the table
        contains the start year, coal type and steam technology: start_year_known, coal_type_known, technology_known.

    Examples
    --------
    >>> table = fleets().set_index("fleet")
    >>> int(table.loc["VNM", "units"])
    74
    """
    table = pd.DataFrame([row.cells for row in read_tracker_table().rows])
    running = table[table["status"].isin(RUNNING)]
    operating = running["status"].eq(RUNNING[0])
    mw = running["capacity (mw)"]
    parts = {
        "units": operating.astype(int),
        "capacity_mw": mw.where(operating, 0.0),
        "units_construction": (~operating).astype(int),
        "construction_mw": mw.mask(operating, 0.0),
    }
    for name, column in KNOWN.items():
        known = running[column].notna() & ~running[column].astype(str).str.startswith(UNKNOWN)
        parts[f"{name}_known"] = mw.where(operating & known, 0.0)
    sums = pd.DataFrame(parts).groupby(running[ISO]).sum()
    for name in KNOWN:
        sums[f"{name}_known"] = (sums[f"{name}_known"] / sums["capacity_mw"]).where(sums["capacity_mw"] > 0)
    ordered = sums.sort_values(["capacity_mw", "construction_mw"], ascending=False, kind="stable")
    ordered.insert(0, "country", ordered.index.map(country_names()))
    return ordered.rename_axis("fleet").reset_index()


def table_attribution() -> Attribution:
    """Return whom everything made of the tracker table has to name."""
    (one,) = attributions(credited(read_tracker_table(["none"])))
    return one
