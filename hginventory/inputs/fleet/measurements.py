"""The sheet Measurements: what was measured at stacks and in coals, one row per measurement, in the program's units."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from hginventory.errors import UnitsError
from hginventory.inputs.findings import Finding, finding, sheet_and_cell
from hginventory.inputs.parsing import Table, TableRecord, range_problem
from hginventory.inputs.schema import MEASUREMENT_UNITS, SHEETS
from hginventory.translations import TranslatableText
from hginventory.units import convert, read_unit

COAL_ANALYSIS, CEMS, STACK_TEST = "coal_analysis", "CEMS", "stack_test"
CONCENTRATION, RATE, CONTENT, REMOVAL = "hg_concentration", "hg_rate", "hg_coal", "removal"
YEARLY = "hg_yearly"
OF_COAL = (CONTENT, "cl_coal", "moisture", "calorific_value")
OF_STACK = (CONCENTRATION, RATE, YEARLY, "hg_per_gwh", "hg_per_gwh_gross", "hg_per_heat", "hg_per_heat_gross", REMOVAL)
NORMAL_95 = 1.959963984540054  # standard deviations in half a 95 % interval of a normal
WIDEST = 2.0  # an uncertainty of more than twice the value is a percentage written as a number


@dataclass(frozen=True)
class Measurement:
    """One measurement.

    Attributes
    ----------
    unit_ids : tuple of str
        Units that it was made of: one, or those that share a stack or a coal, in the order of their names.
    first, last : str
        Days of its period, ISO.
    kind, quantity : str
        Codes of the sheet.
    value : float
        Above 0, in `unit`.
    unit : str
        Unit of the program for the quantity, as ug/Nm3 or mg/kg.
    basis : str
        Basis of a content: dry, as_received or not_stated.
    reference_o2 : float or None
        Oxygen of a concentration [%].
    gas_basis : str
        State of the gas, as dry_0c.
    log_sd : float or None
        Standard deviation of the logarithm of the value; None where no uncertainty is stated.
    cell : str
        Cell of the value, as ``Measurements!F4``.
    written : mapping of str to object
        The row as it was read, for writing it again.
    """

    unit_ids: tuple[str, ...]
    first: str
    last: str
    kind: str
    quantity: str
    value: float
    unit: str
    basis: str
    reference_o2: float | None
    gas_basis: str
    log_sd: float | None
    cell: str
    written: Mapping[str, Any]

    @property
    def unit_id(self) -> str:
        """The unit, or the first of several, for findings."""
        return self.unit_ids[0]

    @property
    def year(self) -> int:
        """Calendar year of the first day."""
        return int(self.first[:4])

    @property
    def address(self) -> tuple[str, str]:
        """Sheet and cell of the value."""
        return sheet_and_cell(self.cell)


def read_measurements(table: Table | None, units: pd.DataFrame, findings: list[Finding]) -> tuple[Measurement, ...]:
    """Return the measurements of a sheet that can be used, and note what is wrong with the others.

    Parameters
    ----------
    table : Table or None
        The sheet as read.
    units : DataFrame, index unit_id
        All units, with sector, country and plant.
    findings : list of Finding
        Collects findings.
    """
    found: list[Measurement] = []
    seen: dict[tuple[object, ...], str] = {}
    if table is None:
        return ()
    of_plant: dict[tuple[object, ...], Measurement] = {}
    columns = zip(units.index.astype(str), units["sector"], units["country"], units["plant"], strict=True)
    plants = {unit: (sector, country, plant or unit) for unit, sector, country, plant in columns}
    for record in table.records:
        reader = _Row(table.sheet, record, findings)
        one = reader.measurement(plants)
        if one is None:
            continue
        what = (one.first, one.last, one.kind, one.quantity, one.value)
        place = seen.setdefault((one.unit_ids, *what), one.cell)
        if place != one.cell:
            reader.note("W425", "value", _also(one, place))
            continue
        same = of_plant.setdefault((plants[one.unit_id], *what), one)
        if same is not one:
            together = "; ".join(sorted({*same.unit_ids, *one.unit_ids}))
            remedy = TranslatableText(
                "If they share a stack or a coal, write one row with unit_id {units}.", units=together
            )
            reader.note("W456", "value", _also(one, same.cell), remedy=remedy)
        found.append(one)
    return tuple(found)


def _also(one: Measurement, place: str) -> TranslatableText:
    return TranslatableText("{what} is also in {place}", what=f"{one.quantity} {one.first}", place=place)


def split_ids(text: str, known: Collection[str]) -> list[str]:
    """Return the unit ids of a cell: one, or several with ``;`` between them.

    >>> split_ids("u1; u2", {"u1", "u2"}), split_ids("a;b", {"a;b"})
    (['u1', 'u2'], ['a;b'])
    """
    if text in known:
        return [text]
    return [part for part in (part.strip() for part in text.split(";")) if part] or [text]


class _Row:
    """One row, with the notes on it."""

    def __init__(self, sheet: str, record: TableRecord, findings: list[Finding]) -> None:
        self.sheet, self.record, self.findings = sheet, record, findings
        self.values = record.values
        self.unit_id = str(record.values.get("unit_id") or "")
        self.unit_ids: tuple[str, ...] = ()

    def note(self, code: str, column: str, found: str, *, allowed: str = "", remedy: str = "") -> None:
        """Note a finding on a cell of the row."""
        cell = self.record.cells.get(column, f"row {self.record.row}")
        new = finding(code, self.sheet, cell, found, unit=self.unit_id, allowed=allowed, remedy=remedy)
        self.findings.append(new)

    def measurement(self, plants: Mapping[str, tuple[object, ...]]) -> Measurement | None:
        """Return the measurement of the row; None where it cannot be used, which is then noted."""
        values = self.values
        if any(name not in values for name in ("unit_id", "date", "kind", "quantity", "value", "unit")):
            return None  # each gap has its own finding already
        quantity = str(values["quantity"])
        converted = self._converted(quantity) if self._is_consistent(plants) else None
        if converted is None:
            return None
        value, scale = converted
        log_sd = self._log_sd(value / scale)
        if (log_sd is not None and math.isnan(log_sd)) or not self._is_usable(quantity, value):
            return None
        oxygen = values.get("reference_o2")
        return Measurement(
            unit_ids=self.unit_ids,
            first=str(values["date"]),
            last=str(values.get("date_to") or values["date"]),
            kind=str(values["kind"]),
            quantity=quantity,
            value=value,
            unit=MEASUREMENT_UNITS[quantity][0],
            basis=str(values.get("basis") or "not_stated"),
            reference_o2=None if oxygen is None else float(oxygen),
            gas_basis=str(values.get("gas_basis") or "dry_0c"),
            log_sd=log_sd,
            cell=f"{self.sheet}!{self.record.cells['value']}",
            written=dict(values),
        )

    def _is_consistent(self, plants: Mapping[str, tuple[object, ...]]) -> bool:
        """Return whether units, kind, quantity and days go together, and note what does not."""
        values = self.values
        kind, quantity = str(values["kind"]), str(values["quantity"])
        first, last = str(values["date"]), str(values.get("date_to") or values["date"])
        given = OF_COAL if kind == COAL_ANALYSIS else OF_STACK
        named = split_ids(self.unit_id, plants)
        unknown = [unit for unit in named if unit not in plants]
        self.unit_ids = tuple(sorted(set(named)))
        if unknown:
            self.note("E420", "unit_id", "; ".join(f"unit {unit!r}" for unit in unknown))
        elif len({plants[unit] for unit in named}) > 1:
            self.note("E455", "unit_id", f"units {self.unit_id}")
        elif quantity not in given:
            allowed = f"a {kind} gives one of: {', '.join(given)}"
            self.note("E421", "quantity", f"{quantity} of a {kind}", allowed=allowed)
        elif last < first:
            self.note("E423", "date_to", f"last day {last} before {first}")
        else:
            return True
        return False

    def _converted(self, quantity: str) -> tuple[float, float] | None:
        """Return the value in the unit of the program, and what one of the stated unit is of it."""
        unit, allowed = MEASUREMENT_UNITS[quantity]
        stated = read_unit(str(self.values["unit"]), allowed)
        try:
            if stated not in allowed:
                raise UnitsError(f"allowed: {', '.join(allowed)}")
            scale = float(convert(1.0, stated, unit))
        except UnitsError as error:
            self.note("E208", "unit", f"unit {stated!r} of {quantity}", allowed=str(error))
            return None
        value = float(self.values["value"]) * scale
        column = next((c for c in SHEETS["Coal_units"].columns if c.name == quantity), None)
        problem = range_problem(value, column, column.unit) if column is not None and value > 0 else None
        if problem is not None:
            self.note(problem.code, "value", f"{quantity} {problem.found}", allowed=problem.allowed,
                      remedy=problem.remedy)  # fmt: skip
            return None
        return value, scale

    def _log_sd(self, value: float) -> float | None:
        """Return the uncertainty of a value in its stated unit as ln-sd; None where none is stated, NaN: an error."""
        size = self.values.get("uncertainty")
        if size is None:
            return None
        kind = self.values.get("uncertainty_kind")
        if kind is None:
            self.note("E424", "uncertainty", f"uncertainty {size:g}")
            return math.nan
        relative = float(size) / (NORMAL_95 if kind in ("u95", "ru95") else 1.0)
        if kind in ("sd", "u95"):
            relative = relative / value if value > 0 else 0.0
        if relative > WIDEST:
            remedy = f"Write {size / 100:g}, or correct the kind." if kind in ("rsd", "ru95") else ""
            self.note("E202", "uncertainty", f"uncertainty {size:g} ({kind}) of {value:g}",
                      allowed=f"at most {WIDEST:g} times the value", remedy=remedy)  # fmt: skip
            return math.nan
        return math.sqrt(math.log1p(relative**2))

    def _is_usable(self, quantity: str, value: float) -> bool:
        """Return whether a measurement can change a number, and note why not."""
        if value <= 0.0:
            self.note(
                "W422",
                "value",
                f"{quantity} 0",
                remedy=TranslatableText("Write half the limit of detection, and say so in note."),
            )
        elif quantity == REMOVAL and value >= 1.0:
            self.note(
                "W422",
                "value",
                TranslatableText("removal 1, so that nothing leaves the stack"),
                remedy=TranslatableText("Correct the value."),
            )
        elif quantity == CONCENTRATION and self.values.get("reference_o2") is None:
            self.note(
                "W422",
                "reference_o2",
                TranslatableText("{column} is blank", column="reference_o2"),
                remedy=TranslatableText("Fill in the oxygen it was converted to."),
            )
        elif quantity in OF_COAL and quantity != CONTENT:
            self.note(
                "W422",
                "quantity",
                quantity,
                remedy=TranslatableText("Write {quantity} into the row of the unit or the fuel.", quantity=quantity),
            )
        else:
            return True
        return False
