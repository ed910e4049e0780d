"""The calculations of units for a page, in codes: every text once, steps as numbers that point to texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hginventory.inputs.findings import printable
from hginventory.report.explain import explain_units, formula_text, measured_text
from hginventory.report.figures import plain_value
from hginventory.report.text import MARKS, Words, shown

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

DIGITS = 6  # significant figures of a step


class Texts:
    """Texts by number, each kept once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def all(self) -> list[str]:
        """Return the texts in the order of their numbers."""
        return list(self._numbers)


def traces(run: Analysis, unit_ids: Sequence[str], ranks: Sequence[int], words: Words) -> dict[str, Any]:
    """Return the calculations of some units as plain data.

    Parameters
    ----------
    run : Analysis
        The run.
    unit_ids, ranks : sequence
        Units and their ranks by remaining-lifetime emissions.
    words : Words
        Language; ids, codes, sources and what the workbook says stay as they are.

    Returns
    -------
    dict
        texts: all texts. units: for each unit title, steps, factor rows, measurements, sources and notes. A step is
        name, value (a number, or a list of one text), unit, formula, origin, reference; all but the value are numbers
        of texts. rows: factor rows as id, value, unit, mark, source.
    """
    texts, rows = Texts(), dict[str, int]()
    row_list: list[list[Any]] = []
    units = []
    for told in explain_units(run.projection, unit_ids, ranks):
        used = []
        for row, source in told.rows:
            if row.row_id not in rows:
                rows[row.row_id] = len(row_list)
                mark = words(MARKS[row.read_from])
                names = [texts.number(text) for text in (row.row_id, shown(row.unit), mark, source)]
                row_list.append([names[0], plain_value(row.value, DIGITS), *names[1:]])
            used.append(rows[row.row_id])
        steps = [
            [
                texts.number(words.tell(step.name)),
                [texts.number(words.tell(step.value))]
                if isinstance(step.value, str)
                else plain_value(step.value, DIGITS),
                texts.number(shown(step.unit)),
                texts.number(formula_text(step, words)),
                texts.number(words.say(step.origin)),
                texts.number(step.reference(words)),
            ]
            for step in told.steps
        ]
        measured = [measured_text(point, words) for point in told.measured]
        notes = [printable(words.tell(note)) for note in told.notes]
        ends = [[texts.number(text) for text in part] for part in (measured, told.sources, notes)]
        units.append([texts.number(told.title), steps, used, *ends])
    return {"texts": texts.all(), "rows": row_list, "units": units}
