"""The sheets of the report workbook on what can be done: scenarios, options, costs, limits, drivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hginventory.decisions.limits import summarise_limits
from hginventory.decisions.options import options_table
from hginventory.decisions.scenarios import Comparison
from hginventory.report.columns import (
    CURVE,
    DRIVERS,
    LIMITS,
    OPTIONS,
    SCENARIO_PLANS,
    SCENARIO_UNITS,
    SCENARIOS,
    ResultColumn,
    column,
    scenario_year_columns,
)
from hginventory.report.excel import decision_charts
from hginventory.report.excel.charts import insert
from hginventory.report.figures import Figure
from hginventory.report.tables import DecisionResults, TableSheet

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

NAMES = ("unit_id", "plant", "unit")
PLAIN = (*NAMES, "rank", "sector", "country")  # columns that say here what they say in the results
FIGURES = {
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
    part = f", the {len(found.run.units):,} largest units" if found.is_part else ""
    return [*_scenario_sheets(found, part), *_option_sheets(found, part), *_limit_sheets(found, part),
            *_driver_sheets(found, part)]  # fmt: skip


def _sheet(
    name: str, title: str, frame: pd.DataFrame, known: Mapping[str, ResultColumn], frozen: int = 1, wide: int = 1
) -> TableSheet:
    """Return a sheet with the columns that are described."""
    shown = frame[[column for column in frame.columns if column in known or column in PLAIN]]
    return TableSheet(name, name.lower(), title, shown, frozen, wide, known)


def _scenario_sheets(found: DecisionResults, part: str) -> Iterator[TableSheet]:
    if found.comparison is None:
        return
    table, units = found.comparison.table, found.comparison.units
    yield _sheet("Scenarios", f"Scenarios compared with the baseline{part}", table, SCENARIOS, 2, 3)
    by_year = {"year": column("year"), **scenario_year_columns(table["scenario"].tolist())}
    years = scenario_years(found.comparison, found.run)
    yield _sheet("Scenario_years", f"Emissions to air by year and scenario{part}", years, by_year)
    if len(found.comparison.equal):
        title = f"Scenarios compared with plans of equal kilograms and of equal money{part}"
        yield _sheet("Scenario_plans", title, found.comparison.equal, SCENARIO_PLANS, 2, 1)
    yield _sheet("Scenario_units", "Units that scenarios change", units, SCENARIO_UNITS, 4, 2)


def _option_sheets(found: DecisionResults, part: str) -> Iterator[TableSheet]:
    if found.frontier is None:
        return
    yield _sheet("Options", f"What can be done at each unit{part}", option_rows(found.run), OPTIONS, 5, 4)
    title = f"Cost of the next kilogram of {found.curve_year}{part}"
    yield _sheet("Cost_curve", title, _curve(found.frontier), CURVE)


def _limit_sheets(found: DecisionResults, part: str) -> Iterator[TableSheet]:
    if found.limits is None:
        return
    summary, listed = summarise_limits(found.limits), found.limits["unit_id"].isin(found.run.units.index)
    yield _sheet("Limits", "Emission limits, and the units above them", summary, LIMITS)
    yield _sheet("Limit_units", f"Units compared with emission limits{part}", found.limits[listed], LIMITS, 3, 3)


def _driver_sheets(found: DecisionResults, part: str) -> Iterator[TableSheet]:
    if found.sensitivity is not None:
        title = f"What drives the uncertainty of the total{part}"
        yield _sheet("Drivers", title, _drivers(found.sensitivity.table), DRIVERS)


def scenario_years(comparison: Comparison, run: Analysis) -> pd.DataFrame:
    """Return emissions to air by year, one column per scenario [kg/yr], up to the last year with emissions.

    Column ``past_age``: units past their lifetime as it is, in the base year.
    """
    names = comparison.table["scenario"].tolist()
    table = comparison.years.pivot(index="year", columns="scenario", values="air_kg")[names]
    at_work = run.projection.yearly_kg.sum(axis=0).nonzero()[0]
    last = int(run.projection.years[at_work[-1]])
    table = table.loc[:last].add_suffix("_kg").reset_index().rename_axis(columns=None)
    return table.assign(past_age=np.where(table["year"] == table["year"].min(), comparison.past_age_kg, 0.0))


def option_rows(run: Analysis) -> pd.DataFrame:
    """Return the options that can go to each unit, units in the order of the ranking."""
    catalogue, order = run.catalogue(), run.rank()
    fitting = [option for unit in order["unit_id"] for option in catalogue.of_unit(unit) if option.applies != "no"]
    table = options_table(fitting, catalogue.prices.terms)
    return order[["rank", *NAMES]].merge(table, on="unit_id", how="inner")


def _curve(frontier: pd.DataFrame) -> pd.DataFrame:
    first = ["avoided_kg", "avoided_share", "npv", "npv_per_target_kg", *NAMES[:2]]
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
    """Put a native chart next to the tables that a figure of the page is drawn from, with its finding and its words.

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
    made = {
        "Scenario_years": decision_charts.scenario_chart,
        "Cost_curve": decision_charts.cost_chart,
        "Drivers": decision_charts.driver_chart,
    }
    for sheet, name in FIGURES.items():
        if sheet in tables and name in figures:
            figure, frame = figures[name], tables[sheet].frame
            chart = made[sheet](book, sheet, frame, figure.title)
            insert(sheets[sheet], row, len(frame.columns) + 1, chart, figure.alt)
