"""How a default capacity factor varies: between 0 and 1, around its mean, as units of one fleet do."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hginventory as hg
from hginventory.decisions.ranking.data_gaps import _relative_spread
from hginventory.ensemble.numba_engine import run_kernel
from hginventory.ensemble.numpy_engine import NormalStore, row_values, run_numpy
from hginventory.ensemble.quantiles import table_mean
from hginventory.factors.library import load_library
from hginventory.factors.spread import BETA, sd_at
from hginventory.inputs.fleet.fleet import FactorOverride
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet
from hginventory.uncertainty.ensemble_input import assemble
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder

ROW = "coal_technology/capacity_factor/IDN/any/any/any/any"
UNIT: dict[str, Any] = {
    "country": "IDN", "status": "operating", "start_year": 2010, "capacity_net": 600.0, "coal_type": "subbituminous",
    "boiler": "PC", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
}  # fmt: skip
DRAWS = 40_000


def projection_of(mean: float | None = None, plants: tuple[str, ...] = ("P1",), **cells: Any) -> Projection:
    rows = [{**UNIT, **cells, "unit_id": f"U{n}", "plant": plant} for n, plant in enumerate(plants, 1)]
    fleet = hg.fleet_from_frame(pd.DataFrame(rows), sector="coal_power", settings={"base_year": 2026})
    if mean is not None:
        object.__setattr__(fleet, "overrides", (FactorOverride(ROW, mean, "1", None, None, "", "x", "Factors!A4"),))
    return project_fleet(fleet)


def drawn_factors(projection: Projection) -> np.ndarray:
    """Return the drawn capacity factors, shape (units, draws): emissions with nothing else that varies."""
    arrays = assemble(projection, {}, {})
    families = [factor.family for factor in UncertainFactorFinder(projection).of_unit(0)]
    table = arrays.rows.table.copy()
    table[:, [n for n, family in enumerate(families) if family != "activity"]] = -1
    alone = replace(arrays, rows=replace(arrays.rows, table=table))
    store = NormalStore(alone.rows.stream[alone.rows.weight > 0], 1, DRAWS)
    air = projection.units["air_kg_per_yr"].to_numpy(dtype=float)
    mean = projection.units["capacity_factor"].to_numpy(dtype=float)
    return np.asarray(row_values(alone, slice(None), store), dtype=float) / (air / mean)[:, None]


@pytest.mark.parametrize("mean", [0.02, 0.08, 0.3, 0.5, 0.64, 0.9, 0.98])
def test_no_draw_leaves_0_to_1_and_the_mean_is_kept(mean: float) -> None:
    drawn = drawn_factors(projection_of(mean))[0]
    assert drawn.min() >= 0.0
    assert drawn.max() <= 1.0
    error = drawn.std() / math.sqrt(drawn.size)
    assert drawn.mean() == pytest.approx(mean, abs=max(0.01 * mean, 3.0 * error))
    row = load_library().in_year(2026).row(ROW)
    assert drawn.std() == pytest.approx(sd_at(row.spread or 0.0, row.number(), mean), rel=0.05)


@settings(max_examples=25, deadline=None)
@given(mean=st.floats(0.02, 0.98))
def test_tables_of_any_mean_keep_it_to_a_hundredth(mean: float) -> None:
    projection = projection_of(mean)
    arrays = assemble(projection, {}, {})
    index = [factor.family for factor in UncertainFactorFinder(projection).of_unit(0)].index("activity")
    table = np.asarray(arrays.tables[arrays.rows.table[0, index]], dtype=float)
    assert float(table_mean(table)) == pytest.approx(1.0, rel=0.01)
    assert table.min() >= 0.0
    assert table.max() * mean <= 1.0 + 1e-6


def test_both_engines_draw_the_same() -> None:
    arrays = assemble(projection_of(0.02, ("P1", "P2")), {"all": ["U1", "U2"]}, {})
    np.testing.assert_allclose(run_kernel(arrays, 2000, 1).base_sums, run_numpy(arrays, 2000, 1).base_sums, rtol=1e-5)


def test_units_of_a_plant_run_more_alike_than_those_of_a_country() -> None:
    projection = projection_of(None, ("P1", "P1", "P2"))
    together = np.corrcoef(drawn_factors(projection))
    scopes = dict(load_library().in_year(2026).row(ROW).scopes)
    assert together[0, 1] == pytest.approx(scopes["country"] + scopes["plant"], abs=0.03)
    assert together[0, 2] == pytest.approx(scopes["country"], abs=0.03)


def test_what_a_unit_states_varies_as_before() -> None:
    (stated,) = (
        f for f in UncertainFactorFinder(projection_of(capacity_factor=0.3)).of_unit(0) if f.family == "activity"
    )
    assert stated.spread.distribution == "normal"
    assert stated.spread.size == load_library().row("origin_spread/activity/reported").spread


def test_gaps_take_a_capacity_factor_over_its_mean() -> None:
    library = load_library().in_year(2026)
    row = library.row(ROW)
    assert row.distribution == BETA
    assert _relative_spread((ROW,), library) == pytest.approx((row.spread or 0.0) / row.number())
    removal = library.row("removal/default/ESPc/low_cl/PC")
    expected = (removal.spread or 0.0) / (1.0 - removal.number())
    assert _relative_spread((removal.row_id,), library) == pytest.approx(expected)


def test_a_yearly_amount_at_the_stack_knows_how_little_the_hours_are_known() -> None:
    """What was measured in a year depends on its hours, so it weighs less for a unit of unknown hours."""
    points = []
    for cells in ({}, {"capacity_factor": 0.64}):
        unit = pd.DataFrame([{**UNIT, **cells, "unit_id": "U1", "plant": "P1"}])
        test = {"unit_id": "U1", "date": "2023-05-01", "kind": "stack_test", "quantity": "hg_yearly", "value": 90.0,
                "unit": "kg/yr"}  # fmt: skip
        fleet = fleet_from_tables({"Coal_units": unit, "Measurements": pd.DataFrame([test])})
        points += project_fleet(fleet, base_year=2026).measured
    library = load_library().in_year(2026)
    row, stated = library.row(ROW), library.row("origin_spread/activity/reported")
    more = math.log1p(((row.spread or 0.0) / row.number()) ** 2) - math.log1p((stated.spread or 0.0) ** 2)
    assert points[0].measured_ln_sd ** 2 - points[1].measured_ln_sd ** 2 == pytest.approx(more)
    assert points[0].weight < points[1].weight
