"""What comes without a mercury rule, and the cheapest mercury steps that are left to do after it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.costs.cost_range import annuity
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.scenarios.on_top import CHANGED, OTHER
from hginventory.errors import ScenarioError
from hginventory.run import Run
from hginventory.scenarios.files import flatten, load_scenario, measures_of, shipped
from hginventory.scenarios.scenario import Measure, Scenario

UNIT = {"country": "IDN", "status": "operating", "start_year": 2015, "capacity_net": 600.0, "boiler": "PC",
        "pm_control": "ESPc", "so2_control": "none", "nox_control": "none", "hg_control": "none",
        "coal_type": "bituminous"}  # fmt: skip
SCRUBBED = {"so2_control": "wFGD"}


def run_of(*rows: dict[str, Any]) -> Run:
    named = [{**UNIT, "unit_id": f"u{n}", "plant": f"p{n}", **row} for n, row in enumerate(rows)]
    return hg.project(hg.fleet_from_frame(pd.DataFrame(named)), base_year=2026, draws=0)


def programme(*changes: dict[str, Any], name: str = "anyway", **keys: Any) -> Scenario:
    measures = [Measure.model_validate({"from_year": 2030, **one}) for one in changes]
    return Scenario(name=name, programme=True, measure=tuple(measures), **keys)


def scrubbers(where: str = "unit_id == 'u0'", **keys: Any) -> dict[str, Any]:
    return {"action": "add_control", "target": "wFGD", "where": where, **keys}


def by_hand(run: Run, unit: str, code: str, start: int) -> tuple[float, float]:
    """Return cost a year and share avoided of a step at a unit that has had its train all along."""
    catalogue = Catalogue(run.projection)
    option = catalogue.combined(unit, [code])
    assert option.cost is not None
    terms = catalogue.prices.terms
    life = min(terms.book_life["coal_power"], option.end_year - start)
    per_year = option.cost.capital.value * annuity(terms.rate, life) + option.cost.operation.value
    return per_year, option.avoided_kg_per_yr / float(run.projection.units.loc[unit, "air_kg_per_yr"])


def test_the_step_is_that_of_a_unit_that_has_had_the_scrubber_all_along() -> None:
    """Hand calculation: bromide at the scrubber, years from the start of the scrubber, of what the scrubber leaves."""
    run, twin = run_of({}, {}), run_of(SCRUBBED, {})
    found = run.compare([programme(scrubbers(from_year=2031))])
    (own,) = found.on_top[found.on_top["at"] == CHANGED].to_dict("records")
    per_year, share = by_hand(twin, "u0", own["option"], 2031)
    end = int(run.projection.units.loc["u0", "end_year"])
    left = float(twin.projection.yearly_kg[0, 2031 - 2026 : end - 2026].sum())
    assert own["option"] == "H2"
    assert own["units"] == 1
    assert own["avoided_kg"] == pytest.approx(share * left, rel=1e-6)
    assert own["usd_per_kg"] == pytest.approx(per_year * (end - 2031) / (share * left), rel=1e-6)


def test_other_units_keep_their_own_step() -> None:
    found = run_of({}, {"coal_type": "lignite"}, SCRUBBED).compare([programme(scrubbers())])
    others = found.on_top[found.on_top["at"] == OTHER]
    assert dict(zip(others["option"], others["units"], strict=True)) == {"H2": 1, "A2": 1}


def test_the_cheapest_comes_first_and_units_are_counted_once() -> None:
    rows = [{}, {}, {"coal_type": "lignite"}, SCRUBBED, {"pm_control": "FF"}]
    found = run_of(*rows).compare([programme(scrubbers("unit_id in ['u0', 'u1']"))])
    for _, own in found.on_top.groupby("at"):
        assert own["usd_per_kg"].is_monotonic_increasing
    assert found.on_top["units"].sum() == len(rows)
    assert found.on_top[found.on_top["at"] == CHANGED]["units"].sum() == found.table["units_changed"].iloc[0] == 2


@pytest.mark.parametrize(
    "change",
    [
        {"action": "retire", "where": "unit_id == 'u0'", "from_year": 2026},
        {"action": "exclude", "where": "unit_id == 'u0'", "from_year": 2026},
    ],
    ids=lambda one: str(one["action"]),
)
def test_a_unit_that_the_programme_closes_gets_no_step(change: dict[str, Any]) -> None:
    found = run_of({}, {}).compare([programme(change)])
    assert found.on_top["units"].tolist() == [1]
    assert found.on_top["at"].tolist() == [OTHER]


def test_years_follow_the_retirement_rule_of_the_programme() -> None:
    run = run_of({}, {})
    early = run.compare([programme(scrubbers(), rule="crea_30")]).on_top
    late = run.compare([programme(scrubbers())]).on_top
    assert early["avoided_kg"].sum() < 0.9 * late["avoided_kg"].sum()


def test_only_programmes_have_steps_on_top() -> None:
    plain = Scenario(name="plain", measure=(Measure.model_validate({**scrubbers(), "from_year": 2030}),))
    found = run_of({}, {}).compare([plain, programme(scrubbers())])
    assert found.table["programme"].tolist() == [False, True]
    assert set(found.on_top["scenario"]) == {"anyway"}


def test_what_extends_a_programme_comes_on_top_of_it() -> None:
    """A sorbent that replaced the scrubber would leave the unit without what comes anyway."""
    below, above = programme(scrubbers()), Measure(action="add_control", target="ACI-Br", from_year=2032)
    own = Scenario(name="both", extends="anyway", measure=(above,))
    measures = flatten(own, {"anyway": below}.__getitem__)
    assert [level for level, _ in measures] == [0, 0]
    plain = flatten(own, {"anyway": below.model_copy(update={"programme": False})}.__getitem__)
    assert [level for level, _ in plain] == [0, 1]


@pytest.mark.parametrize(
    ("action", "target"), [("replace_controls", "ESPc"), ("add_control", "wFGD"), ("best_step", "")]
)
def test_what_would_undo_a_programme_is_refused(action: str, target: str, tmp_path: Any) -> None:
    below = "programme = true\n[[measure]]\naction = 'add_control'\ntarget = 'wFGD'\nfrom_year = 2030\n"
    (tmp_path / "below.toml").write_text(below)
    key = f"target = '{target}'\n" if target else ""
    text = f"extends = 'below'\n[[measure]]\naction = '{action}'\n{key}from_year = 2032\n"
    (tmp_path / "above.toml").write_text(text)
    with pytest.raises(ScenarioError, match="u0"):
        run_of({}).compare([str(tmp_path / "above.toml")])


def test_a_sorbent_that_extends_a_programme_leaves_its_scrubber(tmp_path: Any) -> None:
    below = "programme = true\n[[measure]]\naction = 'add_control'\ntarget = 'wFGD'\nfrom_year = 2030\n"
    (tmp_path / "below.toml").write_text(below)
    text = "extends = 'below'\n[[measure]]\naction = 'add_control'\ntarget = 'ACI-Br'\nfrom_year = 2032\n"
    (tmp_path / "above.toml").write_text(text)
    found = run_of({}).compare([str(tmp_path / name) for name in ("below.toml", "above.toml")])
    twin = run_of({**SCRUBBED, "hg_control": "ACI-Br"})
    air = found.years[found.years["scenario"] == "above"].set_index("year")["air_kg"]
    assert air[2035] == pytest.approx(float(twin.projection.yearly_kg[0, 9]), rel=1e-6)


@pytest.mark.parametrize("name", [name for name in shipped() if load_scenario(name).programme])
def test_shipped_programmes_name_sources_and_go_to_their_country(name: str) -> None:
    text = shipped()[name].read_text(encoding="utf-8")
    assert "2025" in text
    assert ".org" in text or ".gov" in text or ".com" in text
    country = "india" if "india" in name else "ZAF"
    run = hg.project(country, draws=0, where="capacity_mw >= 200")
    found = run.compare([name])
    assert found.table["units_changed"].iloc[0] == len(found.chosen[name][0]["units"]) > 0
    assert found.on_top[found.on_top["at"] == CHANGED]["usd_per_kg"].iloc[0] > 0
    assert all(measure.action == "add_control" for _, measure in measures_of(load_scenario(name))[0])
