"""Units that keep a limit, with other controls, washed coal or biomass: central values are the means of draws."""

import numpy as np
import pytest

import hginventory as hg
from hginventory.decisions.options.option_table import MERCURY
from hginventory.decisions.scenarios import apply_scenario, avoided_in_draws
from hginventory.ensemble import quantiles
from hginventory.factors import LOGNORMAL, Spread
from hginventory.model import GENERATION, GROSS_GENERATION
from hginventory.scenarios import Measure, Scenario
from hginventory.uncertainty import UncertainFactor, UncertainFactorFinder, central_terms, project_complying
from hginventory.uncertainty.altered_rates import CutRate, SmallerRates
from tests.uncertainty.test_limit_cuts import LIMITED, TRAINS, coal_fleet, kilns

MEASURES = [
    {"action": "add_control", "target": "ACI"},
    {"action": "add_control", "target": "wFGD"},
    {"action": "replace_controls", "target": "SCR+FF+wFGD"},
    {"action": "replace_controls", "target": "ESPc"},
    {"action": "wash_coal", "value": 0.3},
    {"action": "wash_coal", "value": 0.8},
    {"action": "cofire_biomass", "value": 0.2},
    {"action": "raise_efficiency", "value": 0.04},
]
NAMES = [" ".join(map(str, measure.values())) for measure in MEASURES]


@pytest.fixture(scope="module", name="cut")
def _cut():
    return project_complying(coal_fleet())


@pytest.fixture(scope="module", name="kiln")
def _kiln():
    return project_complying(hg.fleet_from_frame(kilns(), sector="cement_kiln", settings={"base_year": 2026}))


def applied(projection, measure, unit):
    one = Measure(from_year=2028, where=f"unit_id == {unit!r}", **measure)
    return apply_scenario(projection, Scenario(name="one"), [(0, one)])


def after_in_2029(projection, measure, unit):
    """Return the central emission of a unit in 2029, that in draws with its standard error, and what draws avoid."""
    one, index = applied(projection, measure, unit), projection.units.index.get_loc(unit)
    draws = 100_000
    drawn = avoided_in_draws([one], draws, 7)[0].yearly[3]
    mean = projection.yearly_kg[index, 3] - drawn.mean()
    return one.yearly_kg[index, 3], mean, drawn.std() / draws**0.5, drawn


@pytest.mark.parametrize("measure", MEASURES, ids=NAMES)
@pytest.mark.parametrize("unit", LIMITED)
def test_central_values_of_altered_units_are_the_means_of_draws(cut, unit, measure):
    central, mean, error, _ = after_in_2029(cut, measure, unit)
    now = cut.units.at[unit, "air_kg_per_yr"]
    assert central == pytest.approx(mean, abs=5.0 * error + 2e-3 * now)


@pytest.mark.parametrize("target", ["ACI-FF", "WS"])
def test_central_values_of_altered_kilns_are_the_means_of_draws(kiln, target):
    central, mean, error, drawn = after_in_2029(kiln, {"action": "add_control", "target": target}, "K0")
    assert central == pytest.approx(mean, abs=5.0 * error + 2e-3 * kiln.units.at["K0", "air_kg_per_yr"])
    assert (drawn >= -1e-6).all()


@pytest.mark.parametrize("measure", [one for one in MEASURES if one.get("target") != "ESPc"])
def test_no_measure_adds_to_the_emission_in_any_draw(cut, measure):
    for unit in LIMITED:
        assert (after_in_2029(cut, measure, unit)[3] >= -1e-6).all()


