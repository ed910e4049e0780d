"""How the calculation of a unit is kept and shown: steps, factor rows, sources and notes."""

from __future__ import annotations

import textwrap
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from hginventory.factors import BETWEEN, DEFAULT, FAR, FactorRow, MeasuredPoint, is_row
from hginventory.html_repr import html_table
from hginventory.inputs.findings import printable
from hginventory.report.text import ENGLISH, MARKS, Words, format_number, shown
from hginventory.translations import TranslatableText

NUMBERS_WIDTH = 5 + 1 + 12 + 1 + 10  # of a line: number of a step, its value and unit
LEAST_NAME = 20  # characters


@dataclass(frozen=True)
class Step:
    """One step of a calculation.

    Attributes
    ----------
    number : int
        Position in the calculation, from 1.
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
    refs : tuple of str
        Cells and factor rows it is based on.
    """

    number: int
    name: str
    value: float | str
    unit: str
    formula: str
    origin: str
    refs: tuple[str, ...]

    def reference(self, words: Words = ENGLISH) -> str:
        """Return the cells and factor rows it is based on as one text, in a language."""
        return BETWEEN.join(words.tell(ref) for ref in self.refs)

    def as_dict(self) -> dict[str, Any]:
        """Return the step as plain data, in which ``ref`` is the text of `reference`."""
        return {name: value for name, value in vars(self).items() if name != "refs"} | {"ref": self.reference()}


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
        Factor rows it is based on.
    sources : tuple of str
        Sources of the cells it is based on.
    notes : tuple of str
        Findings on the unit and notices on the fleet.
    measured : tuple of MeasuredPoint
        What was measured at the unit, compared with what was expected.
    """

    unit_id: str
    title: str
    steps: tuple[Step, ...]
    rows: tuple[tuple[FactorRow, str], ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    measured: tuple[MeasuredPoint, ...] = ()

    def _repr_html_(self) -> str:
        heads = {"number": "#", "name": "Step", "value": "Value", "unit": "Unit", "formula": "Formula", "ref": "From"}
        return html_table(str(self.title), self.to_frame(), heads)

    def to_frame(self) -> pd.DataFrame:
        """Return the steps as a table."""
        return pd.DataFrame([step.as_dict() for step in self.steps])

    def as_dict(self, words: Words = ENGLISH) -> dict[str, Any]:
        """Return the explanation as plain data, for JSON, its words in a language."""
        rows = [
            {"row_id": r.row_id, "value": r.value, "unit": r.unit, "read_from": r.read_from, "source": text}
            for r, text in self.rows
        ]
        return {
            "unit_id": self.unit_id,
            "title": self.title,
            "steps": [
                {
                    **{name: words.tell(v) if isinstance(v, str) else v for name, v in step.as_dict().items()},
                    "ref": step.reference(words),
                }
                for step in self.steps
            ],
            "factor_rows": rows,
            "measured": [asdict(point) for point in self.measured],
            "sources": list(self.sources),
            "notes": [printable(words.tell(note)) for note in self.notes],
        }

    def text(self, width: int = 80, words: Words = ENGLISH) -> str:
        """Return the explanation as text.

        Parameters
        ----------
        width : int
            Of a line [characters]; an id is never broken, even where it is longer.
        words : Words
            Language; ids, codes and what the workbook says stay as they are.
        """
        lines = [*_wrapped(self.title, width, 0), ""]
        for step in self.steps:
            lines += _step_lines(step, width, words, self._name_width(width, words))
        for title, texts in (
            (words("Measured compared with expected"), [measured_text(point, words) for point in self.measured]),
            (words("Factor rows used"), [_row_text(row, source, words) for row, source in self.rows]),
            (words("Sources of the cells"), self.sources),
            (words("Notes"), [printable(words.tell(note)) for note in self.notes]),
        ):
            if texts:
                lines += ["", title]
                for text in texts:
                    lines += _wrapped(text, width, 2)
        return "\n".join(lines)

    def _name_width(self, width: int, words: Words) -> int:
        """Return the width of the names of steps: that of the longest, as far as numbers fit next to it."""
        longest = max(len(words.tell(step.name)) for step in self.steps)
        return max(min(longest, width - NUMBERS_WIDTH), LEAST_NAME)


def _step_lines(step: Step, width: int, words: Words, name_width: int) -> list[str]:
    """Return the lines of a step: name and number, then where it comes from."""
    value = step.value if isinstance(step.value, str) else words.signs(format_number(step.value))
    name, *rest = textwrap.wrap(words.tell(step.name), name_width) or [""]
    head = f"{step.number:>3}  {name:<{name_width}} {words.tell(value):>12} {shown(step.unit)}".rstrip()
    lines = [head, *(f"     {part}" for part in rest)]
    if step.formula:
        return [*lines, *_wrapped(f"= {formula_text(step, words)}", width, 8)]
    is_of_rows = step.origin == DEFAULT and step.refs and all(map(is_row, step.refs))
    where = f"{words('row')} {step.reference(words)}" if is_of_rows else step.reference(words)
    return [*lines, *_wrapped(": ".join(part for part in (words.say(step.origin), where) if part), width, 8)]


def formula_text(step: Step, words: Words) -> str:
    """Return how a step follows from others, in a language."""
    return words.tell(step.formula) if isinstance(step.formula, TranslatableText) else words.signs(step.formula)


def _row_text(row: FactorRow, source: str, words: Words) -> str:
    value = words.signs(format_number(row.value))
    unit = f" {shown(row.unit)}" if shown(row.unit) else ""
    return f"{row.row_id} = {value}{unit} ({words.say(MARKS[row.read_from])}): {source}"


def measured_text(point: MeasuredPoint, words: Words) -> str:
    """Return a measurement and its prediction in one sentence."""
    numbers = {
        name: words.signs(text)
        for name, text in (
            ("measured", format_number(point.measured)), ("predicted", format_number(point.predicted)),
            ("used", format_number(point.after)), ("z", f"{point.z:+.1f}"),
        )
    }  # fmt: skip
    days = point.first if point.first == point.last else words("{first} to {last}", first=point.first, last=point.last)
    text = words(
        "{quantity}, {kind} of {days} ({cell}): measured {measured} {unit}, expected {predicted} (z = {z})",
        quantity=point.quantity, kind=point.kind, days=days, cell=point.cell, unit=shown(point.unit), **numbers,
    ).replace(" ,", ",")  # fmt: skip
    if point.weight:
        text += words(
            "; the run uses {used}, as the measurement has weight {weight}.",
            weight=words.percent(point.weight),
            **numbers,
        )
    else:
        text += words("; it is compared, not used.")
    return text + (" " + words("They conflict: check the measurement.") if abs(point.z) > FAR else "")


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    """Return the lines of a text, later ones two further in; ids are not broken."""
    return textwrap.wrap(
        text, width, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
