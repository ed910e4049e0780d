"""The result workbook: a summary with charts, then every table of the run, numbers as numbers, no formulas."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hginventory import arguments
from hginventory.files import new_file
from hginventory.projection import has_unknown_life
from hginventory.report.excel import charts
from hginventory.report.excel.book import assembled
from hginventory.report.excel.sheets import Styles, write_table
from hginventory.report.excel.summary import CHART_COLUMN, write_summary
from hginventory.report.tables import TableSheet, result_tables
from hginventory.report.text import (
    NOTHING_KNOWN,
    concentration_text,
    list_finding,
    plain,
    share_text,
    spread_text,
    trajectory_text,
)

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.analysis import Analysis
    from hginventory.report.excel.summary import Section

ROWS_OF_A_CHART = 22  # rows of the usual height that a chart covers, with room


@dataclass(frozen=True)
class ExtraSheets:
    """What a report adds to the workbook of a run.

    Attributes
    ----------
    tables : sequence of TableSheet
        Tables that come behind the units.
    summary : sequence of Section
        Sections of the first sheet that come behind the others.
    draw : callable
        Puts charts next to the tables; called with the workbook and its sheets by name.
    """

    tables: Sequence[TableSheet]
    summary: Sequence[Section]
    draw: Callable[[Any, dict[str, Any]], None]


def write_results(run: Analysis, path: str | Path) -> Path:
    """Write the result workbook of a run.

    Parameters
    ----------
    run : Analysis
        The run.
    path : str or Path
        File to write; one of that name is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If the file cannot be written, for example because the workbook is open in Excel.
    """
    arguments.path("path", path)
    target = Path(path)
    content = results_bytes(run)
    with new_file(target, "path") as new:
        new.write_bytes(content)
    return target


def results_bytes(
    run: Analysis, more: ExtraSheets | None = None, written: Mapping[str, pd.DataFrame] | None = None
) -> bytes:
    """Return the result workbook of a run as the bytes of its file; equal runs give equal bytes.

    Parameters
    ----------
    run : Analysis
        The run.
    more : ExtraSheets, optional
        What a report adds to the results.
    written : mapping of str to DataFrame, optional
        What `run_tables` returned for this run, where it was asked before.
    """
    settings = run.projection.settings
    tables = {spec.sheet: spec for spec in result_tables(run, more.tables if more else (), written)}
    subject = plain(f"{settings.fleet_label}, from {settings.base_year}, {settings.rule}")
    buffer = io.BytesIO()
    title, notice = f"Mercury inventory: {plain(settings.fleet_label)}", plain(settings.notice or "")
    with assembled(buffer, title=title, subject=plain(settings.rule_text), comments=notice) as book:
        styles = Styles(book)
        summary = book.add_worksheet("Summary")
        row = write_summary(run, summary, styles, subject, more.summary if more else ())
        sheets = {name: write_table(book, styles, spec, subject) for name, spec in tables.items()}
        _add_charts(run, book, summary, row, sheets, tables)
        if more:
            more.draw(book, sheets)
        summary.activate()
    return buffer.getvalue()


def _add_charts(
    run: Analysis, book: Any, summary_sheet: Any, row: int, sheets: dict[str, Any], tables: dict[str, TableSheet]
) -> None:
    """Put the charts on the sheets Summary and Concentration, each where it has something to show."""
    lists, all_largest = run.lists, tables["Pareto"].frame
    for name, summary in lists.items():
        is_listed = all_largest["unit_id"].isin(run.units.index[run.units["sector"].eq(name)]) | (len(lists) == 1)
        largest = all_largest[is_listed]
        if largest.empty:
            continue
        finding = list_finding(summary, len(lists), concentration_text(summary))
        chart = charts.pareto_chart(book, "Pareto", largest, finding)
        share = share_text(float(largest["cumulative_share"].iloc[-1]))
        alt = f"{finding}. Bars: the {len(largest)} largest units [kg]; line: cumulative share, {share} at the last."
        charts.insert(summary_sheet, row, CHART_COLUMN, chart, alt)
        row += ROWS_OF_A_CHART
    years = tables["Trajectory"].frame
    sectors = list(dict.fromkeys(run.units["sector"]))
    kg = years[[f"{name}_kg" for name in sectors]].sum(axis=1)
    is_unknown = has_unknown_life(run.units)
    fall = NOTHING_KNOWN if is_unknown and not kg.any() else trajectory_text(years["year"].tolist(), kg.tolist())
    ended = charts.PAST_OR_UNKNOWN if is_unknown else charts.PAST_AGE
    chart = charts.trajectory_chart(book, "Trajectory", years, sectors, fall, ended)
    beyond = "past their lifetime or without start year" if is_unknown else "past their lifetime"
    past = f" and {beyond}" if years["past_age_kg"].any() else ""
    alt = f"{fall}. Columns: kg/yr by sector{past}, {years['year'].iloc[0]} to {years['year'].iloc[-1]}."
    charts.insert(summary_sheet, row, CHART_COLUMN, chart, alt)
    curve, largest_list = tables["Concentration"].frame, next(iter(lists.values()))
    if any(summary.lifetime_t > 0 for summary in lists.values()):
        half = list_finding(largest_list, len(lists), spread_text(largest_list))
        chart = charts.concentration_chart(book, "Concentration", curve, half)
        alt = f"{half}, {largest_list.units_for_75:,} three quarters. Lines: share by number of largest units."
        charts.insert(sheets["Concentration"], 1, len(curve.columns) + 1, chart, alt)
