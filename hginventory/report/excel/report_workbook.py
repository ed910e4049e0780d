"""``report.xlsx``: the results of a run with what can be done about them, as one workbook."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hginventory.report.columns import AMOUNT, COUNT, MONEY, SHARE, TEXT
from hginventory.report.excel.decision_sheets import add_charts, decision_tables
from hginventory.report.excel.results_workbook import ExtraSheets, results_bytes
from hginventory.report.excel.summary import Section
from hginventory.report.figures import decision_figures, driver_figures, sentences, with_credit
from hginventory.report.record import RunRecord, add_reports
from hginventory.report.tables import DecisionResults, decision_results
from hginventory.report.text import words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

FILE = "report.xlsx"
WORKBOOK_FORMAT = "xlsx"
LANGUAGE = "en"


def workbook_bytes(run: Analysis) -> bytes:
    """Return the report workbook of a run as the bytes of its file; equal runs give equal bytes.

    Parameters
    ----------
    run : Analysis
        The run.
    """
    found, english = decision_results(run), words_in(LANGUAGE)
    figures = with_credit(driver_figures(found, english) | decision_figures(found, english), run, english)
    tables = decision_tables(found)

    def draw(book: Any, sheets: dict[str, Any]) -> None:
        add_charts(book, sheets, {spec.sheet: spec for spec in tables}, figures)

    section = _section(found, [*(figure.title for figure in figures.values()), *sentences(found, english)])
    return results_bytes(run, ExtraSheets(tables, (section,), draw))


def write_workbook(run: Analysis, record: RunRecord) -> Path:
    """Write the report workbook of a run into its folder, enter it into the manifest, and return its path.

    Parameters
    ----------
    run : Analysis
        The run of the folder.
    record : RunRecord
        The folder.

    Raises
    ------
    UsageError
        If the file cannot be written, for example because it is open in Excel.
    """
    record.check_unchanged([FILE])
    content = workbook_bytes(run)
    entry = {"format": WORKBOOK_FORMAT, "language": LANGUAGE}
    add_reports(record, entry, lambda new: (new / FILE).write_bytes(content))
    return record.folder / FILE


def _section(found: DecisionResults, said: list[str]) -> Section:
    """Return the section of the first sheet: what scenarios avoid and cost, and what else was found."""
    rows: list[tuple[object, ...]] = []
    if found.comparison is not None:
        rows = [
            (
                row["scenario"],
                row["units_changed"],
                row["avoided_t"],
                row["avoided_share"],
                row.get("usd_per_kg", math.nan),
            )
            for row in found.comparison.table.to_dict("records")
        ]
    return Section(
        "What can be done (sheets Scenarios, Options, Cost_curve, Limits, Drivers)",
        ["Scenario", "Units changed", "Mercury avoided", "Share avoided", "Cost of mercury"],
        ["", "units", "t", "%", "USD/kg"],
        rows,
        [TEXT, COUNT, AMOUNT, SHARE, MONEY],
        [text if text.endswith(".") else f"{text}." for text in said],
    )
