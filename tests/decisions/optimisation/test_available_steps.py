"""Steps at a whole fleet: worked out by kinds of units, and the same as unit by unit."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import hginventory as hg
from hginventory.decisions.costs.cost_range import annuity
from hginventory.decisions.costs.prices import Prices
from hginventory.decisions.optimisation.available_steps import CLOSED, PAIRED, steps_at_units, unit_option
from hginventory.decisions.optimisation.goals import Rules
from hginventory.decisions.options import UNCONDITIONAL
from hginventory.decisions.options.applicability import Judge
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.step_table import StepTable
from hginventory.decisions.options.unit_option import Site, UnitOption
from hginventory.errors import UsageError
from hginventory.projection import Projection

SITES = {
    "nothing known": Site(),
    "by the sea, ash sold, SO2 and NOx must fall": Site(
        coast=True, ash_sold=True, must_cut=frozenset({"so2", "nox"}), space=True
    ),
    "no space": Site(space=False, must_cut=frozenset()),
}


@pytest.fixture(scope="module")
def projection(central: hg.Run) -> Projection:
    return central.projection


@pytest.fixture(scope="module", params=SITES.values(), ids=SITES)
def catalogue(projection: Projection, request: pytest.FixtureRequest) -> Catalogue:
    return Catalogue(projection, site=request.param, prices=Prices(projection.library, rate=0.09))


@pytest.fixture(scope="module")
def steps(catalogue: Catalogue) -> StepTable:
    return steps_at_units(catalogue, Rules(accept=~UNCONDITIONAL))


def is_priced(option: UnitOption) -> bool:
    return option.applies != "no" and option.cost is not None and option.avoided_kg_per_yr > 0


def per_kg(option: UnitOption) -> tuple[float, str]:
    assert option.cost is not None
    return option.cost.per_year.value / option.avoided_kg_per_yr, option.option


def unit_by_unit(catalogue: Catalogue, unit: str) -> dict[str, UnitOption]:
    """Return what can be done at a unit, the slow way: every option, then pairs of the cheapest."""
    alone = [option for option in catalogue.of_unit(unit) if is_priced(option)]
    found = {option.option: option for option in alone}
    ordered = sorted(alone, key=per_kg)
    cheapest = [
        option
        for conditional in (False, True)
        for option in [one for one in ordered if (one.conditions != 0) == conditional][:PAIRED]
    ]
    for first, second in combinations(cheapest, 2):
        try:
            both = catalogue.combined(unit, sorted([first.option, second.option]))
        except UsageError:
            continue
        if is_priced(both) and both.avoided_kg_per_yr > max(first.avoided_kg_per_yr, second.avoided_kg_per_yr):
            found[both.option] = both
    return found


def test_steps_are_those_of_each_unit_and_have_its_numbers(catalogue: Catalogue, steps: StepTable) -> None:
    units = catalogue.projection.units.index
    for index in range(0, len(units), 5):
        slow = unit_by_unit(catalogue, str(units[index]))
        own = np.flatnonzero(steps.unit == index)
        assert sorted(steps.names[step] for step in steps.step[own]) == sorted(slow)
        for row in own:
            option = slow[steps.names[steps.step[row]]]
            assert option.cost is not None
            cost = option.cost
            assert steps.avoided[row] == pytest.approx(option.avoided_kg_per_yr, rel=1e-12)
            assert steps.start_year[row] == option.first_year < option.end_year
            assert steps.capital[row] == pytest.approx(cost.capital.value, rel=1e-12)
            assert steps.operation[row] == pytest.approx(cost.fixed.value + cost.variable.value, rel=1e-9)
            assert steps.cost[row] == pytest.approx(cost.per_year.value, rel=1e-9)
            assert steps.to_sea[row] == pytest.approx(option.moved_to_sea, rel=1e-9, abs=1e-9)
            assert steps.to_ash[row] == pytest.approx(option.moved_to_ash, rel=1e-9, abs=1e-9, nan_ok=True)
            assert steps.conditions[row] == option.conditions


def test_a_row_is_the_option_of_its_unit(catalogue: Catalogue, steps: StepTable) -> None:
    for row in range(0, steps.size, steps.size // 40):
        option = unit_option(catalogue, steps, row)
        assert option == catalogue.combined(option.unit_id, option.option.split("+"))
        assert option.unit_id == catalogue.projection.units.index[steps.unit[row]]
        assert option.option == steps.names[steps.step[row]]


def test_units_of_one_kind_are_judged_alike(catalogue: Catalogue) -> None:
    """The rules look at sizes and years in bands: no bound of a rule lies within a kind."""
    judge, site = catalogue.judge, catalogue.site
    kinds: dict[object, list[tuple[object, ...]]] = {}
    options = [option for option in catalogue.table.options.values() if option.mode != "compute"]
    for unit in catalogue.state.units:
        answers = []
        for option in options:
            verdict, accepted = judge.verdict(unit, (option,), site)
            answers.append((verdict.applies, verdict.rank, accepted))
        kinds.setdefault(judge.kind(unit, site), []).append(tuple(answers))
    assert any(len(found) > 1 for found in kinds.values())
    assert all(len(set(found)) == 1 for found in kinds.values())


def test_closure_has_the_price_given(projection: Projection) -> None:
    catalogue = Catalogue(projection)
    steps = steps_at_units(catalogue, Rules(closure_usd_per_kw=1200.0))
    rows = np.flatnonzero(steps.closes)
    assert rows.size
    for row in rows[::50]:
        closed = unit_option(catalogue, steps, row)
        assert closed.first_year == steps.start_year[row]
        assert closed.reason == CLOSED
        assert closed.cost is not None
        net_mw = float(projection.units.loc[closed.unit_id, "capacity_net_mw"])
        assert closed.cost.capital.value == pytest.approx(1200e3 * net_mw)
        assert closed.avoided_kg_per_yr == pytest.approx(float(projection.units.loc[closed.unit_id, "air_kg_per_yr"]))
        assert closed.cost.per_year.value == pytest.approx(float(steps.cost[row]))


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.12])
def test_annuities_of_many_lives_are_those_of_each(rate: float) -> None:
    lives = [0.5, 7.0, 20.0, 45.0]
    assert annuity(rate, np.array(lives)).tolist() == pytest.approx([annuity(rate, years) for years in lives])


def test_a_fleet_is_judged_by_kinds_and_not_unit_by_unit(
    projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    slow = Judge.verdict

    def counted(self: Judge, *arguments: object) -> object:
        nonlocal asked
        asked += 1
        return slow(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Judge, "verdict", counted)
    catalogue = Catalogue(projection)
    steps = steps_at_units(catalogue, Rules())
    kinds = len({catalogue.judge.kind(unit, Site()) for unit in catalogue.state.units})
    assert kinds < len(projection.units)
    assert asked < steps.size
