"""What the lists of mistakes need: units as rows, and the coal a unit gets from the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors.coal_quality import CoalQuality, CoalTables

RunOf = Callable[..., hg.Run]


@pytest.fixture(scope="session")
def run_of() -> RunOf:
    """Return a function that projects coal units, or kilns, given as rows."""

    def project(*rows: dict[str, Any], sector: str = "coal_power", **options: Any) -> hg.Run:
        common = {"country": "IDN", "status": "operating", "start_year": 2010}
        table = pd.DataFrame([{**common, "unit_id": f"U{i}", "plant": f"P{i}", **row} for i, row in enumerate(rows)])
        tables = {name: options.pop(name) for name in ("fuels", "activity") if name in options}
        fleet = hg.fleet_from_frame(table, sector=sector, settings={"base_year": 2026}, **tables)
        return hg.project(fleet, **options)

    return project


@pytest.fixture(scope="session")
def default_coal() -> Callable[[str, str], CoalQuality]:
    """Return a function that gives the coal of a country and rank of which nothing is stated."""
    tables = CoalTables(hg.load_library())
    return lambda country, rank: tables.quality({}, lambda _: None, country, rank)
