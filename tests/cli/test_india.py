"""The bundled fleet of India from the command line: today, and the year of its generation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(("options", "operating", "year"), [((), 870, "2026"), (("--base-year", 2018), 781, "2018")])
def test_the_fleet_runs(hginv: Callable[..., Any], options: tuple[object, ...], operating: int, year: str) -> None:
    shown = hginv("project", "--fleet", "india.xlsx", "--draws", 0, "-o", "run", *options)
    assert shown.code == 0, shown.err
    assert f"india in {year}: {operating} coal units (+" in " ".join(shown.out.split())
    assert "Generation is that of the fiscal year 2018-19" in hginv("explain", "G100000107380", "--fleet", "run").out


def test_the_calculation_names_the_year_and_the_cell(hginv: Callable[..., Any]) -> None:
    shown = hginv("explain", "Kudgi Super Thermal Power Project Unit 1", "--fleet", "india.xlsx")
    assert shown.code == 0, shown.err
    assert "net generation, 2018" in shown.out
    assert "reported: Activity!D" in shown.out
