"""Any table with a mapping file: units converted, words translated, and a wrong mapping told by its key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.importing import import_tracker
from hginventory.inputs.findings import DataError

MAPPING = """
sheet = "Coal_units"
decimal_sign = "comma"
[source]
source_id = "register-2025"
citation = "A ministry, register of power plants, 2025"
licence = "open"
[settings]
country = "DEU"
data_year = 2025
[columns]
unit_id = "Nr."
plant = "Name"
capacity_gross = { column = "Leistung", unit = "kW" }
start_year = "Inbetriebnahme"
status = { column = "Zustand", values = { "in Betrieb" = "operating", "stillgelegt" = "retired" } }
hg_coal = { column = "Hg", unit = "ug/kg" }
captive = { value = "no" }
"""
ROWS = [
    ["Register"],
    ["Nr.", "Name", "Leistung", "Inbetriebnahme", "Zustand", "Hg", "Farbe"],
    ["A-1", "Kraftwerk Süd", "600.000", "1998", "in Betrieb", "57,5", "rot"],
    ["A-2", "Kraftwerk Nord", "1.200,5", "1960er", "stillgelegt", "", "blau"],
]


@pytest.fixture
def mapping(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a mapping file."""

    def write(text: str) -> Path:
        path = tmp_path / "map.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_mapping_of_the_documentation_reads_such_a_file(
    table: Callable[..., Path], mapping: Callable[[str], Path]
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "trackers.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    rows = [["Name", "Output", "Year", "State", "Hg"], ["PLTU Contoh", "600.000,5", "1998", "aktif", "57,5"]]
    fleet, _ = import_tracker("csv", table(rows, delimiter=";"), mapping=mapping(example))
    unit = fleet.units.iloc[0]
    assert (unit["country"], unit["status"], unit["start_year"]) == ("IDN", "operating", 1998)
    assert (unit["capacity_gross"], unit["hg_coal"]) == pytest.approx((600.0005, 0.0575))


def test_a_table_of_somebody_else_becomes_a_fleet(table: Callable[..., Path], mapping: Callable[[str], Path]) -> None:
    path = table(ROWS, encoding="cp1252", delimiter=";")
    fleet, report = import_tracker("csv", path, mapping=mapping(MAPPING))
    first, second = fleet.units.loc["A-1"], fleet.units.loc["A-2"]
    assert (first["plant"], first["country"], first["status"]) == ("Kraftwerk Süd", "DEU", "operating")
    assert (first["capacity_gross"], second["capacity_gross"]) == (600.0, pytest.approx(1.2005))
    assert first["hg_coal"] == pytest.approx(0.0575)
    assert first["captive"] is False
    assert second[["start_year", "hg_coal"]].isna().all()
    assert "start_year in the tracker: 1960er." in second["note"]
    assert report.columns_not_used == {"Farbe": "not known to the importer"}
    assert first["source_id"] == "register-2025"
    assert fleet.settings["data_year"].value == 2025


def test_a_number_without_a_stated_sign_is_never_guessed(
    table: Callable[..., Path], mapping: Callable[[str], Path]
) -> None:
    text = MAPPING.replace('decimal_sign = "comma"', "")
    rows = [*ROWS[:2], ["A-1", "Kraftwerk Süd", "600.000", "1998", "in Betrieb", "", "rot"]]
    with pytest.raises(DataError, match=r'tracker.csv!C3: "600.000": .*two different numbers.* Set `decimal_sign`'):
        import_tracker("csv", table(rows, delimiter=";"), mapping=mapping(text))
    fleet, _ = import_tracker("csv", table(rows, delimiter=";"), mapping=mapping(text), decimal_sign="comma")
    assert fleet.units["capacity_gross"].tolist() == [600.0]


def test_country_of_the_settings_counts_for_the_filter(
    table: Callable[..., Path], mapping: Callable[[str], Path]
) -> None:
    _, report = import_tracker("csv", table(ROWS, delimiter=";"), mapping=mapping(MAPPING), countries=("Germany",))
    assert report.kept == 2


def test_kilns_can_be_mapped_too(table: Callable[..., Path], mapping: Callable[[str], Path]) -> None:
    text = """
    sheet = "Cement_kilns"
    source = { source_id = "s", citation = "A list" }
    [columns]
    plant = "Works"
    country = { value = "IDN" }
    status = { value = "operating" }
    clinker_capacity = { column = "Mt", unit = "Mt/yr" }
    """
    fleet, _ = import_tracker("csv", table([["Works", "Mt"], ["Alpha", "1.5"]]), mapping=mapping(text))
    assert fleet.units["clinker_capacity"].tolist() == [1_500_000.0]
    assert list(fleet.units.index) == ["s-R2"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('sheet = "Coal_units"', 'sheet = "Coal"', "Use Coal_units or Cement_kilns"),
        ('decimal_sign = "comma"', 'decimal_sign = ","', "Use point or comma"),
        ("plant = ", "plnt = ", r"columns\.plnt is not part of the workbook\. Did you mean plant\?"),
        ("data_year = 2025", "datum = 2025", r"settings\.datum is not part"),
        ('unit = "kW"', 'unit = "kg"', r"columns\.capacity_gross: unit 'kg' does not fit"),
        ('captive = { value = "no" }', "captive = {}", r"columns\.captive needs either column"),
        ("citation = ", "cite = ", r"source\.c"),
        ("[settings]", "[settings]\nbase_year = 12", "cannot be imported: Settings"),
    ],
    ids=lambda text: text[:24],
)
def test_a_wrong_mapping_names_the_key(
    table: Callable[..., Path], mapping: Callable[[str], Path], old: str, new: str, words: str
) -> None:
    assert old in MAPPING
    with pytest.raises(UsageError, match=words):
        import_tracker("csv", table(ROWS, delimiter=";"), mapping=mapping(MAPPING.replace(old, new)))


def test_a_missing_column_names_the_nearest(table: Callable[..., Path], mapping: Callable[[str], Path]) -> None:
    text = MAPPING.replace('"Leistung"', '"Leistungen"')
    with pytest.raises(UnreadableFileError, match=r"lacks 'Leistungen' \(did you mean 'Leistung'\?\)"):
        import_tracker("csv", table(ROWS, delimiter=";"), mapping=mapping(text))


@pytest.mark.parametrize("text", ["= 1", None])
def test_an_unreadable_mapping_is_refused(
    table: Callable[..., Path], mapping: Callable[[str], Path], tmp_path: Path, text: str | None
) -> None:
    path = mapping(text) if text else tmp_path / "gone.toml"
    with pytest.raises(UnreadableFileError, match="cannot be read as a mapping file"):
        import_tracker("csv", table(ROWS), mapping=path)


def test_kind_and_mapping_belong_together(table: Callable[..., Path]) -> None:
    with pytest.raises(UsageError, match=r"^mapping: .*goes with the kind csv only"):
        import_tracker("csv", table(ROWS))
    with pytest.raises(UsageError, match="no importer 'gem'"):
        import_tracker("gem", table(ROWS))
