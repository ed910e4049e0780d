"""Which plants come first and why; the page of a plant; projects as a proposal asks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.costs.cost_range import annuity
from hginventory.decisions.optimisation.as_scenario import Planner
from hginventory.decisions.optimisation.available_steps import steps_at_units
from hginventory.decisions.optimisation.dated_steps import by_start_year
from hginventory.decisions.optimisation.goals import make_goal
from hginventory.decisions.optimisation.make_rules import make_rules
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.unit_option import Site
from hginventory.decisions.plants.funding import PLACEHOLDERS, finance_table, first_option, named_plants, projects
from hginventory.decisions.plants.plant_profile import dossier, dossier_tables
from hginventory.decisions.plants.plant_shortlist import Shortlist, candidates, shortlist
from hginventory.decisions.scenarios.scenario_costs import scenario_cost
from hginventory.errors import UsageError
from hginventory.run import Run


@pytest.fixture(scope="module")
def run(drawn: Run) -> Run:
    return drawn


@pytest.fixture(scope="module")
def catalogue(run: Run) -> Catalogue:
    return Catalogue(run.projection, sure=run.certainty)


@pytest.fixture(scope="module")
def chosen(catalogue: Catalogue, run: Run) -> Shortlist:
    return shortlist(catalogue, run.certainty)


def test_plants_are_ranked_by_what_their_units_have_left(run: Run) -> None:
    found = candidates(run.projection, run.certainty)
    kg = [plant.lifetime_kg for plant in found]
    assert kg == sorted(kg, reverse=True)
    assert [plant.rank for plant in found] == list(range(1, len(found) + 1))
    assert sum(kg) == pytest.approx(run.units["lifetime_kg"].sum())
    assert sum(plant.share for plant in found) == pytest.approx(1.0)
    for plant in found[:5]:
        assert plant.lifetime_kg == pytest.approx(run.units.loc[list(plant.units), "lifetime_kg"].sum())


def test_one_of_a_kind_in_the_order_of_the_ranking(chosen: Shortlist) -> None:
    assert len(chosen.chosen) == 3
    assert len({plant.archetype for plant in chosen.chosen}) == 3
    assert [p.rank for p in chosen.chosen] == sorted(p.rank for p in chosen.chosen)


def test_every_plant_before_the_last_chosen_one_is_chosen_or_passed_over_with_a_reason(chosen: Shortlist) -> None:
    ranks = {p.rank for p in (*chosen.chosen, *chosen.passed_over)}
    assert ranks == set(range(1, max(p.rank for p in chosen.chosen) + 1))
    assert all(plant.passed_over for plant in chosen.passed_over)
    assert not any(plant.passed_over for plant in chosen.chosen)


def test_reasons_name_mercury_certainty_life_owner_and_kind(chosen: Shortlist) -> None:
    for plant in chosen.chosen:
        text = " ".join(plant.reasons)
        for word in (
            "kg over the remaining life",
            "P(in the top 10 of its sector)",
            "years left",
            "owner",
            plant.archetype,
        ):
            assert word in text


def test_a_plant_that_closes_too_soon_is_passed_over(run: Run) -> None:
    """Three years of building and seven of use."""
    old = run.units[(run.units["remaining_years"] > 0) & (run.units["remaining_years"] <= 10)]
    ids = set(map(str, old.index))
    found = shortlist(Catalogue(run.projection), None, 200)
    for plant in found.chosen:
        assert plant.units[0] not in ids
    closing = [plant for plant in found.passed_over if "closes in" in plant.passed_over]
    assert closing
    assert all(plant.remaining_years <= 10 for plant in closing)


def test_more_plants_than_kinds_are_filled_up(catalogue: Catalogue, run: Run) -> None:
    many = shortlist(catalogue, run.certainty, 40)
    ranks = [plant.rank for plant in many.chosen]
    assert len(ranks) == 40
    assert ranks == sorted(set(ranks))
    kinds = [plant.archetype for plant in many.chosen]
    assert len(set(kinds)) < 40
    assert set(kinds) == {plant.archetype for plant in (*many.chosen, *many.passed_over)}


def test_a_shorter_list_is_the_beginning_of_a_longer_one(catalogue: Catalogue, run: Run) -> None:
    one, three = (shortlist(catalogue, run.certainty, n).chosen for n in (1, 3))
    assert one[0].plant == three[0].plant


def test_owners(catalogue: Catalogue, run: Run) -> None:
    found = shortlist(catalogue, run.certainty, 2, owner="pln")
    assert all("pln" in plant.owner.casefold() for plant in found.chosen)
    with pytest.raises(UsageError, match="owner: "):
        shortlist(catalogue, run.certainty, owner="nobody at all")
    with pytest.raises(UsageError, match="n: "):
        shortlist(catalogue, run.certainty, 0)


def test_a_fleet_with_nothing_left_has_no_shortlist(run: Run) -> None:
    past = hg.project("indonesia", where="remaining_years == 0", draws=0)
    with pytest.raises(UsageError, match="no plant can be named"):
        shortlist(Catalogue(past.projection))


def test_table_of_the_shortlist_has_chosen_plants_first(chosen: Shortlist) -> None:
    table = chosen.table()
    assert table["chosen"].tolist() == [True] * 3 + [False] * len(chosen.passed_over)


def test_a_page_holds_units_options_limits_and_questions(catalogue: Catalogue, run: Run, chosen: Shortlist) -> None:
    page = dossier(catalogue, chosen.chosen[0])
    assert set(page.units.index) == set(chosen.chosen[0].units)
    own = run.mass_balance.loc[list(chosen.chosen[0].units)]
    assert sum(page.goes_to.values()) == pytest.approx(own["hg_in_kg_per_yr"].sum())
    assert page.options
    assert all(option.applies != "no" for option in page.options)
    assert set(page.limits["jurisdiction"]) <= {"EU", "IDN"}
    assert set(page.limits["unit_id"]) == {chosen.chosen[0].units[0]}
    assert page.questions
    assert "USD of 2025" in page.terms
    assert set(dossier_tables([page], catalogue)) == {
        "dossier_units", "dossier_options", "dossier_limits", "dossier_gaps"
    }  # fmt: skip
    assert page.as_dict()["plant"]["plant"] == chosen.chosen[0].plant


def test_a_project_is_the_sum_of_its_units(catalogue: Catalogue, run: Run, chosen: Shortlist) -> None:
    found = projects(catalogue, chosen.chosen)
    table = finance_table(catalogue, found).set_index("plant")
    for project in found:
        row = table.loc[project.plant.plant]
        units = run.units.loc[[o.unit_id for o in project.units]]
        assert row["baseline_kg_per_yr"] == pytest.approx(units["air_kg_per_yr"].sum())
        assert row["baseline_kg_per_yr"] - row["project_kg_per_yr"] == pytest.approx(row["avoided_kg_per_yr"])
        assert row["baseline_kg"] - row["project_kg"] == pytest.approx(row["avoided_kg"])
        npv = sum(o.cost.npv.value for o in project.units if o.cost)
        years = catalogue.projection.yearly_kg.shape[1]
        assert row["npv"] == pytest.approx(npv)
        assert row["annuity"] == pytest.approx(npv * annuity(0.07, years))
        assert row["usd_per_kg"] == pytest.approx(row["annuity"] / (row["avoided_kg"] / years))
        assert row["avoided_kg_per_yr_p05"] < row["avoided_kg_per_yr"] < row["avoided_kg_per_yr_p95"]
        assert row["usd_per_kg_low"] < row["usd_per_kg"] < row["usd_per_kg_high"]


def test_every_project_states_the_terms_and_leaves_co_finance_blank(catalogue: Catalogue, chosen: Shortlist) -> None:
    table = finance_table(catalogue, projects(catalogue, chosen.chosen))
    assert set(table["currency"]) == {"USD"}
    assert table[["price_year", "rate", "life_years"]].notna().all().all()
    assert table[list(PLACEHOLDERS)].isna().all().all()
    assert table["usd_per_kg"].is_monotonic_increasing


def test_a_plant_begins_with_what_the_rules_name_first(catalogue: Catalogue, chosen: Shortlist) -> None:
    for plant in chosen.chosen:
        option = first_option(catalogue, plant)
        found = next(o for o in catalogue.of_unit(plant.units[0]) if o.option == option)
        assert found.applies == "yes"
        assert found.place == min(o.place for o in catalogue.of_unit(plant.units[0]) if o.usd_per_kg is not None)


def test_an_option_of_choice_and_one_that_cannot_be(run: Run, chosen: Shortlist) -> None:
    catalogue = Catalogue(run.projection, site=Site(must_cut=frozenset({"so2"})))
    kilns = [p for p in candidates(run.projection) if p.sector == "cement_kiln"][:2]
    table = finance_table(catalogue, projects(catalogue, kilns, "K3"))
    assert (table["option"] == "K3").all()
    assert (table["avoided_kg"] > 0).all()
    assert np.isnan(table["avoided_kg_p05"]).all()
    with pytest.raises(UsageError, match="can go to none of its units"):
        projects(catalogue, kilns, "A2")


def test_plants_by_name(catalogue: Catalogue, chosen: Shortlist) -> None:
    name = chosen.chosen[1].plant
    assert [plant.plant for plant in named_plants(catalogue, [name])] == [name]
    with pytest.raises(UsageError, match="Did you mean '" + name):
        named_plants(catalogue, [name[:-3]])


def two_units(**changes: object) -> Catalogue:
    """Return the options of a plant of two units of 600 MW behind precipitators."""
    units = pd.DataFrame(
        {"unit_id": ["A", "B"], "plant": "P", "country": "IDN", "status": "operating", "start_year": 2015,
         "capacity_net": 600.0, "pm_control": "ESPc", "so2_control": "none", "nox_control": "none", **changes}
    )  # fmt: skip
    return Catalogue(hg.project(hg.fleet_from_frame(units, settings={"base_year": 2026}), draws=0).projection)


def test_an_option_without_a_price_is_not_free_and_stands_last() -> None:
    """Less dispatch avoids mercury, and no price of other power is on file."""
    catalogue = two_units()
    plant = candidates(catalogue.projection)
    free, carbon = projects(catalogue, plant, "R2"), projects(catalogue, plant, "A2")
    table = finance_table(catalogue, [*free, *carbon]).set_index("option")
    assert table.index.tolist() == ["A2", "R2"]
    lower = table.loc["R2"]
    assert lower["avoided_kg_per_yr"] > 0
    money = ("capital", "operation_per_yr", "npv", "npv_mercury", "annuity", "usd_per_kg", "usd_per_kg_mercury")
    assert lower[[name + end for name in money for end in ("", "_low", "_high")]].isna().all()
    assert lower["cost_covers"] == "no cost available for A, B"


def test_a_project_with_one_unit_without_a_price_has_no_sum() -> None:
    catalogue = two_units()
    (found,) = projects(catalogue, candidates(catalogue.projection), "A2")
    half = replace(found, units=tuple(replace(o, cost=None) if o.unit_id == "B" else o for o in found.units))
    row = finance_table(catalogue, [half]).iloc[0]
    assert np.isnan(row["capital"])
    assert np.isnan(row["usd_per_kg"])
    assert row["cost_covers"] == "no cost available for B"


@pytest.mark.parametrize("lower", [(), ("A",), ("B",), ("A", "B")])
def test_a_project_costs_at_least_its_sum_where_one_unit_has_no_operation(lower: tuple[str, ...]) -> None:
    """Whichever unit comes first: the words of the table were read, and these begin with those of the first unit."""
    catalogue = two_units()
    (found,) = projects(catalogue, candidates(catalogue.projection), "A2")
    units = [replace(o, cost=replace(o.cost, capital_only=o.unit_id in lower)) for o in found.units if o.cost]
    assert replace(found, units=tuple(units)).capital_only == bool(lower)


def test_payments_end_with_each_unit() -> None:
    """Carbon from 2028 on (lead time of 15 months) at units that close at the start of 2036 and of 2060."""
    catalogue = two_units(start_year=[1996, 2020])
    (found,) = projects(catalogue, candidates(catalogue.projection), "A2")
    years = {"A": 8, "B": 32}
    operation = {o.unit_id: o.cost.fixed.value + o.cost.variable.value for o in found.units if o.cost}
    capital = 1.47285 * 86.5e3 * 600**0.597 * 322 / 237.02  # mean of reported carbon injection in USD of 2025
    row = finance_table(catalogue, [found]).iloc[0]
    assert row["capital"] == pytest.approx(2 * capital, rel=1e-4)
    npv = 0.0
    for unit, count in years.items():
        repaid = capital * 0.07 / (1 - 1.07 ** -min(count, 20))
        npv += sum((repaid + operation[unit]) / 1.07 ** (year - 2026 + 1) for year in range(2028, 2028 + count))
    assert row["npv"] == pytest.approx(npv, rel=1e-4)


def test_finance_scenario_and_plan_say_the_same_of_one_step() -> None:
    catalogue = two_units(start_year=2020)
    (found,) = projects(catalogue, candidates(catalogue.projection), "C2")
    row = finance_table(catalogue, [found]).iloc[0]
    one = Planner(catalogue).applied([(o, int(o.first_year)) for o in found.units])
    cost = scenario_cost(one)
    assert cost.units["years"].tolist() == [31, 31]
    for name in ("npv", "npv_mercury", "annuity"):
        found_there = getattr(cost, name)
        assert [found_there.low, found_there.value, found_there.high] == pytest.approx(
            [row[f"{name}_low"], row[name], row[f"{name}_high"]]
        )
    goal = make_goal(catalogue.projection, budget_total=1e12)
    rules = make_rules(accept=["so2"])  # a scrubber counts where sulphur dioxide must fall
    own = by_start_year(steps_at_units(catalogue, rules), catalogue, goal, rules)
    names = np.array(own.names, dtype=object)[own.step]
    first = (names == "C2") & (own.start_year == int(row["first_year"]))
    assert first.sum() == 2
    assert own.cost[first].sum() == pytest.approx(row["npv"])
