"""The limit that binds each unit, of those that it is stated to comply with in its row or by the country."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.compliance import ComplianceLimits
from hginventory.decisions.limits import over_limit
from hginventory.errors import HgInventoryError
from hginventory.inputs.findings import DataError, ungrouped
from hginventory.model import limits_in_table, user_limit
from hginventory.projection import Projection

HARD, LOW = "usa_mats_existing_not_low_rank", "usa_mats_existing_low_rank"
EU = "eu_lcp_hard_coal_existing_300"
CODES = ("E729", "W730", "W731")
UNIT: dict[str, Any] = {
    "plant": "A", "unit": "1", "country": "USA", "status": "operating", "start_year": 1990, "capacity_gross": 500.0,
    "coal_type": "bituminous", "pm_control": "ESPc", "so2_control": "none",
}  # fmt: skip
KILN: dict[str, Any] = {
    "plant": "K", "unit": "1", "country": "USA", "status": "operating", "start_year": 1990, "clinker_capacity": 1.0e6,
    "kiln_type": "precalciner",
}  # fmt: skip


def projected(*units: dict[str, Any], sector: str = "coal_power", settings: dict[str, Any] | None = None,
              measurements: pd.DataFrame | None = None, year: int = 2026) -> Projection:  # fmt: skip
    base = KILN if sector == "cement_kiln" else UNIT
    rows = [{**base, "plant": f"P{number}", "unit_id": f"u{number}", **own} for number, own in enumerate(units)]
    fleet = hg.fleet_from_frame(
        pd.DataFrame(rows), sector=sector, settings={"base_year": year, **(settings or {})}, measurements=measurements
    )
    return hg.project(fleet, draws=0).projection


def binding(projection: Projection) -> list[str]:
    found = projection.complies
    return [found.ids[index] if index >= 0 else "" for index in found.index]


def noted(projection: Projection) -> list[tuple[str, str, str]]:
    return [(one.code, one.unit_id, str(one.found)) for one in ungrouped(projection.findings) if one.code in CODES]


def test_nothing_is_a_default() -> None:
    projection = projected({}, {"complies_with": None}, {"complies_with": ""})
    assert binding(projection) == ["", "", ""]
    assert np.isnan(projection.complies.rate).all()
    assert not projection.complies.ids
    assert noted(projection) == []


def test_of_heat_and_output_the_higher_counts() -> None:
    """1.2 lb/TBtu of gross heat or 0.013 lb/GWh gross: an efficient unit may emit more per heat by the output limit."""
    projection = projected(
        {"complies_with": HARD, "net_efficiency": 0.42}, {"complies_with": HARD, "net_efficiency": 0.28}
    )
    assert projection.complies.per.tolist() == ["gross_generation", "gross_heat"]
    limits = [one for one in limits_in_table(projection.library) if one.name == HARD]
    ratio = np.fmin(*(over_limit(projection, one) for one in limits))
    units = projection.units
    heat_tj = units["coal_t_per_yr"] * units["calorific_value_mj_per_kg"] / 1000
    rate = units["air_kg_per_yr"] * 1000 / heat_tj
    assert (rate / projection.complies.rate).to_numpy() == pytest.approx(ratio)


def test_a_gas_limit_is_per_net_heat_and_gas_volume() -> None:
    projection = projected({"complies_with": EU})
    volume = projection.library.row("flue_gas/bituminous").number()
    assert projection.complies.rate[0] == pytest.approx(4.0 * volume / 1000)  # ug/Nm3 * Nm3/GJ = ug/GJ = mg/TJ


def test_a_limit_of_kilns_is_per_clinker() -> None:
    projection = projected({"complies_with": "usa_lll_existing"}, sector="cement_kiln")
    assert projection.complies.rate[0] == pytest.approx(55 * 453.59237 / (2000 * 0.45359237e-3 * 1e6))
    assert projection.complies.per[0] == "clinker"
    ratio = over_limit(projection, next(x for x in limits_in_table(projection.library) if x.name == "usa_lll_existing"))
    assert projection.units["g_per_t_clinker"].iloc[0] / projection.complies.rate[0] == pytest.approx(ratio[0])


@pytest.mark.parametrize(
    "cell", [f"{HARD} + {EU}", f"{EU}+{HARD}", f" {HARD.upper()}  +  {EU} ", f"{HARD} + {HARD}", HARD]
)
def test_every_limit_named_holds(cell: str) -> None:
    projection = projected({"complies_with": cell}, {"complies_with": HARD})
    assert binding(projection) == [HARD, HARD]
    assert projection.complies.rate[0] == projection.complies.rate[1]
    assert noted(projection) == []


@pytest.mark.parametrize(
    "cell", ["usa_mats", f"{HARD}; {LOW}", f"{HARD}, {LOW}", "USA/federal", f"{HARD} +", "yes", "1.2"]
)
def test_a_text_that_names_no_limit_stops_the_run(cell: str) -> None:
    with pytest.raises(DataError, match=r"complies_with\[0\] .*no emission limit of this id") as caught:
        projected({"complies_with": cell}, {})
    assert {one.code for one in caught.value.findings} == {"E729"}


def test_all_wrong_ids_are_named_at_once() -> None:
    with pytest.raises(DataError) as caught:
        projected(
            {"complies_with": "x + y"},
            {"complies_with": "usa_mats_existing_lowrank"},
            settings={"limits_in_force": "z 2016"},
        )
    assert [one.found for one in caught.value.findings] == ["'x'", "'y'", "'usa_mats_existing_lowrank'", "'z'"]
    assert caught.value.findings[2].remedy == f"Did you mean {LOW}?"


@pytest.mark.parametrize(
    ("own", "cell", "why"),
    [
        ({"coal_type": "lignite"}, HARD, "differs in coal_type"),
        ({}, LOW, "differs in coal_type"),
        ({}, "usa_lll_existing", "differs in sector"),
        ({"capacity_gross": 60.0}, EU, "differs in capacity_gross"),
        ({"status": "construction", "start_year": 2027}, HARD, "differs in status"),
        ({"start_year": 2003}, "ind_2015_from_2004", "differs in start_year"),
        ({"start_year": None}, "ind_2015_from_2004", "differs in start_year"),
        ({"coal_use": 0.0, "confirmed": "coal_use"}, HARD, "differs in activity"),
    ],
)
def test_a_limit_that_does_not_fit_its_unit_is_noted_and_not_used(own: dict[str, Any], cell: str, why: str) -> None:
    projection = projected({**own, "complies_with": cell})
    assert binding(projection) == [""]
    ((code, unit, found),) = noted(projection)
    assert (code, unit) == ("W730", "u0")
    assert found.endswith(why)


def test_a_limit_of_new_units_binds_a_unit_that_was_new() -> None:
    projection = projected({"complies_with": "usa_mats_new_not_low_rank", "start_year": 2014})
    assert binding(projection) == ["usa_mats_new_not_low_rank"]


def test_a_condition_is_stated_by_who_names_the_limit() -> None:
    assert binding(projected({"complies_with": "usa_eee_hazardous_waste"}, sector="cement_kiln")) == [
        "usa_eee_hazardous_waste"
    ]


@pytest.mark.parametrize(("year", "bound"), [(2018, False), (2019, True), (2030, True), (2010, False), (2015, False)])
def test_a_limit_is_valid_from_its_year(year: int, bound: bool) -> None:
    projection = projected({"country": "IDN", "complies_with": "idn_p15_2019", "start_year": 2005}, year=year)
    assert binding(projection) == ["idn_p15_2019" if bound else ""]
    assert noted(projection) == ([] if bound else [("W730", "u0", f"idn_p15_2019 is not law in {year}")])


@pytest.mark.parametrize("text", [f"{HARD} 2016", f"{HARD}: 2016", f"{HARD}:2016 + {LOW} 2026", f"{HARD.upper()} 2026",
                                  f"{HARD} 2016 + wld_ehs_cement 2007"])  # fmt: skip
def test_a_country_names_its_limits_with_their_years(text: str) -> None:
    projection = projected({}, {"country": "IDN"}, {"coal_type": "anthracite"}, settings={"limits_in_force": text})
    assert binding(projection) == [HARD, "", HARD]
    assert projection.complies.refs[0][0] == "Settings!value[limits_in_force]"


@pytest.mark.parametrize(
    "text", [HARD, f"{HARD} since 2016", f"{HARD} 16", f"2016 {HARD}", f"{HARD} 2016; {LOW} 2016", "2016"]
)
def test_limits_in_force_without_id_and_year_stop_the_run(text: str) -> None:
    with pytest.raises(HgInventoryError, match="Write an id and the first year of the limit"):
        projected({}, settings={"limits_in_force": text})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{HARD} 2027", "is in force from 2027, after 2026"),
        ("idn_p15_2019 2019", "the fleet has no such unit"),
        (f"{LOW} 2026", "the fleet has no such unit"),
        ("usa_eee_hazardous_waste 2010", "applies only where waste is burned"),
        ("usa_mats_new_not_low_rank 2012", "the fleet has no such unit"),
    ],
)
def test_a_limit_in_force_that_binds_no_unit_is_noted(text: str, why: str) -> None:
    projection = projected({}, settings={"limits_in_force": text})
    assert binding(projection) == [""]
    ((code, _, found),) = noted(projection)
    assert code == "W730"
    assert found.endswith(why)


def test_limits_of_the_union_hold_in_its_countries() -> None:
    projection = projected({"country": "POL"}, {"country": "TUR"}, settings={"limits_in_force": f"{EU} 2021"})
    assert binding(projection) == [EU, ""]


def stack_tests(*values: float, unit: str = "ug/Nm3") -> pd.DataFrame:
    row = {"unit_id": "u0", "date": "2025-05-01", "kind": "stack_test", "quantity": "hg_concentration", "unit": unit,
           "gas_basis": "dry_0c", "reference_o2": 6.0}  # fmt: skip
    return pd.DataFrame([{**row, "value": value} for value in values])


@pytest.mark.parametrize(
    ("values", "bound"),
    [((3.9,), True), ((4.1,), False), ((3.0, 4.5), True), ((3.0, 8.0), False), ((0.5,), True), ((40.0,), False)],
)
def test_a_measured_mean_above_the_limit_wins(values: tuple[float, ...], bound: bool) -> None:
    limit = EU
    projection = projected({"complies_with": limit}, {"complies_with": limit}, measurements=stack_tests(*values))
    assert binding(projection) == [limit if bound else "", limit]
    assert [(code, unit) for code, unit, _ in noted(projection)] == ([] if bound else [("W731", "u0")])
    assert np.isnan(projection.complies.rate[0]) == (not bound)


@pytest.mark.parametrize(("air", "bound"), [(20.0, True), (40.0, False)])
def test_measured_air_of_a_kiln_above_the_limit_wins(air: float, bound: bool) -> None:
    own = {"complies_with": "usa_lll_existing", "measured_air": air, "clinker_output": 1.0e6}
    projection = projected(own, sector="cement_kiln")
    assert binding(projection) == ["usa_lll_existing" if bound else ""]
    assert [code for code, _, _ in noted(projection)] == ([] if bound else ["W731"])


def test_a_choice_of_units_keeps_their_limits() -> None:
    fleet = hg.fleet_from_frame(
        pd.DataFrame([{**UNIT, "unit_id": "a"}, {**UNIT, "unit_id": "b", "unit": "2", "complies_with": HARD}]),
        settings={"base_year": 2026, "limits_in_force": "idn_p15_2019 2019"},
    )
    chosen = hg.project(fleet, where="unit == '2'", draws=0).projection
    assert binding(chosen) == [HARD]
    assert [one.code for one in chosen.findings if one.code in CODES] == ["W730"]


def test_take_and_none() -> None:
    none = ComplianceLimits.none(3)
    assert none.take(np.array([2])).refs.tolist() == [()]
    assert not none.bound.any()
    assert user_limit(1.0, "ug/Nm3").name == ""


def test_wrong_ids_are_named_with_the_other_errors_of_a_fleet(tmp_path: Path) -> None:
    rows = [{**UNIT, "unit_id": "a", "complies_with": "x"}, {**UNIT, "unit_id": "b", "removal": 85.0}]
    fleet = hg.fleet_from_frame(pd.DataFrame(rows), settings={"base_year": 2026, "limits_in_force": "idn_p15_2019"})
    with pytest.raises(DataError) as caught:
        hg.project(fleet, draws=0)
    assert sorted(one.code for one in caught.value.findings) == ["E202", "E729", "E729"]
    hg.write_fleet(hg.fleet_from_frame(pd.DataFrame(rows[:1])), tmp_path / "fleet.xlsx")
    found = [one for one in hg.validate(tmp_path / "fleet.xlsx").findings if one.code == "E729"]
    assert [(one.sheet, one.unit_id) for one in found] == [("Coal_units", "a")]


def test_a_workbook_keeps_what_its_units_comply_with(tmp_path: Path) -> None:
    rows = [{**UNIT, "unit_id": "a", "complies_with": f"{HARD} + {EU}"}, {**UNIT, "unit_id": "b", "unit": "2"}]
    fleet = hg.fleet_from_frame(pd.DataFrame(rows), settings={"base_year": 2026, "limits_in_force": f"{HARD} 2016"})
    again = hg.read_fleet(hg.write_fleet(fleet, tmp_path / "fleet.xlsx"))
    assert again.units["complies_with"].tolist() == [f"{HARD} + {EU}", None]
    assert again.settings["limits_in_force"].value == f"{HARD} 2016"
    before, after = (hg.project(one, draws=0).projection for one in (fleet, again))
    assert after.complies.rate == pytest.approx(before.complies.rate)
    assert [refs[0].split("!")[0] for refs in after.complies.refs] == ["Coal_units", "Settings"]
