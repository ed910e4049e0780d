"""No added device raises the emission of a unit in any draw, except where its row says that it removes less."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.paired_draws import scenario_input
from hginventory.ensemble.numpy_engine import NormalStore, row_values
from hginventory.projection import Projection
from hginventory.scenarios.scenario import Measure, Scenario

DRAWS, SEED = 400, 4
ROUNDING = 1e-6  # of noise in single precision
DEVICES = ("ESPc", "FF", "SCR", "wFGD", "swFGD", "SDA", "DSI", "ACI", "ACI-Br", "ACI-Br+FF", "HAL", "SCR+wFGD", "CYC")
STRIPPERS = ("SDA", "DSI")  # strip the chlorine of low-chlorine coal before its filter: the one exception


def emissions(projection: Projection, devices: str) -> tuple[np.ndarray, ...]:
    """Return units that devices change, their mean removal then, and kg over their years by draw before and after."""
    year = projection.settings.base_year
    measure = Measure(action="add_control", target=devices, from_year=year, where="sector == 'coal_power'")
    one = apply_scenario(projection, Scenario(name="test"), [(0, measure)])
    changed = one.changed()
    if not changed:
        return np.empty(0, dtype=int), np.empty(0), np.empty((0, DRAWS)), np.empty((0, DRAWS))
    assert one.states is not None
    then = one.states.units["removal"]
    by_unit = dict(zip((str(state).split("\x1f")[0] for state in then.index), then, strict=True))
    removal = np.array([by_unit[str(unit)] for unit in projection.units.index[changed]])
    given = scenario_input(one, changed)
    rows = given.rows
    values = row_values(given, slice(None), NormalStore(rows.stream[rows.weight > 0], SEED, DRAWS))
    life = np.zeros((given.units, DRAWS))
    np.add.at(life, rows.unit, values * (rows.end - rows.first)[:, None])
    return np.array(changed), removal, life[: len(changed)], life[len(changed) :]


def worse_units(projection: Projection, devices: str) -> pd.DataFrame:
    """Return the units that emit more in some draw after devices were added, with their removal before and after."""
    changed, removal, before, after = emissions(projection, devices)
    worse = (after > before * (1.0 + ROUNDING)).any(axis=1)
    return projection.units.iloc[changed[worse]][["train", "removal", "coal_class"]].assign(after=removal[worse])


@pytest.fixture(scope="module")
def indonesia(central: hg.Run) -> Projection:
    return central.projection


def unexpected(found: pd.DataFrame, devices: str) -> pd.DataFrame:
    """Return the units whose emission nothing may raise: all but those with a filter that get a dry scrubber."""
    is_exception = found["train"].str.contains("FF") & (devices in STRIPPERS) & found["coal_class"].ne("high_cl")
    return found[~is_exception]


@pytest.mark.parametrize("devices", DEVICES)
def test_at_every_indonesian_unit(indonesia: Projection, devices: str) -> None:
    assert unexpected(worse_units(indonesia, devices), devices).empty


TRAINS: tuple[dict[str, Any], ...] = (
    {"pm_control": "ESPc", "so2_control": "none", "nox_control": "none"},
    {"pm_control": "FF", "so2_control": "none", "nox_control": "SCR"},
    {"pm_control": "ESPc", "so2_control": "wFGD", "nox_control": "none"},
    {"pm_control": "unknown", "so2_control": "unknown", "nox_control": "unknown"},
    {"pm_control": "none", "so2_control": "none", "nox_control": "none"},
)
COALS: tuple[dict[str, Any], ...] = (
    {"country": "IDN", "coal_type": "subbituminous"},
    {"country": "USA", "coal_type": "bituminous"},
    {"country": "DEU", "coal_type": "lignite"},
    {"country": "KAZ"},
)
STATED: tuple[dict[str, Any], ...] = ({}, {"removal": 0.35, "removal_basis": "coal to stack"})


@pytest.mark.parametrize("devices", DEVICES)
def test_whatever_train_coal_and_statement(devices: str) -> None:
    rows = [
        {**train, **coal, **stated, "boiler": boiler, "status": "operating", "start_year": 2010, "capacity_net": 500.0}
        for train in TRAINS
        for coal in COALS
        for stated in STATED
        for boiler in ("PC", "CFB")
    ]
    frame = pd.DataFrame([{**row, "unit_id": f"U{n}", "plant": f"P{n}"} for n, row in enumerate(rows)])
    projection = hg.project(hg.fleet_from_frame(frame, settings={"base_year": 2026})).projection
    found = worse_units(projection, devices)
    is_stated = frame.set_index("unit_id")["removal"].notna()
    assert found[is_stated[found.index]].empty
    assert unexpected(found, devices).empty
    assert (found["after"] < found["removal"]).all(), "only where the row of the new train says so on average"
