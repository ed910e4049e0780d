"""A workbook in another language, or with columns in other units of measure, gives the same results."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.schema import SHEETS
from hginventory.translations import languages
from hginventory.units import convert
from tests.metamorphic.fleets import COAL, DRAWS, KILN, SECTORS, numbers, rows_of, run_of, years

SHEET = {COAL: "Coal_units", KILN: "Cement_kilns"}
LABEL, UNIT, NAME, FIRST_ROW = 1, 2, 3, 4  # rows of a sheet
# Units of measure of the template, over those of the schema; written out, so that they test the registry.
PER_UNIT = {
    ("MW", "kW"): 1e3, ("MW", "GW"): 1e-3, ("1", "%"): 100.0, ("GWh/yr", "MWh/yr"): 1e3, ("GWh/yr", "TWh/yr"): 1e-3,
    ("mg/kg", "ug/kg"): 1e3, ("mg/kg", "g/t"): 1.0, ("mg/kg", "ppm"): 1.0, ("mg/kg", "ppb"): 1e3,
    ("MJ/kg", "GJ/t"): 1.0, ("MJ/kg", "kJ/kg"): 1e3, ("MJ/kg", "kcal/kg"): 1000 / 4.1868,
    ("MJ/kg", "Btu/lb"): 453.59237 / 1.05505585262, ("t/yr", "kt/yr"): 1e-3, ("t/yr", "Mt/yr"): 1e-6,
    ("kg/yr", "g/yr"): 1e3, ("kg/yr", "t/yr"): 1e-3,
}  # fmt: skip
