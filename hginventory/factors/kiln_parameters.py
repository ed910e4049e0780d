"""Kilns to parameters: every number the kiln model needs, given or from the ladder, with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

import pandas as pd

from hginventory.factors import lookup
from hginventory.factors.activity import number
from hginventory.factors.coal_quality import ORIGIN, CoalTables, NoDefaultError, given
from hginventory.factors.finding_log import FindingLog
from hginventory.factors.library import FactorLibrary
from hginventory.factors.origin_spread import COAL, RAW_MEAL
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
    rests_on_default,
    weakest_mark,
)
from hginventory.factors.rows import FactorRow
from hginventory.factors.spread import Spread, of_sum
from hginventory.inputs.fleet import RATE, Fleet, as_records
from hginventory.inputs.parsing import parse_shares
from hginventory.vocabulary import DOMESTIC, KILN_FUELS, UNKNOWN

LIMESTONE = "limestone"
BLEEDS = ("dust_bleed_on", "dust_bleed_off")
ADDED_BLEED = "dust_bleed_added"  # by a measure, on top of what the kiln takes out as usual
LOOP = ("clinker_retention", "capture_on", "capture_off", "mill_off_share")  # besides the bleeds
# Column of the amount, column and parameter of the content, material that stands in.
ADDED_BEHIND_KILN = (("gypsum_use", "hg_gypsum", "fgd_gypsum"), ("ash_use", "hg_ash", "fly_ash"))
COAL_FUELS: Mapping[str, str] = {"coal": UNKNOWN, "lignite": "lignite"}  # kiln fuel -> coal type of the tables


@dataclass(frozen=True)
class KilnParameters:
    """What the kiln model needs, one entry a kiln, in the order of ``ids``.

    Attributes
    ----------
    ids : tuple of str
        Kilns.
    factors : mapping of str to Resolved
        utilisation [1], run_factor [1], clinker_factor [t/t], raw_meal_ratio [t/t], hg_raw_meal [mg/kg dry],
        heat_use [MJ/t], fuel_hg [mg/MJ], air_share [1] with the dust handled as usual, clinker_retention [1],
        mill_off_share [1], capture_on [1], capture_off [1], dust_bleed_on, dust_bleed_off [1] where stated,
        dust_bleed_added [1], emission_factor [g/t clinker], kiln_model [1] as in `origin_spread`, hg_gypsum, hg_ash
        [mg/kg] of what is added behind the kiln.
    controls : tuple of str
        Canonical trains.
    has_rate : tuple of bool
        Whether the emission factor is what plants of the country or region report, and not that of the world.
    """

    ids: tuple[str, ...]
    factors: Mapping[str, Resolved]
    controls: tuple[str, ...]
    has_rate: tuple[bool, ...] = ()


def resolve_kilns(fleet: Fleet, units: pd.DataFrame, library: FactorLibrary, log: FindingLog) -> KilnParameters:
    """Resolve the parameters of the kilns of a fleet; parameters as in `resolve_coal`."""
    resolver = _KilnResolver(fleet, library, log)
    ids = [str(unit) for unit in units.index]
    records = as_records(units)
    resolved = [resolver.of(unit, record) for unit, record in zip(ids, records, strict=True)]
    names = {
        "utilisation": "1",
        "run_factor": "1",
        "clinker_factor": "t/t",
        "clinker_import_share": "1",
        "raw_meal_ratio": "t/t",
        "hg_raw_meal": "mg/kg",
        "heat_use": "MJ/t",
        "fuel_hg": "mg/MJ",
        "air_share": "1",
        **dict.fromkeys((*LOOP, *BLEEDS, ADDED_BLEED), "1"),
        "emission_factor": "g/t",
        "kiln_model": "1",
        **dict.fromkeys((content for _, content, _ in ADDED_BEHIND_KILN), "mg/kg"),
    }
    factors = {name: Resolved.of(name, unit, [r[name] for r in resolved]) for name, unit in names.items()}
    has_rate = tuple(resolver.rate_of(str(record["country"])).keys["country"] != lookup.WORLD for record in records)
    return KilnParameters(tuple(ids), factors, tuple(str(r.get("controls") or UNKNOWN) for r in records), has_rate)


class _KilnResolver:
    """Carries the indexed tables through the kilns of one fleet."""

    def __init__(self, fleet: Fleet, library: FactorLibrary, log: FindingLog) -> None:
        self.fleet = fleet
        self.log = log
        self.kiln = lookup.Ladder(library.table("cement_kiln"), ("quantity", "kiln_type", "country"))
        self.activity = lookup.Ladder(library.table("cement_activity"), ("quantity", "country"))
        self.air = lookup.Ladder(library.table("cement_air_share"), ("country",))
        self.material = lookup.Ladder(library.table("cement_material"), ("material", "country"))
        self.fuel = lookup.Ladder(library.table("cement_fuel"), ("quantity", "fuel"))
        self.fuel_mix = lookup.Groups(library.table("cement_fuel_mix"), ("country",))
        self.emission_factor = lookup.Ladder(library.table("cement_emission_factor"), ("country",))
        self.mix = lookup.Ladder(library.table("cement_raw_mix"))
        self.region = {row.keys["country"]: row.keys["region"] for row in library.table("country_region").defaults}
        self.model = library.row("origin_spread/kiln_model/default")
        self.coal = library.once(CoalTables)
        self.tested_per_hour = {one.unit_id for one in fleet.measurements if one.quantity == RATE}
        frame = fleet.fuels
        self.fuels = {str(f): r for f, r in zip(frame.index, as_records(frame), strict=True)}

    def of(self, unit: str, record: Mapping[str, Any]) -> dict[str, Value]:
        """Return all factors of a kiln."""
        country = str(record["country"])
        kiln_type = str(record.get("kiln_type") or UNKNOWN)
        table_type = "" if kiln_type == UNKNOWN else kiln_type

        def kiln(quantity: str) -> FactorRow:
            rungs = product((quantity,), (table_type, ""), (country, lookup.WORLD))
            return self.kiln.needed(list(rungs))

        def national(ladder: lookup.Ladder, *keys: str) -> FactorRow:
            return self._national(ladder, country, *keys)

        def cell_or(column: str, row: FactorRow) -> Value:
            return self._cell(unit, record, column) or from_row(row)

        imports = self._cell(unit, record, "clinker_import_share")
        raw_meal = self._raw_meal(unit, record, country)
        return {
            "utilisation": cell_or("utilisation", national(self.activity, "utilisation")),
            "run_factor": from_row(kiln("run_factor")) if unit in self.tested_per_hour else UNUSED,
            "clinker_factor": cell_or("clinker_factor", national(self.activity, "clinker_factor")),
            "clinker_import_share": imports or UNUSED,
            "raw_meal_ratio": cell_or("raw_meal_ratio", kiln("raw_meal_per_clinker")),
            "hg_raw_meal": raw_meal,
            "heat_use": cell_or("heat_use", kiln("thermal_energy")),
            "fuel_hg": self._fuel(unit, record, country),
            "air_share": cell_or("air_share", national(self.air)),
            "clinker_retention": from_row(kiln("clinker_retention")),
            "mill_off_share": cell_or("mill_off_share", kiln("raw_mill_off_share")),
            "capture_on": from_row(kiln("mill_on_capture")),
            "capture_off": from_row(kiln("mill_off_capture")),
            **self._bleeds(unit, record),
            "emission_factor": from_row(self.rate_of(country)),
            "kiln_model": from_row(self.model) if rests_on_default(raw_meal) else UNUSED,
            **{
                content: self._added(unit, record, use, content, national(self.material, material))
                for use, content, material in ADDED_BEHIND_KILN
            },
        }

    def rate_of(self, country: str) -> FactorRow:
        """Return the row of the emission factor of a country."""
        return self._national(self.emission_factor, country)

    def _national(self, ladder: lookup.Ladder, country: str, *keys: str) -> FactorRow:
        """Return the row of a country, else of its region, else of the world."""
        return ladder.needed([(*keys, area) for area in (country, self.region.get(country, country), lookup.WORLD)])

    def _bleeds(self, unit: str, record: Mapping[str, Any]) -> dict[str, Value]:
        """Return the shares of the captured dust that leave the loop, where given.

        Where only one mode is given, the other takes no dust out.
        """
        stated = {name: self._cell(unit, record, name) for name in BLEEDS}
        refs = all_refs(value.refs for value in stated.values() if value is not None)
        blank = Value(0.0, DEFAULT, refs, "judgement") if any(stated.values()) else UNUSED
        return {ADDED_BLEED: UNUSED} | {name: value or blank for name, value in stated.items()}

    def _added(self, unit: str, record: Mapping[str, Any], use: str, content: str, row: FactorRow) -> Value:
        """Return the mercury of what is added behind the kiln; it plays no part where nothing is added."""
        if not number(record, use) > 0.0:
            return UNUSED
        own = self._cell(unit, record, content)
        if own is None:
            self.log.add("N718", self.fleet, unit, content)
        return own or from_row(row)

    def _cell(self, unit: str, record: Mapping[str, Any], column: str) -> Value | None:
        if not given(record, column):
            return None
        return from_cell(self.fleet.cell(unit, column), number(record, column))

    def _raw_meal(self, unit: str, record: Mapping[str, Any], country: str) -> Value:
        """Return the mercury of the fresh raw meal: its own analysis, else limestone and the other materials."""
        whole = self._cell(unit, record, "hg_raw_meal")
        if whole is not None:
            return whole
        limestone = self._cell(unit, record, "hg_limestone")
        own_share = self._cell(unit, record, "limestone_share")
        default_share = self.mix[LIMESTONE,].number()
        share = own_share.value if own_share else default_share
        scale = (1.0 - share) / (1.0 - default_share)  # the other materials keep their proportions
        total = 0.0
        refs: list[tuple[str, ...]] = []
        marks: list[str] = []
        parts: list[tuple[float, Spread | None]] = []
        for (material,), mix_row in self.mix.items():
            row = self.material.needed([(material, country), (material, lookup.WORLD)])
            content = limestone if material == LIMESTONE and limestone else from_row(row)
            part = share if material == LIMESTONE else mix_row.number() * scale
            total += part * content.value
            refs += [content.refs, (mix_row.row_id,)]
            marks += [content.read_from, CELL if own_share and material == LIMESTONE else mix_row.read_from]
            parts.append((part * content.value, self.coal.spreads.of(content, RAW_MEAL, country)))
        if own_share:
            refs.append(own_share.refs)
        origin = REPORTED if limestone else DEFAULT
        return Value(total, origin, all_refs(refs), weakest_mark(marks), of_sum(parts))

    def _fuel(self, unit: str, record: Mapping[str, Any], country: str) -> Value:
        """Return the mercury per heat of the fuels of a kiln [mg/MJ]."""
        stated = given(record, "fuels")
        rows = [] if stated else self.fuel_mix.get((country,)) or self.fuel_mix[lookup.WORLD,]
        mix = {row.keys["fuel"]: from_row(row) for row in rows}
        shares = parse_shares(str(record["fuels"])) if stated else {name: part.value for name, part in mix.items()}
        total = mass_per_heat = 0.0
        cell = self.fleet.cell(unit, "fuels") if stated else None
        refs = [(cell,)] if cell else [part.refs for part in mix.values()]
        own = self._cell(unit, record, "hg_fuel")
        contents: list[Value] = []
        heats: list[Value] = []
        parts: list[tuple[float, Spread | None]] = []
        for name, share in shares.items():
            try:
                hg, ncv = self._one_fuel(name, country, own)
            except NoDefaultError as gap:
                self.log.add("E710", self.fleet, unit, "fuels", found=gap.missing)
                return Value(float("nan"), DEFAULT, (), "")
            total += share * hg.value / ncv.value
            parts.append((share * hg.value / ncv.value, self.coal.spreads.of(hg, COAL, country)))
            mass_per_heat += share / ncv.value
            refs += [hg.refs, ncv.refs]
            contents.append(hg)
            heats.append(ncv)
        known_by = [value.read_from for value in (*mix.values(), *heats)]
        if own is not None:
            mark = weakest_mark([CELL, *known_by])
            return Value(own.value * mass_per_heat, REPORTED, tuple(chain(own.refs, *refs)), mark)
        origin = DEFAULT if any(value.origin == DEFAULT for value in (*mix.values(), *contents)) else DERIVED
        mark = weakest_mark([*known_by, *(content.read_from for content in contents)])
        return Value(total, origin, all_refs(refs), mark, of_sum(parts))

    def _one_fuel(self, name: str, country: str, own: Value | None) -> tuple[Value, Value]:
        """Return mercury [mg/kg] and net calorific value [MJ/kg] of a fuel named by id or code.

        A fuel of the sheet Fuels is a coal unless its id is the code of another fuel: then no value of coal is used.

        Parameters
        ----------
        name, country : str
            Fuel, and country of the kiln.
        own : Value or None
            Mercury in all fuels of the kiln, where it is stated [mg/kg].
        """
        code = KILN_FUELS.match(name) or name
        fuel_id = name if name in self.fuels else code
        cells = self.fuels.get(fuel_id, {})
        if code in COAL_FUELS or (cells and code not in KILN_FUELS.codes):
            origin = str(cells.get("country") or country)
            if given(cells, "country"):
                cells = {**cells, ORIGIN: DOMESTIC}  # the coal of the country named, not what the kiln's imports
            coal_type = str(cells.get("coal_type") or COAL_FUELS.get(code, UNKNOWN))
            quality = self.coal.quality(cells, lambda c: self.fleet.fuel_cell(fuel_id, c), origin, coal_type)
            return quality.hg, quality.ncv
        row = self.material.first([(code, country), (code, lookup.WORLD)])
        content = own if own is not None else None if row is None else from_row(row)
        row = self.fuel.first([("net_calorific_value", code)])
        heat = None if row is None else from_row(row)
        has_content, has_heat = given(cells, "hg_coal"), given(cells, "calorific_value")
        if has_content or has_heat:
            if has_content and cells.get("hg_basis") == "dry" and not given(cells, "moisture"):
                raise NoDefaultError(
                    "moisture", f"no moisture is known for the fuel {name}, but its mercury content is on dry basis"
                )
            no_coal = {**cells, ORIGIN: DOMESTIC}  # and so not what the country imports
            quality = self.coal.quality(no_coal, lambda c: self.fleet.fuel_cell(fuel_id, c), country, UNKNOWN)
            content = quality.hg if has_content else content
            heat = quality.ncv if has_heat else heat
        if content is None or heat is None:
            missing = "mercury content" if content is None else "heating value"
            raise NoDefaultError("fuels", f"no {missing} is known for the fuel {name}")
        return content, heat
