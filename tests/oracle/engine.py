"""The main job a second time, from the documents and the factor tables alone: deterministic central values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from tests.oracle import coal_units, kilns
from tests.oracle.tables import Tables
from tests.oracle.trains import Removals
from tests.oracle.years import Years, amounts_by_year, ranked, smallest_set, years_of

Cells = dict[str, Any]


@dataclass
class Fleet:
    """The sheets of a workbook; blank cells are None or missing."""

    coal: list[Cells] = field(default_factory=list)
    kilns: list[Cells] = field(default_factory=list)
    fuels: list[Cells] = field(default_factory=list)
    activity: list[Cells] = field(default_factory=list)
    measurements: list[Cells] = field(default_factory=list)
    factors: dict[str, float] = field(default_factory=dict)
    base_year: int = 2026
    rule: str = "icsc_40"
    profile: str = "default"
    captive_category: str = "coal_power"


@dataclass
class Result:
    """Amounts of a unit [kg, kg/yr]; pathways and species of a full year."""

    sector: str
    category: str
    years: Years
    hg_in: float
    air: float
    by_year: dict[int, float]
    base_kg: float
    lifetime_kg: float
    pathways: dict[str, float]


def _activity_of(fleet: Fleet, unit: Cells) -> dict[int | None, Cells]:
    """Return variable -> amount by year; None: the normal year."""
    columns = ("coal_use", "heat_input_net", "heat_input_gross", "generation_net", "generation_gross")
    normal = {name: unit.get(name) for name in (*columns, "capacity_factor", "clinker_output")}
    by_year: dict[int | None, Cells] = {}
    for row in fleet.activity:
        if row["unit_id"] == unit["unit_id"]:
            by_year.setdefault(row["year"], {})[row["variable"]] = row["value"]
    years = sorted(year for year in by_year if year is not None)
    before, after = [y for y in years if y <= fleet.base_year], [y for y in years if y > fleet.base_year]
    chosen = before[-1] if before else after[0] if after else None
    return {**by_year, None: normal if chosen is None else by_year[chosen]}


class Engine:
    """The results of a fleet by unit id."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.tables = Tables(fleet.base_year, fleet.factors)
        self.removals = Removals(self.tables, fleet.profile)
        self.fuels = {row["fuel_id"]: row for row in fleet.fuels}
        self.units = {unit["unit_id"]: self._coal(unit) for unit in fleet.coal}
        self.units |= {unit["unit_id"]: self._kiln(unit) for unit in fleet.kilns}

    def _shared(self, unit: Cells) -> float | None:
        """Return the mean content of the other units of the plant and owner that report one of the same coal."""
        if not unit.get("plant"):
            return None
        contents = []
        for other in self.fleet.coal:
            same = all(other.get(k) == unit.get(k) for k in ("plant", "owner", "country", "coal_type", "fuel_id"))
            if other is not unit and same and other.get("hg_coal") is not None:
                contents.append(coal_units.coal_of_unit(self.tables, other, self.fuels, None).content)
        return sum(contents) / len(contents) if contents else None

    def _coal(self, unit: Cells) -> Result:
        coal = coal_units.coal_of_unit(self.tables, unit, self.fuels, self._shared(unit))
        activity = _activity_of(self.fleet, unit)
        found = {y: coal_units.compute(self.tables, unit, coal, self.removals, a) for y, a in activity.items()}
        one = found[None]
        category = self.fleet.captive_category if unit.get("captive") == "yes" else "coal_power"
        pathways = {name: one.hg_in * share for name, share in one.shares.items()}
        air = {year: each.air for year, each in found.items()}
        return self._result("coal_power", category, unit, one.hg_in, air, pathways, one.species)

    def _kiln(self, unit: Cells) -> Result:
        activity = _activity_of(self.fleet, unit)
        found = {y: kilns.compute(self.tables, unit, self.fuels, a.get("clinker_output")) for y, a in activity.items()}
        one = found[None]
        pathways = dict.fromkeys(coal_units.PATHWAYS, 0.0)
        pathways |= {"product": one.product, "waste": one.waste, "fgd_solids": one.fgd_solids}
        air = {year: each.air for year, each in found.items()}
        return self._result("cement_kiln", "cement", unit, one.hg_in, air, pathways, one.species)

    def _result(
        self, sector: str, category: str, unit: Cells, hg_in: float, air: dict[int | None, float],
        pathways: dict[str, float], kinds: tuple[float, float, float],
    ) -> Result:  # fmt: skip
        years = years_of(self.tables, unit, self.fleet.rule, kiln=sector == "cement_kiln")
        runs = float((unit.get("status") or "operating") in ("operating", "construction"))
        hg_in, normal = hg_in * runs, air.pop(None) * runs
        pathways = {name: amount * runs for name, amount in pathways.items()}
        of_year = {year: amount for year, amount in air.items() if year is not None}
        by_year = amounts_by_year(years, self.tables.base, of_year, normal)
        remaining = [by_year[year] for year in by_year if year >= self.tables.base and years.remaining > 0]
        lifetime = math.nan if years.remaining != years.remaining else math.fsum(remaining)
        base = by_year.get(self.tables.base, 0.0)
        kinds_kg = {name: normal * share for name, share in zip(("air_hg0", "air_hg2", "air_hgp"), kinds, strict=True)}
        return Result(sector, category, years, hg_in, normal, by_year, base, lifetime, {**kinds_kg, **pathways})

    def ranking(self, sector: str) -> list[str]:
        return ranked({k: u.lifetime_kg for k, u in self.units.items() if u.sector == sector})

    def coverage(self, category: str, share: float = 0.75) -> int:
        return smallest_set([u.base_kg for u in self.units.values() if u.category == category], share)

    def trajectory(self, sector: str) -> dict[int, float]:
        total: dict[int, float] = {}
        for unit in self.units.values():
            if unit.sector == sector:
                for year, amount in unit.by_year.items():
                    total[year] = total.get(year, 0.0) + amount
        return total
