"""No unit, order, thread, block or engine changes a draw of another unit, nor a bit of a sum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hginventory.ensemble.arrays import Draws, EnsembleInput, Rows
from hginventory.ensemble.numba_engine import run_kernel
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.ensemble.partition import EXACT_TO
from tests.ensemble.synthetic import different_bits, made_up_fleet

DRAWS, SEED = 1100, 5
ENGINES = {"numba": run_kernel, "numpy": run_numpy}
OWN = ("rate_mean", "life_mean", "rate_quantiles", "life_quantiles")  # of a unit, whoever else is there
SUMS = ("base_sums", "life_sums", "yearly_sums")


def chosen(fleet: EnsembleInput, units: list[int]) -> EnsembleInput:
    """Return the ensemble of some units, in the order given."""
    rows = fleet.rows
    own = np.concatenate([np.flatnonzero(rows.unit == unit) for unit in units])
    counts = [int((rows.unit == unit).sum()) for unit in units]
    parts = {name: getattr(rows, name)[own] for name in Rows.__dataclass_fields__ if name != "unit"}
    life = {
        name: None if getattr(fleet, name) is None else getattr(fleet, name)[units]
        for name in ("life_stream", "life_weight", "life_open", "year_stream", "year_varies")
    }
    cuts = fleet.cuts and replace(fleet.cuts, table=fleet.cuts.table[own], outside=fleet.cuts.outside[own])
    return replace(
        fleet,
        cuts=cuts,
        rows=Rows(unit=np.repeat(np.arange(len(units), dtype=np.int32), counts), **parts),
        rate_row=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32),
        in_base_year=fleet.in_base_year[units],
        sums=fleet.sums[:, units],
        yearly=fleet.yearly[:, units],
        **life,
    )


FLEETS = {
    "few": made_up_fleet(90),
    "many": made_up_fleet(EXACT_TO + 150),
    "complying": made_up_fleet(120, complying=True),
    "shifting": made_up_fleet(120, shifting_ends=True),
}
WHOLE = {(name, engine): run(FLEETS[name], DRAWS, SEED) for name in FLEETS for engine, run in ENGINES.items()}


def assert_own_results_kept(part: Draws, whole: Draws, units: list[int]) -> None:
    for name in OWN:
        assert getattr(part, name).tobytes() == getattr(whole, name)[units].tobytes(), name


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fleet", FLEETS)
def test_removing_units_changes_no_bit_of_the_others(fleet: str, engine: str) -> None:
    kept = list(range(0, FLEETS[fleet].units, 3))
    part = ENGINES[engine](chosen(FLEETS[fleet], kept), DRAWS, SEED)
    assert_own_results_kept(part, WHOLE[fleet, engine], kept)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fleet", FLEETS)
def test_sorting_units_changes_no_bit_of_units_and_sums(fleet: str, engine: str) -> None:
    mixed = list(np.random.default_rng(2).permutation(FLEETS[fleet].units))
    part, whole = ENGINES[engine](chosen(FLEETS[fleet], mixed), DRAWS, SEED), WHOLE[fleet, engine]
    assert_own_results_kept(part, whole, mixed)
    for name in (*SUMS, "top_sum"):
        if name != "top_sum" or engine == "numba":  # numpy adds what is listed in another order
            assert getattr(part, name).tobytes() == getattr(whole, name).tobytes(), name
    np.testing.assert_array_equal(part.p_top, whole.p_top[mixed])
    np.testing.assert_array_equal(np.array(mixed)[part.top_units], whole.top_units)


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_unit_alone_has_the_numbers_it_has_among_others(fleet: str) -> None:
    for unit in (0, 7, FLEETS[fleet].units - 1):
        alone = run_kernel(chosen(FLEETS[fleet], [unit]), DRAWS, SEED)
        assert_own_results_kept(alone, WHOLE[fleet, "numba"], [unit])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fleet", FLEETS)
def test_sums_of_parts_add_up_to_the_bit(fleet: str, engine: str) -> None:
    count = FLEETS[fleet].units
    odd, even = list(range(1, count, 2)), list(range(0, count, 2))
    parts = [ENGINES[engine](chosen(FLEETS[fleet], units), DRAWS, SEED) for units in (odd, even)]
    for name in SUMS:
        total = getattr(parts[0], name) + getattr(parts[1], name)
        assert total.tobytes() == getattr(WHOLE[fleet, engine], name).tobytes(), name


@pytest.mark.parametrize("fleet", FLEETS)
def test_both_engines_have_the_same_bits_in_every_sum(fleet: str) -> None:
    for name in SUMS:
        numbas, numpys = (getattr(WHOLE[fleet, engine], name) for engine in ENGINES)
        assert numbas.tobytes() == numpys.tobytes(), name


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("units_at_once", [1, 64, 255])
@pytest.mark.parametrize("fleet", FLEETS)
def test_threads_and_blocks_of_units_change_no_bit(fleet: str, threads: int, units_at_once: int) -> None:
    found = run_kernel(FLEETS[fleet], DRAWS, SEED, threads=threads, units_at_once=units_at_once)
    assert different_bits(found, WHOLE[fleet, "numba"]) == []


def test_threads_that_share_out_units_change_no_bit() -> None:
    fleet = made_up_fleet(2500)
    few = 700  # draws in one block: threads work on units instead
    one = run_kernel(fleet, few, SEED, threads=1)
    for threads in (2, 5):
        assert different_bits(run_kernel(fleet, few, SEED, threads=threads), one) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_more_draws_begin_with_the_same_ones(engine: str) -> None:
    short, long = (ENGINES[engine](FLEETS["few"], draws, SEED) for draws in (300, 1500))
    assert long.life_sums[:, :300].tobytes() == short.life_sums.tobytes()
    np.testing.assert_array_equal(long.top_units[:300], short.top_units)


@settings(max_examples=8, deadline=None)
@given(units=st.lists(st.integers(0, 89), min_size=1, max_size=40, unique=True), seed=st.integers(0, 2**64 - 1))
def test_any_units_in_any_order(units: list[int], seed: int) -> None:
    whole = run_numpy(FLEETS["few"], 200, seed)
    assert_own_results_kept(run_numpy(chosen(FLEETS["few"], units), 200, seed), whole, units)
    assert_own_results_kept(
        run_kernel(chosen(FLEETS["few"], units), 200, seed), run_kernel(FLEETS["few"], 200, seed), units
    )
