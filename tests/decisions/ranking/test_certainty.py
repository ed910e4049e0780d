"""What draws add to a run, and what they never touch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.article8_coverage import COVERED, smallest_set
from hginventory.decisions.ranking.ranked_amounts import rank_certainty
from hginventory.decisions.ranking.unit_certainty import certainty
from hginventory.decisions.sensitivity.value_of_information import sampling_plan
from hginventory.decisions.sensitivity.variance_decomposition import sensitivity
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.errors import UsageError
from hginventory.projection import Projection
from hginventory.report.tables.written_tables import run_tables
from hginventory.run import Run
from hginventory.uncertainty.ensemble_input import assemble

CENTRAL_FILES = ("units", "ranking", "trajectory", "plants", "mass_balance", "coverage", "gaps", "factors_used")


@pytest.fixture(scope="module")
def indonesia(central: hg.Run) -> Projection:
    return central.projection


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"draws": -1}, "draws: -1 draws cannot be made"),
        ({"draws": "many"}, "draws: 'many' is not a whole number"),
        ({"draws": 2000.0}, "draws: 2000.0 is not a whole number"),
        ({"draws": True}, "draws: True is not a whole number"),
        ({"draws": None}, "draws: None is not a whole number"),
        ({"seed": "first"}, "seed: 'first' is not a whole number"),
        ({"seed": 1.5}, "seed: 1.5 is not a whole number"),
        ({"seed": -1}, "seed: -1 is outside 0 to 18446744073709551615"),
        ({"seed": 2**64}, "seed: 18446744073709551616 is outside"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_draws_and_seeds_that_cannot_be_used_are_named(
    indonesia: Projection, arguments: dict[str, Any], words: str
) -> None:
    calls: tuple[Callable[..., Any], ...] = (Run, certainty, rank_certainty, sensitivity, sampling_plan)
    for call in calls:
        with pytest.raises(UsageError) as refused:
            call(indonesia, **arguments)
        assert str(refused.value).startswith(words)
    with pytest.raises(UsageError) as refused:
        hg.project("indonesia", **arguments)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize("call", [certainty, sensitivity, sampling_plan])
@pytest.mark.parametrize("top", [0, -3, "ten", 2.5])
def test_no_list_of_less_than_one_unit(indonesia: Projection, call: Callable[..., Any], top: Any) -> None:
    with pytest.raises(UsageError, match="top: "):
        call(indonesia, top=top)


def test_whole_numbers_of_numpy_are_whole_numbers(indonesia: Projection) -> None:
    run = Run(indonesia, draws=np.int64(50), seed=np.uint64(2**64 - 1))  # type: ignore[arg-type]
    assert (type(run.n_draws), type(run.seed)) == (int, int)
    assert run.certainty is not None
    pd.testing.assert_frame_equal(run.certainty.units, certainty(indonesia, draws=50, seed=2**64 - 1).units)


def test_quantiles_of_each_unit_rise_under_their_names(indonesia: Projection) -> None:
    units = certainty(indonesia, draws=300).units
    for names in (
        [f"air_kg_per_yr_{level}" for level in ("p05", "p25", "p50", "p75", "p95")],
        [f"lifetime_kg_{level}" for level in ("p05", "p25", "p50", "p75", "p95")],
        ["rank_p05", "rank_median", "rank_p95"],
    ):
        rising = np.diff(units[names].to_numpy(), axis=1)
        assert (rising >= 0).all()
        assert (rising.sum(axis=0) > 0).all()


@pytest.mark.parametrize(("draws", "seed"), [(30, 1), (30, 2), (90, 1)])
def test_no_central_number_or_rank_changes_with_draws_or_seed(indonesia: Projection, draws: int, seed: int) -> None:
    """Whatever a run without draws writes stands bit for bit in a run with draws, in the same order."""
    central = run_tables(Run(indonesia, draws=0))
    drawn = run_tables(Run(indonesia, draws=draws, seed=seed))
    for name in CENTRAL_FILES:
        pd.testing.assert_frame_equal(
            drawn[name][central[name].columns.tolist()], central[name], check_exact=True, check_dtype=False
        )
    assert repr(Run(indonesia, draws=draws, seed=seed).summary()) == repr(Run(indonesia, draws=0).summary())


def test_no_central_file_changes_with_draws(indonesia: Projection, tmp_path: Path) -> None:
    for draws in (0, 40):
        Run(indonesia, draws=draws).save(tmp_path / str(draws))
    for name in ("plants", "mass_balance", "gaps", "factors_used", "findings"):
        without, drawn = ((tmp_path / folder / f"{name}.csv").read_bytes() for folder in ("0", "40"))
        assert without == drawn, name


def test_the_smallest_set_covers_as_often_as_is_said(indonesia: Projection) -> None:
    """The probability of Article 8(2)(b), counted by hand from draws of the units of the category."""
    sure = certainty(indonesia, draws=400, seed=5)
    assert len(sure.coverage) == 2
    for row in sure.coverage.to_dict("records"):
        chosen = smallest_set(indonesia.units, row["category"])
        own = list(indonesia.units.index[indonesia.units["annex_d_category"] == row["category"]])
        drawn = run_numpy(assemble(indonesia, {"set": chosen, "all": own}, {}), 400, 5).base_sums
        assert row["smallest_set_size"] == len(chosen)
        assert row["p_covers"] == float((drawn[0] / drawn[1] >= COVERED).mean())
        assert 0.05 < row["p_covers"] < 0.95  # on average it just covers, so that neither is sure


@pytest.mark.parametrize("name", ["coal_power", "cement_kiln", "combined"])
def test_chances_of_ranks_are_those_of_the_list(indonesia: Projection, combined: hg.Run, name: str) -> None:
    run = Run(combined.projection if name == "combined" else indonesia, draws=300, seed=2)
    sure = run.certainty
    assert sure is not None
    of_list, ranked = sure.lists[name], run.rank(sector=None if name == "combined" else name)
    chances, own = of_list.rank_chances, sure.units.loc[ranked["unit_id"], "p_top10"]
    np.testing.assert_allclose(chances.sum(axis=0), 1.0)  # every rank is somebody's in every draw
    np.testing.assert_allclose(chances.sum(axis=1), own[chances.index])
    assert own.sum() == pytest.approx(10.0)
    assert of_list.named_right == pytest.approx(own.head(10).sum())


def test_classes_follow_the_probability(indonesia: Projection) -> None:
    units = certainty(indonesia, draws=300).units
    bounds = {"certain": (0.95, 1.0), "likely": (0.5, 0.95), "contested": (0.05, 0.5), "no": (-1.0, 0.05)}
    for word, (low, high) in bounds.items():
        chances = units.loc[units["top_class"] == word, "p_top10"]
        assert ((chances > low) & (chances <= high)).all()
    assert set(units["top_class"]) >= {"contested", "no"}


@pytest.mark.parametrize("name", ["coal_power", "cement_kiln"])
def test_the_named_hold_less_than_the_true_largest_in_every_draw(indonesia: Projection, name: str) -> None:
    sure = certainty(indonesia, draws=300).lists[name]
    assert sure.t_lost > 0
    for level in ("mean", "p05", "p50", "p95"):
        assert getattr(sure.named_share, level) < getattr(sure.own_share, level)
    assert sure.concentration["units"].is_monotonic_increasing
    assert sure.concentration["mean"].is_monotonic_increasing
    ten = sure.concentration.set_index("units").loc[10]
    assert ten["p95"] == pytest.approx(sure.named_share.p95)
