"""The bundled fleet of India: its generation is that of the table, its matches are listed, and it computes."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from build_india import BUNDLED, CEA, build
from hginventory.vocabulary import UNKNOWN
from india_cea import BY_CAPACITY, FISCAL_YEARS, OF_UNIT, REST, SCALED, label, read_stations
from india_match import ALIKE, BY_HAND, EXACT, NAMES, NONE

SHARED = Path("/work/shared/data")
TABLE = SHARED / "india_cea_co2db_v15_coal_station_and_unit_generation.csv"
TRACKER = SHARED / "Global-Coal-Plant-Tracker-January-2026.xlsx"
needs_table = pytest.mark.skipif(
    not TABLE.is_file(), reason="the table of the Central Electricity Authority is not here"
)
LIST = BUNDLED.with_name("india_stations.csv")
HOW = "|".join((OF_UNIT, SCALED, REST, BY_CAPACITY))
NOTE = re.compile(rf"station (\d+), unit (\d+): ({HOW}); match: ({EXACT}|{ALIKE}|{BY_HAND})")
ROUNDED = 0.0005  # GWh, of each figure


@pytest.fixture(scope="module")
def fleet() -> hg.Fleet:
    """Return the bundled fleet."""
    return hg.read_fleet("india")


@pytest.fixture(scope="module")
def stations() -> dict[int, dict[str, str]]:
    """Return the list of stations, by number."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return {int(row["station_no"]): row for row in csv.DictReader(file)}


def rows_by_station(fleet: hg.Fleet) -> dict[tuple[int, int], list[float]]:
    """Return the generation of the sheet Activity by station and year [GWh]."""
    found: dict[tuple[int, int], list[float]] = defaultdict(list)
    for row in fleet.activity.itertuples():
        match = NOTE.fullmatch(row.note)
        assert match, row.note
        found[int(match[1]), int(row.year)].append(float(row.value))
    return found


def left_out(row: dict[str, str], year: int) -> float:
    """Return what the list says is left out of a station in a year [GWh]."""
    return sum(float(gwh) for gwh in re.findall(rf"{year} ([\d.]+) GWh", row["left_out"]))


def test_the_rows_of_a_station_sum_to_what_the_list_says(fleet: hg.Fleet, stations: dict[int, dict[str, str]]) -> None:
    found = rows_by_station(fleet)
    checked = 0
    for number, row in stations.items():
        for year in FISCAL_YEARS:
            values = found.pop((number, label(year)), [])
            if not row[f"net_gwh_{year}"]:
                assert values == []
                continue
            entered, stated = float(row[f"entered_gwh_{year}"]), float(row[f"net_gwh_{year}"])
            assert sum(values) == pytest.approx(entered, abs=ROUNDED * (len(values) + 1))
            assert entered + left_out(row, label(year)) == pytest.approx(stated, abs=0.002)
            checked += 1
    assert found == {}  # no row is of another station or year
    assert checked == 949


@needs_table
def test_the_figures_of_the_list_are_those_of_the_table(stations: dict[int, dict[str, str]]) -> None:
    table = read_stations(TABLE)
    assert [station.number for station in table] == list(stations)
    for station in table:
        row = stations[station.number]
        assert row["station"] == station.name
        stated = {year: float(row[f"net_gwh_{year}"]) for year in FISCAL_YEARS if row[f"net_gwh_{year}"]}
        assert stated == pytest.approx(station.net_gwh, abs=ROUNDED)
    assert sum(station.net_gwh.get("2018-19", 0.0) for station in table) == pytest.approx(946847.077)


@needs_table
def test_a_row_with_a_figure_of_its_own_has_that_of_the_table(fleet: hg.Fleet) -> None:
    table = {(s.number, unit.number): unit.net_gwh for s in read_stations(TABLE) for unit in s.units}
    years = {label(year): year for year in FISCAL_YEARS}
    counted = 0
    for row in fleet.activity.itertuples():
        match = NOTE.fullmatch(row.note)
        assert match
        if match[3] == OF_UNIT:
            stated = table[int(match[1]), int(match[2])][years[row.year]]
            assert row.value == pytest.approx(stated, abs=0.01)
            counted += 1
    assert counted > 900


def test_every_station_has_a_match_or_none_with_its_reason(stations: dict[int, dict[str, str]]) -> None:
    assert Counter(row["match"] for row in stations.values()) == {EXACT: 107, ALIKE: 23, BY_HAND: 64, NONE: 7}
    for row in stations.values():
        assert bool(row["plants"]) == (row["match"] != NONE)
        assert bool(row["reason"]) == (row["match"] in (BY_HAND, NONE))
    with NAMES.open(encoding="utf-8", newline="") as file:
        by_hand = {int(row["station_no"]): row["reason"] for row in csv.DictReader(file)}
    assert by_hand == {n: row["reason"] for n, row in stations.items() if row["match"] == BY_HAND}
    unmatched = [
        row["station"] for row in stations.values() if row["match"] == NONE and "no generation" not in row["reason"]
    ]
    assert unmatched == ["SITAPURAM POWER LIMITED"]


