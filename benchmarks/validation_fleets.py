"""Cases of validation.py: national totals, power stations and kilns, each on the fleet of its year."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from validation_scores import Outcome

import hginventory as hg
from hginventory.decisions.ranking import PublishedTotal, base_year_draws
from hginventory.decisions.ranking.interval import Interval
from hginventory.decisions.ranking.published_totals import published_totals, references
from hginventory.errors import UsageError
from hginventory.factors import FactorRow, is_row, load_library
from hginventory.inputs.bundled.tracker_table import read_tracker_table
from hginventory.inputs.fleet import Fleet
from hginventory.inputs.trackers import Filters, gem_coal_fleet
from hginventory.projection import Projection, project_fleet

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from kiln_validation import Plant, Predictions

from kiln_rate_rows import P95
from kiln_rates import co2_per_clinker, plant_years

DRAWS, SEED = 2000, 1
FIRST_YEAR = 2000  # the tracker has no unit that was retired before
CEMENT = "cement"
DEFAULTS, LEFT_OUT = "kilns, defaults", "kilns, their country left out"
KG_PER_T = 1000.0
MG_PER_KG = 1e6


def national(row: FactorRow) -> Outcome:
    """Return a published national total next to our fleet of its year."""
    keys, year = row.keys, int(row.extra["fleet_year"])
    case_id = f"total/{keys['country']}/{keys['category']}/{keys['year']}"
    place = f"{keys['country']}, {row.basis}"
    blank = Outcome(
        case_id, f"national totals, {'cement' if keys['category'] == CEMENT else 'coal'}", place, keys["year"],
        keys["country"], row.number() * KG_PER_T, math.nan, math.nan, math.nan, _citation(row),
    )  # fmt: skip
    if keys["category"] == CEMENT:
        return replace(blank, remark="no kilns known for the year")
    try:
        projection = coal_projection(keys["country"], max(year, FIRST_YEAR))
    except UsageError:
        return replace(blank, remark="no unit of the country known")
    sets = {name: own for name, (found, own) in references(projection).items() if found is row}
    if not sets:
        return replace(blank, remark="no unit of this category known")
    [total] = [t for t in published_totals(projection, base_year_draws(projection, sets, DRAWS, SEED)) if t.row is row]
    assert total.drawn is not None
    return replace(
        blank, ours=total.our_kg, low=total.drawn.p05, high=total.drawn.p95, remark=_remark(total, projection, year)
    )


def _remark(total: PublishedTotal, projection: Projection, year: int) -> str:
    if total.is_recalled:
        return "recalled, not read"
    if total.not_independent:
        return f"not independent: {total.not_independent}"
    if total.row.source_id in sources_used(projection):
        return "not independent: an input is from the same source"
    return "another year" if year < FIRST_YEAR else ""


def sources_used(projection: Projection) -> set[str]:
    """Return the sources of the factor rows that the units of a run rest on."""
    refs = {ref for factor in projection.parameters.values() for refs in factor.refs for ref in refs if is_row(ref)}
    return {projection.library.row(ref).source_id for ref in refs}


@cache
def coal_projection(country: str, year: int) -> Projection:
    """Return the central run of the coal units of a country that ran in a year.

    A workbook of the country is taken before the tracker's units.
    """
    fleet = hg.read_fleet(country)
    if (fleet.source.bundled or "").startswith("tracker:"):
        fleet = tracker_fleet(country, year)
    return project_fleet(fleet, base_year=year)


def tracker_fleet(country: str, year: int) -> Fleet:
    """Return the units of the bundled tracker table that ran in a year."""
    fleet, _ = gem_coal_fleet(read_tracker_table([country]), Filters(in_year=year))
    return fleet


def power_stations(rows: Iterable[FactorRow]) -> Iterator[Outcome]:
    """Yield what coal power stations report next to their units of that year, burning the coal of the reported CO2."""
    for row in rows:
        keys = row.keys
        fleet = tracker_fleet(keys["country"], int(keys["year"]))
        own = (fleet.units["plant"] == keys["plant"]).to_numpy()
        blank = Outcome(
            f"power/{keys['country']}/{keys['plant']}/{keys['year']}", "power stations", keys["plant"], keys["year"],
            keys["plant"], row.number(), math.nan, math.nan, math.nan, _citation(row),
        )  # fmt: skip
        if not own.any():
            yield replace(blank, remark="no unit of the tracker ran in that year")
            continue
        burning = _with_coal(fleet, own, float(row.extra["co2_t"]))
        projection = project_fleet(burning, base_year=int(keys["year"]))
        kg, drawn = _of(projection, own)
        shared = row.source_id in sources_used(projection)
        yield replace(blank, ours=kg, low=drawn.p05, high=drawn.p95,
                      remark="not independent: an input is from the same source" if shared else "")  # fmt: skip


def _with_coal(fleet: Fleet, own: np.ndarray, co2_t: float) -> Fleet:
    """Return a fleet whose chosen units burn the coal of an amount of CO2 [t], shared by capacity."""
    heat_gj = co2_t * KG_PER_T / _co2_per_heat()
    central = project_fleet(fleet).units["calorific_value_mj_per_kg"].to_numpy(dtype=float)
    capacity = fleet.units["capacity_gross"].to_numpy(dtype=float)
    share = np.where(own, capacity, 0.0) / capacity[own].sum()
    units = fleet.units.copy()
    units.loc[own, "coal_use"] = (share * heat_gj / central)[own]
    return replace(fleet, units=units)


@cache
def _co2_per_heat() -> float:
    """Return the CO2 of hard coal per net heat [kg/GJ], from the factor table."""
    wanted = {"quantity": "co2_per_heat", "country": "WLD", "coal_type": "bituminous"}
    return next(r.number() for r in load_library().table("coal_heating_value").rows if r.keys == wanted)


def kilns(rows: Iterable[FactorRow]) -> Iterator[Outcome]:
    """Yield what kilns report next to our default for their clinker, which follows from their CO2."""
    known = [row for row in rows if row.extra["co2_t"]]
    for year in sorted({row.keys["year"] for row in known}):
        own = [row for row in known if row.keys["year"] == year]
        clinker = [float(row.extra["co2_t"]) / co2_per_clinker() for row in own]
        frame = pd.DataFrame(
            {"unit_id": [f"K{n}" for n in range(len(own))], "country": [row.keys["country"] for row in own],
             "clinker_output": clinker}
        )  # fmt: skip
        fleet = hg.fleet_from_frame(frame, sector="cement_kiln", settings={"base_year": int(year)})
        projection = project_fleet(fleet)
        sets = {str(unit): np.arange(len(own)) == n for n, unit in enumerate(projection.units.index)}
        drawn = base_year_draws(projection, sets, DRAWS, SEED)
        for n, (row, kg) in enumerate(zip(own, projection.units["air_base_year_kg"], strict=True)):
            band = Interval.of(drawn[f"K{n}"])
            shared = row.source_id in _sources_of(projection, n)
            yield replace(
                _kiln(row, DEFAULTS), ours=float(kg), low=band.p05, high=band.p95,
                remark="not independent: the default is fitted to the register" if shared else "",
            )  # fmt: skip


def kilns_left_out(rows: Iterable[FactorRow]) -> Iterator[Outcome]:
    """Yield what kilns report next to the rate fitted to the registers without their country."""
    known = [row for row in rows if row.extra["co2_t"]]
    table = pd.DataFrame(
        [{**row.keys, **row.extra, "value": "" if row.value is None else str(row.value)} for row in known]
    )
    per_clinker = load_library().row("cement_kiln/co2_per_clinker/any/WLD")
    spread = per_clinker.number("spread") / per_clinker.number()
    predictions = Predictions(plant_years(table, per_clinker.number()), spread)
    for row in known:
        rate = predictions.country_out(Plant(row.keys["country"], row.keys["plant"], math.nan, math.nan))
        clinker = float(row.extra["co2_t"]) / per_clinker.number()
        kg, low, high = (mg * clinker / MG_PER_KG for mg in (rate.mean, rate.percentile(-P95), rate.percentile(P95)))
        yield replace(_kiln(row, LEFT_OUT), ours=kg, low=low, high=high)


def _kiln(row: FactorRow, group: str) -> Outcome:
    keys = row.keys
    name = "kiln" if group == DEFAULTS else "left-out"
    value = row.high if row.value is None else row.value
    return Outcome(
        f"{name}/{keys['country']}/{keys['plant']}/{keys['year']}", group, f"{keys['country']}, {keys['plant']}",
        keys["year"], keys["plant"], float(value or math.nan), math.nan, math.nan, math.nan, _citation(row),
        censored=row.value is None,
    )  # fmt: skip


def _of(projection: Projection, own: np.ndarray) -> tuple[float, Interval]:
    drawn = base_year_draws(projection, {"own": own}, DRAWS, SEED)["own"]
    return float(projection.units.loc[own, "air_base_year_kg"].sum()), Interval.of(drawn)


def _sources_of(projection: Projection, unit: int) -> set[str]:
    refs = {ref for factor in projection.parameters.values() for ref in factor.refs[unit] if is_row(ref)}
    return {projection.library.row(ref).source_id for ref in refs}


def _citation(row: FactorRow) -> str:
    return load_library().source(row.source_id).citation
