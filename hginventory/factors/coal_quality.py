"""What is known of the coal of each unit: mercury, heating value, chlorine; defaults fill the gaps.

Ladder: cell of the unit, its fuels, another unit of the same plant and owner, then the factor tables.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hginventory.factors import lookup
from hginventory.factors.library import FactorLibrary
from hginventory.factors.origin_spread import COAL, OriginSpreads
from hginventory.factors.provenance import (
    CELL,
    DEFAULT,
    DERIVED,
    MEASURED,
    REPORTED,
    Value,
    all_refs,
    from_cell,
    from_row,
)
from hginventory.factors.spread import Spread, of_analyses, of_sum
from hginventory.factors.traded_coal import CoalImports, TradedCoal
from hginventory.inputs.fleet import is_blank
from hginventory.vocabulary import IMPORTED

ORIGIN = "coal_origin"  # column of where the coal comes from
OF_COAL = ("hg_coal", "calorific_value", "cl_coal", "moisture")  # columns of numbers of a coal
Cells = Mapping[str, Any]
CellOf = Callable[[str], "str | None"]


class NoDefaultError(Exception):
    """A quantity is neither given nor in the tables: fill in the cell named."""

    def __init__(self, column: str, missing: str) -> None:
        super().__init__(missing)
        self.column = column
        self.missing = missing


@dataclass(frozen=True)
class CoalQuality:
    """Resolved quality of one coal.

    Attributes
    ----------
    hg : Value
        Mercury content as received [mg/kg].
    ncv : Value
        Net calorific value as received [MJ/kg].
    high_cl_share : Value
        Weight of the high-chlorine column of the removal table [0-1].
    low_class : str
        The other column: ``low_cl`` or ``lignite``.
    moisture : Value or None
        Moisture used to convert a dry content [0-1].
    notes : frozenset of str
        Finding codes that apply.
    chlorine : float or None
        Chlorine content [mg/kg], None where no number is known.
    """

    hg: Value
    ncv: Value
    high_cl_share: Value
    low_class: str
    moisture: Value | None = None
    notes: frozenset[str] = field(default_factory=frozenset)
    chlorine: float | None = None


def given(cells: Cells, column: str) -> bool:
    """Return whether a cell has a value."""
    return not is_blank(cells.get(column))


def _analyses(cells: Cells) -> Spread | None:
    """Return the spread of a content whose number of analyses and standard deviation are given."""
    columns = ("hg_coal", "hg_coal_sd", "hg_coal_n")
    if not all(given(cells, column) for column in columns):
        return None
    mean, sd, n = (float(cells[column]) for column in columns)
    return of_analyses(mean, sd, n, "plant") if mean > 0 and sd > 0 else None


class CoalTables:
    """The factor tables of coal quality, indexed once."""

    def __init__(self, library: FactorLibrary) -> None:
        mercury = library.table("coal_mercury")
        heating = library.table("coal_heating_value")
        keys = ("country", "coal_type")
        self.mercury = lookup.Ladder(mercury, keys)
        self.ncv = lookup.Ladder(heating, keys, {"quantity": "net_calorific_value"})
        self.moisture = lookup.Ladder(heating, keys, {"quantity": "moisture"})
        self.gross_minus_net = lookup.Ladder(heating, keys, {"quantity": "gross_minus_net"})
        self.coal_class = lookup.Ladder(library.table("coal_class"), keys)
        process = lookup.Ladder(library.table("coal_process"), ("quantity",), {"boiler": "", "device": ""})
        self.cl_high, self.cl_low = (process[name,].number() for name in ("chlorine_high", "chlorine_low"))
        self.spreads = library.once(OriginSpreads)
        self.imports = CoalImports(library)
        self._cache: dict[tuple[str, str, str], CoalQuality] = {}

    def quality(self, cells: Cells, cell_of: CellOf, country: str, coal_type: str) -> CoalQuality:
        """Return the quality of a coal from its cells; default values fill the rest.

        Raises
        ------
        NoDefaultError
            If neither cell nor table has a value.
        """
        origin = str(cells.get(ORIGIN) or "")
        if origin != IMPORTED and not any(given(cells, column) for column in OF_COAL):
            key = (country, coal_type, origin)
            if key not in self._cache:
                self._cache[key] = self._resolve(cells, cell_of, country, coal_type)
            return self._cache[key]
        return self._resolve(cells, cell_of, country, coal_type)

    def _resolve(self, cells: Cells, cell_of: CellOf, country: str, coal_type: str) -> CoalQuality:
        notes: set[str] = set()
        coal_origin = str(cells.get(ORIGIN) or "")
        cell = cell_of(ORIGIN) if coal_origin == IMPORTED else None
        traded = self.imports.of(country, coal_type, coal_origin, cell)
        moisture = self._moisture(cells, cell_of, country, coal_type, traded)
        hg, dry_hg = self._hg(cells, cell_of, country, coal_type, moisture, notes, traded)
        ncv, dry_cv = self._ncv(cells, cell_of, country, coal_type, moisture, notes, traded)
        share, low_class, chlorine = self._class(cells, cell_of, country, coal_type, notes, traded)
        used = moisture if dry_hg or dry_cv else None
        return CoalQuality(hg, ncv, share, low_class, used, frozenset(notes), chlorine)

    def _moisture(
        self, cells: Cells, cell_of: CellOf, country: str, coal_type: str, traded: TradedCoal | None
    ) -> Value | None:
        if given(cells, "moisture"):
            return from_cell(cell_of("moisture"), float(cells["moisture"]))
        if traded is not None:
            return traded.moisture
        row = self.moisture.first(lookup.rank_rungs(country, coal_type))
        return None if row is None else from_row(row)

    def _hg(
        self,
        cells: Cells,
        cell_of: CellOf,
        country: str,
        coal_type: str,
        moisture: Value | None,
        notes: set[str],
        traded: TradedCoal | None,
    ) -> tuple[Value, bool]:
        if given(cells, "hg_coal"):
            origin = MEASURED if given(cells, "hg_coal_n") else REPORTED
            content = from_cell(cell_of("hg_coal"), float(cells["hg_coal"]), origin, _analyses(cells))
            basis = cells.get("hg_basis") or "not_stated"
            if basis == "not_stated":
                notes.add("N703")
                content = replace(content, spread=self.spreads.without_basis(content, country))
        elif traded is not None:
            return traded.hg, False
        else:
            row = self.mercury.first(lookup.content_rungs(country, coal_type))
            if row is None:
                raise NoDefaultError("hg_coal", f"mercury content of {coal_type} coal from {country}")
            content, basis = from_row(row), row.basis
        if basis != "dry":
            return content, False
        if content.origin == MEASURED:  # that its moisture is of the tables makes it no less an analysis
            content = replace(content, spread=self.spreads.of(content, COAL, country))
        return self._to_received(content, moisture, "hg_coal", coal_type), True

    def _ncv(
        self,
        cells: Cells,
        cell_of: CellOf,
        country: str,
        coal_type: str,
        moisture: Value | None,
        notes: set[str],
        traded: TradedCoal | None,
    ) -> tuple[Value, bool]:
        if not given(cells, "calorific_value"):
            if traded is not None:
                return traded.ncv, False
            row = self.ncv.first(lookup.rank_rungs(country, coal_type))
            if row is None:
                raise NoDefaultError("calorific_value", f"heating value of {coal_type} coal from {country}")
            return from_row(row), False
        value = from_cell(cell_of("calorific_value"), float(cells["calorific_value"]))
        basis = cells.get("cv_basis") or "not_stated"
        if basis == "not_stated":
            notes.add("N703")
        if basis in ("net_as_received", "not_stated"):
            return value, False
        if basis == "gross_dry":
            value = self._to_received(value, moisture, "calorific_value", coal_type)
        row = self.gross_minus_net.first(lookup.rank_rungs(country, coal_type))
        if row is None:
            raise NoDefaultError("cv_basis", f"difference of gross and net heating value of {coal_type} coal")
        net = Value(value.value - row.number(), DERIVED, (*value.refs, row.row_id), CELL, value.spread)
        return net, basis == "gross_dry"

    def _to_received(self, content: Value, moisture: Value | None, column: str, coal_type: str) -> Value:
        if moisture is None:
            raise NoDefaultError("moisture", f"moisture of {coal_type} coal, needed as {column} is stated dry")
        origin = DEFAULT if content.origin == DEFAULT else DERIVED
        if content.origin in (MEASURED, REPORTED) and moisture.read_from == CELL:
            origin = content.origin
        received = content.value * (1.0 - moisture.value)
        return Value(received, origin, all_refs((content.refs, moisture.refs)), content.read_from, content.spread)

    def _class(
        self, cells: Cells, cell_of: CellOf, country: str, coal_type: str, notes: set[str], traded: TradedCoal | None
    ) -> tuple[Value, str, float | None]:
        """Return weight of the high-chlorine column, the other column, and chlorine [mg/kg]: a number before a name."""
        low_class = "lignite" if coal_type == "lignite" else "low_cl"
        if given(cells, "cl_coal"):
            chlorine = float(cells["cl_coal"])
            share = from_cell(cell_of("cl_coal"), self.high_cl_share(chlorine))
            return share, low_class, chlorine
        if traded is not None:
            chlorine = traded.chlorine.value
            return replace(traded.chlorine, value=self.high_cl_share(chlorine)), low_class, chlorine
        row = self.coal_class.first(lookup.class_rungs(country, coal_type))
        if row is None:
            notes.add("W702")
            return Value(0.5, DEFAULT, ("midway between the classes",), "judgement"), low_class, None
        if row.value is not None:
            return from_row(row, self.high_cl_share(row.value)), low_class, row.value
        named = row.extra.get("coal_class", "")
        if named == "high_cl":
            return from_row(row, 1.0), low_class, None
        return from_row(row, 0.0), named, None

    def high_cl_share(self, chlorine_mg_per_kg: float) -> float:
        """Return the weight of the high-chlorine column: 0 at the low bound, 1 at the high one, linear in ln Cl."""
        if chlorine_mg_per_kg <= self.cl_low:
            return 0.0
        span = math.log(self.cl_high / self.cl_low)
        return min(1.0, math.log(chlorine_mg_per_kg / self.cl_low) / span)

    def blend(self, parts: Sequence[tuple[float, str, CoalQuality]]) -> CoalQuality:
        """Return the quality of a blend of coals by share of heat.

        Masses follow from heat over calorific value, so that mercury, mass and heat of the blend are the sums
        of its parts. Chlorine is mixed before the class is chosen, as a little of a high-chlorine coal oxidises
        the mercury of the rest; where a part has no number the classes are mixed. Errors of coals are independent,
        but for what the coals of one country share.

        Parameters
        ----------
        parts : sequence of (float, str, CoalQuality)
            Share of heat [0-1], country and quality of each coal.
        """
        if len(parts) == 1:
            return parts[0][2]
        qualities = [quality for _, _, quality in parts]
        mass = [share / quality.ncv.value for share, _, quality in parts]
        mercury = [own * quality.hg.value for own, quality in zip(mass, qualities, strict=True)]
        contents = [(share, quality.chlorine) for share, _, quality in parts if quality.chlorine is not None]
        chlorine = sum(share * content for share, content in contents) if len(contents) == len(parts) else None
        high = sum(share * quality.high_cl_share.value for share, _, quality in parts)
        lignite = sum(share for share, _, quality in parts if quality.low_class == "lignite")
        one_country = len({country for _, country, _ in parts}) == 1
        in_hg = [self.spreads.of(quality.hg, COAL, country) for _, country, quality in parts]
        in_ncv = [self.spreads.of(quality.ncv, "heating_value", country) for _, country, quality in parts]
        shared = "country" if one_country else ""
        return CoalQuality(
            hg=_joined(
                [q.hg for q in qualities], sum(mercury) / sum(mass), of_sum([*zip(mercury, in_hg, strict=True)], shared)
            ),
            ncv=_joined([q.ncv for q in qualities], 1.0 / sum(mass), of_sum([*zip(mass, in_ncv, strict=True)], shared)),
            high_cl_share=_joined(
                [q.high_cl_share for q in qualities], high if chlorine is None else self.high_cl_share(chlorine)
            ),
            low_class="lignite" if lignite > 0.5 else "low_cl",
            moisture=next((q.moisture for q in qualities if q.moisture), None),
            notes=frozenset().union(*(q.notes for q in qualities)),
            chlorine=chlorine,
        )


def _joined(values: list[Value], number: float, spread: Spread | None = None) -> Value:
    """Return a mixed number with the weakest origin of its parts and all their references."""
    weakest = max(values, key=lambda v: (MEASURED, REPORTED, DERIVED, DEFAULT).index(v.origin))
    return Value(number, weakest.origin, all_refs(v.refs for v in values), weakest.read_from, spread)
