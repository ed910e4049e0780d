"""What is installed at each unit of a projection, as far as options ask: boilers, trains with shares, coal, size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hginventory.decisions.costs import Size
from hginventory.factors import (
    BLEEDS,
    LOOP,
    MEASURED,
    NEEDED_GROUPS,
    NOT_USED,
    REPORTED,
    STACK_TEST,
    FindingLog,
    KilnParameters,
    open_controls,
    resolve_coal,
    resolve_kilns,
)
from hginventory.inputs.fleet import as_records, is_blank
from hginventory.projection import Projection, UnitCut
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER, named_devices

Installed = tuple[tuple[tuple[float, str, str], ...], float, str]  # parts, share of high chlorine, the other class
SOLD_WORDS = ("cement", "concrete", "semen", "beton")
KEPT_WORDS = ("landfill", "pond", "disposal", "dump", "timbun")
COAST_DEVICE = "swFGD"
ASKED = (  # of the run
    "sector", "country", "air_kg_per_yr", "removal", "end_year", "capacity_net_mw", "generation_net_gwh_per_yr",
    "coal_t_per_yr", "calorific_value_mj_per_kg", "clinker_t_per_yr",
)  # fmt: skip
READ = ("capacity_mw", "byproduct_use", "clinker_capacity")  # of the fleet
DUST = ("air_share", *LOOP, *BLEEDS)  # what passes the dust loop of a kiln depends on them


@dataclass(frozen=True)
class UnitState:
    """One unit.

    Attributes
    ----------
    unit_id : str
        Unit.
    index, sector_index : int
        Index of the unit in ``units``, and among the units of its sector.
    sector : str
        ``coal_power`` or ``cement_kiln``.
    parts : tuple of (float, str, str)
        Share, boiler and train of what it may have; shares sum to 1. A kiln has one part without a boiler.
    high_cl_share : float
        Weight of the high-chlorine column [0-1].
    low_class : str
        The other column.
    own_removal : float or None
        Removal stated for the unit itself or measured at it, coal to stack [0-1].
    removal : float
        Removal in the run [0-1].
    cut : UnitCut or None
        What a limit that it keeps makes of its rate.
    runs : bool
        Whether it operates or is being built, and emits.
    first_year, end_year : float
        First year of operation from the base year on, and first year without; equal where none is left or known.
    is_life_known : bool
        Whether the remaining life is known; that of a kiln without a start year is not.
    capacity_mw : float
        Capacity that size rules ask for [MW]; NaN for kilns.
    loop : tuple of (float or None)
        What the dust loop of a kiln follows: `DUST`; None: not stated. Empty for a coal unit.
    dust_stated : bool
        Whether a kiln states its dust bleed.
    ash_sold : bool or None
        What the cell byproduct_use says; None: nothing.
    coast : bool or None
        True where a unit of the plant has a sea-water scrubber; None: not known.
    size : Size
        What costs follow.
    open_controls : tuple of str
        Columns of controls that the workbook leaves open; empty for kilns.
    """

    unit_id: str
    index: int
    sector_index: int
    sector: str
    parts: tuple[tuple[float, str, str], ...]
    high_cl_share: float
    low_class: str
    own_removal: float | None
    removal: float
    cut: UnitCut | None
    runs: bool
    first_year: float
    end_year: float
    is_life_known: bool
    capacity_mw: float
    loop: tuple[float | None, ...]
    dust_stated: bool
    ash_sold: bool | None
    coast: bool | None
    size: Size
    open_controls: tuple[str, ...]

    @property
    def listed_removal(self) -> float:
        """Removal of the listed controls [0-1]; less than that in the run where the unit complies with a limit."""
        return self.removal if self.cut is None else self.cut.removal

    @property
    def coal_class(self) -> str:
        """The coal class that weighs more; empty for a kiln."""
        if self.sector == CEMENT_KILN:
            return ""
        return "high_cl" if self.high_cl_share > 0.5 else self.low_class


@dataclass(frozen=True)
class FleetState:
    """All units of a projection, and the kilns as their model takes them."""

    units: tuple[UnitState, ...]
    kilns: KilnParameters

    def of(self, unit_id: str) -> UnitState:
        """Return a unit by its id."""
        return self.by_id[unit_id]

    @cached_property
    def by_id(self) -> Mapping[str, UnitState]:
        """All units by their ids."""
        return {unit.unit_id: unit for unit in self.units}


def fleet_state(projection: Projection) -> FleetState:
    """Return what is installed at each unit, resolved as in the run.

    Parameters
    ----------
    projection : Projection
        The run; its findings are not repeated.
    """
    rows = projection.fleet.units.loc[projection.units.index]
    is_coal = rows["sector"].eq(COAL_POWER).to_numpy()
    cells = as_records(rows[[*READ, *NEEDED_GROUPS]])
    installed: dict[str, tuple[Installed, tuple[float | None, ...]]] = {}  # by unit, and the dust loop of a kiln
    if is_coal.any():
        coal = resolve_coal(projection.fleet, rows[is_coal], projection.library, FindingLog())
        classes = zip(coal.ids, coal.mixes, coal.factors["high_cl_share"].value, coal.low_class, strict=True)
        installed |= {unit: ((mix.parts, float(share), low_class), ()) for unit, mix, share, low_class in classes}
    kilns = KilnParameters((), {}, ())
    if (~is_coal).any():
        kilns = resolve_kilns(projection.fleet, rows[~is_coal], projection.library, FindingLog())
        for number, (unit, train) in enumerate(zip(kilns.ids, kilns.controls, strict=True)):
            parts = ((1.0, "", train),)
            installed[unit] = (parts, 0.0, ""), _loop(kilns, number)
    plants = list(zip(rows["country"], rows["plant"], strict=True))
    trains = zip(plants, projection.units["train"], strict=True)
    marine = {
        plant for plant, train in trains if isinstance(plant[1], str) and COAST_DEVICE in named_devices(str(train))
    }
    numbers = np.where(is_coal, np.cumsum(is_coal), np.cumsum(~is_coal)) - 1
    records = as_records(projection.units[list(ASKED)].reset_index())
    states = []
    for index, unit in enumerate(map(str, rows.index)):
        coast = True if plants[index] in marine else None
        read = records[index], cells[index]
        states.append(_state(projection, index, int(numbers[index]), read, *installed[unit], coast))
    return FleetState(tuple(states), kilns)


def _state(
    projection: Projection,
    index: int,
    number: int,
    unit_and_cells: tuple[Mapping[str, Any], Mapping[str, Any]],
    installed: Installed,
    loop: tuple[float | None, ...],
    coast: bool | None,
) -> UnitState:
    unit, read = unit_and_cells
    parts, high_cl_share, low_class = installed
    kiln = unit["sector"] == CEMENT_KILN
    removal = projection.parameters["removal"].of_unit(index)
    tests = projection.parameters.get(STACK_TEST)  # at the unit, or at another of its plant: they moved its removal
    tested = tests is not None and tests.of_unit(index).origin != NOT_USED
    working = np.flatnonzero(projection.yearly_kg[index] > 0)
    first = float(projection.years[working[0]]) if working.size else float(projection.settings.base_year)
    runs, has_end = bool(unit["air_kg_per_yr"] > 0), not is_blank(unit["end_year"])
    return UnitState(
        unit_id=str(unit["unit_id"]),
        index=index,
        sector_index=number,
        sector=str(unit["sector"]),
        parts=parts,
        high_cl_share=high_cl_share,
        low_class=low_class,
        own_removal=removal.value if (tested or removal.origin in (REPORTED, MEASURED)) and not kiln else None,
        removal=float(unit["removal"]),
        cut=projection.cuts.get(str(unit["unit_id"])),
        runs=runs,
        first_year=first,
        end_year=float(unit["end_year"]) if has_end else first,
        is_life_known=has_end or not runs,
        capacity_mw=float("nan") if kiln else float(read["capacity_mw"]),
        loop=loop,
        dust_stated=kiln and loop[-1] is not None,
        ash_sold=_ash_sold(read["byproduct_use"]),
        coast=coast,
        size=_size(unit, read, kiln),
        open_controls=() if kiln else open_controls(read),
    )


def _loop(kilns: KilnParameters, number: int) -> tuple[float | None, ...]:
    values = [kilns.factors[name].of_unit(number) for name in DUST]
    return tuple(None if value.origin == NOT_USED else value.value for value in values)


def _size(row: Mapping[str, Any], cells: Mapping[str, Any], kiln: bool) -> Size:
    clinker = float("nan") if is_blank(cells["clinker_capacity"]) else float(cells["clinker_capacity"])
    if kiln and np.isnan(clinker):
        clinker = float(row["clinker_t_per_yr"])
    nothing = float("nan")
    return Size(
        sector=str(row["sector"]),
        country=str(row["country"]),
        capacity_mw=nothing if kiln else float(row["capacity_net_mw"]),
        generation_gwh=nothing if kiln else float(row["generation_net_gwh_per_yr"]),
        heat_gj=nothing if kiln else float(row["coal_t_per_yr"]) * float(row["calorific_value_mj_per_kg"]),
        clinker_capacity_t=clinker if kiln else nothing,
    )


def _ash_sold(text: object) -> bool | None:
    """Return whether ash is sold to cement or concrete works, as far as the words say it.

    >>> _ash_sold("fly ash to cement works"), _ash_sold("ash pond"), _ash_sold(None), _ash_sold("sold")
    (True, False, None, None)
    """
    if not isinstance(text, str):
        return None
    words = text.casefold()
    if any(word in words for word in SOLD_WORDS):
        return True
    return False if any(word in words for word in KEPT_WORDS) else None
