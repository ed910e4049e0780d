"""Shares of variance against closed forms and against SALib, and what they say of fleets that can be judged by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.unit_certainty import certainty
from hginventory.decisions.sensitivity.sobol_indices import indices, remainder
from hginventory.decisions.sensitivity.variance_decomposition import INTERACTIONS, OUTPUTS, rekeyed, sensitivity
from hginventory.ensemble.run import run_ensemble
from hginventory.errors import UsageError
from hginventory.projection import Projection
from hginventory.uncertainty.ensemble_input import assemble
from hginventory.uncertainty.groups import stream_groups

Function = Callable[[np.ndarray], np.ndarray]
A, B = 7.0, 0.1


def ishigami(x: np.ndarray) -> np.ndarray:
    """The Ishigami function of inputs in the last axis, each between -pi and pi."""
    return np.sin(x[..., 0]) + A * np.sin(x[..., 1]) ** 2 + B * x[..., 2] ** 4 * np.sin(x[..., 0])


def ishigami_indices() -> tuple[list[float], list[float]]:
    """Return first-order and total indices of the Ishigami function in closed form."""
    v1, v2, v13 = 0.5 * (1 + B * math.pi**4 / 5) ** 2, A**2 / 8, B**2 * math.pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    return [v1 / total, v2 / total, 0.0], [(v1 + v13) / total, v2 / total, v13 / total]


def runs(function: Function, inputs: int, size: int, low: float, high: float) -> tuple[np.ndarray, np.ndarray, list]:
    """Return runs on two samples, and for each input the run that keeps it from the first."""
    first, other = np.random.default_rng(5).uniform(low, high, size=(2, size, inputs))
    mixed = []
    for column in range(inputs):
        both = other.copy()
        both[:, column] = first[:, column]
        mixed.append(function(both))
    return function(first), function(other), mixed


def test_ishigami_in_closed_form() -> None:
    first, other, mixed = runs(ishigami, 3, 200_000, -math.pi, math.pi)
    for one, alone, at_all in zip(mixed, *ishigami_indices(), strict=True):
        found = indices(first, other, one)
        assert found.alone == pytest.approx(alone, abs=4 * found.alone_error)
        assert found.at_all == pytest.approx(at_all, abs=4 * found.at_all_error)
        assert max(found.alone_error, found.at_all_error) < 0.01
    share, error = remainder(first, other, mixed)
    assert share == pytest.approx(1.0 - sum(ishigami_indices()[0]), abs=4 * error)


def test_the_same_arrays_in_salib_give_the_same_indices() -> None:
    from SALib.analyze import sobol
    from SALib.sample import sobol as sampling

    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-math.pi, math.pi]] * 3}
    sample = sampling.sample(problem, 4096, calc_second_order=False, seed=3)
    values = ishigami(sample).reshape(-1, 5)  # A, A with input i from B (three), B
    theirs = sobol.analyze(problem, values.ravel(), calc_second_order=False, seed=3)
    for column in range(3):
        # SALib's A with input i from B keeps the group from B, so B is our first run and A the other.
        ours = indices(values[:, 4], values[:, 0], values[:, column + 1])
        assert ours.alone == pytest.approx(theirs["S1"][column], abs=0.002)
        assert ours.at_all == pytest.approx(theirs["ST"][column], abs=0.002)
        assert ours.alone_error == pytest.approx(theirs["S1_conf"][column] / 1.96, rel=0.35)


def test_a_product_of_centred_inputs_is_all_interaction() -> None:
    first, other, mixed = runs(lambda x: x[..., 0] * x[..., 1], 2, 50_000, -1.0, 1.0)
    for one in mixed:
        found = indices(first, other, one)
        assert abs(found.alone) < 4 * found.alone_error
        assert found.at_all == pytest.approx(1.0, abs=4 * found.at_all_error)
    share, error = remainder(first, other, mixed)
    assert share == pytest.approx(1.0, abs=4 * error)


def test_the_standard_error_is_that_of_repeated_runs() -> None:
    found = []
    for seed in range(200):
        first, other = np.random.default_rng(seed).normal(size=(2, 500, 2))
        mixed = first[:, 0] + 2 * other[:, 1]
        found.append(indices(first @ [1, 2], other @ [1, 2], mixed))
    spread = np.std([one.alone for one in found])
    assert np.mean([one.alone_error for one in found]) == pytest.approx(spread, rel=0.2)
    assert np.mean([one.alone for one in found]) == pytest.approx(0.2, abs=4 * spread / math.sqrt(200))


def test_nothing_that_varies_has_no_shares() -> None:
    same = np.ones(100)
    assert all(math.isnan(value) for value in vars(indices(same, same, same)).values())
    assert all(math.isnan(value) for value in remainder(same, same, [same]))


@pytest.fixture(scope="module")
def kilns() -> Projection:
    return hg.project("indonesia", where="sector == 'cement_kiln'").projection


def test_shares_sum_to_one_with_the_interactions(kilns: Projection) -> None:
    found = sensitivity(kilns, draws=300)
    for name in OUTPUTS:
        assert found.table[f"{name}_alone"].sum() == pytest.approx(1.0, abs=1e-9)
    assert found.table["family"].iloc[-1] == INTERACTIONS
    assert sensitivity(kilns, draws=300).table.equals(found.table)
    assert not sensitivity(kilns, draws=300, seed=2).table.equals(found.table)


def test_run_a_is_the_run_of_the_project_command(kilns: Projection) -> None:
    """Total and named right are those of the same draws, averaged with a second run."""
    found, sure = sensitivity(kilns, draws=2000), certainty(kilns, draws=2000).lists["cement_kiln"]
    assert found.right_mean == pytest.approx(sure.named_right, abs=0.15)
    assert found.lost_mean_t == pytest.approx(sure.t_lost, rel=0.05)


def test_groups_hold_every_stream_once(kilns: Projection) -> None:
    rows = assemble(kilns, {}, {}).rows
    used = set(rows.stream[rows.weight > 0].tolist())
    found = [stream for streams in stream_groups(kilns).values() for stream in streams.tolist()]
    assert len(found) == len(set(found))
    assert set(found) == used


def test_kept_streams_keep_their_draws_and_the_rest_change(kilns: Projection) -> None:
    given = assemble(kilns, {"all": list(kilns.units.index)}, {})
    every = np.concatenate(list(stream_groups(kilns).values()))
    total = run_ensemble(given, 50, 1).life_sums
    np.testing.assert_array_equal(run_ensemble(rekeyed(given, every), 50, 1).life_sums, total)
    none = run_ensemble(rekeyed(given, every[:0]), 50, 1).life_sums
    assert abs(np.corrcoef(total[0], none[0])[0, 1]) < 0.5
    assert (none != total).all()


def test_what_all_share_drives_the_total_and_changes_no_name() -> None:
    """Twenty plants of a country: the national part of coal mercury moves the total, the own parts the ranks."""
    plants = {"plant": [f"P{n}" for n in range(20)], "unit": "1", "MW": np.linspace(300, 340, 20)}
    table = pd.DataFrame({**plants, "country": "IDN", "start_year": 2010, "coal_type": "subbituminous"})
    found = sensitivity(hg.project(hg.fleet_from_frame(table), base_year=2024).projection, draws=2000, top=5)
    rows = found.table.set_index(["family", "scope"])
    country, plant = rows.loc[("hg_coal", "country")], rows.loc[("hg_coal", "plant")]
    assert country["right_alone"] == country["right_at_all"] == 0.0
    assert plant["right_at_all"] > 0.8
    assert country["total_alone"] > plant["total_alone"] > 0.0
    shared = rows[rows["shared"].astype(bool)]
    assert set(shared.index.get_level_values("scope")) <= {"country", "coal_class"}


def test_too_few_draws_are_refused(kilns: Projection) -> None:
    with pytest.raises(UsageError, match="draws: "):
        sensitivity(kilns, draws=50)
