"""The workbook contract: every sheet and column with meaning, unit, range and spellings.

Reader, checks, template and documentation are made from this one description.
"""

from __future__ import annotations

from collections.abc import Mapping

from hginventory.inputs.schema.cement_kilns import CEMENT_KILNS
from hginventory.inputs.schema.coal_units import COAL_UNITS
from hginventory.inputs.schema.column import Column, Sheet
from hginventory.inputs.schema.other_sheets import (
    ACTIVITY,
    ACTIVITY_VARIABLES,
    FACTORS,
    FUELS,
    SOURCES,
)
from hginventory.inputs.schema.scenario_sheets import MEASUREMENTS, MEASURES, SCENARIOS

SCHEMA_VERSION = "1.1"
HEADER_SEARCH_ROWS = 20  # the header row is found by its column names, so an inserted title does no harm
SETTINGS_SHEET = "Settings"
SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet
    for sheet in (COAL_UNITS, CEMENT_KILNS, FUELS, ACTIVITY, MEASUREMENTS, FACTORS, MEASURES, SCENARIOS, SOURCES)
}
UNIT_SHEETS: tuple[str, ...] = (COAL_UNITS.name, CEMENT_KILNS.name)
# Every sheet of data in the order of the workbook; those not in SHEETS are no part of a Fleet yet.
CONTRACT_SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet
    for sheet in (COAL_UNITS, CEMENT_KILNS, FUELS, ACTIVITY, MEASUREMENTS, FACTORS, MEASURES, SCENARIOS, SOURCES)
}
# Each variable of the sheet Activity has the bounds of the column of the same name.
ACTIVITY_COLUMNS: Mapping[str, Column] = {
    column.name: column
    for sheet in (COAL_UNITS, CEMENT_KILNS)
    for column in sheet.columns
    if column.name in ACTIVITY_VARIABLES.codes
}
