"""The sheet Factors: what cannot stand there, what changes nothing, and how sure an own number is taken to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors.library import load_library
from hginventory.factors.overrides import TRACED, apply_overrides, unused_overrides
from hginventory.factors.provenance import NOT_USED, is_row
from hginventory.factors.row_checks import wrong_in_row
from hginventory.factors.spread import BETA, of_range, of_row
from hginventory.factors.tables import TABLES
from hginventory.inputs.findings.findings import DataError
from hginventory.inputs.fleet.fleet import FactorOverride, Fleet
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet

INDONESIAN = "coal_mercury/IDN/any/subbituminous"
OWN: dict[str, Any] = {"value": 0.1, "unit": "mg/kg", "reason": "our survey", "source_id": "S"}
UNIT: dict[str, Any] = {
    "unit_id": "U1",
    "country": "IDN",
    "MW": 600.0,
    "start_year": 2010,
    "coal_type": "subbituminous",
}


def fleet_of(*rows: dict[str, Any], units: Sequence[dict[str, Any]] = (UNIT,)) -> Fleet:
    tables = {
        "Coal_units": pd.DataFrame(units),
        "Factors": pd.DataFrame([{"factor_id": INDONESIAN, **OWN, **row} for row in rows]),
        "Sources": pd.DataFrame([{"source_id": "S", "citation": "A survey, 2025"}]),
    }
    return fleet_from_tables(tables, settings={"base_year": 2026})


@pytest.mark.parametrize(
    ("row", "code", "found"),
    [
        ({"low": 0.2, "high": 0.3}, "E713", "low 0.2, value 0.1 and high 0.3 do not rise"),
        ({"low": 0.05, "high": 0.08}, "E713", "do not rise"),
        ({"low": 0.1, "high": 0.1}, "E713", "do not rise"),
        ({"low": 0.0, "high": 0.3}, "E713", "low 0 is not above 0"),
        ({"low": 0.05}, "E713", "low without high"),
        ({"high": 0.2}, "E713", "high without low"),
        ({"low": -0.1, "high": 0.2}, "E709", "0.1 mg/kg"),
        ({"unit": "GWh"}, "E708", "GWh"),
        ({"value": 60.0}, "E709", "60 mg/kg"),
        ({"factor_id": "coal_mercury/IDN/any/peat"}, "E707", "coal_mercury/IDN/any/peat"),
        (
            {"factor_id": "removal/default/ESPc/low_cl/PC", "value": 0.02, "unit": "1", "low": 0.0, "high": 0.9},
            "E713", "no share of mean 0.02 varies from 0 to 0.9",
        ),
        (
            {"factor_id": "boiler_mix/WLD/any/any/any/any/PC", "value": 0.5, "unit": "1"},
            "E716", "other rows of its mix sum to",
        ),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_the_sheet_is_named_with_its_cell(row: dict[str, Any], code: str, found: str) -> None:
    with pytest.raises(DataError) as refused:
        hg.project(fleet_of(row))
    [one] = refused.value.findings
    assert one.code == code
    assert found in one.found
    assert one.location == "Factors!value[0]"


@pytest.mark.parametrize(
    ("factor_id", "unit", "value", "low", "high"),
    [
        (INDONESIAN, "mg/kg", 0.1, 0.04, 0.25),
        ("coal_technology/capacity_factor/IDN/any/any/any/any", "1", 0.6, 0.5, 0.7),
        ("removal/default/ESPc/low_cl/PC", "1", 0.3, 0.1, 0.5),
    ],
)
def test_a_stated_range_is_the_range_of_the_new_row(
    factor_id: str, unit: str, value: float, low: float, high: float
) -> None:
    row = {"factor_id": factor_id, "value": value, "unit": unit, "low": low, "high": high}
    new = project_fleet(fleet_of(row)).library.row(factor_id)
    spread = of_row(new)
    assert spread is not None
    assert new.value == value
    assert spread.size == pytest.approx(of_range(new.distribution, value, low, high, new.scopes).size)


def test_all_wrong_rows_are_named_at_once() -> None:
    rows = [{"low": 0.2, "high": 0.3}, {"factor_id": "nothing"}, {"unit": "GWh"}]
    with pytest.raises(DataError) as refused:
        hg.project(fleet_of(*rows))
    assert sorted(one.code for one in refused.value.findings) == ["E707", "E708", "E713"]


def test_a_row_that_is_replaced_twice_is_refused() -> None:
    with pytest.raises(DataError) as refused:
        hg.project(fleet_of({}, {"value": 0.2}))
    [one] = refused.value.findings
    assert (one.code, one.location) == ("E715", "Factors!value[1]")
    assert "is also in Factors!value[0]" in one.found


def test_a_whole_mix_may_be_replaced() -> None:
    library = load_library()
    mix = [row for row in library.table("boiler_mix").defaults if row.keys["country"] == "IDN"]
    cell = [row for row in mix if (row.keys["mw_from"], row.keys["start_from"]) ==
            (mix[0].keys["mw_from"], mix[0].keys["start_from"])]  # fmt: skip
    shares = np.full(len(cell), 1.0 / len(cell))
    rows = [{"factor_id": row.row_id, "value": share, "unit": "1"} for row, share in zip(cell, shares, strict=True)]
    replaced, found = apply_overrides(library, fleet_of(*rows))
    assert found == ()
    assert [replaced.row(row.row_id).value for row in cell] == pytest.approx(shares.tolist())


def test_a_row_that_no_unit_takes_is_named_beside_those_in_use() -> None:
    lignite = "coal_mercury/IDN/any/lignite"
    run = hg.project(fleet_of({}, {"factor_id": lignite}), draws=0)
    [one] = [finding for finding in run.findings if finding.code == "W714"]
    assert one.location == "Factors!value[1]"
    assert one.found == lignite
    assert one.allowed == f"in use: {INDONESIAN}"
    without = hg.project(fleet_of({}), draws=0)
    assert not [finding for finding in without.findings if finding.code == "W714"]
    pd.testing.assert_frame_equal(run.units, without.units)


def test_a_row_whose_number_plays_no_part_is_not_in_use() -> None:
    """Where coal burned is stated nobody asks for the efficiency."""
    row = {"factor_id": "coal_technology/net_efficiency/WLD/subcritical/any/300/any", "value": 0.4, "unit": "1"}
    burned = [{**UNIT, "country": "KAZ", "coal_use": 1.0e6, "technology": "subcritical"}]
    running = [{**burned[0], "coal_use": None}]
    assert "W714" not in [one.code for one in hg.project(fleet_of(row, units=running), draws=0).findings]
    assert "W714" in [one.code for one in hg.project(fleet_of(row, units=burned), draws=0).findings]


def test_rows_of_tables_that_leave_no_trace_are_left_alone() -> None:
    row = next(row for row in load_library().table("control_cost").defaults if row.value)
    other = {"factor_id": row.row_id, "value": row.value, "unit": row.unit}
    assert "W714" not in [one.code for one in hg.project(fleet_of(other), draws=0).findings]


def wide_fleet() -> Fleet:
    """Units and kilns that ask for all kinds of rows: many countries, coals, boilers, trains, and gaps."""
    coal = [
        {"country": country, "coal_type": coal_type, "boiler": boiler, "pm_control": pm, "so2_control": so2,
         "nox_control": "unknown" if so2 is None else "none", "start_year": 1985 + 4 * (number % 10),
         "capacity_gross": 60.0 + 90 * (number % 9), "status": "operating", "hg_coal": 0.1 if number % 7 == 0 else None,
         "hg_basis": "dry" if number % 7 == 0 else None}
        for number, (country, coal_type, boiler, (pm, so2)) in enumerate(product(
            ("IDN", "CHN", "USA", "DEU", "KAZ"), ("bituminous", "lignite", None, "waste coal"), ("PC", "CFB", None),
            (("ESPc", "none"), ("FF", "wFGD"), (None, None), ("ESPc", None), ("ESPh", "SDA"))))
    ]  # fmt: skip
    kilns = [
        {"country": country, "kiln_type": kind, "clinker_capacity": capacity, "cement_capacity": 2.0e6,
         "controls": controls, "fuels": fuels, "method": method, "start_year": 2000, "status": "operating"}
        for country, kind, capacity, (controls, fuels, method) in product(
            ("IDN", "CHN", "BRA"), (None, "precalciner"), (1.5e6, None),
            ((None, None, None), ("ESP", "coal:0.7; petcoke:0.3", None), ("FF+ACI-FF", "lignite", None),
             (None, None, "tier1")))
    ]  # fmt: skip
    tables = {"Coal_units": pd.DataFrame(coal), "Cement_kilns": pd.DataFrame(kilns)}
    for sheet, table in tables.items():
        table.insert(0, "unit_id", [f"{sheet}{number}" for number in range(len(table))])
        table.insert(1, "plant", [f"P{number // 2}" for number in range(len(table))])
    return fleet_from_tables(tables, settings={"base_year": 2026})


def taken(projection: Projection) -> set[str]:
    return {
        ref
        for factor in projection.parameters.values()
        for origin, refs in zip(factor.origin, factor.refs, strict=True)
        if origin != NOT_USED
        for ref in filter(is_row, refs)
    }


@pytest.mark.parametrize("name", ["indonesia", "wide"])
def test_a_row_that_is_nowhere_named_changes_no_number(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All rows of the traced tables that a fleet does not take are changed at once: every number stays as it was."""
    fleet = hg.read_fleet("indonesia") if name == "indonesia" else wide_fleet()
    before = project_fleet(fleet)
    library = load_library()
    rows = [row for table in TRACED for row in library.table(table).defaults if row.value]
    every = [FactorOverride(row.row_id, row.value or 0.0, row.unit, None, None, "", "S", f"Factors!B{row.line}")
             for row in rows]  # fmt: skip
    named = {one.found for one in unused_overrides(replace(fleet, overrides=tuple(every)), before.parameters)}
    changed = [replace(row, value=0.9 * (row.value or 0.0)) for row in rows if row.row_id in named]
    assert len(changed) > 300
    assert len(changed) < len(rows)
    for rows_changed in (changed, [row for row in changed if row.table != "removal"]):
        with monkeypatch.context() as patch:
            patch.setattr(
                "hginventory.projection.project.load_library", lambda rows=rows_changed: library.with_rows(rows)
            )
            after = project_fleet(fleet)
        pd.testing.assert_frame_equal(after.units, before.units, check_exact=True)
    pd.testing.assert_frame_equal(after.mass_balance, before.mass_balance, check_exact=True)


