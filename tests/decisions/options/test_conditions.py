"""Conditions of steps: what they are, what meets them, what a second step does to them, and mercury moved elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import hginventory as hg
from hginventory.decisions.costs.prices import Prices
from hginventory.decisions.optimisation.available_steps import steps_at_units, unit_option
from hginventory.decisions.optimisation.goals import Rules
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.conditions import UNCONDITIONAL, Condition, read_conditions
from hginventory.decisions.options.sea_water import SeaWater
from hginventory.decisions.options.unit_option import Site
from hginventory.decisions.plants.funding import first_option
from hginventory.decisions.plants.plant_shortlist import candidates
from hginventory.errors import UsageError
from hginventory.factors.library import load_library
from hginventory.projection import Projection

EVERYTHING = frozenset({"so2", "pm", "nox"})


@pytest.fixture(scope="module")
def projection() -> Projection:
    return hg.project("indonesia", draws=0).projection


@pytest.fixture(scope="module")
def catalogue(projection: Projection) -> Catalogue:
    return Catalogue(projection)


@pytest.fixture(scope="module")
def marine(projection: Projection) -> str:
    units = projection.units
    found = units.index[(units["train"] == "LNB+ESPc+swFGD") & (units["remaining_years"] > 12)]
    return str(found[0])


@pytest.fixture(scope="module")
def plain(projection: Projection) -> str:
    units = projection.units
    found = units.index[
        (units["train"] == "LNB+ESPc") & (units["remaining_years"] > 12) & (units["capacity_gross_mw"] > 310)
    ]
    return str(found[0])


def conditions(catalogue: Catalogue, unit: str, *options: str) -> tuple[str, ...]:
    return catalogue.combined(unit, options).conditions.names


def test_bromide_before_sea_water_depends_on_article_9(catalogue: Catalogue, marine: str) -> None:
    found = catalogue.combined(marine, ["H4"])
    assert (found.applies, found.conditions) == ("if", Condition.ARTICLE_9)
    assert found.moved_to_sea > 0


@pytest.mark.parametrize("order", [("H4", "A2"), ("A2", "H4"), ("A1", "H4"), ("H4", "A1")])
def test_a_sorbent_beside_it_meets_the_condition(catalogue: Catalogue, marine: str, order: tuple[str, ...]) -> None:
    found = catalogue.combined(marine, order)
    assert found.applies == "yes"
    assert found.conditions == UNCONDITIONAL
    assert found.moved_to_sea <= 0


def test_a_step_beside_it_that_is_no_sorbent_does_not(catalogue: Catalogue, marine: str) -> None:
    assert "article_9" in conditions(catalogue, marine, "H4", "P1")


@pytest.mark.parametrize(
    ("option", "needed"), [("C2", ("so2",)), ("C1", ("pm",)), ("C7", ("so2", "nox")), ("A4", ("pm",)), ("M1", ("so2",))]
)
def test_what_is_bought_against_another_pollutant_depends_on_it(
    projection: Projection, plain: str, option: str, needed: tuple[str, ...]
) -> None:
    assert conditions(Catalogue(projection), plain, option) == needed
    must = Catalogue(projection, site=Site(must_cut=frozenset(needed)))
    assert must.combined(plain, [option]).applies == "yes"
    need_not = Catalogue(projection, site=Site(must_cut=frozenset()))
    assert need_not.combined(plain, [option]).applies == "no"


@pytest.mark.parametrize("option", ["C3", "C10"])
def test_a_new_sea_water_scrubber_moves_mercury_to_the_sea(projection: Projection, plain: str, option: str) -> None:
    by_the_sea = Catalogue(projection, site=Site(coast=True, must_cut=EVERYTHING))
    found = by_the_sea.combined(plain, [option])
    assert found.applies == "if"
    assert found.conditions == Condition.ARTICLE_9
    assert found.moved_to_sea == pytest.approx(found.waste_kg_per_yr["water"])
    assert "Article 9" in found.reason


def test_a_wet_scrubber_moves_none_to_the_sea(projection: Projection, plain: str) -> None:
    found = Catalogue(projection, site=Site(must_cut=EVERYTHING)).combined(plain, ["C2"])
    assert found.waste_kg_per_yr["water"] > 0
    assert (found.moved_to_sea, found.applies) == (0.0, "yes")


@pytest.mark.parametrize("option", ["H1", "P2", "A1", "A2"])
def test_sold_ash_is_a_condition_of_what_takes_mercury_there(projection: Projection, plain: str, option: str) -> None:
    sold = Catalogue(projection, site=Site(ash_sold=True)).combined(plain, [option])
    assert (sold.applies, sold.conditions) == ("if", Condition.ASH_TO_CEMENT)
    assert sold.moved_to_ash == pytest.approx(sold.waste_kg_per_yr["fly_ash"])
    kept = Catalogue(projection, site=Site(ash_sold=False)).combined(plain, [option])
    assert (kept.applies, kept.moved_to_ash) == ("yes", 0.0)
    unknown = Catalogue(projection).combined(plain, [option])
    assert unknown.applies == "yes"
    assert np.isnan(unknown.moved_to_ash)


def test_a_filter_behind_the_precipitator_leaves_its_ash_as_it_is(projection: Projection, plain: str) -> None:
    found = Catalogue(projection, site=Site(ash_sold=True)).combined(plain, ["A4"])
    assert found.moved_to_ash == 0.0
    assert found.conditions & Condition.ASH_TO_CEMENT == UNCONDITIONAL


@pytest.mark.parametrize(
    ("parts", "share"),
    [
        (((1.0, "PC", "ESPc+swFGD"),), 1.0),
        (((1.0, "PC", "ESPc+wFGD"),), 0.0),
        (((1.0, "PC", "none"),), 0.0),
        (((1.0, "PC", "unknown"),), 0.0),
        (((0.5, "PC", "ESPc"), (0.5, "PC", "ESPc+swFGD")), 1.0),
        (((0.5, "PC", "ESPc+wFGD"), (0.5, "PC", "ESPc+swFGD")), 1.0 / 1.1),
    ],
)
def test_only_the_water_of_a_sea_water_scrubber_is_the_sea(
    parts: tuple[tuple[float, str, str], ...], share: float
) -> None:
    assert SeaWater(load_library()).share(parts) == pytest.approx(share)


SITES = [
    Site(),
    Site(ash_sold=True),
    Site(coast=True, must_cut=EVERYTHING),
    Site(ash_sold=True, coast=True, must_cut=EVERYTHING),
    Site(ash_sold=False, coast=False, must_cut=frozenset({"so2"})),
]


@pytest.mark.parametrize("site", SITES, ids=range(len(SITES)))
def test_arrays_have_the_moved_mercury_and_conditions_of_each_unit(projection: Projection, site: Site) -> None:
    catalogue = Catalogue(projection, site=site)
    steps = steps_at_units(catalogue, Rules(accept=~UNCONDITIONAL))
    for row in range(0, steps.size, 41):
        unit = catalogue.state.units[int(steps.unit[row])]
        single = catalogue.option(unit, steps.steps[int(steps.step[row])])
        assert steps.to_sea[row] == pytest.approx(single.moved_to_sea, rel=1e-9, abs=1e-9)
        assert steps.to_ash[row] == pytest.approx(single.moved_to_ash, rel=1e-9, abs=1e-9, nan_ok=True)
        assert steps.conditions[row] == single.conditions


@pytest.mark.parametrize("site", SITES, ids=range(len(SITES)))
def test_no_step_of_a_plan_has_a_condition_that_is_not_accepted(projection: Projection, site: Site) -> None:
    catalogue = Catalogue(projection, site=site)
    plain = steps_at_units(catalogue, Rules())
    assert (plain.conditions == 0).all()
    accepted = steps_at_units(catalogue, Rules(accept=Condition.ARTICLE_9 | Condition.PM))
    assert ((accepted.conditions & ~int(Condition.ARTICLE_9 | Condition.PM)) == 0).all()
    best = [np.zeros(len(projection.units)) for _ in range(2)]
    for values, steps in zip(best, (plain, accepted), strict=True):
        np.maximum.at(values, steps.unit, steps.avoided)
    assert (best[1] >= best[0] * (1 - 1e-12)).all()


def test_the_pair_that_meets_a_condition_is_offered_though_its_step_is_not(projection: Projection, marine: str) -> None:
    steps = steps_at_units(Catalogue(projection), Rules())
    own = {steps.names[step] for step in steps.step[steps.unit == projection.units.index.get_loc(marine)]}
    assert "H4" not in own
    assert "A2+H4" in own or "A1+H4" in own


@pytest.mark.parametrize("price", [0.0, 1.0, 10_000.0, 1e6])
def test_moved_mercury_is_priced_by_the_year(projection: Projection, price: float) -> None:
    catalogue = Catalogue(projection, site=Site(ash_sold=True))
    everything = Rules(accept=~UNCONDITIONAL)
    free, priced = (steps_at_units(catalogue, replace(everything, moved_price=p)) for p in (0.0, price))
    moved = np.maximum(free.to_sea, 0.0) + np.maximum(np.nan_to_num(free.to_ash), 0.0)
    same = free.step_at_unit()
    assert moved.any()
    if (priced.step_at_unit().size, price) == (same.size, price):
        np.testing.assert_allclose(priced.operation, free.operation + price * moved, rtol=1e-12)
        np.testing.assert_allclose(priced.cost, free.cost + price * moved, rtol=1e-12)
    row = int(moved.argmax())
    cost, before = (unit_option(catalogue, steps, row).cost for steps in (priced, free))
    assert cost is not None
    assert before is not None
    assert cost.per_year.value - before.per_year.value == pytest.approx(price * moved[row], rel=1e-6, abs=1e-3)


def test_a_price_is_not_put_on_mercury_unless_asked_for(catalogue: Catalogue) -> None:
    assert catalogue.prices.basis("moved_price") == 0.0
    assert not steps_at_units(catalogue, Rules()).moved_cost.any()
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="cannot be used"):
            Rules(moved_price=wrong)


@pytest.mark.parametrize("site", SITES, ids=range(len(SITES)))
def test_a_project_begins_with_a_step_without_conditions(projection: Projection, site: Site) -> None:
    catalogue = Catalogue(projection, site=site, prices=Prices(projection.library))
    for plant in candidates(projection)[:8]:
        possible = [o for o in catalogue.of_unit(plant.units[0]) if o.applies == "yes" and o.usd_per_kg is not None]
        if any(o.avoided_kg_per_yr > 0 for o in possible):
            option = first_option(catalogue, plant)
            assert catalogue.combined(plant.units[0], option.split("+")).applies == "yes"
        else:
            with pytest.raises(UsageError, match="without a condition"):
                first_option(catalogue, plant)


@pytest.mark.parametrize("names", [["so2"], ["so2", "article_9"], ["Ash_To_Cement"], [" nox ", "pm"], []])
def test_conditions_are_named_in_any_case(names: list[str]) -> None:
    assert {*read_conditions(names).names} == {name.strip().casefold() for name in names}


@pytest.mark.parametrize("name", ["", "so4", "article 9", "all", "none"])
def test_an_unknown_condition_names_those_there_are(name: str) -> None:
    with pytest.raises(UsageError, match="article_9") as caught:
        read_conditions([name])
    assert caught.value.parameter == "accept"