def test_no_unit_that_operates_carries_a_standstill(fleet: hg.Fleet) -> None:
    latest = fleet.activity.sort_values("year").groupby("unit_id")["value"].last()
    status = fleet.units["status"].loc[latest.index]
    assert (latest[status.eq("operating")] > 0).all()
    assert set(status[latest.eq(0)]) <= {"retired", "mothballed"}


def test_retired_units_are_those_with_generation_and_nothing_is_guessed(fleet: hg.Fleet) -> None:
    units = fleet.units
    has_rows = units.index.isin(fleet.activity["unit_id"])
    assert has_rows[units["status"].eq("retired")].all()
    assert Counter(units["status"]) == {"operating": 856, "retired": 120, "construction": 35, "mothballed": 10}
    for column in ("pm_control", "so2_control", "nox_control"):
        assert set(units[column]) == {UNKNOWN}
    for column in ("hg_coal", "net_efficiency", "calorific_value", "generation_net", "capacity_factor", "removal"):
        assert units[column].isna().all()


def test_coal_is_lignite_where_the_table_says_so(fleet: hg.Fleet) -> None:
    types = fleet.units.groupby("plant")["coal_type"].agg(set)
    for plant in ("Kahalgaon Super Thermal Power Plant", "Ghatampur power station", "Tuticorin NTPL power station"):
        assert types[plant] == {UNKNOWN}
    for plant in ("Neyveli Thermal Power Station II", "Barsingsar Thermal Power Project", "Kutch GSECL power station"):
        assert types[plant] == {"lignite"}
    changed = fleet.units["note"].fillna("").str.contains("The tracker says lignite")
    assert changed.sum() == 14


def test_sources_name_the_tracker_and_the_authority(fleet: hg.Fleet) -> None:
    tracker = fleet.sources.drop(index=CEA).squeeze()
    assert (tracker["citation"], tracker["licence"]) == (
        "Global Energy Monitor, Global Coal Plant Tracker, January 2026 release", "CC BY 4.0",
    )  # fmt: skip
    assert tracker["note"].startswith("Reduced and changed by us")
    assert "Central Electricity Authority" in fleet.sources.at[CEA, "citation"]
    assert set(fleet.activity["source_id"]) == {CEA}
    assert set(fleet.units["source_id"]) <= set(fleet.sources.index)
    assert BUNDLED.stat().st_size < 400_000


# Steps by hand, with coal stated here so that no default plays a part: net efficiency 0.35, 15.5 MJ/kg, 0.16 mg/kg as
# received, removal 0.25. GWh x 3600 / 0.35 = GJ; / 15.5 = t; x 0.16 / 1000 = kg in the coal; x 0.75 = kg to air.
# Each GWh is 3600 / 0.35 / 15.5 x 0.16 / 1000 x 0.75 = 0.0796313 kg.
COAL = {"net_efficiency": 0.35, "calorific_value": 15.5, "cv_basis": "net_as_received", "hg_coal": 0.16,
        "hg_basis": "as_received", "removal": 0.25}  # fmt: skip
BY_HAND_KG = {
    # Station 465: figures of units, 1542.779, 2809.638, 1527.363 and 781.073 GWh.
    "Tamnar power station, Phase 2": {"Unit 1": 122.854, "Unit 2": 223.735, "Unit 3": 121.626, "Unit 4": 62.198},
    # Station 121: 13847.15 GWh over 3 x 200 and 3 x 500 MW = 2100 MW: 1318.776 and 3296.940 GWh.
    "Farakka power station": {**dict.fromkeys(("Unit 1", "Unit 2", "Unit 3"), 105.016),
                              **dict.fromkeys(("Unit 4", "Unit 5", "Unit 6"), 262.540)},
    # Station 2: 7279 GWh less 3360 and 3343 GWh of units 2 and 3 leave 576 GWh for unit 1.
    "KSK Mahanadi Power Project": {"Unit 1": 45.868, "Unit 2": 267.561, "Unit 3": 266.207},
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND_KG)
@pytest.mark.parametrize("base_year", [2018, 2026])
def test_three_stations_by_hand_from_the_table_to_kilograms(fleet: hg.Fleet, name: str, base_year: int) -> None:
    plant, _, phase = name.partition(", ")
    units = fleet.units.copy()
    is_plant = units["plant"].eq(plant) & units["status"].eq("operating")
    is_plant &= units["unit"].fillna("").str.startswith(phase)
    for column, value in COAL.items():
        units[column] = units[column].astype(object) if isinstance(value, str) else units[column]
        units.loc[is_plant, column] = value
    chosen = replace(fleet, units=units).subset([str(unit) for unit in units.index[is_plant]])
    found = hg.project(chosen, base_year=base_year, draws=0).units
    names = [str(unit).removeprefix(phase).strip() for unit in found["unit"]]
    kg = dict(zip(names, found["air_base_year_kg"], strict=True))
    assert kg == pytest.approx(BY_HAND_KG[name], abs=0.001)


