"""Claims on workbooks: reading a tracker, reading and checking a fleet, the rules alone, writing results."""

from __future__ import annotations

import atexit
import io
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from measure import claim, median_ratio

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.run import Run

UNITS, COLUMNS, ROUNDS = 14_000, 40, 3


@claim("at most", 0.6)
def tracker_read() -> float:
    """Time reading a tracker of 14,000 x 40 cells, looked at for safety first, over pandas with openpyxl."""
    import pandas as pd

    from hginventory.inputs.source_tables import open_table
    from hginventory.inputs.trackers.gem_coal import MARKS

    path = tracker()

    def ours() -> None:
        assert len(open_table(path, MARKS, "a tracker").rows) == UNITS

    return median_ratio(ours, lambda: pd.read_excel(path, engine="openpyxl"), ROUNDS)


@claim("at most", 2.0)
def fleet_read() -> float:
    """Time reading and checking a workbook of 14,000 units over one read-only pass of openpyxl."""
    from hginventory.inputs.bundled import read_fleet

    path = workbook()

    def ours() -> None:
        assert len(read_fleet(path).units) == UNITS

    return median_ratio(ours, openpyxl_pass, ROUNDS)


@claim("at most", 1.5)
def fleet_rules() -> float:
    """Time the rules alone on the cells of 14,000 units over one read-only pass of openpyxl."""
    from hginventory.inputs.reader import _fleet
    from hginventory.xlsx.reader import read_workbook

    book = read_workbook(workbook())
    return median_ratio(lambda: _fleet("fleet", "here", book), openpyxl_pass, ROUNDS)


@claim("at most", 0.5)
def results_write() -> float:
    """Time writing the result workbook of 14,000 units with its charts over pandas with XlsxWriter, bare sheets."""
    import pandas as pd

    from hginventory.report.excel.results_workbook import results_bytes
    from hginventory.report.tables.workbook_tables import result_tables

    run = world()
    tables = {spec.sheet: spec.frame for spec in result_tables(run)}

    def by_pandas() -> None:
        with pd.ExcelWriter(io.BytesIO(), engine="xlsxwriter") as writer:
            for sheet, frame in tables.items():
                frame.to_excel(writer, sheet_name=sheet, index=False)

    return median_ratio(lambda: results_bytes(run), by_pandas, ROUNDS)


def openpyxl_pass() -> None:
    """Read every cell of the workbook of units with openpyxl in its read-only mode."""
    import openpyxl

    book = openpyxl.load_workbook(workbook(), read_only=True)
    for sheet in book.worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass
    book.close()


@cache
def folder() -> Path:
    """Return a folder that goes with the process."""
    made = tempfile.TemporaryDirectory()
    atexit.register(made.cleanup)
    return Path(made.name)


@cache
def world() -> Run:
    """Return the run of the workbook of units, without draws."""
    from hginventory.inputs.bundled import read_fleet
    from hginventory.projecting import project

    return project(read_fleet(workbook()), draws=0)


@cache
def units() -> pd.DataFrame:
    """Return as many invented units as burn coal in the world, filled as a tracker fills them."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(7)
    plant = np.sort(random.integers(0, UNITS // 2, UNITS))
    country = np.array(["CHN", "IND", "USA", "IDN", "VNM", "POL", "ZAF", "TUR"])[plant % 8]
    start = random.integers(1970, 2025, UNITS)
    return pd.DataFrame(
        {
            "unit_id": [f"G{number:06d}" for number in range(UNITS)],
            "plant": [f"Plant {number}" for number in plant],
            "unit": [f"Unit {number % 4 + 1}" for number in range(UNITS)],
            "country": country,
            "admin1": [f"Province {number % 97}" for number in plant],
            "owner": [f"Owner {number % 997}" for number in plant],
            "latitude": np.round(random.uniform(-30, 50, UNITS // 2)[plant % (UNITS // 2)], 4),
            "longitude": np.round(random.uniform(-90, 120, UNITS // 2)[plant % (UNITS // 2)], 4),
            "status": "operating",
            "start_year": start,
            "planned_retirement": start + 40 + random.integers(0, 10, UNITS),
            "capacity_gross": np.round(random.uniform(30, 1000, UNITS)),
            "capacity_factor": np.round(random.uniform(0.3, 0.8, UNITS), 3),
            "net_efficiency": np.round(random.uniform(0.3, 0.42, UNITS), 3),
            "technology": random.choice(["subcritical", "supercritical", "ultra-supercritical"], UNITS),
            "coal_type": random.choice(["bituminous", "subbituminous", "lignite"], UNITS),
            "pm_control": random.choice(["ESPc", "FF"], UNITS),
            "so2_control": random.choice(["wFGD", "none", "unknown"], UNITS),
            "captive": "no",
            "source_id": "S1",
        }
    )


@cache
def workbook() -> Path:
    """Return a workbook of our template with the invented units."""
    import pandas as pd

    from hginventory.inputs.reader import fleet_from_tables
    from hginventory.inputs.template.fleet_writer import write_fleet

    sources = pd.DataFrame({"source_id": ["S1"], "citation": ["Invented for measurements, 2025"]})
    return write_fleet(fleet_from_tables({"Coal_units": units(), "Sources": sources}), folder() / "units.xlsx")


@cache
def tracker() -> Path:
    """Return a table in the form of the Global Coal Plant Tracker with the invented units, all columns filled."""
    import xlsxwriter

    names = {"unit_id": "GEM unit/phase ID", "capacity_gross": "Capacity (MW)", "status": "Status"}
    table = units().rename(columns=names)
    heads = [*table.columns, *(f"Column {number}" for number in range(COLUMNS - len(table.columns)))]
    path = folder() / "tracker.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": False}) as book:
        sheet = book.add_worksheet("Units")
        sheet.write_row(0, 0, heads)
        for number, row in enumerate(table.itertuples(index=False), 1):
            values = list(row)
            sheet.write_row(number, 0, [*values, *(values * 2)[: COLUMNS - len(values)]])
    return path
