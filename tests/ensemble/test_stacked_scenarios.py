"""Scenarios that share their random numbers: to the bit what each gives alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hginventory.ensemble.arrays import EnsembleInput
from hginventory.ensemble.numba_engine import run_kernel, run_scenarios
from hginventory.ensemble.partition import EXACT_TO
from hginventory.ensemble.stacked_scenarios import stack
from tests.ensemble.synthetic import different_bits, made_up_fleet

DRAWS, SEED = 1100, 2


def scenarios(fleet: EnsembleInput, count: int) -> list[EnsembleInput]:
    """Return a fleet and what becomes of it: other tables, amounts and years for some of its units."""
    random = np.random.default_rng(9)
    out = [fleet]
    for _ in range(count - 1):
        rows, changed = fleet.rows, random.random(fleet.units) < 0.4
        of_row = changed[rows.unit]
        table = rows.table.copy()
        table[of_row, 1] = np.where(table[of_row, 1] >= 0, random.integers(0, 4, int(of_row.sum())), -1)
        central = np.where(
            of_row[:, None], rows.central * random.choice([0.0, 0.5], (fleet.units, 1))[rows.unit], rows.central
        )
        end = np.maximum(rows.end - of_row * random.integers(0, 5, fleet.units)[rows.unit], rows.first).astype(np.int32)
        cuts = fleet.cuts
        if cuts is not None:  # another limit, none, and tables of its own
            own = np.where(of_row, random.integers(-1, len(cuts.tables), fleet.units)[rows.unit], cuts.table)
            cuts = replace(cuts, table=own.astype(np.int32), tables=cuts.tables * np.float32(random.choice([0.9, 1.0])))
        out.append(replace(fleet, rows=replace(rows, table=table, central=central, end=end), cuts=cuts))
    return out


FLEETS = {
    "few": made_up_fleet(80),
    "many": made_up_fleet(EXACT_TO + 100),
    "complying": made_up_fleet(90, complying=True),
    "shifting": made_up_fleet(90, shifting_ends=True),
}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", FLEETS)
def test_each_scenario_has_the_bits_of_its_own_run(name: str, threads: int) -> None:
    inputs = scenarios(FLEETS[name], 4)
    together = run_scenarios(inputs, DRAWS, SEED, threads=threads)
    for given, found in zip(inputs, together, strict=True):
        assert different_bits(found, run_kernel(given, DRAWS, SEED)) == []


def test_tables_of_their_own_are_kept_apart() -> None:
    fleet = FLEETS["few"]
    wider = replace(fleet, tables=fleet.tables[::-1].copy(), year_table=len(fleet.tables) - 1 - fleet.year_table)
    for given, found in zip([fleet, wider], run_scenarios([fleet, wider], DRAWS, SEED), strict=True):
        assert different_bits(found, run_kernel(given, DRAWS, SEED)) == []


def test_what_is_not_wanted_is_not_computed() -> None:
    inputs = scenarios(FLEETS["few"], 3)
    whole, less = run_scenarios(inputs, DRAWS, SEED), run_scenarios(inputs, DRAWS, SEED, with_quantiles=False)
    for full, part in zip(whole, less, strict=True):
        assert np.isnan(part.life_quantiles).all()
        assert np.isnan(part.rate_mean).all()
        names = ("rank_quantiles", "p_top", "base_sums", "life_sums", "yearly_sums", "top_sum", "top_units")
        assert all(getattr(part, name).tobytes() == getattr(full, name).tobytes() for name in names)
    no_ranks = run_scenarios(inputs, DRAWS, SEED, with_ranks=False)
    assert np.isnan(no_ranks[1].rank_quantiles).all()
    assert no_ranks[1].life_quantiles.tobytes() == whole[1].life_quantiles.tobytes()


@pytest.mark.parametrize(
    "other",
    [
        made_up_fleet(79),
        replace(FLEETS["few"], years=50),
        replace(FLEETS["few"], top=5),
        made_up_fleet(80, shifting_ends=True),
    ],
    ids=["units", "years", "list", "lifetimes"],
)
def test_ensembles_that_do_not_fit_are_refused(other: EnsembleInput) -> None:
    with pytest.raises(ValueError, match="must have the same"):
        stack([FLEETS["few"], other])
