"""Coal fleet to parameters: every number the coal model needs, given or from the ladder, with its origin."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from hginventory.factors import lookup
from hginventory.factors.coal_quality import OF_COAL, ORIGIN, CoalQuality, CoalTables, NoDefaultError, given
from hginventory.factors.finding_log import FindingLog
from hginventory.factors.library import FactorLibrary
from hginventory.factors.origin_spread import COAL
from hginventory.factors.provenance import (
    CELL,
    DERIVED,
    REPORTED,
    UNUSED,
    Resolved,
    Value,
    all_refs,
    from_cell,
    from_row,
    per_kind,
)
from hginventory.factors.train_mix import GROUPS, TrainMix, TrainMixes, boiler_of, open_control
from hginventory.inputs.fleet import Cells, Fleet, as_records
from hginventory.inputs.parsing import parse_shares
from hginventory.translations import TranslatableText
from hginventory.vocabulary import DOMESTIC, IMPORTED, UNKNOWN, WET_SCRUBBERS, train_devices

Coals = Mapping[str, tuple[str, CoalQuality]]  # name of a fuel -> country and quality of what it stands for


@dataclass(frozen=True)
class CoalParameters:
    """What the coal model needs, one entry a unit, in the order of ``ids``.

    Attributes
    ----------
    ids : tuple of str
        Units.
    factors : mapping of str to Resolved
        auxiliary_share [1], capacity_factor [1], net_efficiency [1], calorific_value [MJ/kg, net as
        received], hg_coal [mg/kg as received], moisture [1], high_cl_share [1], removal [1].
    low_class : tuple of str
        Coal class other than high_cl.
    boiler : tuple of str
        Boiler code, also where the coal implies it.
    mixes : tuple of TrainMix
        Boilers and trains.
    chlorine_unknown : tuple of bool
        Whether neither chlorine nor class is known, so that the removal lies midway between two classes.
    """

    ids: tuple[str, ...]
    factors: Mapping[str, Resolved]
    low_class: tuple[str, ...]
    boiler: tuple[str, ...]
    mixes: tuple[TrainMix, ...]
    chlorine_unknown: tuple[bool, ...]


def resolve_coal(
    fleet: Fleet, units: pd.DataFrame, library: FactorLibrary, log: FindingLog, coals: Coals | None = None
) -> CoalParameters:
    """Resolve the parameters of the coal units of a fleet.

    Parameters
    ----------
    fleet : Fleet
        For cells and fuels.
    units : DataFrame
        Rows of ``fleet.units`` to resolve.
    library : FactorLibrary
        Factor tables, overrides applied.
    log : FindingLog
        Collects findings.
    coals : mapping of str to (str, CoalQuality), optional
        Fuels that are in no sheet, as the coal that a unit burned before a change: country and quality.
    """
    ids = [str(unit) for unit in units.index]
    cells = Cells(units)
    resolver = CoalResolver(fleet, library, log, coals)
    qualities = resolver.qualities(ids, cells)
    country, coal_type = cells.column("country"), cells.column("coal_type")
    mw, start = resolver.megawatts.of(cells.numbers("capacity_mw")), resolver.starts.of(cells.numbers("start_year"))
    boilers = per_kind(lambda unit: boiler_of(cells[unit]), cells.column("boiler"), coal_type)
    controls = [cells.column(group) for group in GROUPS]
    mixes = per_kind(
        lambda unit: resolver.mix(cells[unit], boilers[unit]), country, boilers, coal_type, mw, start, *controls
    )
    columns: dict[str, tuple[str, list[Value]]] = {
        "auxiliary_share": (
            "1",
            per_kind(
                lambda unit: resolver.auxiliary(ids[unit], cells[unit], boilers[unit], mixes[unit]),
                cells.own("capacity_net"), boilers, map(id, mixes),
            ),
        ),
        "capacity_factor": (
            "1",
            per_kind(
                lambda unit: resolver.capacity_factor(ids[unit], cells[unit]),
                cells.own("capacity_factor"), country, mw,
            ),
        ),
        "net_efficiency": (
            "1",
            per_kind(
                lambda unit: resolver.efficiency(ids[unit], cells[unit], boilers[unit]),
                cells.own("net_efficiency"), country, cells.column("technology"), boilers, mw,
            ),
        ),
        "calorific_value": ("MJ/kg", [q.ncv for q in qualities]),
        "hg_coal": ("mg/kg", [q.hg for q in qualities]),
        "moisture": ("1", [q.moisture or UNUSED for q in qualities]),
        "high_cl_share": ("1", [q.high_cl_share for q in qualities]),
    }  # fmt: skip
    open_cells = per_kind(lambda unit: open_control(cells[unit]), *controls)
    for unit, boiler, stated, mix, cell in zip(ids, boilers, cells.column("boiler"), mixes, open_cells, strict=True):
        if boiler != (stated or UNKNOWN):
            log.add("N726", fleet, unit, "boiler")
        if mix.origin == DERIVED:
            found = TranslatableText("train {train}", train=mix.label)
            log.add("W711", fleet, unit, cell, found=found)
    return CoalParameters(
        tuple(ids),
        {name: Resolved.of(name, unit, values) for name, (unit, values) in columns.items()},
        tuple(q.low_class for q in qualities),
        tuple(boilers),
        tuple(mixes),
        tuple("W702" in q.notes for q in qualities),
    )


class CoalResolver:
    """Carries the indexed tables through the units of one fleet; parameters as in `resolve_coal`."""

    def __init__(self, fleet: Fleet, library: FactorLibrary, log: FindingLog, coals: Coals | None = None) -> None:
        self.fleet = fleet
        self.log = log
        self.coals = coals or {}
        self.coal = library.once(CoalTables)
        self.mixes = library.once(TrainMixes)
        technology = library.table("coal_technology")
        self.megawatts = lookup.Bands("mw", technology, *self.mixes.tables)
        self.starts = lookup.Bands("start", *self.mixes.tables)
        self.efficiencies = lookup.TechnologyLadder(technology, "net_efficiency")
        self.capacity_factors = lookup.TechnologyLadder(technology, "capacity_factor")
        self.process = lookup.Ladder(library.table("coal_process"), ("quantity", "boiler", "device"))
        self.fuels = self._fuels()

    def _fuels(self) -> dict[str, dict[str, Any]]:
        frame = self.fleet.fuels
        return {str(fuel): row for fuel, row in zip(frame.index, as_records(frame), strict=True)}

    def qualities(self, ids: Sequence[str], cells: Cells) -> list[CoalQuality]:
        """Return the coal of each unit; a gap in mercury gets the mean of its plant for the same coal."""
        origin = cells.column(ORIGIN)
        imported = (unit if own == IMPORTED else -1 for unit, own in enumerate(origin))  # each with its own reference
        found = per_kind(
            lambda unit: self._found(ids[unit], cells[unit]),
            cells.own("fuel_id", *OF_COAL), imported, origin, cells.column("country"), cells.column("coal_type"),
        )  # fmt: skip
        own = [self._noted(unit, one) for unit, one in zip(ids, found, strict=True)]
        shared: dict[tuple[str, ...], list[Value]] = {}
        alike = ("plant", "owner", "country", "fuel_id", "coal_type")  # of units that share an analysis of coal
        plants = [tuple(str(part or "") for part in row) for row in zip(*map(cells.column, alike), strict=True)]
        given_hg, given_fuel = cells.given("hg_coal"), cells.given("fuel_id")
        for index in np.flatnonzero(given_hg).tolist():
            if plants[index][0]:
                shared.setdefault(plants[index], []).append(own[index].hg)
        for index in np.flatnonzero(~given_hg & ~given_fuel).tolist() if shared else ():
            values = shared.get(plants[index])
            if values is None:
                continue
            mean = sum(value.value for value in values) / len(values)
            refs = all_refs(value.refs for value in values)
            content = TranslatableText("{content} mg/kg of the same plant", content=f"{mean:.3g}")
            self.log.add("N704", self.fleet, ids[index], "hg_coal", found=content)
            spread = self.coal.spreads.of(values[0], COAL, str(cells.column("country")[index]))
            own[index] = replace(own[index], hg=Value(mean, DERIVED, refs, CELL, spread))
        return own

    def quality(self, unit: str, record: Mapping[str, Any]) -> CoalQuality:
        """Return the coal of one unit by its own row and fuels, whatever other units of its plant burn."""
        return self._noted(unit, self._found(unit, record))

    def _found(self, unit: str, record: Mapping[str, Any]) -> CoalQuality | NoDefaultError:
        country = str(record["country"])
        coal_type = str(record.get("coal_type") or UNKNOWN)
        try:
            if given(record, "fuel_id"):
                return self._burned(unit, record, country, coal_type)
            return self.coal.quality(record, lambda column: self.fleet.cell(unit, column), country, coal_type)
        except NoDefaultError as gap:
            return gap

    def _noted(self, unit: str, found: CoalQuality | NoDefaultError) -> CoalQuality:
        """Return the coal of a unit, with a finding for what had to be assumed of it, or what is missing."""
        if isinstance(found, NoDefaultError):
            self.log.add("E706", self.fleet, unit, found.column, found=found.missing)
            blank = Value(math.nan, "default", (), "")
            return CoalQuality(blank, blank, Value(0.5, "default", (), ""), "low_cl")
        for code in found.notes:
            column = {"N703": "hg_basis", "W702": "cl_coal"}[code]
            self.log.add(code, self.fleet, unit, column)
        return found

    def country(self, record: Mapping[str, Any]) -> str:
        """Return where the coal of a unit comes from; blank where its fuels are of several countries."""
        country = str(record["country"])
        if given(record, "hg_coal") or not given(record, "fuel_id"):
            return country
        of_fuels = {str(self.fuels[fuel].get("country") or country) for fuel in parse_shares(str(record["fuel_id"]))}
        return of_fuels.pop() if len(of_fuels) == 1 else ""

    def _burned(self, unit: str, record: Mapping[str, Any], country: str, coal_type: str) -> CoalQuality:
        """Return the blend of the fuels a unit burns; a cell of the unit itself takes precedence."""
        parts = []
        for fuel, share in parse_shares(str(record["fuel_id"])).items():
            if fuel in self.coals:
                parts.append((share, *self.coals[fuel]))
                continue
            cells = {**self.fuels[fuel]}
            cells[ORIGIN] = DOMESTIC if given(cells, "country") else record.get(ORIGIN)  # a named country's own coal
            origin = str(cells.get("country") or country)
            rank = str(cells.get("coal_type") or coal_type)
            parts.append((share, origin, self.coal.quality(cells, partial(self.fleet.fuel_cell, fuel), origin, rank)))
        mixed = self.coal.blend(parts)
        own = self.coal.quality(record, lambda column: self.fleet.cell(unit, column), country, coal_type)
        hg, heat, chlorine = (
            own if given(record, name) else mixed for name in ("hg_coal", "calorific_value", "cl_coal")
        )
        bases = {note for quality in (hg, heat) for note in quality.notes - {"W702"}}
        return CoalQuality(
            hg.hg,
            heat.ncv,
            chlorine.high_cl_share,
            mixed.low_class,
            hg.moisture or heat.moisture,
            frozenset(bases | (chlorine.notes & {"W702"})),
            chlorine.chlorine,
        )

    def mix(self, record: Mapping[str, Any], boiler: str) -> TrainMix:
        """Return the boilers and trains of a unit."""
        controls = {group: str(record.get(group) or UNKNOWN) for group in GROUPS}
        return self.mixes.of(
            str(record["country"]),
            boiler,
            str(record.get("coal_type") or UNKNOWN),
            _number(record.get("capacity_mw")),
            _number(record.get("start_year")),
            controls,
        )

    def auxiliary(self, unit: str, record: Mapping[str, Any], boiler: str, mix: TrainMix) -> Value:
        """Return the share of gross power the plant uses itself: from both capacities, else from the table."""
        if given(record, "capacity_gross") and given(record, "capacity_net"):
            share = 1.0 - float(record["capacity_net"]) / float(record["capacity_gross"])
            cells = (self.fleet.cell(unit, column) for column in ("capacity_net", "capacity_gross"))
            return Value(share, REPORTED, tuple(filter(None, cells)), CELL)
        rungs = [("auxiliary_share", boiler, ""), ("auxiliary_share", "", "")]
        if all(train != UNKNOWN and WET_SCRUBBERS.intersection(train_devices(train)) for *_, train in mix.parts):
            rungs.insert(0, ("auxiliary_share", "", "FGD"))
        return from_row(self.process.needed(rungs))

    def capacity_factor(self, unit: str, record: Mapping[str, Any]) -> Value:
        """Return the capacity factor; the activity rule decides later whether it is used."""
        if given(record, "capacity_factor"):
            return from_cell(self.fleet.cell(unit, "capacity_factor"), float(record["capacity_factor"]))
        row = self.capacity_factors.best(str(record["country"]), "", "", _number(record.get("capacity_mw")))
        return from_row(row)

    def efficiency(self, unit: str, record: Mapping[str, Any], boiler: str) -> Value:
        """Return the net efficiency."""
        if given(record, "net_efficiency"):
            return from_cell(self.fleet.cell(unit, "net_efficiency"), float(record["net_efficiency"]))
        technology = str(record.get("technology") or UNKNOWN)
        row = self.efficiencies.best(str(record["country"]), technology, boiler, _number(record.get("capacity_mw")))
        return from_row(row)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
