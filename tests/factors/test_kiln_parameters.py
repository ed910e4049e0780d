"""Parameters of kilns: a number is known no better than what it is made of."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hginventory.data_files import data_folder
from hginventory.decisions.ranking.data_gaps import cells_to_fill, reliance
from hginventory.factors.finding_log import FindingLog
from hginventory.factors.kiln_parameters import resolve_kilns
from hginventory.factors.library import FactorLibrary, load_library
from hginventory.factors.provenance import is_row
from hginventory.inputs.findings.findings import DataError, Finding
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet
from hginventory.report.tables.written_tables import factors_used
from hginventory.vocabulary import KILN_FUELS

KILN = {"unit_id": "K1", "plant": "K", "unit": "1", "country": "IDN", "clinker_capacity": 1e6, "start_year": 2015}


def kiln(**columns: Any) -> Projection:
    """Return the projection of one kiln."""
    return project_fleet(fleet_from_tables({"Cement_kilns": pd.DataFrame([KILN | columns])}), base_year=2024)


def noted(projection: Projection, code: str) -> list[Finding]:
    """Return the findings with a code."""
    return [one for one in projection.findings if one.code == code]


@pytest.mark.parametrize(
    "columns", [{}, {"fuels": "coal:0.5; petcoke:0.5"}, {"fuels": "petcoke"}, {"fuels": "petcoke", "hg_fuel": 0.05}]
)
def test_the_fuel_of_a_kiln_is_known_no_better_than_its_heating_value(columns: dict[str, Any]) -> None:
    one = kiln(**columns)
    value = one.parameters["fuel_hg"].of_unit(0)
    marks = {load_library().row(ref).read_from for ref in value.refs if is_row(ref)}
    assert "recalled" in marks
    assert value.read_from == ("judgement" if "judgement" in marks else "recalled")
    assert reliance(one).loc["kiln fuel mercury", "share_on_recalled_or_judged"] == 1.0


def test_a_raw_meal_is_known_no_better_than_its_parts_and_an_analysis_of_the_whole_is_a_cell() -> None:
    assert kiln(hg_limestone=0.03).parameters["hg_raw_meal"].of_unit(0).read_from == "judgement"
    assert kiln(hg_raw_meal=0.03).parameters["hg_raw_meal"].of_unit(0).read_from == "cell"


MIX = "cement_fuel_mix/WLD/coal"


@pytest.mark.parametrize("columns", [{}, {"hg_fuel": 0.05}])
def test_a_kiln_without_fuels_burns_the_mix_of_the_table_and_a_note_says_so(columns: dict[str, Any]) -> None:
    """All coal: 0.0657 mg/kg over 17.3 MJ/kg; a content of its own is divided by the same heating value."""
    blank, stated = kiln(**columns), kiln(**columns, fuels="coal")
    value = blank.parameters["fuel_hg"].of_unit(0)
    assert value.value == pytest.approx(columns.get("hg_fuel", 0.0657) / 17.3, rel=1e-9)
    assert value.value == stated.parameters["fuel_hg"].value[0]
    assert value.read_from == "judgement"
    assert MIX in value.refs
    assert MIX in factors_used(blank)["row_id"].tolist()
    assert MIX not in factors_used(stated)["row_id"].tolist()
    assert [one.found for one in noted(blank, "N717")] == ["fuels is blank"]
    assert noted(stated, "N717") == []


def test_unknown_fuels_are_one_note_and_only_where_fuel_plays_a_part() -> None:
    rows = [KILN | {"unit_id": f"K{n}"} for n in range(4)]
    rows[2]["method"], rows[3]["measured_air"] = "tier1", 20.0
    [one] = noted(project_fleet(fleet_from_tables({"Cement_kilns": pd.DataFrame(rows)}), base_year=2024), "N717")
    assert one.count == 2


def test_a_mix_of_a_country_stands_before_that_of_the_world(tmp_path: Path) -> None:
    """Half coal, half petroleum coke by heat: 0.5 x 0.0657/17.3 + 0.5 x 0.05/32.5 mg/MJ."""
    folder = Path(shutil.copytree(data_folder("factors"), tmp_path / "factors"))
    mix = folder / "cement_fuel_mix.csv"
    head, world = mix.read_text(encoding="utf-8").splitlines()
    own = [world.replace("WLD,coal,1", f"IDN,{fuel},0.5") for fuel in ("coal", "petcoke")]
    mix.write_text("\n".join([head, *own, world, ""]), encoding="utf-8")
    fleet = fleet_from_tables({"Cement_kilns": pd.DataFrame([KILN])})
    found = resolve_kilns(fleet, fleet.units, FactorLibrary(folder), FindingLog()).factors["fuel_hg"].of_unit(0)
    assert found.value == pytest.approx(0.5 * 0.0657 / 17.3 + 0.5 * 0.05 / 32.5, rel=1e-9)
    assert found.refs[:2] == ("cement_fuel_mix/IDN/coal", "cement_fuel_mix/IDN/petcoke")


@pytest.mark.parametrize(
    ("columns", "kg", "defaults"),
    [
        ({"gypsum_use": 4e4, "hg_gypsum": 0.5, "ash_use": 1e5}, 20.0 + 20.5, ["fly_ash"]),
        ({"gypsum_use": 4e4, "ash_use": 1e5, "hg_ash": 0.3}, 19.44 + 30.0, ["fgd_gypsum"]),
        ({"gypsum_use": 4e4, "ash_use": 1e5}, 19.44 + 20.5, ["fgd_gypsum", "fly_ash"]),
        ({"gypsum_use": 4e4}, 19.44, ["fgd_gypsum"]),
        ({"gypsum_use": 4e4, "hg_gypsum": 0.5, "ash_use": 1e5, "hg_ash": 0.3}, 50.0, []),
        ({"gypsum_use": 0.0, "ash_use": 1e5, "hg_ash": 0.3}, 30.0, []),
        ({"gypsum_use": 0.0}, 0.0, []),
        ({"hg_gypsum": 0.5}, float("nan"), []),
        ({}, float("nan"), []),
    ],
)
def test_what_is_added_behind_the_kiln_is_never_without_mercury(
    columns: dict[str, float], kg: float, defaults: list[str]
) -> None:
    """0.486 mg/kg in 40,000 t of gypsum are 19.44 kg, 0.205 mg/kg in 100,000 t of ash 20.5 kg."""
    one = kiln(**columns)
    assert one.units["hg_added_behind_kiln_kg_per_yr"].iloc[0] == pytest.approx(kg, nan_ok=True)
    assert one.units["air_kg_per_yr"].iloc[0] == kiln().units["air_kg_per_yr"].iloc[0]
    used = set(factors_used(one)["row_id"]) & {"cement_material/fgd_gypsum/WLD", "cement_material/fly_ash/WLD"}
    assert used == {f"cement_material/{material}/WLD" for material in defaults}
    assert len(noted(one, "N718")) == len(defaults)


def on_default(projection: Projection, words: str) -> tuple[float, float]:
    """Return the share of the emission on a default and on recalled or judged rows."""
    shares = reliance(projection).loc[words]
    return float(shares["share_on_default"]), float(shares["share_on_recalled_or_judged"])


def test_a_measured_emission_rests_on_no_control_and_none_is_worth_stating() -> None:
    one = kiln(measured_air=20.0)
    assert reliance(one)["kg_on_default"].tolist() == [0.0] * 5
    assert reliance(one)["kg_on_recalled_or_judged"].tolist() == [0.0] * 5
    assert cells_to_fill(one).empty
    assert "cement_air_share/IDN" in factors_used(one)["row_id"].tolist()  # the input follows from it
    other = cells_to_fill(kiln())
    assert "controls" in other["column"].tolist()


def test_the_share_to_air_cancels_in_an_emission_factor_and_controls_do_not() -> None:
    assert on_default(kiln(method="tier1"), "share to air") == (0.0, 0.0)
    assert on_default(kiln(method="tier1", controls="FF"), "share to air") == (0.0, 0.0)
    assert on_default(kiln(method="tier1", controls="FF+ACI-FF"), "share to air") == (1.0, 1.0)
    assert on_default(kiln(method="tier1", controls="FF", dust_bleed_off=0.3), "share to air") == (1.0, 1.0)
    assert on_default(kiln(method="tier1"), "kiln controls") == (1.0, 1.0)


@pytest.mark.parametrize(
    ("columns", "removal", "mark", "origin"),
    [
        ({"controls": "FF"}, 0.21, "read", "default"),
        ({"controls": "FF+ACI-FF"}, 1 - 0.79 * 0.1, "judgement", "default"),
        ({"controls": "FF+DS"}, 1 - 0.79 * 0.9, "recalled", "default"),
        ({"controls": "FF+TDT"}, 1 - 0.79 * 0.2, "read", "default"),
        ({"controls": "FF+ACI-FF", "air_share": 0.9}, 1 - 0.9 * 0.1, "judgement", "default"),
        ({"controls": "FF", "air_share": 0.9}, 0.1, "cell", "derived"),
        ({"controls": "FF", "air_share": 0.9, "dust_bleed_off": 0.0}, 0.02, "judgement", "default"),
        ({"controls": "FF+TDT", "air_share": 0.9, "dust_bleed_off": 0.3}, 1 - 0.98 * 0.8623, "judgement", "default"),
    ],
)
def test_the_removal_of_a_kiln_holds_its_devices_and_is_known_no_better_than_they_are(
    columns: dict[str, Any], removal: float, mark: str, origin: str
) -> None:
    """0.79 reach the air without controls; where a bleed is stated, 0.98: what is not in the clinker.

    A bleed of 30 % with the mill off leaves 0.8623 of that.
    """
    one = kiln(**columns)
    found = one.parameters["removal"].of_unit(0)
    assert found.value == pytest.approx(removal, abs=2e-4)
    assert found.value == one.units["removal"].iloc[0]
    assert (found.read_from, found.origin) == (mark, origin)
    assert ("cement_kiln/mill_off_capture/any/WLD" in found.refs) == (columns.get("dust_bleed_off", 0.0) > 0.0)


def fuelled(fuels: str, *rows: dict[str, Any], **columns: Any) -> Projection:
    """Return the projection of a kiln with fuels, and rows of the sheet Fuels."""
    tables = {"Cement_kilns": pd.DataFrame([KILN | {"fuels": fuels} | columns])}
    return project_fleet(fleet_from_tables(tables | ({"Fuels": pd.DataFrame(rows)} if rows else {})), base_year=2024)


@pytest.mark.parametrize("fuel", ["RDF", "sludge", "tyres", "biomass", "refuse-derived fuel", "rdf"])
def test_a_fuel_without_mercury_on_file_is_read_with_the_row_that_the_error_asks_for(fuel: str) -> None:
    with pytest.raises(DataError) as refused:
        fuelled(f"coal:0.6; {fuel}:0.4")
    (error,) = refused.value.findings
    assert (error.code, "hg_coal and calorific_value" in error.remedy) == ("E710", True)
    code = KILN_FUELS.match(fuel)
    row = {"fuel_id": code, "hg_coal": 0.3, "hg_basis": "as_received", "calorific_value": 15.0,
           "cv_basis": "net_as_received"}  # fmt: skip
    coal = fuelled("coal").parameters["fuel_hg"].value[0]
    value = fuelled(f"coal:0.6; {fuel}:0.4", row).parameters["fuel_hg"].value[0]
    assert value == pytest.approx(0.6 * coal + 0.4 * 0.3 / 15.0, rel=1e-12)


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ({"hg_coal": 0.3}, "heating value"),
        ({"calorific_value": 15.0}, "mercury content"),
        ({"hg_coal": 0.3, "hg_basis": "dry", "calorific_value": 15.0}, "moisture"),
        ({"coal_type": "lignite"}, "mercury content"),
        ({"hg_coal": 0.3, "coal_type": "lignite"}, "heating value"),
    ],
)
def test_no_value_of_coal_stands_in_for_another_fuel(row: dict[str, Any], missing: str) -> None:
    with pytest.raises(DataError, match=f"no {missing} is known for the fuel RDF"):
        fuelled("RDF", {"fuel_id": "RDF", **row})


def test_own_mercury_of_all_fuels_needs_no_mercury_of_each() -> None:
    heat = {"fuel_id": "RDF", "calorific_value": 15.0, "cv_basis": "net_as_received"}
    assert fuelled("RDF", heat, hg_fuel=0.2).parameters["fuel_hg"].value[0] == pytest.approx(0.2 / 15.0, rel=1e-12)
    own = {"fuel_id": "petcoke", "hg_coal": 0.1, "hg_basis": "as_received"}
    assert fuelled("petcoke", own).parameters["fuel_hg"].value[0] == pytest.approx(0.1 / 32.5, rel=1e-12)
