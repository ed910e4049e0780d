"""Ten US units with and without the statement that they comply: every command tells the same kilograms."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.optimisation import FleetDraws
from hginventory.decisions.optimisation.goals import Goal
from hginventory.decisions.scenarios import avoided_in_draws
from hginventory.ensemble import NormalStore, row_values
from hginventory.ensemble.numba_engine import run_kernel
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.model import PATHWAYS
from hginventory.projection import UNLISTED
from hginventory.projection.rate_cuts import UNKNOWN_SINK
from hginventory.scenarios import Measure, Scenario
from hginventory.uncertainty import assemble, project_complying
from hginventory.uncertainty.limit_cuts import cut_to_limits
from tests.uncertainty.test_limit_cuts import drawn_rates, limits_over_listed

HIGH_RANK, LOW_RANK = "usa_mats_existing_not_low_rank", "usa_mats_existing_low_rank"
UNITS = [  # dust, SO2, NOx, coal, MW, first year, planned retirement
    ("ESPc", "none", "none", "bituminous", 500, 2001, 2045),
    ("ESPc", "wFGD", "SCR", "bituminous", 600, 2006, 2050),
    ("FF", "SDA", "SCR", "bituminous", 450, 2005, 2050),
    ("FF", "none", "none", "subbituminous", 700, 2003, 2048),
    ("ESPc", "wFGD", "none", "bituminous", 1200, 1999, 2045),
    ("none", "none", "none", "bituminous", 150, 1998, 2045),
    ("ESPh", "none", "none", "subbituminous", 300, 2000, 2045),
    ("ESPc", "wFGD", "none", "lignite", 550, 2004, 2046),
    ("ESPc", "none", "none", "lignite", 400, 2002, 2045),
    ("FF", "SDA", "none", "subbituminous", 800, 2010, 2050),
]
STATED = [f"U{n}" for n in range(1, 10)]  # of the tenth nothing is stated
DRAWS, SEED = 2000, 3


def frame(*, stated=True):
    rows = [
        {"unit_id": f"U{n}", "plant": f"P{(n + 1) // 2}", "unit": str(n), "country": "USA", "status": "operating",
         "pm_control": dust, "so2_control": so2, "nox_control": nox, "coal_type": coal, "capacity_gross": float(mw),
         "start_year": first, "planned_retirement": end,
         "complies_with": (LOW_RANK if coal == "lignite" else HIGH_RANK) if stated and n < 10 else None}
        for n, (dust, so2, nox, coal, mw, first, end) in enumerate(UNITS, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def fleet(units):
    return hg.fleet_from_frame(units, settings={"base_year": 2026})


@pytest.fixture(scope="module", name="runs")
def _runs():
    return {stated: hg.project(fleet(frame(stated=stated)), draws=DRAWS, seed=SEED) for stated in (False, True)}


@pytest.fixture(scope="module", name="plans")
def _plans(runs):
    return {stated: run.optimize(target="30%", by=2035) for stated, run in runs.items()}


def test_rates_lie_below_the_limit_in_every_draw(runs):
    projection = runs[True].projection
    rates, limits = drawn_rates(projection, 20_000), limits_over_listed(projection)
    bound = ~np.isnan(limits)
    assert list(projection.units.index[bound]) == STATED
    assert (rates[bound] < limits[bound, None]).all()


@pytest.mark.parametrize("engine", [run_kernel, run_numpy], ids=["numba", "numpy"])
def test_the_balance_closes_in_every_draw(runs, engine):
    projection = runs[True].projection
    names = list(projection.units.index)
    each = {unit: [unit] for unit in names}
    given = assemble(projection, each, {}, lifetime_spread=0.0)
    after, before = (engine(one, DRAWS, SEED).life_sums for one in (given, replace(given, cuts=None)))
    listed = projection.mass_balance.copy()
    ways = [f"{way}_kg_per_yr" for way in PATHWAYS]
    plain = runs[False].projection.mass_balance[ways].to_numpy()
    assert (after <= before * (1 + 1e-6) + 1e-6).all()
    for row, unit in enumerate(names):
        cut = projection.cuts.get(unit)
        if cut is None:
            assert (after[row] == before[row]).all()
            continue
        air = plain[row, :3].sum()
        for was, now in zip(before[row, :200], after[row, :200], strict=True):
            drawn = plain[row] * (was / air)  # pathways of the draw by the listed controls
            found, unknown = cut.pathways(drawn, now / was)
            assert found[:3].sum() == pytest.approx(now, rel=1e-9)
            assert found.sum() + unknown == pytest.approx(drawn.sum(), rel=1e-9)
            assert (found >= 0.0).all()
            assert unknown >= 0.0
    total = listed[ways].sum(axis=1) + listed[UNKNOWN_SINK]
    assert total.to_numpy() == pytest.approx(listed["hg_in_kg_per_yr"].to_numpy(), rel=1e-9)
    assert (listed[UNLISTED] >= 0.0).all()


def test_central_values_are_the_means_of_draws(runs):
    projection = runs[True].projection
    given = assemble(projection, {}, {}, top=1, lifetime_spread=0.0)
    store = NormalStore(np.unique(given.rows.stream[given.rows.weight > 0]), 8, 100_000)
    values = row_values(given, slice(None), store)[given.rate_row]
    error = values.std(axis=1) / 100_000**0.5
    assert (np.abs(values.mean(axis=1) - projection.units["air_kg_per_yr"].to_numpy()) <= 5.0 * error + 2e-3).all()


def test_commands_tell_the_same_kilograms(runs, plans):
    for stated, run in runs.items():
        units, catalogue, plan = run.units, run.catalogue(), plans[stated]
        for unit in units.index:
            for option in catalogue.of_unit(unit):
                assert option.avoided_kg_per_yr <= units.at[unit, "air_kg_per_yr"] * (1 + 1e-12)
        central = run.projection.yearly_kg[:, 9].sum() - plan.applied.yearly_kg[:, 9].sum()
        assert plan.summary["avoided_kg"] == pytest.approx(central, rel=0.02)
        assert central >= 0.299 * run.projection.yearly_kg[:, 9].sum()
        goal = Goal("share", 0.3, 2035)
        drawn = FleetDraws.of(run.projection, DRAWS, SEED).avoided(plan.applied, goal)
        paired = avoided_in_draws([plan.applied], DRAWS, SEED)[0].yearly[9]
        assert drawn == pytest.approx(paired, abs=1e-4)
        assert drawn.mean() == pytest.approx(central, abs=5.0 * drawn.std() / DRAWS**0.5)


def test_a_plan_for_complying_units_needs_other_kilograms(runs, plans):
    total = {stated: float(run.units["air_kg_per_yr"].sum()) for stated, run in runs.items()}
    assert total[True] < 0.7 * total[False]
    avoided = {stated: plans[stated].summary["avoided_kg"] for stated in runs}
    assert avoided[True] < avoided[False]


def test_a_scenario_of_a_complying_fleet_is_compared_on_its_draws(runs):
    scenario = Scenario(name="carbon", title="", measure=(
        Measure(action="add_control", target="ACI", from_year=2028),
        Measure(action="wash_coal", value=0.2, from_year=2028, where="coal_type != 'lignite'"),
    ))  # fmt: skip
    for run in runs.values():
        compared = run.compare([scenario])
        row = compared.table.set_index("scenario").loc["carbon"]
        one = next(one for one in compared.applied if one.scenario.name == "carbon")
        central = run.projection.yearly_kg.sum() - one.yearly_kg.sum()
        assert row["avoided_t"] * 1000.0 == pytest.approx(central, rel=1e-9)
        drawn = avoided_in_draws([one], 100_000, 5)[0].life
        assert drawn.mean() == pytest.approx(central, abs=5.0 * drawn.std() / 100_000**0.5 + 2e-3 * central)


def test_a_limit_in_force_asks_nothing_of_units_that_comply(runs):
    for stated, run in runs.items():
        limit = Scenario(name="again", title="", measure=(
            Measure(action="emission_limit", target=HIGH_RANK, from_year=2030),
        ))  # fmt: skip
        compared = run.compare([limit])
        changed = set(compared.units["unit_id"])
        assert changed == {"U10"} if stated else len(changed) > 4


@pytest.mark.parametrize("draws", [0, 1, 500])
@pytest.mark.parametrize("seed", [1, 2])
def test_central_values_depend_on_no_draws_and_seed(runs, draws, seed):
    run = hg.project(fleet(frame()), draws=draws, seed=seed)
    pd.testing.assert_frame_equal(run.units, runs[True].units, check_exact=True)


@pytest.mark.parametrize("order", [list(range(9, -1, -1)), [3, 1, 4, 0, 5, 9, 2, 6, 8, 7]])
def test_results_depend_on_no_order(runs, order):
    run = hg.project(fleet(frame().iloc[order]), draws=DRAWS, seed=SEED)
    columns = ["air_kg_per_yr", "lifetime_kg", "removal"]
    ids = runs[True].units.index
    pd.testing.assert_frame_equal(run.units.loc[ids, columns], runs[True].units[columns], check_exact=True)
    quantiles = ["air_kg_per_yr_p05", "lifetime_kg_p95"]
    sure = [one.certainty.units.loc[ids, quantiles] for one in (run, runs[True])]
    pd.testing.assert_frame_equal(*sure, check_exact=True)


@pytest.mark.parametrize("threads", ["1", "2", "3"])
def test_results_depend_on_no_threads(runs, threads, monkeypatch):
    projection = runs[True].projection
    given = assemble(projection, {unit: [unit] for unit in projection.units.index}, {}, lifetime_spread=0.0)
    whole = run_kernel(given, 5000, SEED)
    monkeypatch.setenv("HGINV_THREADS", threads)
    again = run_kernel(given, 5000, SEED)
    assert np.array_equal(whole.life_sums, again.life_sums)
    assert np.array_equal(whole.life_sums[:, :1000], run_kernel(given, 1000, SEED).life_sums)  # by blocks of draws


class _Quiet:
    def add(self, *args, **kwargs):
        pass


def test_the_change_to_the_usual_margin_is_a_jump_downwards(runs):
    """Just where the listed controls explain compliance with 5 %, the central value falls to the usual margin."""
    listed = runs[False].projection
    stated = runs[True].projection
    index = list(stated.units.index).index("U1")
    cut = stated.cuts["U1"].cut
    levels = np.exp(np.linspace(np.log(cut.limit) - 3.0, np.log(cut.limit) + 1.0, 400))
    below = np.array([1.0 - cut.probability_above(level) for level in levels])
    switch = levels[np.searchsorted(below, cut.least_probability)]
    kept = []
    for times in (0.97, 1.03):
        rate = np.where(np.arange(10) == index, stated.complies.rate * times * switch / cut.limit, np.nan)
        complies = replace(stated.complies, rate=rate, index=np.where(np.arange(10) == index, 0, -1))
        found = cut_to_limits(None, replace(listed, complies=complies), lambda _: np.zeros(9), _Quiet())
        own = found.cuts["U1"]
        kept.append(own.kept / own.cut.limit)
    margin, explained = kept
    assert margin == pytest.approx(cut.usual.mean, rel=0.05)
    assert 1.0 < explained / margin < 2.2


def test_units_alike_share_one_cut():
    units = pd.concat([frame().iloc[[1]].assign(unit_id=f"V{n}", plant=f"P{n}", start_year=1980 + n % 30)
                       for n in range(300)])  # fmt: skip
    projection = project_complying(fleet(units))
    assert len(projection.cuts) == 300
    assert len({id(own.cut) for own in projection.cuts.values()}) == 1


def test_a_fleet_without_statements_has_no_cut_to_pay_for(runs):
    projection = runs[False].projection
    assert not projection.cuts
    assert assemble(projection, {}, {}).cuts is None
