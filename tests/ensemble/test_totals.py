"""Ensembles that share their draws: the bits of runs by themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import hginventory as hg
from hginventory.decisions.sensitivity.variance_decomposition import rekeyed
from hginventory.ensemble import NO_TABLE, EnsembleInput, SharedDraws, rates_in_draws, run_ensemble, sums_by_draw
from hginventory.ensemble import totals as module
from hginventory.uncertainty import assemble, stream_groups

NOTHING = np.empty(0, dtype=np.uint64)


def _input(where: str, *, spread: float = 0.0, top: int = 10) -> tuple[EnsembleInput, list[np.ndarray]]:
    projection = hg.project("indonesia", where=where, draws=0).projection
    units = list(projection.units.index)
    given = assemble(projection, {"all": units, "some": units[:3]}, {}, top=top, lifetime_spread=spread)
    return given, list(stream_groups(projection).values())


@pytest.mark.parametrize(
    ("where", "spread", "top"),
    [
        ("capacity_mw >= 300", 0.0, 10),
        ("capacity_mw >= 300", 8.0, 10),
        ("capacity_mw >= 900", 5.0, 1),
        ("sector == 'cement_kiln'", 0.0, 5),
        ("capacity_mw >= 900", 0.0, 500),
    ],
)
def test_shared_draws_have_the_bits_of_single_runs(where: str, spread: float, top: int) -> None:
    given, groups = _input(where, spread=spread, top=top)
    shared = SharedDraws(given, rekeyed(given, NOTHING), 130, 7)
    for one in (given, *(rekeyed(given, kept) for kept in (NOTHING, *groups))):
        found, alone = shared.totals(one), run_ensemble(one, 130, 7)
        for name in ("life_sums", "top_sum", "top_units"):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name), err_msg=name)


def test_large_ensembles_are_drawn_by_the_engine_that_suits_them(monkeypatch: pytest.MonkeyPatch) -> None:
    given, groups = _input("capacity_mw >= 900")
    asked: list[tuple[int, str]] = []

    def counted(one: EnsembleInput, draws: int, seed: int, *, engine: str) -> object:
        asked.append((draws, engine))
        return run_ensemble(one, draws, seed)

    monkeypatch.setattr(module, "suits_numpy", lambda given, draws: False)
    monkeypatch.setattr(module, "run_ensemble", counted)
    shared = SharedDraws(given, rekeyed(given, NOTHING), 20, 1)
    found = shared.totals(rekeyed(given, groups[0]))
    assert asked == [(20, "numba")]
    np.testing.assert_array_equal(found.life_sums, run_ensemble(rekeyed(given, groups[0]), 20, 1).life_sums)


def test_amounts_that_tie_are_listed_in_the_order_of_units() -> None:
    given, _ = _input("capacity_mw >= 900", top=4)
    nothing = replace(given, rows=replace(given.rows, central=np.zeros_like(given.rows.central)))
    found = SharedDraws(nothing, rekeyed(nothing, NOTHING), 20, 1).totals(nothing)
    assert (found.top_units == -1).all()
    assert not found.top_sum.any()


@pytest.mark.parametrize("spread", [0.0, 8.0])
def test_sums_by_draw_are_those_of_the_whole_ensemble(spread: float) -> None:
    given, _ = _input("capacity_mw >= 300", spread=spread)
    given = replace(given, yearly=given.sums)
    alone = run_ensemble(given, 130, 7)
    for found, name in zip(sums_by_draw(given, 130, 7), ("life_sums", "yearly_sums"), strict=True):
        np.testing.assert_array_equal(found, getattr(alone, name), err_msg=name)


@pytest.mark.parametrize("columns", [[0], [129, 5, 64], [5, 5]])
def test_rates_in_single_draws_are_those_of_all_draws(columns: list[int]) -> None:
    given, _ = _input("capacity_mw >= 300")
    given = replace(given, year_table=NO_TABLE, year_stream=None, year_varies=None)
    each = np.eye(given.units, dtype=np.bool_)
    own = replace(given, sums=each, yearly=each[:0], in_base_year=np.ones(given.units))
    every = run_ensemble(own, 130, 7).base_sums
    np.testing.assert_array_equal(rates_in_draws(given, 130, 7, np.array(columns)), every[:, columns])
