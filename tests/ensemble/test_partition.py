"""Shares of a fleet, worked on apart and merged in any order, give the bits of the whole."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hginventory.ensemble import quantiles
from hginventory.ensemble.arrays import SCOPES, Draws, EnsembleInput, single_rows
from hginventory.ensemble.distributed import cut
from hginventory.ensemble.kernels import compile_cache, passes
from hginventory.ensemble.numba_engine import collect, run_kernel
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.ensemble.partition import EXACT_TO, LONGEST_LIST, Partition
from hginventory.ensemble.running_totals import merge
from hginventory.ensemble.two_passes import Work
from tests.ensemble.synthetic import different_bits, made_up_fleet

FLEETS = {
    "few": made_up_fleet(37),
    "many": made_up_fleet(EXACT_TO + 200),
    "shifting": made_up_fleet(EXACT_TO + 100, shifting_ends=True),
}
DRAWS, SEED = 1100, 3  # more than a block of draws, and not a whole number of them


def quiet(_: float) -> None:
    pass


def in_shares(given: EnsembleInput, edges: list[int], *, backwards: bool, led: bool) -> Draws:
    """Run an ensemble in shares, merging from the front or the back, the first share setting the floor or not."""
    plan = Partition(given, DRAWS, SEED)
    works = [Work(plan.share(begin, stop)) for begin, stop in pairwise(edges)]
    found = [works[0].first_pass(quiet)]
    floor = found[0][1].least if led else None
    found += [work.first_pass(quiet, floor) for work in works[1:]]
    tallies = [tally for _, tally in found]
    while len(tallies) > 1:
        tallies = [*tallies[:-2], merge(tallies[-2:])] if backwards else [merge(tallies[:2]), *tallies[2:]]
    table = tallies[0].ranks(given.units)
    ranks = [work.second_pass(table, quiet) for work in works]
    return collect(plan, [statistics for statistics, _ in found], tallies[0], ranks)


@pytest.mark.parametrize("fleet", FLEETS)
@pytest.mark.parametrize(("backwards", "led"), [(False, False), (True, False), (True, True)])
def test_shares_give_the_bits_of_the_whole(fleet: str, backwards: bool, led: bool) -> None:
    given = FLEETS[fleet]
    whole = run_kernel(given, DRAWS, SEED)
    edges = [0, given.units // 5, given.units // 2, given.units - 1, given.units]
    assert different_bits(in_shares(given, edges, backwards=backwards, led=led), whole) == []


@pytest.mark.parametrize("fleet", FLEETS)
def test_units_worked_on_at_once_change_no_bit(fleet: str) -> None:
    whole = run_kernel(FLEETS[fleet], DRAWS, SEED)
    for at_once in (1, 7, 255):
        assert different_bits(run_kernel(FLEETS[fleet], DRAWS, SEED, units_at_once=at_once), whole) == []


def test_a_bit_that_differs_is_seen() -> None:
    assert different_bits(run_kernel(FLEETS["few"], DRAWS, 4), run_kernel(FLEETS["few"], DRAWS, SEED)) != []


@pytest.mark.parametrize("fleet", FLEETS)
def test_shares_agree_with_the_numpy_engine(fleet: str) -> None:
    given = FLEETS[fleet]
    ours = in_shares(given, [0, given.units // 3, given.units], backwards=True, led=True)
    plain = run_numpy(given, DRAWS, SEED)
    for name in ("rate_mean", "life_mean", "life_quantiles", "life_sums", "base_sums", "yearly_sums", "top_sum"):
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(ours.top_units, plain.top_units)


def equal_units_and_a_few_others() -> EnsembleInput:
    """Return units of the same amount in every draw, more than a list holds, and smaller ones that may rise."""
    equal, count = LONGEST_LIST + EXACT_TO, LONGEST_LIST + EXACT_TO + 60
    alike = np.arange(count) < equal
    stream = np.zeros((count, SCOPES), dtype=np.uint64)
    stream[:, 0] = np.where(alike, 5, 1000 + np.arange(count))
    weight = np.zeros((count, SCOPES), dtype=np.float32)
    weight[:, 0] = 1.0
    central = np.where(alike, 1.0, 0.5)[:, None]
    slot = ((~alike).astype(np.int32), -1, stream, weight)
    return EnsembleInput(
        rows=single_rows(central, np.zeros(count, np.int32), np.full(count, 10, np.int32), [slot]),
        tables=np.array([quantiles.lognormal(0.2), quantiles.lognormal(0.5)], dtype=np.float32),
        years=20,
        rate_row=np.arange(count, dtype=np.int32),
        in_base_year=np.ones(count),
        sums=np.ones((1, count), bool),
        yearly=np.ones((1, count), bool),
    )


def test_of_equal_amounts_the_earlier_unit_is_listed() -> None:
    given = equal_units_and_a_few_others()
    whole, plain = run_kernel(given, DRAWS, SEED), run_numpy(given, DRAWS, SEED)
    np.testing.assert_array_equal(whole.top_units, plain.top_units)
    shared = in_shares(given, [0, 100, 300, given.units], backwards=True, led=False)
    assert different_bits(shared, whole) == []


def test_a_list_longer_than_usual_holds_what_is_asked_for() -> None:
    given = made_up_fleet(EXACT_TO + 50, top=LONGEST_LIST + 30)
    ours, plain = run_kernel(given, 300, SEED), run_numpy(given, 300, SEED)
    np.testing.assert_array_equal(ours.top_units[:, : LONGEST_LIST + 30], plain.top_units)


@pytest.mark.parametrize("workers", [1, 2, 64])
@pytest.mark.parametrize("units", [1, 63, 400, 448, 449, 14_000])
def test_a_cut_leaves_no_unit_out(units: int, workers: int) -> None:
    edges = cut(units, units if units <= EXACT_TO else LONGEST_LIST, workers)
    assert edges[0][0] == 0
    assert edges[-1][1] == units
    assert all(before[1] == after[0] for before, after in pairwise(edges))
    assert all(begin < stop for begin, stop in edges)


def test_kernels_lapse_with_every_module_they_are_compiled_from() -> None:
    folder = Path(compile_cache.__file__).parents[1]
    texts = {
        ".".join(path.relative_to(folder).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
    }
    needed = [name for name, text in texts.items() if "@compiled(" in text or "@part(" in text]
    for name in needed:  # grows while it is walked through
        for node in ast.walk(ast.parse(texts[name])):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hginventory.ensemble."):
                home = node.module.removeprefix("hginventory.ensemble.")
                reached = {home, *(f"{home}.{alias.name}" for alias in node.names)} & texts.keys()
                needed += reached - set(needed)
    assert sorted(needed) == sorted(compile_cache.KERNEL_MODULES)


def test_the_cache_of_a_kernel_knows_the_digest_of_all_kernels() -> None:
    cache = getattr(passes.first_pass, "_cache", None)
    assert compile_cache.kernel_digest() in cache._cache_file._source_stamp


def test_what_was_compiled_is_found_without_numba() -> None:
    run_kernel(FLEETS["few"], DRAWS, SEED)
    assert compile_cache.kernels_are_compiled.__wrapped__()