def test_every_traced_table_is_taken_by_some_unit() -> None:
    """Else nothing of it would ever be in use, and its rows would always be called unused."""
    tables = {ref.partition("/")[0] for ref in taken(project_fleet(wide_fleet()))}
    assert set(TRACED) <= tables


def test_own_numbers_without_a_range_are_no_certain_numbers() -> None:
    row = {"factor_id": "removal/default/ESPc/low_cl/PC", "value": 0.4, "unit": "1"}
    library, _ = apply_overrides(load_library(), fleet_of(row))
    spread = of_row(library.row(str(row["factor_id"])))
    assert spread is not None
    assert spread.distribution == BETA
    replaced = load_library().row(str(row["factor_id"]))
    assert spread.size == pytest.approx((replaced.spread or 0.0) / (1.0 - replaced.number()) * (1.0 - 0.4))


@pytest.mark.parametrize(
    ("factor_id", "value"),
    [
        (INDONESIAN, 0.02),
        (INDONESIAN, 0.5),
        ("coal_technology/net_efficiency/WLD/subcritical/any/300/any", 0.30),
        ("cement_kiln/raw_meal_per_clinker/any/WLD", 1.7),
    ],
)
def test_an_own_number_without_a_range_keeps_the_relative_spread_and_says_so(factor_id: str, value: float) -> None:
    before = load_library()
    row = {"factor_id": factor_id, "value": value, "unit": before.row(factor_id).unit}
    library, found = apply_overrides(before, fleet_of(row))
    kept, replaced = of_row(library.row(factor_id)), of_row(before.row(factor_id))
    assert kept is not None
    assert replaced is not None
    assert replace(kept, size=replaced.size) == replaced
    assert kept.size == pytest.approx(replaced.size)
    assert [(one.code, one.found, one.location) for one in found] == [("N719", factor_id, "Factors!value[0]")]
    ranged, found = apply_overrides(before, fleet_of({**row, "low": 0.9 * value, "high": 1.1 * value}))
    assert of_row(ranged.row(factor_id)) != of_row(before.row(factor_id))
    assert found == ()


