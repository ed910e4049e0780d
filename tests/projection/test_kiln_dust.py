"""What a kiln keeps from the stack: hardly any in its clinker, the rest in dust, stated or inferred."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking import certainty
from hginventory.decisions.scenarios import apply_scenario
from hginventory.decisions.scenarios.paired_draws import scenario_input
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.inputs.findings.findings import ungrouped
from hginventory.inputs.reader import fleet_from_tables
from hginventory.model import kiln
from hginventory.projection import Projection, project_fleet
from hginventory.report.explain import explain
from hginventory.scenarios import Measure, Scenario

KILN: dict[str, Any] = {"unit_id": "K1", "country": "IDN", "clinker_capacity": 1.0e6, "start_year": 2015,
                        "kiln_type": "precalciner", "controls": "FF"}  # fmt: skip
RETAINED, ON, OFF, HOURS_OFF = 0.02, 0.84, 0.662222, 0.15  # rows of cement_kiln


def kilns(*changes: dict[str, Any], **sheets: pd.DataFrame) -> Projection:
    rows = [{**KILN, "unit_id": f"K{number}", **change} for number, change in enumerate(changes)]
    tables = {"Cement_kilns": pd.DataFrame(rows), **sheets}
    return project_fleet(fleet_from_tables(tables), base_year=2026)


def shares(projection: Projection, index: int = 0) -> dict[str, float]:
    """Return air, product and waste of a kiln over its input."""
    row = projection.mass_balance.iloc[index]
    air = projection.units["air_kg_per_yr"].iloc[index]
    kg = {"air": air, "product": row["product_kg_per_yr"], "waste": row["waste_kg_per_yr"]}
    return {name: float(value / row["hg_in_kg_per_yr"]) for name, value in kg.items()}


def by_the_hour(retained: float, on: float, off: float, bleed_on: float, bleed_off: float, hours_off: int) -> float:
    """Return the share of the input that leaves by the stack, simulated hour by hour with a silo of 400 hours.

    Of 100 hours the mill is off in the last ones; what is caught and not bled goes to the silo and from there to the
    kiln.
    """
    silo = stack = 0.0
    for hour in range(40_000):
        capture, bleed = (off, bleed_off) if hour % 100 >= 100 - hours_off else (on, bleed_on)
        returned = silo / 400.0
        gas = 1.0 - retained + returned
        silo += gas * capture * (1.0 - bleed) - returned
        if hour >= 30_000:
            stack += gas * (1.0 - capture)
    return stack / 10_000.0


@pytest.mark.parametrize("country", ["IDN", "WLD"])
def test_each_row_is_reproduced_by_the_loop_with_little_in_the_clinker(country: str) -> None:
    row = hg.load_library().row(f"cement_air_share/{country}")
    one = kilns({"country": "IDN" if country == "IDN" else "VNM"})
    values = {name: factor.value[0] for name, factor in one.parameters.items()}
    assert values["clinker_retention"] == RETAINED
    bleed = values["dust_bleed_on"]
    assert values["dust_bleed_off"] == bleed
    loop = kiln.loop(1.0, RETAINED, ON, OFF, bleed, bleed, HOURS_OFF)
    assert loop.stack == pytest.approx(row.value, abs=1e-12)
    assert loop.bled == pytest.approx(1.0 - row.value - RETAINED, abs=1e-12)
    assert by_the_hour(RETAINED, ON, OFF, bleed, bleed, 15) == pytest.approx(row.value, abs=2e-3)
    assert shares(one) == pytest.approx({"air": row.value, "product": 1.0 - row.value, "waste": 0.0}, abs=1e-12)


def test_the_inferred_bleed_names_what_it_follows_from_and_is_no_better_known_than_a_judgement() -> None:
    one = kilns({}, {"air_share": 0.9})
    model, measured = (one.parameters["dust_bleed_on"].of_unit(index) for index in range(2))
    assert (model.origin, model.read_from) == (measured.origin, measured.read_from) == ("derived", "judgement")
    assert {"cement_air_share/IDN", "cement_kiln/clinker_retention/any/WLD"} <= set(model.refs)
    assert "cement_air_share/IDN" not in measured.refs
    kept = one.parameters["clinker_retention"].of_unit(0)
    assert (kept.value, kept.refs) == (RETAINED, ("cement_kiln/clinker_retention/any/WLD",))


def test_any_share_to_air_is_reproduced_with_shares_that_can_be() -> None:
    """Against the balance of one pass, written anew: what comes round again is what is caught and not bled."""
    drawn = np.random.default_rng(7).uniform(size=(3000, 5))
    for air, retained, on, off, hours_off in drawn * [1.0, 0.3, 0.98, 0.98, 1.0]:
        usual = kiln.usual_dust(air, retained, on, off, hours_off)
        assert 0.0 <= usual.bleed <= 1.0
        assert 0.0 <= usual.retained <= min(retained, 1.0 - air) + 1e-15
        caught = (1.0 - hours_off) * usual.capture_on + hours_off * usual.capture_off
        gas = (1.0 - usual.retained) / (1.0 - caught * (1.0 - usual.bleed))
        assert gas * (1.0 - caught) == pytest.approx(air, rel=1e-9)
        assert air + gas * caught * usual.bleed + usual.retained == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("air", "retained"), [(0.98, 0.02), (0.99, 0.01), (1.0, 0.0)])
def test_a_measured_share_to_air_leaves_the_clinker_no_more_than_the_rest(air: float, retained: float) -> None:
    one = kilns({"air_share": air})
    assert shares(one)["air"] == pytest.approx(air, abs=1e-12)
    assert one.parameters["clinker_retention"].value[0] == pytest.approx(retained, abs=1e-12)
    assert one.parameters["dust_bleed_on"].value[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("air", [0.02, 0.1, 0.15])
def test_a_share_to_air_below_all_that_is_caught_means_that_more_is_caught(air: float) -> None:
    """Taking out all caught dust leaves 0.98 x 0.187 = 0.183 with the rows."""
    one = kilns({"air_share": air})
    assert shares(one)["air"] == pytest.approx(air, abs=1e-12)
    assert one.parameters["dust_bleed_on"].value[0] == 1.0
    assert one.parameters["capture_on"].value[0] == pytest.approx(1.0 - air / 0.98)


@pytest.mark.parametrize("on", [0.0, 0.1, None])
@pytest.mark.parametrize("off", [0.0, 0.3])
@pytest.mark.parametrize("air_share", [None, 0.9])
def test_a_stated_bleed_replaces_the_default_and_the_share_to_air(
    on: float | None, off: float, air_share: float | None
) -> None:
    one = kilns({"dust_bleed_on": on, "dust_bleed_off": off, "air_share": air_share})
    air = shares(one)["air"]
    assert air == pytest.approx(by_the_hour(RETAINED, ON, OFF, on or 0.0, off, 15), abs=2e-3)
    if not on and not off:
        assert air == pytest.approx(0.98, abs=1e-12)
    assert one.parameters["air_share"].origin[0] == "none"
    noted = [found.code for found in ungrouped(one.findings) if found.code == "W728"]
    assert len(noted) == (air_share is not None)


@pytest.mark.parametrize(
    ("device", "taken", "way"), [("SHUTTLE", 0.22, "product"), ("TDT", 0.8, "waste"), ("ACI-FF", 0.9, "waste")]
)
def test_what_takes_dust_or_mercury_adds_to_the_usual_bleed(device: str, taken: float, way: str) -> None:
    """Of the 0.79 at the stack; the 0.19 of the usual bleed and the 0.02 in the clinker are product all the same."""
    expected = {"air": 0.79 * (1.0 - taken), "product": 0.21, "waste": 0.0}
    expected[way] += 0.79 * taken
    assert shares(kilns({"controls": f"FF+{device}"})) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    "cells", [{}, {"dust_bleed_on": 0.0}, {"dust_bleed_off": 0.3}, {"controls": "FF+SHUTTLE"}, {"air_share": 0.6}]
)
def test_all_tiers_send_the_mercury_the_same_ways(cells: dict[str, Any]) -> None:
    one = kilns(cells, {**cells, "method": "tier1"}, {**cells, "measured_air": 40.0})
    balance, by_factor, measured = (shares(one, index) for index in range(3))
    assert by_factor == pytest.approx(balance, abs=1e-12)
    assert measured == pytest.approx(balance, abs=1e-12)
    assert sum(balance.values()) == pytest.approx(1.0, abs=1e-9)


def test_an_emission_factor_is_that_of_a_kiln_with_the_dust_as_usual() -> None:
    """0.075 g/t for a million tonnes of clinker are 75 kg; with all dust returned 0.98 instead of 0.79 leave by air."""
    usual, returned = kilns(
        *({"method": "tier1", "clinker_output": 1.0e6, **bleed} for bleed in ({}, {"dust_bleed_on": 0.0}))
    ).units["air_kg_per_yr"]
    assert usual == pytest.approx(75.0)
    assert returned == pytest.approx(75.0 * 0.98 / 0.79)


def drawn(projection: Projection, value: float) -> tuple[Any, np.ndarray]:
    """Return a scenario that takes out a share of the dust of the first kiln, and its draws: before and after."""
    measure = Measure.model_validate({"action": "bleed_dust", "value": value, "from_year": 2030})
    one = apply_scenario(projection, Scenario(name="test"), [(0, measure)])
    return one, run_numpy(scenario_input(one, [0]), 3000, 1).life_sums


@pytest.mark.parametrize("value", [0.01, 0.05, 0.3, 1.0])
@pytest.mark.parametrize("cells", [{}, {"air_share": 0.9}, {"air_share": 0.1}, {"controls": "FF+SHUTTLE"}])
def test_dust_that_a_measure_takes_out_comes_on_top_and_never_raises_an_emission(
    cells: dict[str, Any], value: float
) -> None:
    """E = 0.98 p / (p + (b0 + b) a): b0 the usual bleed, p and a what passes and is caught, 0.187 and 0.813."""
    projection = kilns({**cells, "hg_raw_meal": 0.041})  # the long tail of a default would hide the mean
    one, found = drawn(projection, value)
    before, after = one.baseline.projection.yearly_kg[0, 10], one.yearly_kg[0, 10]
    caught = (1.0 - HOURS_OFF) * ON + HOURS_OFF * OFF
    air = cells.get("air_share", 0.79)
    if air > 0.98 * (1.0 - caught):
        most = 0.98 * (1.0 - caught)
        exact = 1.0 / (1.0 + air / 0.98 * value * caught / (1.0 - caught))
        assert after / before == pytest.approx(max(exact, most / air), rel=1e-9)
    else:
        assert after == pytest.approx(before)  # nothing is left in the loop
    assert (found[1] <= found[0] * (1.0 + 1e-5)).all()  # noise is kept in float32
    assert found.mean(axis=1) == pytest.approx(
        [one.baseline.projection.yearly_kg[0].sum(), one.yearly_kg[0].sum()], rel=0.06
    )


def test_a_measure_replaces_a_bleed_that_is_stated() -> None:
    one, _ = drawn(kilns({"dust_bleed_on": 0.1, "dust_bleed_off": 0.1}), 0.3)
    before, after = one.baseline.projection.yearly_kg[0, 10], one.yearly_kg[0, 10]
    expected = by_the_hour(RETAINED, ON, OFF, 0.3, 0.3, 15) / by_the_hour(RETAINED, ON, OFF, 0.1, 0.1, 15)
    assert after / before == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("cells", [{}, {"dust_bleed_off": 0.3}, {"method": "tier1", "dust_bleed_on": 0.05}])
def test_draws_keep_the_central_run_and_are_the_same_in_both_engines(cells: dict[str, Any]) -> None:
    projection = kilns(cells)
    totals = [
        certainty(projection, draws=4000, seed=3, engine=engine).totals.set_index(["sector", "quantity"])
        for engine in ("numpy", "numba")
    ]
    pd.testing.assert_frame_equal(totals[0], totals[1], rtol=1e-5)
    by_quantity = totals[0]["mean"].droplevel("sector")
    base = by_quantity["mercury to air in the base year"]
    assert base == pytest.approx(projection.units["air_base_year_kg"].iloc[0], rel=0.06)


def test_a_stack_test_at_a_kiln_with_a_stated_bleed_moves_its_materials() -> None:
    test = {"unit_id": "K0", "date": "2023-05-01", "date_to": "2023-05-04", "kind": "stack_test",
            "quantity": "hg_yearly", "value": 90.0, "unit": "kg/yr", "uncertainty": 0.2,
            "uncertainty_kind": "rsd"}  # fmt: skip
    plain = kilns({"dust_bleed_off": 0.3})
    tested = kilns({"dust_bleed_off": 0.3}, Measurements=pd.DataFrame([test]))
    before, after = plain.units["air_kg_per_yr"].iloc[0], tested.units["air_kg_per_yr"].iloc[0]
    assert before < after < 90.0
    assert shares(tested) == pytest.approx(shares(plain), abs=1e-12)


def steps_of(**cells: Any) -> dict[str, float]:
    told = explain(kilns(cells), "K0")
    return {str(step.name): step.value for step in told.steps}


@pytest.mark.parametrize("method", [{}, {"method": "tier1"}, {"measured_air": 40.0}])
def test_the_calculation_shows_clinker_and_dust(method: dict[str, Any]) -> None:
    usual = steps_of(**method)
    hg_in = usual["mercury input"]
    assert usual["mercury in the clinker"] == pytest.approx(RETAINED * hg_in)
    assert usual["mercury in dust taken out, inferred"] == pytest.approx(0.19 * hg_in)
    assert usual["standard deviation of the share to air, and of that in dust"] == 0.08  # of the 0.19
    stated = steps_of(**method, dust_bleed_on=0.0, dust_bleed_off=0.3)
    assert stated["share of captured dust taken out, raw mill off"] == 0.3
    gone = stated["emissions to air"] + stated["mercury in the clinker"] + stated["mercury in dust taken out"]
    assert gone == pytest.approx(stated["mercury input"], rel=1e-9)
    assert list(stated)[list(stated).index("mercury in dust taken out") :].count("emissions to air") == 1


def test_no_kiln_of_the_bundled_fleet_emits_another_share_than_before() -> None:
    """0.79 before controls, as none states its bleed."""
    run = hg.project("indonesia", where="sector == 'cement_kiln'")
    removals = {row.keys["device"]: row.value for row in hg.load_library().table("cement_control").defaults}
    for train, removal in zip(run.units["train"], run.units["removal"], strict=True):
        left = 0.79
        for device in () if train == "unknown" else train.split("+"):
            left *= 1.0 - removals[device]
        assert 1.0 - removal == pytest.approx(left, abs=1e-12)
