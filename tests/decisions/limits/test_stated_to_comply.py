"""Units that are stated to comply: the probability is that of the listed controls, the statement has its own column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.limits import check_limits, summarise_limits
from hginventory.model import limits_in_table, user_limit
from hginventory.run import Run
from tests.uncertainty.test_limit_cuts import drawn_rates

HARD, EU = "usa_mats_existing_not_low_rank", "eu_lcp_hard_coal_existing_300"
UNIT: dict[str, Any] = {
    "plant": "A", "country": "USA", "status": "operating", "start_year": 1990, "capacity_gross": 500.0,
    "coal_type": "bituminous", "pm_control": "ESPc", "so2_control": "none",
}  # fmt: skip


def run_of(*stated: str | None, draws: int = 500) -> Run:
    rows = [{**UNIT, "unit_id": f"u{n}", "plant": f"P{n}", "complies_with": cell} for n, cell in enumerate(stated)]
    return hg.project(hg.fleet_from_frame(pd.DataFrame(rows), settings={"base_year": 2026}), draws=draws)


def checked(run: Run, name: str) -> pd.DataFrame:
    limits = [one for one in limits_in_table(run.projection.library) if one.name == name]
    return check_limits(run.projection, limits).set_index("unit_id").sort_index()


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(HARD, None, EU, f"{HARD} + {EU}")


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        (HARD, [True, False, False, True]),
        (EU, [True, False, True, True]),  # who is below the stricter limit is below the other
        ("deu_13bimschv_half_hour", [True, False, True, True]),
        ("deu_13bimschv_hard_coal_300", [True, False, False, True]),
        ("usa_mats_existing_not_low_rank", [True, False, False, True]),
    ],
)
def test_a_statement_covers_its_limit_and_those_above(run: Run, name: str, stated: list[bool]) -> None:
    table = checked(run, name)
    assert table["stated_to_comply"].tolist() == stated
    assert not table.loc[table["stated_to_comply"], "above"].any()
    assert (table.loc[table["stated_to_comply"], "value_p95"] <= table["limit"].iloc[0] * (1 + 1e-9)).all()
    assert summarise_limits(table.reset_index())["units_stated"].tolist() == [sum(stated)]


@pytest.mark.parametrize(
    "name", [HARD, EU, "deu_13bimschv_half_hour", "deu_13bimschv_daily", "deu_13bimschv_hard_coal_300"]
)
def test_the_probability_is_that_of_the_listed_controls(run: Run, name: str) -> None:
    """All units are alike but for their statement, which must not change it."""
    p = checked(run, name)["p_exceed"].to_numpy()
    assert 0.0 < p[0] < 1.0
    assert p == pytest.approx(p[0], rel=1e-9)


def test_the_central_value_is_that_after_the_statement(run: Run) -> None:
    value = checked(run, EU)["value"].to_numpy()
    assert value[0] < value[1]
    assert value[2] < value[1]
    assert (value[[0, 2, 3]] < 4.0).all()


def test_without_a_statement_nothing_is_stated_and_nothing_changes() -> None:
    table = check_limits(run_of(None).projection, [user_limit(1.0, "ug/Nm3")])
    assert not table["stated_to_comply"].any()


def test_probabilities_and_percentiles_need_no_draws(run: Run) -> None:
    table = checked(run_of(HARD, None, EU, f"{HARD} + {EU}", draws=0), HARD)
    pd.testing.assert_frame_equal(table, checked(run, HARD), check_exact=True)


@pytest.mark.parametrize("name", [HARD, EU, "deu_13bimschv_half_hour"])
def test_probabilities_and_percentiles_are_those_of_draws_without_the_activity(run: Run, name: str) -> None:
    table, draws = checked(run, name), 100_000
    rates = drawn_rates(run.projection, draws)  # over the central ones by the listed controls, after the statement
    listed = table["value"].to_numpy() / rates.mean(axis=1)
    free = list(table.index).index("u1")
    above = rates[free] * listed[free] > table["limit"].iloc[0]
    assert table["p_exceed"].iloc[free] == pytest.approx(above.mean(), abs=0.006)
    for column, level in (("value_p05", 0.05), ("value_p50", 0.5), ("value_p95", 0.95)):
        assert table[column].to_numpy() == pytest.approx(np.quantile(rates, level, axis=1) * listed, rel=0.02)
