"""The calculation of one unit, step by step: every number with its unit, origin, place and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from hginventory.decisions.ranking import rank_units
from hginventory.errors import UsageError
from hginventory.factors.library import FactorRow
from hginventory.factors.provenance import DEFAULT, NOT_USED, Value
from hginventory.inputs.fleet import as_records, is_blank
from hginventory.model.sector import CEMENT_KILN
from hginventory.projection import Projection
from hginventory.report.explanation import Explanation, Step
from hginventory.report.wording import nearest

__all__ = ["Explanation", "Step", "explain"]

NEAR_SHOWN = 8  # units of a plant named in place of an id


def explain(projection: Projection, unit_id: str, rank: int | None = None) -> Explanation:
    """Return the calculation of a unit.

    Parameters
    ----------
    projection : Projection
        The run.
    unit_id : str
        Id of the unit.
    rank : int, optional
        Its rank by remaining mercury, where it is known; else the units are ranked.

    Raises
    ------
    UsageError
        If there is no such unit; the nearest ids are proposed.
    """
    units = projection.units
    if unit_id not in units.index:
        plants = units["plant"].fillna("").str.casefold()
        near = list(units.index[plants.str.contains(unit_id.casefold(), regex=False)]) if unit_id else []
        near = near[:NEAR_SHOWN] or nearest(unit_id, units.index)
        raise UsageError(f"there is no unit {unit_id!r} in this run. Near: {', '.join(near) or 'none'}.")
    place = int(units.index.get_indexer(pd.Index([unit_id]))[0])
    row = as_records(units.iloc[[place]])[0]
    steps = _Steps(projection, unit_id, place)
    (_kiln_steps if row["sector"] == CEMENT_KILN else _coal_steps)(steps, row)
    _years_and_rank(steps, row, rank)
    title = " ".join(str(row[name]) for name in ("plant", "unit") if row[name])
    return Explanation(
        unit_id,
        f"{unit_id}  {title}  ({row['sector']}, {row['country']}, {row['status']})",
        tuple(steps.done),
        tuple(_rows(projection, steps.done)),
        _sources(projection, unit_id),
        tuple(_notes(projection, unit_id)),
        tuple(point for point in projection.measured if point.unit_id == unit_id),
    )


class _Steps:
    """Collects steps; results point to earlier steps by their numbers."""

    def __init__(self, projection: Projection, unit_id: str, place: int) -> None:
        self.projection = projection
        self.unit_id = unit_id
        self.place = place
        self.done: list[Step] = []

    def factor(self, name: str) -> Value:
        """Return the resolved value of a factor of the unit."""
        return self.projection.parameters[name].of_unit(self.place)

    def given(self, name: str, factor: str, unit: str, value: float | None = None) -> int:
        """Add an input and return its number."""
        resolved = self.factor(factor)
        number = resolved.value if value is None else value
        return self._add(name, number, unit, "", resolved.origin, resolved.ref)

    def cell(self, name: str, column: str, value: float | str, unit: str) -> int:
        """Add an input that stands in a cell and return its number."""
        return self._add(name, value, unit, "", "reported", self.projection.fleet.cell(self.unit_id, column) or "")

    def result(self, name: str, value: float | str, unit: str, formula: str) -> int:
        """Add a result and return its number."""
        return self._add(name, value, unit, formula, "", "")

    def _add(self, name: str, value: float | str, unit: str, formula: str, origin: str, ref: str) -> int:
        self.done.append(Step(len(self.done) + 1, name, value, unit, formula, origin, ref))
        return len(self.done)


def _coal_steps(steps: _Steps, row: dict[str, Any]) -> None:
    variable = str(row["method"]).removeprefix("mass balance from ")
    if variable == "coal_use":
        coal = steps.given("coal burned", "activity", "t/yr")
    else:
        if variable == "capacity_factor":
            net = _net_capacity(steps, row)
            factor = steps.given("capacity factor", "activity", "1")
            generation = steps.result(
                "net generation", row["generation_net_gwh_per_yr"], "GWh/yr", f"({net}) x 8760 h x ({factor}) / 1000"
            )
        elif variable == "generation_gross":
            gross = steps.given("gross generation", "activity", "GWh/yr")
            own = steps.given("own use of the plant", "auxiliary_share", "1")
            generation = steps.result(
                "net generation", row["generation_net_gwh_per_yr"], "GWh/yr", f"({gross}) x (1 - ({own}))"
            )
        else:
            generation = steps.given("net generation", "activity", "GWh/yr")
        efficiency = steps.given("net efficiency (net calorific value)", "net_efficiency", "1")
        heat_tj = float(row["coal_t_per_yr"]) * float(row["calorific_value_mj_per_kg"]) / 1000.0
        heat = steps.result("fuel heat", heat_tj, "TJ/yr", f"({generation}) x 3.6 / ({efficiency})")
        ncv = steps.given("net calorific value as received", "calorific_value", "MJ/kg")
        coal = steps.result("coal burned", row["coal_t_per_yr"], "t/yr", f"({heat}) x 1000 / ({ncv})")
    content = steps.given("mercury in coal as received", "hg_coal", "mg/kg")
    mercury = steps.result(
        "mercury in the coal", row["hg_in_kg_per_yr"], "kg/yr", _running(row, f"({coal}) x ({content}) / 1000")
    )
    train = steps.factor("train")
    steps.done.append(
        Step(
            len(steps.done) + 1,
            f"control train ({row['boiler'] or 'unknown'} boiler, {row['coal_class']} coal)",
            str(row["train"]),
            "",
            "",
            train.origin,
            train.ref or "control columns of the unit",
        )
    )
    removal = steps.given("removal, coal to stack", "removal", "1")
    steps.result("mercury to air", row["air_kg_per_yr"], "kg/yr", _running(row, f"({mercury}) x (1 - ({removal}))"))


def _net_capacity(steps: _Steps, row: dict[str, Any]) -> int:
    fleet = steps.projection.fleet
    if fleet.cell(steps.unit_id, "capacity_net"):
        return steps.cell("net capacity", "capacity_net", row["capacity_net_mw"], "MW")
    gross = steps.cell("gross capacity", "capacity_gross", row["capacity_gross_mw"], "MW")
    own = steps.given("own use of the plant", "auxiliary_share", "1")
    return steps.result("net capacity", row["capacity_net_mw"], "MW", f"({gross}) x (1 - ({own}))")


def _running(row: dict[str, Any], formula: str) -> str:
    return formula if row["status"] in ("operating", "construction") else f"0, as the unit is {row['status']}"


def _kiln_steps(steps: _Steps, row: dict[str, Any]) -> None:
    tier, _, basis = str(row["method"]).partition(" from ")
    if tier == "tier3":
        value = row["air_kg_per_yr"]
        steps.given("mercury to air, measured", "activity", "kg/yr", value)
        return
    clinker = _clinker(steps, row, basis)
    if tier == "tier1":
        factor = steps.given("emission factor per clinker, dust returned, no mercury control", "emission_factor", "g/t")
        air = steps.given("share of the input leaving to air, dust returned", "air_share", "1")
        formula = f"({clinker}) x ({factor}) / ({air}) / 1000"
        mercury = steps.result("mercury input", row["hg_in_kg_per_yr"], "kg/yr", _running(row, formula))
        removal = steps.given("kept from the stack, dust loop and controls", "removal", "1", row["removal"])
        steps.result("mercury to air", row["air_kg_per_yr"], "kg/yr", _running(row, f"({mercury}) x (1 - ({removal}))"))
        return
    ratio = steps.given("fresh raw meal per clinker", "raw_meal_ratio", "t/t")
    meal = steps.given("mercury in raw meal, dry", "hg_raw_meal", "mg/kg")
    heat = steps.given("fuel heat per clinker", "heat_use", "MJ/t")
    fuel = steps.given("mercury per fuel heat", "fuel_hg", "mg/MJ")
    mercury = steps.result(
        "mercury input",
        row["hg_in_kg_per_yr"],
        "kg/yr",
        _running(row, f"({clinker}) x [({ratio}) x ({meal}) + ({heat}) x ({fuel}) / 1000] / 1000"),
    )
    steps.given("share of the input leaving to air, dust returned", "air_share", "1")
    removal = steps.given("kept from the stack, dust loop and controls", "removal", "1", row["removal"])
    steps.result("mercury to air", row["air_kg_per_yr"], "kg/yr", _running(row, f"({mercury}) x (1 - ({removal}))"))


def _clinker(steps: _Steps, row: dict[str, Any], basis: str) -> int:
    if basis == "clinker output":
        return steps.given("clinker made", "activity", "t/yr")
    column = basis.replace(" ", "_")
    stated = steps.projection.fleet.units[column].astype(float)[steps.unit_id]
    capacity = steps.cell(basis, column, float(stated), "t/yr")
    use = steps.given("utilisation", "utilisation", "1")
    formula = f"({capacity}) x ({use})"
    if basis == "cement capacity":
        formula += f" x ({steps.given('clinker per cement', 'clinker_factor', 't/t')})"
        if steps.factor("clinker_import_share").origin != NOT_USED:
            imports = steps.given("clinker bought in", "clinker_import_share", "1")
            formula += f" x (1 - ({imports}))"
    return steps.result("clinker made", row["clinker_t_per_yr"], "t/yr", _running(row, formula))


def _years_and_rank(steps: _Steps, row: dict[str, Any], rank: int | None) -> None:
    settings = steps.projection.settings
    air = len(steps.done)
    if not is_blank(row["start_year"]):
        if row["start_origin"] == DEFAULT:
            start = steps.result("start year", f"{row['start_year']:.0f}", "", "set by the rule, see the notes")
        else:
            start = steps.cell("start year", "start_year", f"{row['start_year']:.0f}", "")
        years = steps.result(
            f"remaining years from {settings.base_year}",
            float(row["remaining_years"]),
            "yr",
            f"from ({start}) by the rule {settings.rule_text}",
        )
        steps.result("mercury over the remaining life", row["lifetime_kg"], "kg", f"({air}) summed over ({years})")
    units = steps.projection.units
    if rank is None:
        ranked = rank_units(units)
        rank = int(ranked.loc[ranked["unit_id"] == steps.unit_id, "rank"].iloc[0])
    steps.result("rank", f"{rank} of {len(units)}", "", "by mercury over the remaining life")


def _rows(projection: Projection, steps: Sequence[Step]) -> list[tuple[FactorRow, str]]:
    refs = dict.fromkeys(ref for step in steps for ref in step.ref.split("; ") if "/" in ref and "!" not in ref)
    found = []
    for ref in refs:
        row = projection.library.row(ref)
        source = projection.library.source(row.source_id)
        found.append((row, ", ".join(part for part in (source.citation, row.locator) if part)))
    return found


def _sources(projection: Projection, unit_id: str) -> tuple[str, ...]:
    fleet = projection.fleet
    named = str(fleet.units.loc[unit_id].get("source_id") or "")
    citations = {str(source): str(text) for source, text in fleet.sources["citation"].items()}
    out = []
    for source_id in (part.strip() for part in named.split(";")):
        if source_id in citations:
            out.append(f"{source_id}: {citations[source_id]}")
        elif source_id:
            out.append(source_id)
    return tuple(out)


def _notes(projection: Projection, unit_id: str) -> list[str]:
    own = [finding.message for finding in projection.findings if finding.unit_id == unit_id]
    read = projection.fleet.units.loc[unit_id]
    remarks = [str(read[name]) for name in ("data_quality", "note") if name in read and isinstance(read[name], str)]
    return [*own, *remarks, *([projection.settings.notice] if projection.settings.notice else [])]
