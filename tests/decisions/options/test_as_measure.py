"""An option as a measure: it avoids what the catalogue says, and what it catches goes where the catalogue says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.optimisation.as_scenario import scenario_text
from hginventory.decisions.options.as_measure import measure_of
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.unit_option import UnitOption
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.compare import compare
from hginventory.errors import ScenarioError
from hginventory.model.fate import AIR, PATHWAYS
from hginventory.projection import Projection
from hginventory.scenarios.files import read_scenario
from hginventory.scenarios.scenario import Measure, Scenario

UNIT: dict[str, Any] = {
    "unit_id": "A1", "plant": "P1", "country": "IDN", "status": "operating", "start_year": 2010, "capacity_net": 600.0,
    "coal_type": "subbituminous", "boiler": "PC", "pm_control": "ESPc", "so2_control": "wFGD", "nox_control": "none",
}  # fmt: skip
YEARS = 2050 - 2030  # from the measure to the closure at 40 years
CUT = {"action": "cut_emission", "target": "waste", "value": 0.4, "from_year": 2030}


@pytest.fixture(scope="module")
def projection() -> Projection:
    return hg.project(hg.fleet_from_frame(pd.DataFrame([UNIT]), settings={"base_year": 2026}), draws=0).projection


def applied(projection: Projection, *measures: Measure) -> AppliedScenario:
    return apply_scenario(projection, Scenario(name="test"), [(0, measure) for measure in measures])


def moved(one: AppliedScenario) -> pd.Series:
    """Return by how much more goes where over the remaining years [kg]."""
    return one.pathways()["kg"] - one.baseline.pathways_kg


def found(catalogue: Catalogue, *names: str) -> UnitOption:
    if len(names) > 1:
        return catalogue.combined("A1", names)
    return next(option for option in catalogue.of_unit("A1") if option.option == names[0])


@pytest.mark.parametrize(
    ("names", "action"),
    [
        (("C8",), "cut_emission"),
        (("M2",), "cut_emission"),
        (("P2",), "cut_emission"),
        (("P4",), "cut_emission"),  # its burners change the train, and the tables know no removal of theirs
        (("F3",), "cut_emission"),
        (("H2",), "replace_controls"),
        (("C8", "H2"), "cut_emission"),  # the additive does more than the train says
        (("P1", "M2"), "cut_emission"),  # less goes in, and of that more is caught
        (("F1",), "wash_coal"),
        (("P1",), "wash_coal"),
    ],
)
def test_a_measure_moves_what_the_option_moves(projection: Projection, names: tuple[str, ...], action: str) -> None:
    catalogue = Catalogue(projection)
    option = found(catalogue, *names)
    measure = measure_of(option, catalogue.table, float(projection.units["air_kg_per_yr"].iloc[0]), 2030)
    assert measure.action == action
    change = moved(applied(projection, measure)) / YEARS
    assert -change.iloc[AIR].sum() == pytest.approx(option.avoided_kg_per_yr)
    assert change.iloc[AIR.stop :].to_dict() == pytest.approx(option.waste_kg_per_yr, abs=1e-6)


def test_modules_above_the_absorber_by_hand(projection: Projection) -> None:
    """They take 0.6 of what passes, to spent modules; ash, gypsum and water stay, and the balance closes."""
    catalogue, air = Catalogue(projection), float(projection.units["air_kg_per_yr"].iloc[0])
    change = moved(applied(projection, measure_of(found(catalogue, "M2"), catalogue.table, air, 2030)))
    expected = dict.fromkeys(PATHWAYS[AIR.stop :], 0.0) | {"waste": 0.6 * air * YEARS}
    assert change.iloc[AIR.stop :].to_dict() == pytest.approx(expected, abs=1e-6)
    assert change.sum() == pytest.approx(0.0, abs=1e-6)


def test_a_cut_acts_on_what_other_measures_leave(projection: Projection) -> None:
    air = float(projection.units["air_kg_per_yr"].iloc[0])
    wash = Measure(action="wash_coal", value=0.5, from_year=2030)
    target = "fgd_solids:0.6; water:0.1"
    one = applied(projection, wash, Measure.model_validate({**CUT, "target": target}))
    assert one.yearly_kg[0, 2030 - 2026] == pytest.approx(0.5 * 0.6 * air)
    change = moved(one) - moved(applied(projection, wash))
    cut = 0.5 * 0.4 * air * YEARS
    assert change["fgd_solids"] == pytest.approx(0.6 * cut)
    assert change["water"] == pytest.approx(0.1 * cut)
    assert change.sum() == pytest.approx(-0.3 * cut)  # the rest does not come in


def test_a_cut_is_drawn_as_a_share_of_the_emission(projection: Projection) -> None:
    wash = Measure(action="wash_coal", value=0.4, from_year=2030)
    pair = [apply_scenario(projection, Scenario(name=name), [(0, measure)])
            for name, measure in (("cut", Measure.model_validate(CUT)), ("wash", wash))]  # fmt: skip
    table = compare(pair, draws=200, seed=1).table.set_index("scenario")
    for column in ("avoided_t", "avoided_t_p05", "avoided_t_p95"):
        assert table.at["cut", column] == pytest.approx(table.at["wash", column], rel=1e-6)


def test_a_cut_that_nobody_priced_has_no_price(projection: Projection) -> None:
    table = compare([applied(projection, Measure.model_validate(CUT))]).table
    assert table["units_without_price"].tolist() == [1]


def test_a_saved_measure_is_read_back(projection: Projection, tmp_path: Path) -> None:
    catalogue = Catalogue(projection)
    measure = measure_of(found(catalogue, "F3"), catalogue.table, float(projection.units["air_kg_per_yr"].iloc[0]))
    path = tmp_path / "saved.toml"
    path.write_text(scenario_text(Scenario(name="saved", measure=(measure,))), encoding="utf-8")
    assert [one.model_dump() for one in read_scenario(path).measure] == [measure.model_dump()]
    again, now = applied(projection, *read_scenario(path).measure), applied(projection, measure)
    assert np.array_equal(again.yearly_kg, now.yearly_kg)


def test_a_plan_saved_before_there_was_the_cut_is_read(projection: Projection, tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_text('[[measure]]\naction = "wash_coal"\nwhere = "unit_id == \'A1\'"\nvalue = 0.6\nfrom_year = 2030\n'
                    'note = "option M2: modules"\n', encoding="utf-8")  # fmt: skip
    one = applied(projection, *read_scenario(path).measure)
    assert one.yearly_kg[0, 2030 - 2026] == pytest.approx(0.4 * projection.units["air_kg_per_yr"].iloc[0])


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("gypsum", "'gypsum' is not one of bottom_ash"),
        ("air_hg0", "'air_hg0' is not one of"),
        ("waste:0.5; waste:0.5", "each once"),
        ("waste:half", "'half' is not a share"),
        ("waste:nan", "'nan' is not a share"),
        ("waste:-inf", "'-inf' is not a share"),
        ("waste:0.6; water:0.5", "sum to more than 1"),
        ("", "needs a target"),
    ],
)
def test_a_target_that_is_no_pathway_is_refused(target: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        Measure.model_validate({**CUT, "target": target})


def test_more_than_goes_there_cannot_be_taken_from_a_pathway(projection: Projection) -> None:
    one = applied(projection, Measure.model_validate({**CUT, "target": "fly_ash:-9"}))
    with pytest.raises(ScenarioError, match="at A1: target takes more from fly_ash"):
        one.pathways()