def test_the_year_of_the_generation_shows_in_the_result(fleet: hg.Fleet) -> None:
    run = hg.project(fleet, draws=0)
    assert run.projection.settings.base_year == 2026
    (carried,) = [one for one in run.findings if one.code == "N535"]
    assert carried.count == 530
    step = run.explain("Sasan Ultra Mega Power Project Unit 6").steps[0]
    assert (step.name, step.origin) == ("net generation, 2018", "reported")
    assert "2018-19" in str(run.projection.settings.notice)


def test_generation_changes_the_first_ten(fleet: hg.Fleet) -> None:
    """Yermarus, among the first with one capacity factor, hardly ran."""
    with_figure = fleet.units["status"].eq("operating") & fleet.units.index.isin(fleet.activity["unit_id"])
    chosen = fleet.subset([str(unit) for unit in fleet.units.index[with_figure]])
    one, real = (
        hg.project(replace(chosen, activity=activity), draws=0).rank()
        for activity in (chosen.activity.iloc[:0], chosen.activity)
    )
    assert real["share"].head(10).sum() > 1.2 * one["share"].head(10).sum()
    first = set(one["unit_id"].head(10)) & set(real["unit_id"].head(10))
    assert len(first) < 5
    last = real.set_index("plant").loc["Yermarus power station", "rank"]
    assert isinstance(last, pd.Series)
    assert last.min() > 200 > 10 > one.set_index("plant").loc["Yermarus power station", "rank"].max()


def test_the_page_on_fleets_has_the_numbers_of_the_workbook(
    fleet: hg.Fleet, stations: dict[int, dict[str, str]]
) -> None:
    text = BUNDLED.with_name("README.md").read_text("utf-8").partition("## india.xlsx")[2]
    notes = [NOTE.fullmatch(note) for note in fleet.activity["note"]]
    how = Counter(match[3] for match in notes if match)
    units, has_rows = fleet.units, fleet.units.index.isin(fleet.activity["unit_id"])
    latest = fleet.activity.sort_values("year").groupby("unit_id")["value"].last()
    hours = latest / units["capacity_mw"].loc[latest.index] * 1000 / 8760
    hardly = hours[units["status"].loc[hours.index].eq("operating")].lt(0.02).sum()
    first = [row["left_out"] for row in stations.values()]
    new = [float(gwh) for out in first for gwh in re.findall(r"first year of operation: 2018 ([\d.]+) GWh", out)]
    captive = units["captive"].eq(True)
    sentences = [
        f"| Coal_units | {len(units):,} |",
        f"| Activity | {len(fleet.activity):,} | net generation of {has_rows.sum()} units, "
        f"{(has_rows & units['status'].eq('operating')).sum()} of them operating |",
        *(f"| {name} | {how[name]:,} |" for name in (OF_UNIT, SCALED, REST, BY_CAPACITY)),
        f"Most captive plants ({(captive & ~has_rows).sum()} of {captive.sum()} units)",
        f"{len(new)} units, {sum(new):,.0f} GWh of 2018-19, and four earlier ones",
        f"{ {9: 'Nine'}.get(hardly) } units that hardly ran",
    ]
    assert [sentence for sentence in sentences if sentence not in " ".join(text.split())] == []


def cells(path: Path) -> dict[str, Any]:
    """Return all cells of a workbook but those of its lists, which hold names of countries of other packages."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return {s.title: [tuple(row) for row in s.iter_rows(values_only=True)] for s in book if s.title != "Lists"}


@pytest.mark.slow
@needs_table
@pytest.mark.skipif(not TRACKER.is_file(), reason="the release of the tracker is not here")
def test_the_two_files_give_the_bundled_fleet(tmp_path: Path) -> None:
    build(tmp_path / "india.xlsx", TRACKER, TABLE)
    assert cells(tmp_path / "india.xlsx") == cells(BUNDLED)
    assert (tmp_path / "india_stations.csv").read_bytes() == LIST.read_bytes()


@pytest.mark.slow
def test_the_builder_without_files_keeps_every_row(tmp_path: Path) -> None:
    build(tmp_path / "again.xlsx")
    assert cells(tmp_path / "again.xlsx") == cells(BUNDLED)
