"""The kernels against the numpy engine, and both against sums written out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hginventory.ensemble.arrays import FIXED_POINT, LEVELS, RANK_LEVELS, Draws, EnsembleInput, Rows
from hginventory.ensemble.numba_engine import run_kernel
from hginventory.ensemble.numpy_engine import NormalStore, row_values, run_numpy
from hginventory.ensemble.partition import EXACT_TO
from hginventory.ensemble.table_lookup import Reader
from tests.ensemble.synthetic import made_up_fleet

SEED = 11
KG = ("rate_mean", "life_mean", "rate_quantiles", "life_quantiles", "base_sums", "life_sums", "yearly_sums", "top_sum")


def nothing_emitted() -> EnsembleInput:
    fleet = made_up_fleet(30)
    return replace(fleet, rows=replace(fleet.rows, central=np.zeros_like(fleet.rows.central)))


def closed_units() -> EnsembleInput:
    """Return a fleet of which half the units are past their lives: a rate, and nothing that remains."""
    fleet = made_up_fleet(60)
    end = np.where(fleet.rows.unit % 2 == 0, fleet.rows.first, fleet.rows.end).astype(np.int32)
    return replace(fleet, rows=replace(fleet.rows, end=end))


def no_noise() -> EnsembleInput:
    fleet = made_up_fleet(40)
    return replace(fleet, rows=replace(fleet.rows, table=np.full_like(fleet.rows.table, -1)))


FLEETS = {
    "one unit": made_up_fleet(1),
    "rows and zeros": made_up_fleet(150),
    "beyond exact ranks": made_up_fleet(EXACT_TO + 300),
    "shifting ends": made_up_fleet(150, shifting_ends=True),
    "nothing emitted": nothing_emitted(),
    "closed units": closed_units(),
    "no noise": no_noise(),
    "complying": made_up_fleet(150, complying=True),
    "complying, shifting ends": made_up_fleet(EXACT_TO + 150, complying=True, shifting_ends=True),
    "longer list than fleet": made_up_fleet(6, top=10),
}


def assert_alike(ours: Draws, plain: Draws, draws: int, units: int) -> None:
    for name in KG:
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), rtol=1e-6, atol=1e-9, err_msg=name)
    np.testing.assert_array_equal(ours.top_units, plain.top_units)
    np.testing.assert_allclose(ours.p_top, plain.p_top, atol=2.0 / draws)
    if units <= EXACT_TO:
        np.testing.assert_array_equal(ours.rank_quantiles, plain.rank_quantiles)
    else:
        exact = (plain.rank_quantiles <= 100).all(axis=1)
        np.testing.assert_array_equal(ours.rank_quantiles[exact], plain.rank_quantiles[exact])
        np.testing.assert_allclose(ours.rank_quantiles, plain.rank_quantiles, atol=0.01 * units)


@pytest.mark.parametrize("draws", [1, 2, 1023, 1024, 1025, 2300])
@pytest.mark.parametrize("name", FLEETS)
def test_both_engines_agree(name: str, draws: int) -> None:
    fleet = FLEETS[name]
    assert_alike(run_kernel(fleet, draws, SEED), run_numpy(fleet, draws, SEED), draws, fleet.units)


@pytest.mark.parametrize("run", [run_kernel, run_numpy], ids=["numba", "numpy"])
@pytest.mark.parametrize("name", FLEETS)
def test_against_the_values_of_all_rows(name: str, run: object) -> None:
    fleet, draws = FLEETS[name], 700
    found: Draws = run(fleet, draws, SEED)  # type: ignore[operator]
    rows, used = fleet.rows, fleet.rows.weight > 0
    streams = rows.stream[used] if fleet.life_stream is None else np.r_[rows.stream[used], fleet.life_stream.ravel()]
    store = NormalStore(np.r_[streams, fleet.year_stream], SEED, draws)
    values = row_values(fleet, slice(None), store)
    life, years = np.zeros((fleet.units, draws)), np.zeros((fleet.units, fleet.years, draws))
    for row, unit in enumerate(rows.unit):
        end = np.full(draws, rows.end[row])
        if fleet.life_stream is not None and fleet.life_open[unit]:
            z = (fleet.life_weight[unit][:, None] * store.of(fleet.life_stream[unit])).sum(axis=0)
            shift = np.rint(np.clip(z, -8.0, 8.0) * 3.0)
            closing = np.clip(rows.end[rows.unit == unit].max() + shift, 0, fleet.years)
            is_last = row + 1 == len(rows.unit) or rows.unit[row + 1] != unit
            end = np.maximum(closing if is_last else np.minimum(end, closing), rows.first[row])
        runs = (rows.first[row] <= np.arange(fleet.years)[:, None]) & (np.arange(fleet.years)[:, None] < end)
        years[unit] += runs * values[row]
    life = years.sum(axis=1)
    year = Reader(fleet.tables).read(store.of(fleet.year_stream), np.full(fleet.units, fleet.year_table))
    rate = values[fleet.rate_row] * np.where(fleet.year_varies[:, None], year, 1.0)
    np.testing.assert_allclose(found.rate_quantiles, np.quantile(rate, LEVELS, axis=1).T, rtol=1e-6)
    np.testing.assert_allclose(found.life_quantiles, np.quantile(life, LEVELS, axis=1).T, rtol=1e-6)
    np.testing.assert_allclose(found.life_mean, life.mean(axis=1), rtol=1e-6)
    near = 1.0 / FIXED_POINT * fleet.units
    np.testing.assert_allclose(found.yearly_sums, np.tensordot(fleet.yearly * 1.0, years, axes=1), rtol=1e-6, atol=near)
    np.testing.assert_allclose(found.life_sums, fleet.sums @ life, rtol=1e-6, atol=near)
    np.testing.assert_allclose(found.base_sums, fleet.sums @ (rate * fleet.in_base_year[:, None]), rtol=1e-6, atol=near)
    rank = 1 + (life.astype(np.float32)[None, :, :] > life.astype(np.float32)[:, None, :]).sum(axis=1)
    if fleet.units <= EXACT_TO:
        np.testing.assert_array_equal(found.rank_quantiles, np.quantile(rank, RANK_LEVELS, axis=1).T)
    largest = np.sort(life, axis=0)[::-1][: fleet.top].sum(axis=0)
    np.testing.assert_allclose(found.top_sum, largest, rtol=1e-6)


def test_units_of_which_nothing_remains_share_the_rank_behind_all_others() -> None:
    fleet = FLEETS["closed units"]
    for run in (run_kernel, run_numpy):
        found = run(fleet, 500, SEED)
        emits = np.bincount(fleet.rows.unit, fleet.rows.central.sum(axis=1) * (fleet.rows.end - fleet.rows.first)) > 0
        assert (found.rank_quantiles[~emits] == emits.sum() + 1).all()
        assert (found.rank_quantiles[emits] <= emits.sum()).all()


def test_an_empty_fleet_gives_empty_results() -> None:
    fleet = made_up_fleet(1)
    none = replace(
        fleet,
        rows=Rows(**{name: getattr(fleet.rows, name)[:0] for name in Rows.__dataclass_fields__}),
        rate_row=fleet.rate_row[:0],
        in_base_year=fleet.in_base_year[:0],
        sums=fleet.sums[:, :0],
        yearly=fleet.yearly[:, :0],
    )
    for run in (run_kernel, run_numpy):
        found = run(none, 100, SEED)
        assert found.life_mean.size == 0
        assert found.life_sums.shape == (3, 100)
        assert not found.life_sums.any()
