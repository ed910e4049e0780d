"""A run for other programs: one CSV of units, an IAMC table for pyam, point sources for dispersion models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hginventory._version import __version__
from hginventory.errors import UsageError
from hginventory.files import check_target, new_file, write_csv

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

IAMC_TOTAL = "Emissions|Hg"
# Annex D category -> variable. There is no agreed name for mercury; these follow the names of other gases.
IAMC_VARIABLES: Mapping[str, str] = {
    "coal_power": "Emissions|Hg|Energy|Supply|Electricity|Coal",
    "industrial_boiler": "Emissions|Hg|Energy|Demand|Industry|Coal",
    "cement": "Emissions|Hg|Industrial Processes|Cement",
}
IAMC_UNIT = "kg/yr"
SPECIES = ("hg0", "hg2", "hgp")
COORDINATES = ("latitude", "longitude")


def fleet_table(run: Analysis) -> pd.DataFrame:
    """Return one row per unit: what was read, and what was computed.

    Parameters
    ----------
    run : Analysis
        The run.

    Returns
    -------
    DataFrame
        Columns of the workbook, in the units of the schema; then those of docs/results.md, with their units
        in the name. A column of both contains the value used.
    """
    results = run.units
    read = run.projection.fleet.units.loc[results.index]
    given = [name for name in read.columns if name not in results.columns and read[name].notna().any()]
    return pd.concat([read[given], results], axis=1).rename_axis("unit_id").reset_index()


def iamc_table(run: Analysis, scenario: str | None = None) -> pd.DataFrame:
    """Return the emission by country, Annex D category and year in the wide IAMC format, as pyam reads it.

    Parameters
    ----------
    run : Analysis
        The run.
    scenario : str, optional
        Name of the scenario; default: the retirement rule.

    Returns
    -------
    DataFrame
        model, scenario, region (ISO code of three letters), variable, unit (kg/yr), then one column per year.
        ``Emissions|Hg`` is the sum of the variables below it, for the units of the fleet only. The base year
        contains all that runs then, also units past the lifetime of the rule; later years leave these out.
    """
    projection = run.projection
    units = projection.units
    yearly = pd.DataFrame(projection.annual_kg, columns=[str(year) for year in projection.years])
    keys = {
        "region": units["country"].to_numpy(),
        "variable": units["annex_d_category"].map(IAMC_VARIABLES).to_numpy(),
    }
    below = yearly.assign(**keys).groupby(list(keys), sort=True).sum().reset_index()
    total = yearly.assign(region=keys["region"], variable=IAMC_TOTAL).groupby(list(keys), sort=True).sum().reset_index()
    table = pd.concat([total, below], ignore_index=True).sort_values(["region", "variable"], ignore_index=True)
    table.insert(0, "model", f"hginventory {__version__}")
    table.insert(1, "scenario", scenario or f"baseline {projection.settings.rule}")
    table.insert(4, "unit", IAMC_UNIT)
    return table


def point_table(run: Analysis) -> pd.DataFrame:
    """Return the units that emit in the base year as point sources.

    Parameters
    ----------
    run : Analysis
        The run.

    Returns
    -------
    DataFrame
        unit_id, plant, unit, country, sector, latitude, longitude [degree], stack_height_m (blank: the workbook
        does not ask for it), year, hg0, hg2 and hgp [kg/yr] and their sum hg_total. Units without coordinates
        stay in, with blank cells.
    """
    projection = run.projection
    chosen = projection.units["air_base_year_kg"].to_numpy(dtype=np.float64) > 0
    units = projection.units[chosen]
    read = projection.fleet.units.loc[units.index]
    air = projection.mass_balance[chosen]
    species = {f"{name}_kg_per_yr": air[f"air_{name}_kg_per_yr"].to_numpy() for name in SPECIES}
    names = ("plant", "unit", "country", "sector")
    return pd.DataFrame(
        {
            "unit_id": units.index,
            **{name: units[name].to_numpy() for name in names},
            **{name: read[name].to_numpy() for name in COORDINATES},
            "stack_height_m": np.nan,
            "year": projection.settings.base_year,
            **species,
            "hg_total_kg_per_yr": sum(species.values()),
        }
    )


FORMATS: Mapping[str, Callable[[Analysis], pd.DataFrame]] = {
    "csv": fleet_table,
    "iamc": iamc_table,
    "points": point_table,
}


def export(run: Analysis, path: str | Path, format_name: str, *, overwrite: bool = False) -> pd.DataFrame:
    """Write a run as CSV for another program, and return the table written.

    Parameters
    ----------
    run : Analysis
        The run.
    path : str or Path
        File to write.
    format_name : str
        ``csv``, ``iamc`` or ``points``.
    overwrite : bool
        Whether a file of this name may be replaced.

    Raises
    ------
    UsageError
        If there is no such format, or the file exists or cannot be written.
    """
    target = Path(path)
    if format_name not in FORMATS:
        raise UsageError(
            f"{format_name!r} is unknown. Use one of: {', '.join(FORMATS)}.", parameter="format_name", allowed=FORMATS
        )
    check_target(target, "path", ".csv", overwrite=overwrite)
    table = FORMATS[format_name](run)
    with new_file(target, "path") as new:
        write_csv(table, new)
    return table
