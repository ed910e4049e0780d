"""How the calculation of a unit is kept and shown: steps, factor rows, sources and notes."""

from __future__ import annotations

import textwrap
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from hginventory.factors.library import FactorRow
from hginventory.factors.measurements import FAR, MeasuredPoint
from hginventory.factors.provenance import DEFAULT
from hginventory.report.wording import MARKS, format_number, shown


@dataclass(frozen=True)
class Step:
    """One step of a calculation.

    Attributes
    ----------
    number : int
        Place in the calculation, from 1.
    name : str
        What the number is.
    value : float or str
        The number, or a code.
    unit : str
        Unit of the number.
    formula : str
        How it follows from earlier steps; empty for an input.
    origin : str
        measured, reported, derived or default; empty for a result.
    ref : str
        Cells and factor rows it rests on, separated by ``; ``.
    """

    number: int
    name: str
    value: float | str
    unit: str
    formula: str
    origin: str
    ref: str


@dataclass(frozen=True)
class Explanation:
    """The calculation of a unit.

    Attributes
    ----------
    unit_id, title : str
        The unit.
    steps : tuple of Step
        The calculation in order.
    rows : tuple of FactorRow
        Factor rows it rests on.
    sources : tuple of str
        Sources of the cells it rests on.
    notes : tuple of str
        Findings on the unit and notices on the fleet.
    measured : tuple of MeasuredPoint
        What was measured at the unit, beside what was expected.
    """

    unit_id: str
    title: str
    steps: tuple[Step, ...]
    rows: tuple[tuple[FactorRow, str], ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    measured: tuple[MeasuredPoint, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the steps as a table."""
        return pd.DataFrame([asdict(step) for step in self.steps])

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data, for JSON."""
        rows = [
            {"row_id": r.row_id, "value": r.value, "unit": r.unit, "read_from": r.read_from, "source": text}
            for r, text in self.rows
        ]
        return {
            "unit_id": self.unit_id,
            "title": self.title,
            "steps": [asdict(step) for step in self.steps],
            "factor_rows": rows,
            "measured": [asdict(point) for point in self.measured],
            "sources": list(self.sources),
            "notes": list(self.notes),
        }

    def text(self, width: int = 100) -> str:
        """Return the explanation as text of a given width [characters]."""
        lines = [self.title, ""]
        name_width = max(len(step.name) for step in self.steps)
        for step in self.steps:
            head = (
                f"{step.number:>3}  {step.name:<{name_width}}  {format_number(step.value):>12} {shown(step.unit):<10} "
            )
            why = f"= {step.formula}" if step.formula else step.origin
            lines.append((head + why).rstrip())
            if step.ref and not step.formula:
                place = step.ref if step.origin != DEFAULT else f"row {step.ref}"
                lines += textwrap.wrap(place, width, initial_indent=" " * 8, subsequent_indent=" " * 10)
        if self.measured:
            lines += ["", "Measured beside expected"]
            for point in self.measured:
                lines += textwrap.wrap(_measured_text(point), width, initial_indent="  ", subsequent_indent="    ")
        if self.rows:
            lines += ["", "Factor rows used"]
            for row, source in self.rows:
                value = f"{row.row_id} = {format_number(row.value)} {shown(row.unit)} ({MARKS[row.read_from]})"
                lines += textwrap.wrap(value, width, initial_indent="  ", subsequent_indent="    ")
                lines += textwrap.wrap(source, width, initial_indent="      ", subsequent_indent="      ")
        for title, texts in (("Sources of the cells", self.sources), ("Notes", self.notes)):
            if texts:
                lines += ["", title]
                for text in texts:
                    lines += textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="    ")
        return "\n".join(lines)


def _measured_text(point: MeasuredPoint) -> str:
    """Return a measurement beside its prediction in one sentence."""
    measured, predicted, used = (format_number(n) for n in (point.measured, point.predicted, point.after))
    days = point.first if point.first == point.last else f"{point.first} to {point.last}"
    conflict = " They conflict: check the measurement." if abs(point.z) > FAR else ""
    used_text = f"; used is {used}, as it weighs {point.weight:.0%}" if point.weight else "; it is compared only"
    return (
        f"{point.quantity}, {point.kind} of {days} ({point.cell}): measured {measured} {shown(point.unit)}, expected "
        f"{predicted} (z = {point.z:+.1f}){used_text}.{conflict}"
    )
