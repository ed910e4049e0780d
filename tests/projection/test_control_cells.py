"""The cell that a finding or a reason names is the one to fill in, whichever control is blank."""

from __future__ import annotations

import pandas as pd
import pytest

import hginventory as hg

UNIT = {"unit_id": "A1", "plant": "A", "country": "IDN", "status": "operating", "start_year": 2012,
        "coal_type": "lignite", "capacity_gross": 600.0}  # fmt: skip
CONTROLS = ("pm_control", "so2_control", "nox_control")


def with_controls(**controls: str | None) -> hg.Fleet:
    return hg.fleet_from_frame(pd.DataFrame([{**UNIT, **dict.fromkeys(CONTROLS), **controls}]))


def columns_of(fleet: hg.Fleet, code: str, profile: str) -> list[str]:
    """Return the columns that the findings of a code name."""
    run = hg.project(fleet, draws=0, profile=profile)
    cells = {fleet.address("A1", column): column for column in (*CONTROLS, "removal")}
    return [cells[one.sheet, one.cell] for one in run.findings if one.code == code]


@pytest.mark.parametrize(
    ("stated", "column"),
    [
        ("ESPc SDA SCR", "removal"),
        ("ESPc SDA unknown", "nox_control"),
        ("ESPc SDA -", "nox_control"),
        ("FF - none", "so2_control"),
        ("- SDA SCR", "pm_control"),
        ("- SDA -", "pm_control"),
    ],
)
@pytest.mark.parametrize(("code", "profile"), [("W701", "default"), ("W705", "epa_emf")])
def test_what_the_removal_lacks_names_the_blank_control(stated: str, column: str, code: str, profile: str) -> None:
    cells = [None if cell == "-" else cell for cell in stated.split()]
    fleet = with_controls(**dict(zip(CONTROLS, cells, strict=True)), hg_control="none")
    assert columns_of(fleet, code, profile) == [column]
