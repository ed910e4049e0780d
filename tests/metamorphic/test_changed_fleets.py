"""What becomes of the results when a fleet is changed in a way whose effect is known, for coal units and for kilns."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hginventory as hg
from tests.metamorphic.fleets import (
    BASE_YEAR,
    COAL,
    DRAWS,
    KILN,
    ROWS,
    SECTORS,
    both_sectors,
    numbers,
    rows_of,
    run_of,
    years,
)

FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNTRIES = ("IDN", "CHN", "POL", "VNM")
NOTHING: dict[str, list[dict[str, Any]]] = {
    COAL: [
        {"action": "wash_coal", "value": 0.0},
        {"action": "cofire_biomass", "value": 0.0},
        {"action": "raise_efficiency", "value": 0.0},
        {"action": "cap_capacity_factor", "value": 1.0},
        {"action": "cut_emission", "value": 0.0, "target": "fly_ash:1"},
        {"action": "add_control", "target": "wFGD+SCR", "where": "unit_id == 'U0'"},
        {"action": "replace_controls", "target": "SCR+ESPc+wFGD", "where": "unit_id == 'U0'"},
        {"action": "emission_limit", "value": 1000.0, "unit": "mg/Nm3"},
        {"action": "retire", "from_year": 2050, "where": "unit_id == 'U0'"},
    ],
    KILN: [
        {"action": "cut_emission", "value": 0.0, "target": "waste:1"},
        {"action": "bleed_dust", "value": 0.5, "where": "unit_id == 'U0'"},
        {"action": "add_control", "target": "ESP", "where": "unit_id == 'U0'"},
        {"action": "replace_controls", "target": "ESP", "where": "unit_id == 'U0'"},
        {"action": "emission_limit", "value": 1000.0, "unit": "mg/Nm3"},
        {"action": "retire", "from_year": 2052, "where": "unit_id == 'U0'"},
    ],
}


@both_sectors
def test_parts_of_a_fleet_add_up_to_the_whole(sector: str) -> None:
    rows = rows_of(sector)
    whole = run_of(sector, rows, draws=DRAWS)
    halves = [[row for row in rows if (row["plant"] in "PRT") == first] for first in (True, False)]
    parts = [run_of(sector, half, draws=DRAWS) for half in halves]
    together = pd.concat([numbers(part) for part in parts]).loc[whole.units.index]
    pd.testing.assert_frame_equal(together, numbers(whole), check_exact=True, check_index_type=False)
    summed = years(parts[0]).add(years(parts[1]), fill_value=0.0)
    pd.testing.assert_frame_equal(summed, years(whole), check_dtype=False, rtol=1e-12)
    drawn = pd.concat([part.draws() for part in parts]).groupby("draw").sum(numeric_only=True)
    pd.testing.assert_frame_equal(drawn, whole.draws().groupby("draw").sum(numeric_only=True), rtol=1e-6)


@both_sectors
def test_units_in_another_order_have_the_same_numbers_draws_and_ranks(sector: str) -> None:
    rows = rows_of(sector)
    run, turned = (run_of(sector, order, draws=DRAWS) for order in (rows, rows[::-1]))
    pd.testing.assert_frame_equal(numbers(turned).loc[run.units.index], numbers(run), check_exact=True)
    pd.testing.assert_frame_equal(turned.rank(), run.rank())
    pd.testing.assert_frame_equal(years(turned), years(run), rtol=1e-12)
    by_unit = [one.draws().set_index(["unit_id", "draw"]).sort_index() for one in (turned, run)]
    pd.testing.assert_frame_equal(*by_unit)


@pytest.mark.parametrize(("sector", "index"), [(sector, i) for sector in SECTORS for i in range(len(ROWS[sector]))])
def test_copy_of_a_unit_doubles_it(sector: str, index: int) -> None:
    row = rows_of(sector)[index]
    one = run_of(sector, [row], draws=DRAWS)
    both = run_of(sector, [row, {**row, "unit_id": "copy", "plant": "copy"}], draws=DRAWS)
    for unit in both.units.index:
        assert numbers(both).loc[unit].equals(numbers(one).iloc[0].rename(unit))
    pd.testing.assert_frame_equal(years(both), 2 * years(one), check_dtype=False)
    assert set(both.rank()["share"].dropna()) <= {0.5}


@both_sectors
def test_plants_of_one_name_in_several_countries_are_several_plants(sector: str) -> None:
    """Neither coal, nor the coast, nor an analysis is shared with a plant of this name elsewhere."""
    rows = [{**row, "country": country} for row, country in zip(rows_of(sector)[:4], COUNTRIES, strict=True)]
    if sector == COAL:
        rows[1] |= {"so2_control": "swFGD"}  # sea water is in reach of its plant
    apart, alike = (run_of(sector, [{**row, "plant": name or row["unit_id"]} for row in rows]) for name in ("", "P"))
    pd.testing.assert_frame_equal(numbers(alike), numbers(apart), check_exact=True)
    pd.testing.assert_frame_equal(*(run.cells_to_fill(100).drop(columns="plant") for run in (alike, apart)))
    found, expected = ([run.catalogue().of_unit(unit) for unit in run.units.index] for run in (alike, apart))
    assert [[(o.option, o.applies, o.reason) for o in options] for options in found] == [
        [(o.option, o.applies, o.reason) for o in options] for options in expected
    ]


@pytest.mark.parametrize(("sector", "measure"), [(sector, one) for sector in SECTORS for one in NOTHING[sector]])
def test_measure_without_effect_changes_no_number(sector: str, measure: dict[str, Any]) -> None:
    run = run_of(sector, rows_of(sector))
    scenario = hg.Scenario(name="same", measure=(hg.Measure(**{"from_year": 2027, **measure}),))
    compared = run.compare([scenario])
    assert compared.table["avoided_t"].tolist() == [0.0]
    after = compared.years.set_index("year")[["air_kg", "past_age_kg"]]
    before = years(run)[["air_kg", "past_age_kg"]].assign(air_kg=lambda table: table["air_kg"] - table["past_age_kg"])
    pd.testing.assert_frame_equal(after, before, rtol=1e-12)
    assert compared.pathways["difference_kg"].abs().max() < 1e-9


@pytest.mark.parametrize("rule", ["gem_35", "gem_40"])
@both_sectors
@FEW
@given(year=st.integers(2027, 2070), later=st.integers(1, 30))
def test_later_announced_closure_lowers_no_remaining_total(sector: str, rule: str, year: int, later: int) -> None:
    rows = [{**row, "start_year": 2016} for row in rows_of(sector)]
    short, long = (
        run_of(sector, [{**row, "planned_retirement": closes} for row in rows], rule=rule)
        for closes in (year, year + later)
    )
    assert (long.units["lifetime_kg"] > short.units["lifetime_kg"]).all()
    assert long.units["air_kg_per_yr"].equals(short.units["air_kg_per_yr"])


@both_sectors
@FEW
@given(lives=st.lists(st.integers(1, 100), min_size=3, max_size=3, unique=True).map(sorted))
def test_longer_life_lowers_no_remaining_total(sector: str, lives: list[int]) -> None:
    """By the default rule: others give a unit past its age more years than one that is about to reach it."""
    totals = [run_of(sector, rows_of(sector, lifetime_years=life)).units["lifetime_kg"] for life in lives]
    known = totals[0].notna()
    assert all((longer[known] >= shorter[known]).all() for shorter, longer in pairwise(totals))
    assert totals[2].sum() > totals[0].sum()


@pytest.mark.parametrize("rules", [("crea_30", "icsc_40"), ("gem_35", "gem_40")])
@both_sectors
def test_rule_of_a_longer_life_lowers_no_remaining_total(sector: str, rules: tuple[str, str]) -> None:
    """Units older than a rule allows are left out: it may give them more years than one whose age is still ahead."""
    rows = [row for row in rows_of(sector) if row.get("start_year", 2000) > 1996]
    shorter, longer = (run_of(sector, rows, rule=rule).units["lifetime_kg"].dropna() for rule in rules)
    assert (longer > shorter).all()


@FEW
@given(shares=st.lists(st.floats(0.05, 1), min_size=3, max_size=3, unique=True).map(sorted))
def test_more_mercury_to_the_stack_of_kilns_lowers_no_emission(shares: list[float]) -> None:
    """Coal units and their removal: tests/properties."""
    rising = [run_of(KILN, rows_of(KILN, air_share=share)).units["air_kg_per_yr"] for share in shares]
    assert all((more >= less * (1 - 1e-12)).all() for less, more in pairwise(rising))


@pytest.mark.parametrize(
    ("sector", "trains"),
    [
        (COAL, [{"pm_control": "ESPc"}, {"pm_control": "FF"}, {"pm_control": "FF", "hg_control": "ACI"}]),
        (COAL, [{"pm_control": "ESPc"}, {"pm_control": "ESPc", "so2_control": "wFGD"}]),
        (KILN, [{"controls": "FF"}, {"controls": "ACI-FF"}]),
        (KILN, [{"controls": "FF", "dust_bleed_off": bleed, "dust_bleed_on": 0.0} for bleed in (0.0, 0.3, 0.9)]),
    ],
)
def test_train_that_removes_more_emits_less(sector: str, trains: list[dict[str, Any]]) -> None:
    row = {key: value for key, value in rows_of(sector)[0].items() if not key.endswith("_control")}
    air = [run_of(sector, [{**row, **train}]).units["air_kg_per_yr"].iloc[0] for train in trains]
    assert all(more < less for less, more in pairwise(air))


def widths(run: hg.Run) -> pd.DataFrame:
    """Return the 90 % intervals of each unit over the mean: base year, remaining life, and years that remain."""
    drawn = run.draws().set_index("unit_id")[["air_base_year_kg", "lifetime_kg"]]
    drawn = drawn.assign(years=drawn["lifetime_kg"] / drawn["air_base_year_kg"]).groupby(level=0)
    return ((drawn.quantile(0.95) - drawn.quantile(0.05)) / drawn.mean()).fillna(0.0)


def test_wider_coal_analyses_narrow_no_interval() -> None:
    rows = rows_of(COAL, hg_coal=0.08, hg_basis="as received", hg_coal_n=1)
    found = [
        widths(run_of(COAL, [{**row, "hg_coal_sd": sd} for row in rows], draws=4000)) for sd in (0.004, 0.03, 0.08)
    ]
    for narrow, wide in pairwise(found):
        assert (wide["lifetime_kg"] >= narrow["lifetime_kg"]).all()
        assert (wide["air_base_year_kg"] > narrow["air_base_year_kg"]).sum() == 5  # all that run in the base year


@both_sectors
def test_less_certain_stack_test_narrows_no_interval(sector: str) -> None:
    found = []
    for error in (0.05, 0.2, 0.6):
        tests = pd.DataFrame([{"unit_id": "U0", "date": "2025-06-01", "kind": "stack_test", "quantity": "hg_yearly",
                               "value": 60.0, "unit": "kg/yr", "uncertainty": error,
                               "uncertainty_kind": "rsd"}])  # fmt: skip
        fleet = hg.fleet_from_frame(
            pd.DataFrame(rows_of(sector)[:1]), sector=sector, settings={"base_year": BASE_YEAR}, measurements=tests
        )
        found.append(widths(hg.project(fleet, draws=4000))["air_base_year_kg"])
    assert all((wide > narrow).all() for narrow, wide in pairwise(found))


@both_sectors
def test_wider_lifetimes_move_no_base_year_and_narrow_no_remaining_years(sector: str) -> None:
    rows = [row for row in rows_of(sector) if row.get("start_year", 3000) < BASE_YEAR - 1]
    found = [widths(run_of(sector, rows, draws=400, lifetime_spread=spread)) for spread in (0.0, 4.0, 8.0)]
    assert all(wide["air_base_year_kg"].equals(narrow["air_base_year_kg"]) for narrow, wide in pairwise(found))
    assert all((wide["years"] >= narrow["years"]).all() for narrow, wide in pairwise(found))
    assert found[2]["years"]["U0"] > found[1]["years"]["U0"] > found[0]["years"]["U0"]
