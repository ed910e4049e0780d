"""Claims on the page and the report workbook of a run: how long they take, and how large the page is."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from measure import claim, hginv, median_ratio, process, python, seconds

if TYPE_CHECKING:
    from hginventory.inputs.fleet.fleet import Fleet

COPIES = 40  # of the Indonesian fleet: 14,120 units
FEW_DRAWS = 100  # the page shows what draws say, however many they are
ROUNDS = 5
WORKBOOK_SECONDS, LARGE_SECONDS = 10.0, 20.0  # what a person is asked to wait


@claim("at most", 3.0)
def report_time() -> float:
    """Time the page of the Indonesian run with 2,000 draws over importing numpy, pandas, openpyxl, whole processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        process(hginv("project", "--fleet", "indonesia.xlsx", "-o", "run", "--quiet"), folder)()
        imports = process(python("import numpy, pandas, openpyxl"), folder)
        return median_ratio(process(hginv("report", "run", "--quiet"), folder), imports, ROUNDS)


@claim("at most", 1.0)
def report_workbook_time() -> float:
    """Time `hginv report --format xlsx` of the Indonesian run with 2,000 draws, the whole process, over 10 s."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        process(hginv("project", "--fleet", "indonesia.xlsx", "-o", "run", "--quiet"), folder)()
        command = hginv("report", "run", "--format", "xlsx", "--quiet")
        return _median_seconds(process(command, folder)) / WORKBOOK_SECONDS


@claim("at most", 2.0)
def report_size() -> float:
    """Measure the page of the Indonesian run [MB]."""
    import hginventory as hg
    from hginventory.report.page.html import page

    return len(page(hg.project("indonesia", draws=FEW_DRAWS)).encode()) / 1e6


@claim("at most", 0.5)
def large_report_time() -> float:
    """Time the page of 14,120 units from the fleet on, computing and drawing included, over 20 s."""
    return _large_page()[0] / LARGE_SECONDS


@claim("at most", 10.0)
def large_report_size() -> float:
    """Measure the page of 14,120 units [MB]."""
    return _large_page()[1]


@cache
def large_fleet() -> Fleet:
    """Return many copies of the Indonesian fleet, each unit of another size."""
    import numpy as np
    import pandas as pd

    import hginventory as hg

    fleet = hg.read_fleet("indonesia")
    random = np.random.default_rng(1)
    sizes = [c for c in fleet.units if c.startswith(("capacity_gross", "capacity_net", "capacity_mw")) or
             c in ("clinker_capacity", "cement_capacity")]  # fmt: skip
    copies = []
    for number in range(COPIES):
        units = fleet.units.rename(index=lambda unit, number=number: f"{unit}-{number}")
        factor = random.uniform(0.4, 1.0, len(units))  # larger kilns would be beyond any that exists
        copies.append(
            units.assign(
                plant=units["plant"] + f" {number}",
                longitude=units["longitude"] - random.uniform(0.0, 220.0),
                **{column: units[column] * factor for column in sizes},
            )
        )
    cells = {(f"{u}-{n}", c): cell for (u, c), cell in fleet.cells.items() for n in range(COPIES)}
    rows = {f"{unit}-{n}": row for unit, row in fleet.rows.items() for n in range(COPIES)}
    activity = fleet.activity.iloc[:0]
    return replace(fleet, units=pd.concat(copies), cells=cells, rows=rows, activity=activity, sha256="")


def _median_seconds(call: Callable[[], None]) -> float:
    """Return the median time of a call [s], after one that warms what can be warmed."""
    call()
    return statistics.median(seconds(call) for _ in range(ROUNDS))


@cache
def _large_page() -> tuple[float, float]:
    """Return seconds and megabytes of the page of a large fleet."""
    import hginventory as hg
    from hginventory.report.page.html import page

    run = hg.project(large_fleet(), draws=FEW_DRAWS)
    run.draw()
    start = time.perf_counter()
    text = page(run)
    return time.perf_counter() - start, len(text.encode()) / 1e6
