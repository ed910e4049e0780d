"""Coal fleet to parameters: every number the coal model needs, given or from the ladder, with its origin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from hginventory.factors import lookup
from hginventory.factors.coal_quality import ORIGIN, CoalQuality, CoalTables, NoDefaultError, given
from hginventory.factors.finding_log import FindingLog
from hginventory.factors.library import FactorLibrary
from hginventory.factors.origin_spread import COAL
from hginventory.factors.provenance import (
    CELL,
    DEFAULT,
    DERIVED,
    REPORTED,
    UNUSED,
    Resolved,
    Value,
    all_refs,
    from_cell,
    from_row,
    weakest_mark,
)
from hginventory.factors.train_mix import GROUPS, TrainMix, TrainMixes, boiler_of, open_control
from hginventory.inputs.fleet import Fleet, as_records
from hginventory.inputs.parsing import parse_shares
from hginventory.translations import TranslatableText
from hginventory.vocabulary import DOMESTIC, UNKNOWN, WET_SCRUBBERS, train_devices

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
    resolver = CoalResolver(fleet, library, log, coals)
    records = as_records(units)
    ids = [str(unit) for unit in units.index]
    boilers = [boiler_of(record) for record in records]
    qualities = resolver.qualities(ids, records)
    mixes = [resolver.mix(r, b) for r, b in zip(records, boilers, strict=True)]
    columns: dict[str, tuple[str, list[Value]]] = {
        "auxiliary_share": (
            "1",
            [resolver.auxiliary(*item) for item in zip(ids, records, boilers, mixes, strict=True)],
        ),
        "capacity_factor": ("1", [resolver.capacity_factor(u, r) for u, r in zip(ids, records, strict=True)]),
        "net_efficiency": ("1", [resolver.efficiency(u, r, b) for u, r, b in zip(ids, records, boilers, strict=True)]),
        "calorific_value": ("MJ/kg", [q.ncv for q in qualities]),
        "hg_coal": ("mg/kg", [q.hg for q in qualities]),
        "moisture": ("1", [q.moisture or UNUSED for q in qualities]),
        "high_cl_share": ("1", [q.high_cl_share for q in qualities]),
    }
    for unit, record, boiler, mix in zip(ids, records, boilers, mixes, strict=True):
        if boiler != (record.get("boiler") or UNKNOWN):
            log.add("N726", fleet, unit, "boiler")
        if mix.origin == DERIVED:
            log.add("W711", fleet, unit, open_control(record), found=TranslatableText("train {train}", train=mix.label))
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
        self.efficiencies = lookup.TechnologyLadder(technology, "net_efficiency")
        self.capacity_factors = lookup.TechnologyLadder(technology, "capacity_factor")
        self.process = lookup.Ladder(library.table("coal_process"), ("quantity", "boiler", "device"))
        self.fuels = self._fuels()

    def _fuels(self) -> dict[str, dict[str, Any]]:
        frame = self.fleet.fuels
        return {str(fuel): row for fuel, row in zip(frame.index, as_records(frame), strict=True)}

    def qualities(self, ids: list[str], records: list[dict[str, Any]]) -> list[CoalQuality]:
        """Return the coal of each unit; a gap in mercury gets the mean of its plant for the same coal."""
        own = [self.quality(unit, record) for unit, record in zip(ids, records, strict=True)]
        shared: dict[tuple[str, ...], list[Value]] = {}
        for record, quality in zip(records, own, strict=True):
            if given(record, "hg_coal") and record.get("plant"):
                shared.setdefault(_coal_of_plant(record), []).append(quality.hg)
        out = []
        for unit, record, quality in zip(ids, records, own, strict=True):
            values = shared.get(_coal_of_plant(record), [])
            if not values or given(record, "hg_coal") or given(record, "fuel_id"):
                out.append(quality)
                continue
            mean = sum(value.value for value in values) / len(values)
            refs = all_refs(value.refs for value in values)
            self.log.add(
                "N704",
                self.fleet,
                unit,
                "hg_coal",
                found=TranslatableText("{content} mg/kg of the same plant", content=f"{mean:.3g}"),
            )
            spread = self.coal.spreads.of(values[0], COAL, str(record["country"]))
            out.append(replace(quality, hg=Value(mean, DERIVED, refs, CELL, spread)))
        return out

    def quality(self, unit: str, record: dict[str, Any]) -> CoalQuality:
        """Return the coal of one unit by its own row and fuels, whatever other units of its plant burn."""
        country = str(record["country"])
        coal_type = str(record.get("coal_type") or UNKNOWN)
        try:
            if given(record, "fuel_id"):
                quality = self._burned(unit, record, country, coal_type)
            else:
                quality = self.coal.quality(record, lambda column: self.fleet.cell(unit, column), country, coal_type)
        except NoDefaultError as gap:
            self.log.add("E706", self.fleet, unit, gap.column, found=gap.missing)
            blank = Value(math.nan, "default", (), "")
            return CoalQuality(blank, blank, Value(0.5, "default", (), ""), "low_cl")
        for code in quality.notes:
            column = {"N703": "hg_basis", "W702": "cl_coal"}[code]
            self.log.add(code, self.fleet, unit, column)
        return quality

    def country(self, record: dict[str, Any]) -> str:
        """Return where the coal of a unit comes from; blank where its fuels are of several countries."""
        country = str(record["country"])
        if given(record, "hg_coal") or not given(record, "fuel_id"):
            return country
        of_fuels = {str(self.fuels[fuel].get("country") or country) for fuel in parse_shares(str(record["fuel_id"]))}
        return of_fuels.pop() if len(of_fuels) == 1 else ""

    def _burned(self, unit: str, record: dict[str, Any], country: str, coal_type: str) -> CoalQuality:
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

    def mix(self, record: dict[str, Any], boiler: str) -> TrainMix:
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

    def auxiliary(self, unit: str, record: dict[str, Any], boiler: str, mix: TrainMix) -> Value:
        """Return the share of gross power the plant uses itself: from both capacities, else from the table."""
        if given(record, "capacity_gross") and given(record, "capacity_net"):
            share = 1.0 - float(record["capacity_net"]) / float(record["capacity_gross"])
            cells = (self.fleet.cell(unit, column) for column in ("capacity_net", "capacity_gross"))
            return Value(share, REPORTED, tuple(filter(None, cells)), CELL)
        rungs = [("auxiliary_share", boiler, ""), ("auxiliary_share", "", "")]
        if all(train != UNKNOWN and WET_SCRUBBERS.intersection(train_devices(train)) for *_, train in mix.parts):
            rungs.insert(0, ("auxiliary_share", "", "FGD"))
        return from_row(self.process.needed(rungs))

    def capacity_factor(self, unit: str, record: dict[str, Any]) -> Value:
        """Return the capacity factor; the activity rule decides later whether it is used."""
        if given(record, "capacity_factor"):
            return from_cell(self.fleet.cell(unit, "capacity_factor"), float(record["capacity_factor"]))
        row = self.capacity_factors.best(str(record["country"]), "", "", _number(record.get("capacity_mw")))
        return from_row(row)

    def efficiency(self, unit: str, record: dict[str, Any], boiler: str) -> Value:
        """Return the net efficiency."""
        if given(record, "net_efficiency"):
            return from_cell(self.fleet.cell(unit, "net_efficiency"), float(record["net_efficiency"]))
        technology = str(record.get("technology") or UNKNOWN)
        row = self.efficiencies.best(str(record["country"]), technology, boiler, _number(record.get("capacity_mw")))
        return from_row(row)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _coal_of_plant(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what units have in common that share an analysis of coal: plant, owner, country, fuel and coal type."""
    return tuple(str(record.get(name) or "") for name in ("plant", "owner", "country", "fuel_id", "coal_type"))


def gross_over_net(library: FactorLibrary, country: str, coal_type: str) -> Value:
    """Return gross over net calorific value as received [1], from the rows net_calorific_value and gross_minus_net.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    country : str
        ISO code of three letters.
    coal_type : str
        Coal type, may be ``unknown``.

    Examples
    --------
    >>> from hginventory.factors.library import load_library
    >>> 1.02 < gross_over_net(load_library(), "USA", "bituminous").value < 1.08
    True
    """
    tables = library.once(CoalTables)
    rungs = lookup.rank_rungs(country, coal_type)
    net, more = (from_row(ladder.needed(rungs)) for ladder in (tables.ncv, tables.gross_minus_net))
    mark = weakest_mark((net.read_from, more.read_from))
    return Value((net.value + more.value) / net.value, DEFAULT, (*net.refs, *more.refs), mark)
