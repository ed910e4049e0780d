"""Claims on the page of a run: how long it takes, and how large it is. Entered into the list of `speed.py`."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

from measure import claim, hginv, median_ratio, process

COPIES = 40  # of the Indonesian fleet: 14,120 units
FEW_DRAWS = 100  # the page shows what draws say, however many they are
ROUNDS = 5


@claim("at most", 3.5)
def report_time() -> float:
    """Time `hginv report` over `hginv project`, both of the Indonesian run, whole processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = process(hginv("project", "--fleet", "indonesia.xlsx", "-o", "run", "--quiet"), folder)
        project()
        return median_ratio(process(hginv("report", "run", "--quiet"), folder), project, ROUNDS)


@claim("at most", 2.0)
def report_size() -> float:
    """Measure the page of the Indonesian run [MB]."""
    import hginventory as hg
    from hginventory.report.html import page

    return len(page(hg.project("indonesia", draws=FEW_DRAWS)).encode()) / 1e6


@claim("at most", 20.0)
def large_report_time() -> float:
    """Time the page of 14,120 units, computed already [s]."""
    return _large_page()[0]


@claim("at most", 10.0)
def large_report_size() -> float:
    """Measure the page of 14,120 units [MB]."""
    return _large_page()[1]


@cache
def _large_page() -> tuple[float, float]:
    """Return seconds and megabytes of the page of many copies of the Indonesian fleet, each unit of another size."""
    import numpy as np
    import pandas as pd

    import hginventory as hg
    from hginventory.report.html import page

    fleet = hg.read_fleet("indonesia")
    random = np.random.default_rng(1)
    sizes = [c for c in fleet.units if c.startswith(("capacity_gross", "capacity_net", "capacity_mw")) or
             c in ("clinker_capacity", "cement_capacity")]  # fmt: skip
    copies = []
    for number in range(COPIES):
        units = fleet.units.rename(index=lambda unit, number=number: f"{unit}-{number}")
        factor = random.lognormal(0.0, 0.4, len(units))
        copies.append(
            units.assign(
                plant=units["plant"] + f" {number}",
                longitude=units["longitude"] - random.uniform(0.0, 220.0),
                **{column: units[column] * factor for column in sizes},
            )
        )
    cells = {(f"{u}-{n}", c): cell for (u, c), cell in fleet.cells.items() for n in range(COPIES)}
    rows = {f"{unit}-{n}": row for unit, row in fleet.rows.items() for n in range(COPIES)}
    large = replace(fleet, units=pd.concat(copies), cells=cells, rows=rows, activity=fleet.activity.iloc[:0], sha256="")
    run = hg.project(large, draws=FEW_DRAWS)
    run.draw()
    start = time.perf_counter()
    text = page(run)
    return time.perf_counter() - start, len(text.encode()) / 1e6
