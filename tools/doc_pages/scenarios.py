"""Parts of docs/scenarios.md: which keys an action takes, and which column of a sheet is which key."""

from __future__ import annotations

from doc_pages.markdown import code, table
from hginventory.inputs.schema import CONTRACT_SHEETS
from hginventory.scenarios import ACTIONS, KEYS_OF_ACTION, MEASURE_COLUMNS, SCENARIO_COLUMNS


def keys_by_action() -> str:
    """Return which keys each action takes."""
    rows = [[code(action), ", ".join(map(code, KEYS_OF_ACTION[action]))] for action in ACTIONS]
    return table(["action", "takes"], rows)


def columns_of_sheets() -> str:
    """Return the columns of the sheets Scenarios and Measures with their keys in a file."""
    keys = {"Scenarios": {"name": "name", **SCENARIO_COLUMNS}, "Measures": {"scenario": "name", **MEASURE_COLUMNS}}
    rows = [
        [sheet, code(column.name), code(keys[sheet][column.name]) if column.name in keys[sheet] else "", column.meaning]
        for sheet in keys
        for column in CONTRACT_SHEETS[sheet].columns
    ]
    return table(["sheet", "column", "key in a file", "meaning"], rows)
