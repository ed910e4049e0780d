"""Files with plants of all kinds: only coal becomes units, in every language, and the rest is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import hginventory as hg
from hginventory.errors import UnreadableFileError, UsageError
from hginventory.importing import import_tracker
from hginventory.inputs.findings import DataError

INTEGRATED = [
    "Country/area", "Plant / Project name", "Unit / Phase name", "Type", "Technology", "Fuel (combustion only)",
    "Capacity (MW)", "Status", "Start year", "Owner(s)", "GEM unit/phase ID",
]  # fmt: skip
COAL = [
    "Vietnam",
    "An",
    "Unit 1",
    "coal",
    "supercritical",
    "coal: anthracite",
    600,
    "operating",
    2012,
    "A [100%]",
    "G1",
]
MAPPING = """
{keep}
sheet = "Coal_units"
source = {{ source_id = "reg", citation = "A register" }}
settings = {{ country = "DEU", data_year = 2025 }}
[columns]
plant = "Plant"
capacity_gross = "MW"
status = "Status"
{coal}
"""


def integrated(*changes: dict[str, Any]) -> list[list[Any]]:
    """Return a table of the integrated tracker: the coal unit with changes, one a row."""
    rows = [
        [change.get(name, value) for name, value in zip(INTEGRATED, [*COAL[:-1], f"G{number}"], strict=True)]
        for number, change in enumerate(changes, 1)
    ]
    return [INTEGRATED, *rows]


@pytest.fixture
def register(table: Callable[..., Path], tmp_path: Path) -> Callable[..., Any]:
    """Return a function that reads a register with one row of 100 MW a fuel word."""

    def run(words: Sequence[Any], keep: str = "", coal: str = 'coal_type = "Fuel"', name: str = "register.csv") -> Any:
        mapping = tmp_path / "map.toml"
        text = MAPPING.format(keep=f'keep = "{keep}"' if keep else "", coal=coal)
        mapping.write_text(text, encoding="utf-8")
        rows = [[f"P{number}", 100, "operating", word] for number, word in enumerate(words)]
        path = table([["Plant", "MW", "Status", "Fuel"], *rows], name=name)
        return import_tracker("csv", path, mapping=mapping)

    return run


def test_the_integrated_tracker_gives_its_coal_units_with_their_names(book: Callable[..., Path]) -> None:
    rows = integrated(
        {},
        {"Type": "Coal", "Fuel (combustion only)": "coal: lignite, bioenergy: wood & other biomass (solids)"},
        {"Fuel (combustion only)": "coal: unknown", "Technology": "unknown", "Unit / Phase name": "--"},
        {"Type": "oil/gas", "Technology": "combined cycle", "Fuel (combustion only)": "fossil gas: natural gas"},
        {"Type": "hydropower", "Technology": "run-of-river", "Fuel (combustion only)": None},
        {"Type": "utility-scale solar", "Technology": "PV", "Fuel (combustion only)": None},
        {"Type": "nuclear", "Status": "cancelled"},
        {"Status": "cancelled - inferred 4 y"},
        {"Status": "shelved - inferred 2 y"},
    )
    path = book({"About": [["Integrated power data, April 2025 release"]], "Power facilities": rows})
    fleet, report = import_tracker("gem-coal", path)
    units = fleet.units
    assert units["plant"].tolist() == ["An"] * 3
    assert units["unit"].tolist() == ["Unit 1", "Unit 1", None]
    assert units["coal_type"].tolist() == ["anthracite", "lignite", "unknown"]
    assert units["technology"].tolist() == ["supercritical", "supercritical", "unknown"]
    assert units["owner"].tolist() == ["A"] * 3
    assert "Burned with coal: bioenergy: wood" in units["note"].iloc[1]
    assert report.title == "Global Integrated Power Tracker, April 2025 release"
    assert sum(report.left_out_by_reason.values()) == 4  # the cancelled reactor is another fuel, not a coal unit
    assert report.never_built == {"shelved": 1, "cancelled": 1}
    found = next(f for f in report.findings if f.code == "W822")
    assert (found.count, "hydropower (1)" in found.found) == (4, True)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("Coal", False), ("coal", False), ("oil/gas", True), ("bioenergy", True), ("geothermal", True), ("wind", True),
        ("nuclear", True), ("solar", True), ("hydropower", True), ("Coal plant", False),
    ],
)  # fmt: skip
def test_the_kind_of_plant_decides(table: Callable[..., Path], word: str, other: bool) -> None:
    _, report = import_tracker("gem-coal", table(integrated({}, {"Type": word})))
    assert report.kept == 2 - other


def test_without_a_kind_the_fuel_decides(table: Callable[..., Path]) -> None:
    rows = integrated(
        {}, {"Fuel (combustion only)": "fossil liquids: diesel"}, {"Fuel (combustion only)": "coal: lignite"}
    )
    where = INTEGRATED.index("Type")
    fleet, _ = import_tracker("gem-coal", table([row[:where] + row[where + 1 :] for row in rows]))
    assert fleet.units["coal_type"].tolist() == ["anthracite", "lignite"]


@pytest.mark.parametrize("lost", ["Hydropower capacity", "Reactor Type", "Technology Type"])
def test_a_tracker_that_says_nowhere_that_it_is_coal_is_refused(table: Callable[..., Path], lost: str) -> None:
    header = ["GEM unit/phase ID", "Country/Area", "Project Name", lost, "Capacity (MW)", "Status"]
    with pytest.raises(UnreadableFileError, match="no column says which rows are coal"):
        import_tracker("gem-coal", table([header, ["G1", "Vietnam", "A", "x", 100, "operating"]]))


@pytest.mark.parametrize(
    ("coals", "others"),
    [
        (["coal", "lignite", "Hard coal"], ["gas", "hydro", "uranium", "biomass", "oil", "wind"]),
        (["Fossil Hard coal", "Fossil Brown coal/Lignite"], ["Fossil Gas", "Hydro Water Reservoir", "Wind Onshore"]),
        (["coal"], ["Fossil Coal-derived gas", "coke oven gas", "Coal seam methane", "petcoke", "Peat"]),
        (["Steinkohle", "Braunkohle"], ["Erdgas", "Kernenergie", "Laufwasser", "Biomasse", "Heizöl", "Abfall"]),
        (["batubara", "Batu bara"], ["gas alam", "PLTA", "panas bumi", "minyak", "surya", "biomassa"]),
        (["carbón", "hulla", "lignito"], ["gas natural", "hidráulica", "eólica", "fotovoltaica", "petróleo"]),
        (["charbon", "houille"], ["gaz naturel", "hydraulique", "éolien", "nucléaire", "fioul", "bois"]),
        (["carvão mineral"], ["gás natural", "hídrica", "óleo combustível", "bagaço de cana", "nuclear", "eólica"]),
        (["уголь", "Бурый уголь"], ["природный газ", "мазут", "ГЭС", "атомная", "ветровая", "биомасса"]),
        (["KÖMÜR", "Linyit", "taş kömürü"], ["Doğal Gaz", "HİDROELEKTRİK", "Rüzgar", "jeotermal", "fuel oil", "güneş"]),
        (["煤", "燃煤", "褐煤"], ["天然气", "水电", "核电", "风电", "煤气", "光伏"]),
        (["than", "Than đá"], ["khí", "thủy điện", "dầu", "điện gió", "sinh khối", "hạt nhân"]),
        (["węgiel kamienny", "Węgiel brunatny"], ["gaz ziemny", "woda", "wiatr", "biomasa", "olej opałowy"]),
        (["carbone", "coal / gas", "coal + biomass"], ["gas naturale", "idroelettrico", "olio", "rifiuti", "eolico"]),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_register_of_all_fuels_keeps_its_coal(
    register: Callable[..., Any], coals: list[str], others: list[str]
) -> None:
    fleet, report = register([*coals, *others])
    assert fleet.units["plant"].tolist() == [f"P{number}" for number in range(len(coals))]
    assert fleet.units["coal_type"].notna().all()
    assert report.left_out_by_reason == {"its fuel is not coal": len(others)}
    assert next(f.count for f in report.findings if f.code == "W822") == len(others)


def test_a_fuel_column_counts_also_where_the_mapping_names_it_not(register: Callable[..., Any]) -> None:
    fleet, report = register(["Coal", "Gas", "Hydro", "Lignite", None], coal="")
    assert fleet.units["plant"].tolist() == ["P0", "P3", "P4"]  # a blank says nothing
    assert report.left_out_by_reason == {"its fuel is not coal": 2}


@pytest.mark.parametrize("words", [["oil", "oil", "gas"], ["Northern Wind Farm", "Coal Street", "Main Street", "Port"]])
def test_a_column_that_names_no_coal_or_few_fuels_is_no_fuel_column(
    register: Callable[..., Any], words: list[str]
) -> None:
    assert register(words, coal="")[1].kept == len(words)  # a second fuel; a street


@pytest.mark.parametrize("word", ["Mehrere Energieträger", "FF", "Kraftstoff 7", "Other", "kombi"])
def test_a_word_that_nobody_knows_is_asked_for(register: Callable[..., Any], word: str) -> None:
    with pytest.raises(UsageError, match=rf"column 'Fuel': .*'{word}' \(1\).*'not coal'"):
        register(["coal", word, "gas"])
    translated = f'coal_type = {{ column = "Fuel", values = {{ "{word}" = "NEW" }} }}'
    assert register(["coal", word, "gas"], coal=translated.replace("NEW", "lignite"))[1].kept == 2
    assert register(["coal", word, "gas"], coal=translated.replace("NEW", "not coal"))[1].kept == 1


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("fuel == 'coal'", ["P0", "P3"]),
        ("fuel in ['COAL', 'Lignite ']", ["P0", "P2", "P3"]),
        ("fuel != 'gas' and mw >= 100", ["P0", "P2", "P3"]),
        ("not (fuel == 'gas' or plant == 'p3')", ["P0", "P2"]),
        ("plant == 'P2'", ["P2"]),
    ],
)
def test_the_mapping_chooses_rows_by_columns_of_the_file(
    register: Callable[..., Any], keep: str, kept: list[str]
) -> None:
    for coal in ("", 'coal_type = "Fuel"', 'coal_type = { value = "lignite" }'):
        fleet, report = register(["Coal", "gas", "lignite", "COAL "], keep=keep, coal=coal)
        assert fleet.units["plant"].tolist() == kept
        assert sum(report.left_out_by_reason.values()) == 4 - len(kept)


@pytest.mark.parametrize(
    ("keep", "words"),
    [
        ("feul == 'coal'", r"map\.toml: keep: there is no column 'feul'\. Did you mean 'fuel'"),
        ("fuel = 'coal'", "cannot be read as an expression"),
        ("mw == 'coal'", "contains numbers"),
        ("__import__('os')", "not allowed"),
        ("fuel == 'peat'", "no unit is left"),
    ],
)
def test_a_row_filter_that_cannot_be_used_says_why(register: Callable[..., Any], keep: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        register(["coal", "gas"], keep=keep)


@pytest.mark.parametrize(
    ("head", "coal", "other"),
    [("Fuel type", "coal", "gas"), ("Energieträger", "Braunkohle", "Kernenergie"), ("Bahan bakar", "batubara", "solar"),
     ("Combustible", "carbón", "hidráulica"), ("燃料", "煤", "水电"), ("Yakıt", "Linyit", "Doğal gaz")],
)  # fmt: skip
def test_a_workbook_of_all_fuels_is_an_error(book: Callable[..., Path], head: str, coal: str, other: str) -> None:
    rows = [["plant", "capacity_gross", "country", head], ["A", 100, "IDN", coal], ["B", 100, "IDN", other]]
    fleet = hg.read_fleet(book({"Coal_units": rows}))
    assert [(f.code, f.location) for f in fleet.findings if f.severity == "error"] == [("E337", "Coal_units!D3")]
    second = [["plant", "capacity_gross", "country", head], ["A", 100, "IDN", other], ["B", 120, "IDN", other]]
    assert not [f for f in hg.read_fleet(book({"Coal_units": second})).findings if f.severity == "error"]


@pytest.mark.parametrize(
    ("loads", "kept"),
    [
        (["115,5", "1.250", "2.000"], ["B", "C"]),  # as the capacities are written
        (["115,5", "1 250,0", "199"], ["B"]),
        (["250", "115", "300"], ["A", "C"]),
    ],
    ids=str,
)
def test_a_row_filter_reads_numbers_as_the_columns_of_the_mapping_are_written(
    tmp_path: Path, loads: list[str], kept: list[str]
) -> None:
    path, mapping = tmp_path / "register.csv", tmp_path / "map.toml"
    rows = [f"{name};600,5;{load}" for name, load in zip("ABC", loads, strict=True)]
    path.write_text("\n".join(["Name;MW;Load", *rows, ""]), encoding="utf-8")
    head = 'keep = "load > 200"\n[source]\nsource_id = "r"\ncitation = "A register"\n[settings]\ncountry = "IDN"\n'
    mapping.write_text(f'{head}[columns]\nplant = "Name"\ncapacity_gross = "MW"\n', encoding="utf-8")
    fleet, _ = import_tracker("csv", path, mapping=mapping)
    assert fleet.units["plant"].tolist() == kept


@pytest.mark.parametrize("head", ["Load", "Max. load", "LOAD "])
def test_a_cell_in_error_in_a_column_of_the_row_filter_stops_the_import(tmp_path: Path, head: str) -> None:
    path, mapping = tmp_path / "register.csv", tmp_path / "map.toml"
    path.write_text(f"Name,MW,{head}\nA,600,#N/A\nB,600,300\n", encoding="utf-8")
    name = "max_load" if "." in head else "load"
    text = f'keep = "{name} > 200"\n[source]\nsource_id = "r"\ncitation = "A register"\n[settings]\ncountry = "IDN"\n'
    mapping.write_text(f'{text}[columns]\nplant = "Name"\ncapacity_gross = "MW"\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"register\.csv!C2"):
        import_tracker("csv", path, mapping=mapping)
