"""A plant differs from year to year: in figures of the base year, in no lifetime."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.ranking.ranked_amounts import rank_certainty
from hginventory.decisions.ranking.unit_certainty import certainty
from hginventory.ensemble.numba_engine import run_kernel
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.factors.library import load_library
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet
from hginventory.uncertainty.ensemble_input import assemble

COAL: dict[str, Any] = {
    "country": "IDN", "status": "operating", "start_year": 2010, "capacity_net": 600.0, "coal_type": "subbituminous",
    "boiler": "PC", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
    "hg_coal": 0.08, "hg_basis": "as received", "hg_coal_sd": 0.04, "hg_coal_n": 16,
}  # fmt: skip
DRAWS = 40_000


def projection_of(*changes: dict[str, Any]) -> Projection:
    rows = [{**COAL, "unit_id": f"U{n}", "plant": f"P{n}", **change} for n, change in enumerate(changes, 1)]
    return project_fleet(hg.fleet_from_frame(pd.DataFrame(rows), sector="coal_power", settings={"base_year": 2026}))


def base_over_life(projection: Projection) -> np.ndarray:
    """Return how the base year differs from the mean of the remaining years, shape (N, draws)."""
    sets = {unit: [unit] for unit in map(str, projection.units.index)}
    drawn = run_numpy(assemble(projection, sets, {}), DRAWS, 1)
    years = projection.units["remaining_years"].to_numpy(dtype=float)
    return drawn.base_sums / (drawn.life_sums / years[:, None])


def test_the_base_year_differs_by_the_year_alone_and_units_of_a_plant_together() -> None:
    ratio = base_over_life(projection_of({}, {"plant": "P1"}, {}))
    size = load_library().row("origin_spread/year/base_year").spread
    assert np.log(ratio).std(axis=1) == pytest.approx(size, rel=0.02)
    assert ratio.mean(axis=1) == pytest.approx(1.0, abs=4.0 * 0.17 / DRAWS**0.5)
    np.testing.assert_allclose(ratio[0], ratio[1], rtol=1e-5)
    assert abs(np.corrcoef(ratio[0], ratio[2])[0, 1]) < 0.02


def test_a_lifetime_leaves_the_year_out() -> None:
    given = assemble(projection_of({}, {}), {"all": ["U1", "U2"]}, {"all": ["U1", "U2"]})
    for run in (run_kernel, run_numpy):
        drawn = run(given, 2_000, 1)
        rate = drawn.rate_quantiles[:, -1] / drawn.rate_quantiles[:, 0]
        life = drawn.life_quantiles[:, -1] / drawn.life_quantiles[:, 0]
        assert (rate > 1.02 * life).all()
        np.testing.assert_allclose(drawn.yearly_sums[0].sum(axis=0), drawn.life_sums[0], rtol=1e-9)


def measured_at(*names: str) -> Projection:
    """Return four units, two a plant, of which some have a stack test."""
    units = pd.DataFrame([{**COAL, "unit_id": f"U{n}", "plant": f"P{(n + 1) // 2}"} for n in (1, 2, 3, 4)])
    test = {"date": "2023-05-01", "kind": "stack_test", "quantity": "hg_per_heat", "value": 3.0, "unit": "g/TJ"}
    sheets = {"Coal_units": units, "Measurements": pd.DataFrame([{**test, "unit_id": name} for name in names])}
    return project_fleet(fleet_from_tables(sheets), base_year=2026)


@pytest.mark.parametrize("names", [("U1",), ("U1", "U3"), ("U1", "U2"), ("U1; U2",), ("U4", "U3", "U1")])
def test_the_base_year_of_a_measured_stack_differs_as_years_at_stacks_do(names: tuple[str, ...]) -> None:
    projection = measured_at(*names)
    ratio = base_over_life(projection)
    coal, stack = (
        load_library().row(f"origin_spread/{row}").spread for row in ("year/base_year", "stack_year/measured")
    )
    own = {name for row in names for name in row.split("; ")}
    expected = [stack if unit in own else coal for unit in projection.units.index]
    assert np.log(ratio).std(axis=1) == pytest.approx(expected, rel=0.02)
    assert ratio.mean(axis=1) == pytest.approx(1.0, abs=5.0 * 0.42 / DRAWS**0.5)


def test_both_engines_draw_the_year_of_each_unit() -> None:
    given = assemble(measured_at("U1", "U3"), {name: [name] for name in ("U1", "U2", "U3", "U4")}, {})
    one, other = (run(given, 2_000, 1) for run in (run_kernel, run_numpy))
    np.testing.assert_allclose(one.base_sums, other.base_sums, rtol=1e-4)
    np.testing.assert_allclose(one.rate_quantiles, other.rate_quantiles, rtol=1e-3)


def without_years(projection: Projection) -> Projection:
    """Return a projection with a factor table that gives years no spread."""
    row = projection.library.row("origin_spread/year/base_year")
    library = projection.library.with_rows([replace(row, spread=None, distribution="", scopes=())])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hginventory.projection.project.load_library", lambda: library)
        return project_fleet(projection.fleet)


def test_years_differ_as_far_as_the_table_says_or_not_at_all() -> None:
    assert assemble(without_years(projection_of({})), {}, {}).year_varies is None


def test_what_an_option_avoids_over_many_years_leaves_the_year_out() -> None:
    both = [projection_of({}, {"capacity_net": 300.0})]
    both.append(without_years(both[0]))
    found = [Catalogue(one, sure=certainty(one, draws=500, seed=1)).of_unit("U1") for one in both]
    levels = [[(o.avoided_p05, o.avoided_p95) for o in options if o.avoided_p95 > 0] for options in found]
    assert levels[0]
    np.testing.assert_allclose(*levels, rtol=1e-6)
    rates = [certainty(one, draws=DRAWS, seed=1).units["air_kg_per_yr_p95"] for one in both]
    assert (rates[0] > 1.01 * rates[1]).all()


def test_kilns_have_no_year_of_their_own(central: hg.Run) -> None:
    given = assemble(central.projection, {}, {})
    is_kiln = central.units["sector"].eq("cement_kiln").to_numpy()
    assert given.year_varies is not None
    assert not given.year_varies[is_kiln].any()
    assert given.year_varies[~is_kiln].all()


@pytest.mark.parametrize("plants", [False, True])
def test_ranked_by_a_year_the_year_counts(plants: bool) -> None:
    projection = projection_of({}, {"plant": "P1", "start_year": 2012}, {"capacity_net": 300.0})
    of_year = rank_certainty(projection, by="air_base_year_kg", plants=plants, draws=4_000, named=1)
    of_life = rank_certainty(projection, by="lifetime_kg", plants=plants, draws=4_000, named=1)
    for one, other in zip(
        of_year.table.filter(regex="_p05$|_p95$").to_numpy(dtype=float),
        of_life.table.filter(regex="_p05$|_p95$").to_numpy(dtype=float),
        strict=True,
    ):
        assert one[1] / one[0] > 1.02 * other[1] / other[0]
