"""The limit that each unit is stated to comply with: in its own row, or by the country in the sheet Settings.

A statement is never a default. Of a limit with alternatives the higher counts, of several limits the lowest, all turned
to one basis with the heating value and the efficiency that the run uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory._types import Flags, Floats, Ints, Objects, Positions
from hginventory.compliance.limit_rates import NEW, heat_or_clinker, misfits, on_basis, unit_rates
from hginventory.compliance.stated_limits import COMPLIES_WITH, StatedLimit
from hginventory.factors import FactorLibrary, FindingLog, MeasuredPoint, Resolved
from hginventory.inputs.findings import sheet_and_cell
from hginventory.inputs.fleet import CONTENT, REMOVAL, Fleet
from hginventory.model import G_PER_KG, GasTables
from hginventory.translations import TranslatableText


@dataclass(frozen=True)
class ComplianceLimits:
    """The limit that binds each unit, of those that it is stated to comply with.

    Attributes
    ----------
    rate : ndarray of float, shape (N,)
        The limit as mercury to air, per net heat of the fuel [g/TJ] of a coal unit, per clinker [g/t] of a kiln; NaN:
        none.
    index : ndarray of int, shape (N,)
        Index of the limit in `ids`; -1: none.
    ids : tuple of str
        Ids of the limits stated in the fleet.
    per : ndarray of str, shape (N,)
        What the limit is stated per, as in `Basis.per`; blank: none.
    refs : ndarray of tuple of str, shape (N,)
        Cell of the statement and factor row of the limit.
    """

    rate: Floats
    index: Ints
    ids: tuple[str, ...]
    per: Objects
    refs: Objects

    @property
    def bound(self) -> Flags:
        """Units with a limit, shape (N,)."""
        return self.index >= 0

    def take(self, kept: Positions) -> ComplianceLimits:
        """Return the limits of some units, by their indices."""
        return ComplianceLimits(self.rate[kept], self.index[kept], self.ids, self.per[kept], self.refs[kept])

    @classmethod
    def none(cls, length: int, ids: tuple[str, ...] = ()) -> ComplianceLimits:
        """Return that no unit is stated to comply with a limit.

        >>> ComplianceLimits.none(2).bound.tolist()
        [False, False]
        """
        refs = np.empty(length, dtype=object)
        refs[:] = [()] * length
        blank = np.full(length, "", dtype=object)
        return cls(np.full(length, np.nan), np.full(length, -1, dtype=np.int64), ids, blank, refs)


def compliance_limits(
    fleet: Fleet,
    stated: Sequence[StatedLimit],
    columns: Mapping[str, NDArray[np.generic]],
    factors: Mapping[str, Resolved],
    air_kg_per_yr: Floats,
    air_is_stated: Flags,
    measured: Sequence[MeasuredPoint],
    library: FactorLibrary,
    log: FindingLog,
) -> ComplianceLimits:
    """Return the limit that binds each unit, of those that it is stated to comply with.

    Parameters
    ----------
    fleet : Fleet
        The units, N of them.
    stated : sequence of StatedLimit
        From `stated_limits`.
    columns : mapping of str to ndarray, shape (N,)
        Columns of `Projection.units` by name: what the sectors computed, measurements applied.
    factors : mapping of str to Resolved
        Factors of the units, length N.
    air_kg_per_yr : ndarray of float, shape (N,)
        Mercury to air of a full year [kg/yr].
    air_is_stated : ndarray of bool, shape (N,)
        Units whose mercury to air is a measured one from a cell.
    measured : sequence of MeasuredPoint
        What was measured at the units: a unit whose measured mean is above the limit is not bound by it.
    library : FactorLibrary
        Of the base year.
    log : FindingLog
        Takes a warning for each limit that does not fit its unit, and for each measured mean above one.
    """
    limits = ComplianceLimits.none(len(fleet.units), tuple(dict.fromkeys(one.either[0].name for one in stated)))
    if not stated:
        return limits
    tables = GasTables(library)
    units = _units(fleet, columns)
    rates = unit_rates(units, factors, tables)  # of 1 kg/yr to air
    lowest = np.full(len(units), np.inf)
    tried = dict.fromkeys(limit for one in stated for limit in one.either)  # each once, however many units name it
    found = {limit: (misfits(units, rates, limit), on_basis(rates, limit.basis, tables)) for limit in tried}
    for one in stated:
        kg = np.full((len(one.either), len(one.units)), np.nan)
        unfit: dict[int, list[str]] = {}
        for row, limit in enumerate(one.either):
            of_all, rate_of_all = found[limit]
            wrong, rate = {column: flags[one.units] for column, flags in of_all.items()}, rate_of_all[one.units]
            if not one.of_country and limit.age == NEW:
                del wrong["status"]  # a unit that was new when it was built stays under this limit
            fits = ~np.logical_or.reduce(list(wrong.values())) & np.isfinite(rate)
            kg[row, fits] = limit.value / rate[fits]
            for place in np.flatnonzero(~fits).tolist():
                columns_unfit = [column for column, flags in wrong.items() if flags[place]]
                unfit[int(one.units[place])] = columns_unfit[:1] if wrong["sector"][place] else columns_unfit
        highest = np.fmax.reduce(kg)
        _note_unfit(one, np.isfinite(highest), unfit, fleet, log)
        best, number = np.argmax(np.nan_to_num(kg, nan=-np.inf), axis=0), limits.ids.index(one.either[0].name)
        for place in np.flatnonzero(highest < lowest[one.units]).tolist():
            index, binding = one.units[place], one.either[best[place]]
            lowest[index], limits.index[index], limits.per[index] = highest[place], number, binding.basis.per
            limits.refs[index] = (one.cells[place], binding.limit_id)
    _release_measured(limits, air_kg_per_yr / lowest, air_is_stated, fleet, measured, log)
    limits.rate[limits.bound] = lowest[limits.bound] * G_PER_KG / heat_or_clinker(units)[limits.bound]
    return limits


def _units(fleet: Fleet, columns: Mapping[str, NDArray[np.generic]]) -> pd.DataFrame:
    """Return the units as `unit_rates` takes them, each with 1 kg/yr to air."""
    own = ["sector", "country", "coal_type", "kiln_type", "status", "start_year"]
    return fleet.units[own].assign(**dict(columns), air_kg_per_yr=1.0)


def _note_unfit(
    one: StatedLimit, fits: Flags, unfit: Mapping[int, Sequence[str]], fleet: Fleet, log: FindingLog
) -> None:
    """Note a limit that does not apply to the unit whose row names it, or to no unit of a country."""
    name, applies_to = one.either[0].name, one.either[0].applies_to
    if one.of_country:
        if not fits.any():
            found = TranslatableText(
                "{limit} is for {applies_to}; the fleet has no such unit", limit=name, applies_to=applies_to
            )
            log.add_at("W730", sheet_and_cell(one.cells[0]), "", found)
        return
    for index in one.units[~fits]:
        columns = ", ".join(unfit[int(index)] or ["activity"])
        found = TranslatableText(
            "{limit} is for {applies_to}; the unit differs in {columns}",
            limit=name, applies_to=applies_to, columns=columns,
        )  # fmt: skip
        log.add("W730", fleet, str(fleet.units.index[index]), COMPLIES_WITH, found)


def _release_measured(
    limits: ComplianceLimits,
    over: Floats,
    air_is_stated: Flags,
    fleet: Fleet,
    measured: Sequence[MeasuredPoint],
    log: FindingLog,
) -> None:
    """Free the units whose measured mean is above their limit, with a finding: what was measured counts."""
    points: dict[str, list[MeasuredPoint]] = {}
    for point in measured:
        if point.quantity not in (CONTENT, REMOVAL):
            points.setdefault(point.unit_id, []).append(point)
    for index in map(int, np.flatnonzero(limits.bound)):
        unit = str(fleet.units.index[index])
        ratios = [1.0] if air_is_stated[index] else []
        if own := points.get(unit):
            logs = [np.log(point.measured / point.after) for point in own]
            ratios.append(float(np.exp(np.average(logs, weights=[point.measured_ln_sd**-2.0 for point in own]))))
        highest = max(ratios, default=0.0) * over[index]
        if highest > 1.0:
            found = TranslatableText(
                "measured {times} times the limit {limit}",
                times=f"{highest:.3g}",
                limit=limits.ids[limits.index[index]],
            )
            log.add("W731", fleet, unit, COMPLIES_WITH, found)
            limits.index[index], limits.per[index], limits.refs[index] = -1, "", ()
