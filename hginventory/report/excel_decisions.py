"""The sheets of the report workbook on what can be done: scenarios, options, costs, limits, drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from hginventory.decisions.limits import summarise_limits
from hginventory.decisions.unit_option import options_table
from hginventory.report import decision_columns as known
from hginventory.report import excel_decision_charts as charts
from hginventory.report.columns import column
from hginventory.report.decision_results import DecisionResults
from hginventory.report.excel_charts import insert
from hginventory.report.excel_sheets import TableSheet
from hginventory.report.figures.figure import Figure

if TYPE_CHECKING:
    from hginventory.run import Run

NAMES = ["unit_id", "plant", "unit"]
PLACED = {
    "Scenario_years": "wedges",
    "Cost_curve": "cost_curve",
    "Drivers": "tornado",
}  # sheet -> figure it is drawn from


def decision_tables(found: DecisionResults) -> list[TableSheet]:
    """Return the tables of what can be done with the sheets they go to; parts that were left out have none.

    Parameters
    ----------
    found : DecisionResults
        What was gathered.
    """
    tables: list[TableSheet] = []
    part = f", the {len(found.run.units):,} largest units" if found.is_part else ""

    def add(sheet: str, title: str, frame: pd.DataFrame, columns: dict[str, Any], frozen: int, wide: int = 1) -> None:
        kept = frame[
            [name for name in frame.columns if name in columns or name in (*NAMES, "rank", "sector", "country")]
        ]
        tables.append(TableSheet(sheet, sheet.lower(), title, kept, frozen, wide, columns))

    if found.comparison is not None:
        compared = found.comparison
        add("Scenarios", f"Scenarios beside the fleet as it is{part}", compared.table, dict(known.SCENARIOS), 2, 3)
        years = scenario_years(found)
        columns = known.scenario_year_columns(compared.table["scenario"].tolist())
        add(
            "Scenario_years",
            f"Mercury to air by year and scenario{part}",
            years,
            {"year": column("year"), **columns},
            1,
        )
        add("Scenario_units", "Units that scenarios change", compared.units, dict(known.SCENARIO_UNITS), 4, 2)
    if found.frontier is not None:
        add("Options", f"What can be done at each unit{part}", option_rows(found.run), dict(known.OPTIONS), 5, 4)
        title = f"Cost of the next kilogram of {found.curve_year}{part}"
        add("Cost_curve", title, _curve(found.frontier), dict(known.CURVE), 1)
    if found.limits is not None:
        add(
            "Limits", "Emission limits, and the units above them", summarise_limits(found.limits), dict(known.LIMITS), 1
        )
        listed = found.limits[found.limits["unit_id"].isin(found.run.units.index)]
        add("Limit_units", f"Units beside emission limits{part}", listed, dict(known.LIMITS), 3, 3)
    if found.sensitivity is not None:
        title = f"What drives the uncertainty of the total{part}"
        add("Drivers", title, _drivers(found.sensitivity.table), dict(known.DRIVERS), 1)
    return tables


def scenario_years(found: DecisionResults) -> pd.DataFrame:
    """Return mercury to air by year, a column a scenario [kg/yr], up to the last year with mercury."""
    assert found.comparison is not None
    names = found.comparison.table["scenario"].tolist()
    table = found.comparison.years.pivot(index="year", columns="scenario", values="air_kg")[names]
    at_work = found.run.projection.yearly_kg.sum(axis=0).nonzero()[0]
    last = int(found.run.projection.years[at_work[-1]])
    return table.loc[:last].add_suffix("_kg").reset_index().rename_axis(columns=None)


def option_rows(run: Run) -> pd.DataFrame:
    """Return the options that can go to each unit, the units with most remaining mercury first."""
    catalogue, order = run.catalogue(), run.rank()
    fitting = [option for unit in order["unit_id"] for option in catalogue.of_unit(unit) if option.applies != "no"]
    table = options_table(fitting, catalogue.prices.terms)
    return order[["rank", *NAMES]].merge(table, on="unit_id", how="inner")


def _curve(frontier: pd.DataFrame) -> pd.DataFrame:
    first = ["avoided_kg", "avoided_share", "cost", "cost_of_next_kg", *NAMES[:2]]
    return frontier[[*first, *(name for name in frontier.columns if name not in first)]]


def _drivers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the inputs with a name that says what shares the error, the largest share first."""
    scope = table["scope"].replace("", None)
    table = table.assign(input=table["factor"].where(scope.isna(), table["factor"] + ", " + scope.fillna("")))
    ordered = table.sort_values("total_alone", ascending=False, kind="stable", ignore_index=True)
    return ordered[["input", *(name for name in ordered.columns if name != "input")]]


def add_charts(
    book: Any, sheets: dict[str, Any], tables: dict[str, TableSheet], figures: dict[str, Figure], row: int = 1
) -> None:
    """Put a native chart beside the tables that a figure of the page is drawn from, with its finding and its words.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook.
    sheets, tables : mapping
        Worksheets and their tables by name.
    figures : mapping of str to Figure
        Those of `page.decisions` by name.
    row : int
        Row of the upper edge, from 0.
    """
    made = {"Scenario_years": charts.scenario_chart, "Cost_curve": charts.cost_chart, "Drivers": charts.driver_chart}
    for sheet, name in PLACED.items():
        if sheet in tables and name in figures:
            figure, frame = figures[name], tables[sheet].frame
            chart = made[sheet](book, sheet, frame, figure.title)
            insert(sheets[sheet], row, len(frame.columns) + 1, chart, figure.alt)