def test_every_row_has_a_spread_at_any_mean_and_no_impossible_one() -> None:
    before = load_library()
    rows = [row for table in TRACED for row in before.table(table).defaults if row.spread and row.value]
    for value in (0.01, 0.1, 0.5, 0.9, 0.99):
        given = [{"factor_id": row.row_id, "value": value * (row.value if row.distribution != BETA else 1.0),
                  "unit": row.unit} for row in rows]  # fmt: skip
        library, _ = apply_overrides(before, fleet_of(*given))
        for row in rows:
            new = library.row(row.row_id)
            assert new.spread, row.row_id
            wrong = wrong_in_row(replace(new, read_from="read"), TABLES[row.table], {})
            assert [words for words in wrong if not words.startswith("source_id")] == [], row.row_id


def test_an_own_removal_of_a_row_without_a_spread_has_that_of_its_origin() -> None:
    before = load_library()
    row = next(row for row in before.table("removal").defaults if not row.spread)
    library, found = apply_overrides(before, fleet_of({"factor_id": row.row_id, "value": 0.4, "unit": "1"}))
    spread = of_row(library.row(row.row_id))
    assert spread is not None
    assert spread.size == pytest.approx(0.3 * (1.0 - 0.4))
    assert found == ()


@pytest.mark.parametrize(
    ("value", "is_spread"), [(0.0, False), (0.001, False), (0.5, True), (0.999, True), (1.0, False)]
)
def test_an_own_removal_has_a_spread_where_a_share_can_vary_so_much(value: float, is_spread: bool) -> None:
    """Of the variance of a share at most mean times (1 - mean) is possible."""
    before = load_library()
    row = next(row for row in before.table("removal").defaults if not row.spread)
    library, _ = apply_overrides(before, fleet_of({"factor_id": row.row_id, "value": value, "unit": "1"}))
    new = library.row(row.row_id)
    assert (of_row(new) is not None) is is_spread
    assert (new.distribution == BETA) is is_spread


def test_a_fleet_without_own_numbers_has_no_such_findings() -> None:
    assert unused_overrides(wide_fleet(), {}) == ()