@pytest.mark.parametrize("value", [0.1, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("action", ["wash_coal", "cofire_biomass"])
def test_less_mercury_in_the_fuel_is_less_credit_than_in_proportion(cut, action, value):
    for unit in TRAINS:
        now = cut.yearly_kg[cut.units.index.get_loc(unit), 3]
        one = applied(cut, {"action": action, "value": value}, unit)
        share = 1.0 - one.yearly_kg[cut.units.index.get_loc(unit), 3] / now
        if unit in LIMITED:
            assert -1e-9 <= share < 0.9 * value
        else:
            assert share == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("unit", LIMITED)
def test_a_better_efficiency_allows_more_per_heat_under_a_limit_per_generation(cut, unit):
    index = cut.units.index.get_loc(unit)
    one = applied(cut, {"action": "raise_efficiency", "value": 0.04}, unit)
    share = 1.0 - one.yearly_kg[index, 3] / cut.yearly_kg[index, 3]
    if cut.complies.per[index] in (GENERATION, GROSS_GENERATION):
        assert -1e-9 <= share < 0.036
    else:
        assert share == pytest.approx(0.04, rel=1e-9)


@pytest.mark.parametrize(
    ("option", "action"), [("F1", "wash_coal"), ("F4", "cofire_biomass"), ("P1", "raise_efficiency")]
)
def test_an_option_of_less_or_another_fuel_avoids_what_the_measure_of_it_avoids(cut, option, action):
    catalogue, seen = hg.project(coal_fleet(), draws=0).catalogue(), 0
    for unit in LIMITED:
        found = next(one for one in catalogue.of_unit(unit) if one.option == option)
        row = catalogue.table.effect(option, MERCURY, catalogue.state.of(unit).coal_class)
        if row is None:  # lignite is not washed
            assert found.avoided_kg_per_yr == 0.0
            continue
        value = row.value
        index, now = cut.units.index.get_loc(unit), cut.units.at[unit, "air_kg_per_yr"]
        one = applied(cut, {"action": action, "value": value}, unit)
        avoided = now * (1.0 - one.yearly_kg[index, 3] / cut.yearly_kg[index, 3])
        assert found.avoided_kg_per_yr == pytest.approx(avoided, rel=1e-6, abs=1e-9)
        seen += avoided > 1e-3
    assert seen >= 3


def test_a_state_of_the_same_row_is_as_before_where_nothing_is_taken_out(cut):
    one = applied(cut, {"action": "wash_coal", "value": 1e-12}, "B1")
    assert one.states is not None
    assert one.states.units["air_kg_per_yr"].iloc[0] == pytest.approx(cut.units.at["B1", "air_kg_per_yr"], rel=1e-6)


@pytest.mark.parametrize(("ratio", "unit"), [(0.3, "B1"), (1.0, "A1"), (3.0, "C1"), (0.02, "D1"), (1.0, "F1")])
def test_the_mean_of_the_smaller_is_below_both_means(cut, ratio, unit):
    index = cut.units.index.get_loc(unit)
    factors = tuple(UncertainFactorFinder(cut).of_unit(index))
    own = CutRate(factors, tuple(central_terms(cut)[index].tolist()), cut.cuts[unit].cut)
    listed = CutRate(own.factors, own.central, None)
    mean = SmallerRates().mean(listed, own, ratio)
    assert mean <= min(listed.mean, ratio * own.mean)
    assert SmallerRates().mean(own, own, 1.0) == pytest.approx(own.mean, rel=1e-12)
    assert SmallerRates().mean(listed, own, 1.0) == pytest.approx(own.mean, rel=2e-3)  # the cut rate is never above


def test_the_mean_of_the_smaller_of_two_lognormals_is_that_of_the_closed_form():
    # X with a spread, and the fixed amount k: E min(X, k) = Phi((ln k - s^2/2)/s) + k (1 - Phi((ln k + s^2/2)/s))
    spread, k = 0.7, 0.8
    factor = UncertainFactor("hg_coal", "multiplier", 1.0, Spread(LOGNORMAL, spread, (("unit", 1.0),)), ("U",))
    one, other = CutRate((factor,), (1.0,), None), CutRate((), (1.0,), None)
    lower, upper = (quantiles.normal_cdf(np.array((np.log(k) + sign * spread**2 / 2) / spread)) for sign in (-1, 1))
    assert SmallerRates().mean(one, other, k) == pytest.approx(
        float(lower + k * (1.0 - upper)), rel=5e-4
    )  # of the grid
