"""Global Coal Plant Tracker: every release reads as the same fleet, and each oddity met in it is kept or named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.inputs.fleet.fleet import Fleet
from hginventory.inputs.trackers.common import Filters
from hginventory.inputs.trackers.gem_coal import EARLIER_STATE, read_gem_coal
from hginventory.inputs.trackers.repair import NO_COUNTRY, NO_STATUS
from hginventory.inputs.trackers.report import ImportReport

# Column names of the releases, from the notes on tracker formats; 2017 in part, as far as it is known.
H2017 = (
    "Tracker ID", "Country", "Unit", "Plant", "Sponsor", "Parent", "Capacity (MW)", "Status", "Year", "Year Retire",
    "Planned Retire", "Combustion technology", "Latitude", "Longitude", "Accuracy", "Heat rate", "Emission factor",
)  # fmt: skip
H2021 = (
    "Tracker ID", "TrackerLOC", "ParentID", "Wiki page", "Country", "Subnational unit (province, state)", "Unit",
    "Plant", "Chinese Name", "Other names", "Sponsor", "Parent", "Capacity (MW)", "Status", "Year", "RETIRED",
    "Planned Retire", "Combustion technology", "Coal type", "Coal source", "Location", "Local area (taluk, county)",
    "Major area (prefecture, district)", "Region", "Latitude", "Longitude", "Accuracy", "Permits", "Captive",
    "Captive industry use", "Captive residential use", "Heat rate", "Emission factor",
    "Annual CO2 (million tonnes / annum)", "Lifetime CO2", "Plant age",
)  # fmt: skip
H2023 = (
    *("Owner" if name == "Sponsor" else name for name in H2021[:23]), "Subregion", "Region", "Previous Region",
    *H2021[24:31], "Alternate Fuel", "Heat rate (Btu per kWh)", "Emission factor (kg of CO2 per TJ)", "Capacity factor",
    "Annual CO2 (million tonnes / annum)", "Lifetime CO2", "Remaining plant lifetime (years)",
)  # fmt: skip
H2024_07 = (
    "GEM unit/phase ID", "GEM location ID", "Country/Area", "Wiki URL", "Plant name", "Unit name",
    "Plant name (other)", "Plant name (local)", "Owner", "Parent", "Capacity (MW)", "Status", "Start year",
    "Retired year", "Planned retirement", "Combustion technology", "Coal type", "Coal source", "Alternate Fuel",
    "Location", "Local area (taluk, county)", "Major area (prefecture, district)",
    "Subnational unit (province, state)", "Subregion", "Region", "Latitude", "Longitude", "Location accuracy",
    "Permits", "Permit Date", "Permit Parsed", "Captive", "Captive industry use", "Captive residential use",
    "Plant age (years)", "Capacity factor", "Heat rate (Btu per kWh)", "Emission factor (kg of CO2 per TJ)",
    "Annual CO2 (million tonnes / annum)", "Remaining plant lifetime (years)", "Lifetime CO2 (million tonnes)",
)  # fmt: skip
_LATER = {"Permit Date", "Permit Parsed", "Plant age (years)", "Lifetime CO2 (million tonnes)"}
H2023_07 = (
    *("Country" if name == "Country/Area" else name for name in H2024_07 if name not in _LATER),
    "Previous Region", "Lifetime CO2",
)  # fmt: skip
H2025 = (
    *H2024_07[:9], "Owner GEM Entity ID", "Parent", "Parent GEM Entity ID", *H2024_07[10:18], "Conversion to (fuel)",
    "Conversion to (GEM unit ID)", *H2024_07[18:34], "China Capacity Payment Recipient", *H2024_07[34:],
)  # fmt: skip
_CHINA = "China Capacity Payment Recipient"
_ADDED = {"Planned retirement": ("Coal phaseout year", "Net zero year"), "Captive residential use": ("CHP",)}
H2026 = (
    *(added for name in H2025 if name != _CHINA for added in (name, *_ADDED.get(name, ()))), _CHINA.capitalize(),
)  # fmt: skip
ROLES: Mapping[str, tuple[str, ...]] = {
    "id": ("GEM unit/phase ID", "Tracker ID"),
    "plant": ("Plant name", "Plant"),
    "unit": ("Unit name", "Unit"),
    "country": ("Country/Area", "Country"),
    "owner": ("Owner", "Sponsor"),
    "mw": ("Capacity (MW)",),
    "status": ("Status",),
    "start": ("Start year", "Year"),
    "retired": ("Retired year", "RETIRED", "Year Retire"),
    "planned": ("Planned retirement", "Planned Retire"),
    "technology": ("Combustion technology",),
    "coal": ("Coal type",),
    "lat": ("Latitude",),
    "lon": ("Longitude",),
    "captive": ("Captive",),
    "use": ("Captive industry use",),
    "heat_rate": ("Heat rate (Btu per kWh)", "Heat rate"),
    "factor": ("Capacity factor",),
    "other_fuel": ("Alternate Fuel",),
    "convert": ("Conversion to (fuel)",),
    "phaseout": ("Coal phaseout year",),
}
PLANT = {
    "id": "G100000200001", "plant": "Bukit Contoh power station", "unit": "Unit 1", "country": "Indonesia",
    "owner": "PT Contoh [100%]", "mw": 600.0, "status": "operating", "start": 2015.0, "planned": 2045.0,
    "technology": "supercritical", "coal": "subbituminous", "lat": -6.5, "lon": 106.5, "heat_rate": 9000.0,
    "factor": 0.64, "phaseout": 2040.0,
}  # fmt: skip


def cells_of(header: Sequence[str], roles: Mapping[str, Any]) -> list[Any]:
    """Return a row under a header, from what each cell means; roles without a column are dropped."""
    named = {name: roles[role] for role, names in ROLES.items() if role in roles for name in names if name in header}
    return [named.get(name) for name in header]


Reading = Callable[..., tuple[Fleet, ImportReport]]


@pytest.fixture
def read(book: Callable[..., Path]) -> Reading:
    """Return a function that reads units, each stated as changes to `PLANT`, of the newest release."""

    def run(*units: Mapping[str, Any], header: Sequence[str] = H2026, **filters: Any) -> tuple[Fleet, ImportReport]:
        rows = [
            cells_of(header, {**PLANT, "id": f"G1000002000{number:02d}", "unit": f"Unit {number}", **unit})
            for number, unit in enumerate(units, 1)
        ]
        return read_gem_coal(book({"Units": [header, *rows]}), Filters(**filters))

    return run


def codes(report: ImportReport) -> dict[str, int]:
    """Return the findings by code with their number of rows."""
    return dict(sum((Counter({found.code: found.count}) for found in report.findings), Counter()))


@pytest.mark.parametrize(
    ("sheet", "header", "roles", "release"),
    [
        (
            "Coal Projects",
            H2017,
            {"id": "G200001", "unit": "Bukit Contoh power station Unit 1", "coal": None},
            "January 2017",
        ),
        ("Units", H2021, {"id": "G200001", "status": "Operating ", "coal": "Sub-bit"}, "January 2021"),
        ("Units", H2021, {"id": "G200001", "coal": "SUB-BIT", "start": "2015"}, "July 2020"),
        ("Units", H2023, {"id": "G200001", "technology": "Supercritical", "coal": "sub-bit"}, "January 2023"),
        ("Coal Projects", H2023_07, {"id": "G200001"}, "July 2023"),
        ("Units", H2024_07, {}, "July 2024"),
        ("Units", H2025, {}, "January 2025"),
        ("Units", H2026, {"owner": "PT Contoh [100.0%]"}, "January 2026"),
    ],
    ids=lambda value: value if isinstance(value, str) and value[-1].isdigit() else "",
)
def test_every_release_reads_as_the_same_unit(
    book: Callable[..., Path], sheet: str, header: Sequence[str], roles: Mapping[str, Any], release: str
) -> None:
    about = [[f"Global Coal Plant Tracker, Global Energy Monitor \n{release} Release"], ["GEM unit/phase ID", "an id"]]
    path = book({"About": about, sheet: [header, cells_of(header, {**PLANT, **roles})]})
    fleet, report = read_gem_coal(path, Filters())
    unit = fleet.units.loc["G100000200001"]
    assert unit["plant"] == "Bukit Contoh power station"
    assert unit["unit"] == "Unit 1"
    assert unit["country"] == "IDN"
    assert unit["owner"] == "PT Contoh"
    assert (unit["capacity_gross"], unit["start_year"], unit["planned_retirement"]) == (600.0, 2015.0, 2045.0)
    assert (unit["latitude"], unit["longitude"]) == (-6.5, 106.5)
    assert (unit["status"], unit["technology"]) == ("operating", "supercritical")
    assert unit["coal_type"] == ("unknown" if header is H2017 else "subbituminous")
    assert unit["captive"] is (None if header is H2017 else False)
    assert report.title == f"Global Coal Plant Tracker, {release} release"
    assert fleet.settings["data_year"].value == int(release[-4:])
    assert list(fleet.sources.index) == [unit["source_id"]]
    assert not [f for f in fleet.findings if f.severity == "error"]


def test_modelled_and_country_wide_numbers_are_no_facts_of_the_unit(read: Reading) -> None:
    fleet, report = read({})
    unit = fleet.units.iloc[0]
    assert unit[["capacity_factor", "net_efficiency", "capacity_net", "lifetime_years"]].isna().all()
    assert {"Capacity factor", "Heat rate (Btu per kWh)", "Coal phaseout year"} <= set(report.columns_not_used)
    assert "modelled" in report.columns_not_used["Heat rate (Btu per kWh)"]
    assert "country" in report.columns_not_used["Coal phaseout year"]
    assert "Start year" not in report.columns_not_used


def test_a_column_nobody_knows_is_listed(book: Callable[..., Path]) -> None:
    header = (*H2026, "Coal colour")
    _, report = read_gem_coal(book({"Units": [header, [*cells_of(H2026, PLANT), "black"]]}), Filters())
    assert report.columns_not_used["Coal colour"] == "not known to the importer"


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2026-2030", 2030),
        ("2031\u20132035", 2035),
        ("1960's", 1969),
        ("1980\u2018s", 1989),
        ("2030s", 2039),
        ("after 2030", 2031),
        ("2020-2022", 2022),
    ],
)
def test_years_that_are_several_use_the_last_and_keep_both_ends(read: Reading, cell: str, year: int) -> None:
    fleet, report = read({"start": cell, "planned": None})
    assert fleet.units["start_year"].iloc[0] == year
    assert f"start_year in the tracker: {cell}; {year} used." in fleet.units["note"].iloc[0]
    assert codes(report)["N801"] == 1
    found = next(f for f in report.findings if f.code == "N801")
    assert found.location == "Units!O2"


@pytest.mark.parametrize("cell", ["13th plan", "when unit 9 comes online", "mid-term"])
def test_years_in_words_stay_in_the_note_and_leave_the_cell_blank(read: Reading, cell: str) -> None:
    fleet, report = read({"planned": cell})
    assert fleet.units["planned_retirement"].isna().all()
    assert cell in fleet.units["note"].iloc[0]
    assert codes(report)["N802"] == 1


@pytest.mark.parametrize("cell", [None, " ", "Unknown", "TBD"])
def test_a_blank_start_stays_blank_and_is_counted_for_units_that_run(read: Reading, cell: str | None) -> None:
    fleet, report = read(
        {"start": cell}, {"start": cell, "status": "construction"}, {"start": cell, "status": "announced"}
    )
    assert fleet.units["start_year"].isna().all()
    assert codes(report)["N803"] == 2


def test_a_past_state_is_left_out_and_a_present_one_counts_once(read: Reading) -> None:
    fleet, report = read(
        {"unit": "Unit 1, timepoint 1", "status": "retired"},
        {"unit": "Unit 1", "mw": 500.0},
        {"unit": "Unit 2, timepoint 1"},  # to be converted, and no later row: this is what runs today
        {"unit": "Unit 3, timepoint 1"},
        {"unit": "Unit 3, Timepoint 2", "mw": 300.0},
        {"unit": "Unit 4, timepoint 1", "status": "retired"},  # converted: the later state is no coal unit
    )
    assert fleet.units["capacity_gross"].tolist() == [500.0, 600.0, 300.0]
    assert report.left_out_by_reason == {EARLIER_STATE: 3}
    assert codes(report)["N817"] == 2


@pytest.mark.parametrize(
    ("cell", "boiler", "technology", "code"),
    [
        ("CFB", "CFB", None, "N805"),
        ("cfb", "CFB", None, "N805"),
        ("IGCC/CCS", "IGCC", None, "N806"),
        ("subcritical/CCS", None, "subcritical", "N806"),
        ("Ultra-super", None, "ultra-supercritical", None),
        ("unknown", None, "unknown", None),
    ],
)
def test_technology_column_gives_steam_or_bed(
    read: Reading, cell: str, boiler: str | None, technology: str | None, code: str | None
) -> None:
    fleet, report = read({"technology": cell})
    unit = fleet.units.iloc[0]
    assert (unit["boiler"], unit["technology"]) == (boiler, technology)
    assert code is None or codes(report)[code] == 1


@pytest.mark.parametrize(
    ("cell", "coal_type", "words"),
    [
        ("Bituminous/Sub-bit", "unknown", "Coal in the tracker: Bituminous/Sub-bit."),
        ("ANTH/Culm", "unknown", "Coal in the tracker: ANTH/Culm."),
        ("Bituminous/BIOMASS", "bituminous", "Burned with coal: biomass"),
        ("WSTBituminous", "waste coal", ""),
        ("HARD", "bituminous", ""),
        ("MISC", "unknown", ""),
        ("Lignite(CCS30)", "lignite", "Carbon capture marked"),
        ("bituminous with CCS", "bituminous", "Carbon capture marked"),
        ("peat", "unknown", "Coal in the tracker: peat."),
    ],
)
def test_coal_types_and_mixes(read: Reading, cell: str, coal_type: str, words: str) -> None:
    fleet, _ = read({"coal": cell})
    assert fleet.units["coal_type"].iloc[0] == coal_type
    assert words in (fleet.units["note"].iloc[0] or "")


def test_capture_marked_twice_is_one_note(read: Reading) -> None:
    fleet, report = read({"coal": "unknown with CCS", "technology": "unknown/CCS"})
    assert fleet.units["note"].iloc[0].count("Carbon capture") == 1
    assert codes(report)["N806"] == 1


def test_lone_lignite_unit_in_a_hard_coal_plant_is_named(read: Reading) -> None:
    _, report = read({"coal": "lignite"}, {"coal": "bituminous"}, {"coal": "bituminous"}, {"coal": "unknown"})
    odd = next(f for f in report.findings if f.code == "W818")
    assert (odd.unit_id, odd.count) == ("G100000200001", 1)
    _, mixed = read({"coal": "lignite"}, {"coal": "bituminous"})
    assert "W818" not in codes(mixed)


def test_captive_industries_other_fuels_and_conversions_go_into_the_note(read: Reading) -> None:
    fleet, _ = read(
        {
            "captive": "nickel, other metals & mining",
            "use": "both",
            "other_fuel": "bioenergy",
            "convert": "fossil gas: LNG",
        }
    )
    unit = fleet.units.iloc[0]
    assert unit["captive"] is True
    for words in (
        "Serves: nickel, other metals & mining (both).",
        "Other fuel: bioenergy",
        "To be converted to fossil gas: LNG",
    ):
        assert words in unit["note"]


def test_unit_names_of_all_kinds(read: Reading) -> None:
    fleet, _ = read({"unit": "--"}, {"unit": 3.0}, {"unit": "Phase II  Unit 3"})
    assert fleet.units["unit"].tolist() == [None, "3", "Phase II Unit 3"]


def test_short_and_long_ids_in_one_file_meet(read: Reading) -> None:
    fleet, report = read({"id": "G108783"}, {"id": "G100001057899"})
    assert list(fleet.units.index) == ["G100000108783", "G100001057899"]
    assert codes(report)["N811"] == 1


def test_an_id_that_stands_twice_keeps_both_rows_and_says_so(read: Reading) -> None:
    fleet, report = read({"id": "G108783"}, {"id": "G100000108783", "mw": 300.0})
    assert len(fleet.units) == 2
    assert fleet.units["capacity_gross"].sum() == 900.0
    assert codes(report)["W808"] == 1


def test_values_that_break_a_rule_leave_the_cell_and_stay_in_the_note(read: Reading) -> None:
    fleet, report = read({"planned": 2010.0}, {"lat": 651.0})
    first, second = fleet.units.iloc[0], fleet.units.iloc[1]
    assert (first["start_year"], second["longitude"]) == (2015.0, 106.5)
    assert first[["planned_retirement"]].isna().all()
    assert second[["latitude"]].isna().all()
    assert "2010" in first["note"]
    assert "651" in second["note"]
    assert {f.location for f in report.findings if f.code == "W807"} == {"Units!2:2", "Units!3:3"}
    assert codes(report)["W807"] == 2


def test_a_unit_whose_size_cannot_be_used_is_missed_aloud(read: Reading) -> None:
    fleet, report = read({}, {"mw": 0.0}, {"mw": None}, {"mw": None, "status": "cancelled"})
    assert len(fleet.units) == 1
    assert len(report.missing) == 2
    assert codes(report)["W816"] == 2
    assert "2 operating rows" in fleet.settings["notice"].value


def test_a_status_or_country_nobody_knows_never_becomes_a_running_unit(read: Reading) -> None:
    fleet, report = read({}, {"status": "sleeping"}, {"status": None}, {"country": "Atlantis"})
    assert len(fleet.units) == 1
    assert report.left_out_by_reason == {NO_STATUS: 2, NO_COUNTRY: 1}


def test_filters_count_what_they_leave_out(read: Reading) -> None:
    units = (
        {},
        {"country": "Viet Nam"},
        {"status": "retired"},
        {"mw": 50.0},
        {"captive": "nickel"},
    )
    fleet, report = read(
        *units, countries=("IDN",), statuses=("operating",), min_mw=100, where="not captive and start_year >= 2000"
    )
    assert len(fleet.units) == 1
    assert report.not_asked == {"countries": 1, "statuses": 1, "min_mw": 1, "where": 1}
    assert report.kept_by_status == {"operating": 1}


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"countries": ("Atlantis",)}, "^countries: 'Atlantis' is not a country"),
        ({"statuses": ("asleep",)}, "^statuses: 'asleep' is not a status"),
        ({"where": "colour == 'black'"}, "no column 'colour'"),
        ({"countries": ("PHL",)}, "1 not asked for by `countries`"),
    ],
)
def test_filters_that_cannot_be_used_say_why(read: Reading, filters: Mapping[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read({}, **filters)


@pytest.mark.parametrize(
    ("release", "about", "licence"),
    [
        ("January 2026", "Distributed under a Creative Commons Attribution 4.0 International License.", "CC BY 4.0"),
        ("January 2021", "Copyright Global Energy Monitor. All rights reserved.", "Copyright"),
        ("July 2024", "Contact: someone", "CC BY 4.0, as the publisher states"),
        ("July 2020", "Contact: someone", "Not stated"),
    ],
)
def test_licence_is_what_the_file_says(book: Callable[..., Path], release: str, about: str, licence: str) -> None:
    path = book({"About": [[f"{release} release"], [about]], "Units": [H2026, cells_of(H2026, PLANT)]})
    _, report = read_gem_coal(path, Filters())
    assert report.source["licence"].startswith(licence)
    assert release in report.source["citation"]


def test_csv_of_a_release_is_read_and_the_release_comes_from_its_name(table: Callable[..., Path]) -> None:
    rows = [H2026, cells_of(H2026, {**PLANT, "plant": "Centrale São João", "owner": "Türk Enerji AŞ"})]
    fleet, report = read_gem_coal(table(rows, name="gcpt_2024-07_units.csv"), Filters())
    unit = fleet.units.iloc[0]
    assert (unit["plant"], unit["owner"], unit["capacity_gross"]) == ("Centrale São João", "Türk Enerji AŞ", 600.0)
    assert report.source["source_id"] == "gem-gcpt-2024-07"
    assert (fleet.origin, len(fleet.sha256)) == (report.file, 64)


def test_another_tracker_is_refused_and_told_what_was_looked_for(table: Callable[..., Path]) -> None:
    path = table([["gppd_idnr", "name", "Status"], ["IDN1", "A", "x"]])
    with pytest.raises(UnreadableFileError, match=r"GEM unit/phase ID, Capacity \(MW\), Status or Tracker ID"):
        read_gem_coal(path, Filters())


def test_what_is_left_to_fill_in_is_counted(read: Reading) -> None:
    _, report = read({}, {"coal": "unknown", "start": None})
    blank = {column.column: (column.blank, column.units) for column in report.to_fill}
    assert blank["hg_coal"] == (2, 2)
    assert blank["coal_type"] == (1, 2)
    assert blank["start_year"] == (1, 2)
    assert "technology" not in blank
