"""The sheets Scenarios and Measures of a workbook: the same model as the files, with the cell of whatever is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from hginventory.errors import ScenarioError
from hginventory.inputs.parsing import TableRecord
from hginventory.scenarios.problems import own_words
from hginventory.scenarios.scenario import LOCATED, Measure, Scenario

MEASURE_COLUMNS = {  # column of the sheet Measures -> key of a measure
    "select": "where",
    "action": "action",
    "target": "target",
    "value": "value",
    "unit": "unit",
    "reference_o2": "o2",
    "from_year": "from_year",
    "to_year": "to_year",
    "phase_in": "phase_in",
    "options": "options",
    "note": "note",
}
SCENARIO_COLUMNS = {"description": "title", "extends": "extends", "rule": "rule"}  # of the sheet Scenarios
WHOLE = ("from_year", "to_year", "phase_in")


def scenarios_of_sheets(scenarios: Sequence[TableRecord], measures: Sequence[TableRecord]) -> dict[str, Scenario]:
    """Return the scenarios of a workbook by name.

    A scenario that only the sheet Measures names is taken as one that extends nothing.

    Parameters
    ----------
    scenarios, measures : sequence of TableRecord
        Rows of the two sheets.

    Raises
    ------
    ScenarioError
        If a row is wrong; all of them are named with their cells.
    """
    problems: list[str] = []
    own: dict[str, list[Measure]] = {}
    for record in measures:
        name = str(record.values["scenario"])
        given = {key: record.values[column] for column, key in MEASURE_COLUMNS.items() if column in record.values}
        given |= {key: int(given[key]) for key in WHOLE if key in given}
        if "options" in given:
            given["options"] = tuple(code.strip() for code in str(given["options"]).split("+"))
        _plain_share(given)
        try:
            measure = Measure.model_validate(given, context=LOCATED)
        except ValidationError as error:
            problems += _problems(error, record, "Measures", {key: column for column, key in MEASURE_COLUMNS.items()})
            continue
        own.setdefault(name, []).append(measure.located(*_locations(record, "Measures", MEASURE_COLUMNS)))
    heads: Mapping[str, TableRecord] = {str(record.values["name"]): record for record in scenarios}
    out: dict[str, Scenario] = {}
    for name in dict.fromkeys([*heads, *own]):
        values: Mapping[str, Any] = heads[name].values if name in heads else {}
        texts = {key: str(values.get(column) or "") for column, key in SCENARIO_COLUMNS.items()}
        head = {"name": name, **texts}
        try:
            scenario = Scenario.model_validate(head, context=LOCATED)
        except ValidationError as error:
            problems += _problems(error, heads.get(name) or measures[0], "Scenarios", {"title": "description"})
            continue
        scenario = scenario.model_copy(update={"measure": tuple(own.get(name, ()))})
        if name in heads:
            scenario = scenario.located(*_locations(heads[name], "Scenarios", SCENARIO_COLUMNS))
        out[name] = scenario
    if problems:
        raise ScenarioError("\n".join(problems))
    return out


def _locations(record: TableRecord, sheet: str, columns: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the location of a row and the cells of its keys."""
    keys = {key: f"{sheet}!{record.cells[column]}" for column, key in columns.items() if column in record.cells}
    return f"{sheet}!{record.row}", keys


def _plain_share(given: dict[str, Any]) -> None:
    """Turn a share stated in percent into one of 1; only a limit keeps its unit."""
    if given.get("unit") == "%" and "value" in given:
        given["value"] = given["value"] / 100.0
    if given.get("action") != "emission_limit":
        given.pop("unit", None)


def _problems(error: ValidationError, record: TableRecord, sheet: str, columns: Mapping[str, str]) -> list[str]:
    out = []
    for problem in error.errors():
        key = str(problem["loc"][-1]) if problem["loc"] else ""
        column = columns.get(key, key)
        location = f"{sheet}!{record.cells.get(column, record.row)}"
        words = own_words(problem)
        out.append(f"{location}: {column}: {words}." if column else f"{location}: {words}.")
    return out
