"""The template: made from the schema alone, read by the same reader, the same in every language where it must be."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty

import hginventory as hg
from hginventory.errors import UnreadableFileError, UsageError
from hginventory.factors.library import load_library
from hginventory.inputs.schema.contract import CONTRACT_SHEETS, SCHEMA_VERSION, UNIT_SHEETS
from hginventory.inputs.schema.json_schema import workbook_schema
from hginventory.inputs.schema.other_sheets import SETTINGS
from hginventory.inputs.schema.scenario_sheets import MEASURED_QUANTITIES, MEASUREMENT_UNITS
from hginventory.inputs.schema.version import VERSION_PROPERTY, check_version
from hginventory.inputs.template.template import write_template
from hginventory.translations import languages, translator
from hginventory.units import convert

EXAMPLE_UNITS = {"Coal_units": 3, "Cement_kilns": 2}


@pytest.fixture(scope="module", params=languages())
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Language and path of a template with everything in it."""
    path = tmp_path_factory.mktemp("template") / "fleet.xlsx"
    return request.param, write_template(path, language=request.param, country="Viet Nam")


@pytest.fixture(scope="module")
def book(template: tuple[str, Path]) -> Any:
    return openpyxl.load_workbook(template[1])


def list_of(book: Any, formula: str) -> list[str]:
    """Return the words behind a drop-down."""
    area = book.defined_names[formula.removeprefix("=")].attr_text
    sheet, _, cells = area.partition("!")
    return [str(row[0].value) for row in book[sheet][cells.replace("$", "")]]


def rules(sheet: Any) -> dict[str, Any]:
    """Return the validation of each first cell of its range."""
    return {str(rule.sqref).partition(":")[0]: rule for rule in sheet.data_validations.dataValidation}


def test_sheets_stand_in_their_order(book: Any) -> None:
    assert book.sheetnames == ["Read_me", "Settings", *CONTRACT_SHEETS, "Lists", "Dictionary"]


@pytest.mark.parametrize("name", CONTRACT_SHEETS)
def test_head_of_a_data_sheet_is_that_of_the_schema(book: Any, template: tuple[str, Path], name: str) -> None:
    tr, sheet = translator(template[0]), book[name]
    for number, column in enumerate(CONTRACT_SHEETS[name].columns, 1):
        label, unit, stable = (sheet.cell(row, number) for row in (1, 2, 3))
        assert label.value.removesuffix(" *") == tr(column.label)
        assert label.value.endswith(" *") == bool(column.required or column.essential)
        assert label.comment.text.startswith(tr(column.meaning))
        assert stable.value == column.name
        assert stable.protection.locked
        assert label.protection.locked
        if len(column.allowed_units) > 1:
            assert str(unit.value) == column.unit
            assert not unit.protection.locked
            rule = rules(sheet)[unit.coordinate]
            assert rule.errorStyle == "warning"
            assert list_of(book, rule.formula1) == list(column.allowed_units)
        else:
            assert unit.protection.locked
    assert sheet.cell(1, len(CONTRACT_SHEETS[name].columns) + 1).value is None


@pytest.mark.parametrize("name", CONTRACT_SHEETS)
def test_cells_of_a_data_sheet_can_be_filled_in(book: Any, name: str) -> None:
    sheet = book[name]
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref.startswith("A3:")
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    allowed = ("sort", "autoFilter", "insertRows", "deleteRows", "formatColumns")
    assert not any(getattr(sheet.protection, action) for action in allowed)
    groups = [group for group in sheet.column_dimensions.values() if group.min and group.max]
    unlocked = {number for g in groups if not g.protection.locked for number in range(g.min, g.max + 1)}
    assert set(range(1, len(CONTRACT_SHEETS[name].columns) + 1)) <= unlocked, "cells that are still blank"
    assert not any(cell.protection.locked for cell in sheet[4] if cell.value is not None), "cells of the example"


@pytest.mark.parametrize("name", CONTRACT_SHEETS)
def test_codes_are_offered_from_named_lists(book: Any, name: str) -> None:
    offered = rules(book[name])
    for number, column in enumerate(CONTRACT_SHEETS[name].columns, 1):
        rule = offered.get(book[name].cell(4, number).coordinate)
        if column.kind == "code" and column.codes is not None:
            assert rule.errorStyle == "warning"
            assert list_of(book, rule.formula1) == list(column.codes.codes)
        elif column.kind == "train":
            assert list_of(book, rule.formula1)[-2:] == ["none", "unknown"]
            assert not rule.showErrorMessage, "several devices may be joined, so that no list holds all trains"
        elif column.kind == "boolean":
            assert list_of(book, rule.formula1) == ["yes", "no"]
        elif column.kind == "country":
            assert {"IDN", "XKX"} <= set(list_of(book, rule.formula1))


def test_lists_and_dictionary_are_locked_and_complete(book: Any) -> None:
    assert book["Lists"].protection.sheet
    assert book["Dictionary"].protection.sheet
    listed = {(row[0].value, row[1].value) for row in book["Dictionary"].iter_rows(min_row=2)}
    stated = {(name, column.name) for name, sheet in CONTRACT_SHEETS.items() for column in sheet.columns}
    assert listed == stated | {("Settings", column.name) for column in SETTINGS}


def test_languages_differ_in_words_only(tmp_path: Path) -> None:
    books = [openpyxl.load_workbook(write_template(tmp_path / f"{lang}.xlsx", language=lang)) for lang in languages()]
    first = books[0]
    for other in books[1:]:
        for name in CONTRACT_SHEETS:
            rows = [
                [[cell.value for cell in row] for row in b[name].iter_rows(min_row=2, max_row=3)]
                for b in (first, other)
            ]
            assert rows[0] == rows[1]
        assert other["Settings"]["A4"].value != first["Settings"]["A4"].value
        assert [c.value for c in first["Lists"]["A"]][1:] == [c.value for c in other["Lists"]["A"]][1:]


def test_equal_templates_have_equal_bytes(tmp_path: Path, template: tuple[str, Path]) -> None:
    again = write_template(tmp_path / "again.xlsx", language=template[0], country="VNM")
    assert again.read_bytes() == template[1].read_bytes()


def test_untouched_template_holds_no_unit_and_says_so(template: tuple[str, Path]) -> None:
    fleet = hg.read_fleet(template[1])
    assert fleet.units.empty
    assert fleet.settings["country"].value == "VNM"
    codes = {finding.code for finding in fleet.findings}
    assert codes == {"E106", "N311"}


def test_example_rows_are_good_rows(template: tuple[str, Path], tmp_path: Path) -> None:
    """Without the mark in the note every example reads without error and the fleet can be computed."""
    book = openpyxl.load_workbook(template[1])
    for name, sheet in CONTRACT_SHEETS.items():
        index = [column.name for column in sheet.columns].index("note") + 1
        for row in range(4, 8):
            book[name].cell(row, index).value = None
    book["Settings"]["B5"] = 2026
    book.save(tmp_path / "filled.xlsx")
    fleet = hg.read_fleet(tmp_path / "filled.xlsx")
    assert [finding.message for finding in fleet.findings if finding.severity != "note"] == []
    assert fleet.units.groupby("sector").size().to_dict() == {"coal_power": 3, "cement_kiln": 2}
    assert fleet.units.loc["EX-2", "hg_coal"] == 0.06
    assert hg.project(fleet.subset(list(fleet.units.index))).units["air_kg_per_yr"].sum() > 0


@pytest.mark.parametrize("sheet", UNIT_SHEETS)
def test_unit_of_row_two_is_obeyed(template: tuple[str, Path], tmp_path: Path, sheet: str) -> None:
    """A user who picks another unit from the list and fills in row 4 gets the value converted."""
    column = {"Coal_units": "capacity_gross", "Cement_kilns": "clinker_capacity"}[sheet]
    unit, value = {"Coal_units": ("kW", 600_000), "Cement_kilns": ("kt/yr", 2)}[sheet]
    book = openpyxl.load_workbook(template[1])
    columns = {cell.value: cell.column for cell in book[sheet][3]}
    book[sheet].cell(2, columns[column]).value = unit
    for row in range(4, 8):
        for number in columns.values():
            book[sheet].cell(row, number).value = None
    for name, content in {"unit_id": "A", column: value, "start_year": 2015}.items():
        book[sheet].cell(4, columns[name]).value = content
    book.save(tmp_path / "filled.xlsx")
    fleet = hg.read_fleet(tmp_path / "filled.xlsx")
    expected = {"Coal_units": 600.0, "Cement_kilns": 2000.0}[sheet]
    assert fleet.units.loc["A", column] == pytest.approx(expected, rel=1e-12)
    assert fleet.units.loc["A", "country"] == "VNM"


@pytest.mark.parametrize(("sector", "missing"), [("coal", "Cement_kilns"), ("cement", "Coal_units")])
def test_one_sector_leaves_the_other_sheet_out(tmp_path: Path, sector: Any, missing: str) -> None:
    book = openpyxl.load_workbook(write_template(tmp_path / "fleet.xlsx", sector=sector, example=False))
    assert book.sheetnames == [
        "Read_me",
        "Settings",
        *(n for n in CONTRACT_SHEETS if n != missing),
        "Lists",
        "Dictionary",
    ]
    assert all(book[name].max_row == 3 for name in CONTRACT_SHEETS if name != missing), "no example rows"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"language": "tlh"}, r"^language: .*'tlh'.*en, id"),
        ({"country": "Atlantis"}, r"^country: 'Atlantis'"),
        ({"sector": "gas"}, r"^sector: .*'gas'"),
    ],
)
def test_options_that_cannot_be_used_are_named(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        write_template(tmp_path / "fleet.xlsx", **options)
    assert list(tmp_path.iterdir()) == []


def test_existing_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "fleet.xlsx"
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists"):
        write_template(path)
    assert path.read_text() == "mine"
    write_template(path, overwrite=True)
    assert hg.read_fleet(path).units.empty


def restamp(path: Path, version: str) -> None:
    book = openpyxl.load_workbook(path)
    del book.custom_doc_props[VERSION_PROPERTY]
    book.custom_doc_props.append(StringProperty(name=VERSION_PROPERTY, value=version))
    book.save(path)


def test_template_states_its_version(template: tuple[str, Path], book: Any) -> None:
    assert {item.name: item.value for item in book.custom_doc_props.props} == {VERSION_PROPERTY: SCHEMA_VERSION}


@pytest.mark.parametrize("version", ["1.2", "2.0", "10"])
def test_newer_workbook_is_refused_in_one_sentence(tmp_path: Path, version: str) -> None:
    path = write_template(tmp_path / "fleet.xlsx")
    restamp(path, version)
    with pytest.raises(UnreadableFileError, match=f"version {version} .* up to {SCHEMA_VERSION}: install") as caught:
        hg.read_fleet(path)
    assert caught.value.exit_code == 4
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("version", ["0.9", "1.0", SCHEMA_VERSION, "draft", "", None])
def test_older_or_unstated_versions_are_read(version: str | None) -> None:
    check_version(Path("fleet.xlsx"), version)


def test_suggested_rules_and_profiles_are_those_of_the_tables() -> None:
    library, columns = load_library(), {column.name: column for column in SETTINGS}
    rules = {row.keys["rule"] for row in library.table("lifetime_rule").defaults}
    profiles = {row.keys["profile"] for row in library.table("removal").defaults}
    assert set(columns["rule"].suggestions) == rules
    assert set(columns["profile"].suggestions) == profiles
    assert CONTRACT_SHEETS["Scenarios"].column("rule").suggestions == columns["rule"].suggestions


def test_every_measured_quantity_has_units_that_convert() -> None:
    assert tuple(MEASUREMENT_UNITS) == MEASURED_QUANTITIES.codes
    for inside, allowed in MEASUREMENT_UNITS.values():
        assert inside in allowed
        assert all(math.isfinite(convert(1.0, unit, inside)) for unit in allowed)


def test_json_schema_says_what_the_workbook_says() -> None:
    schema = workbook_schema()
    assert list(schema["properties"]) == ["Settings", *CONTRACT_SHEETS]
    for name, sheet in CONTRACT_SHEETS.items():
        cells = schema["properties"][name]["items"]
        assert list(cells["properties"]) == [column.name for column in sheet.columns]
        assert cells.get("required", []) == [column.name for column in sheet.columns if column.required]
        for column in sheet.columns:
            cell = cells["properties"][column.name]
            assert cell.get("exclusiveMinimum" if column.exclusive_low else "minimum") == column.low
            assert cell.get("x-unit", "") == column.unit


def test_json_schema_accepts_a_fleet_and_refuses_a_slip() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = workbook_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    unit = {
        "unit_id": "A",
        "country": "IDN",
        "capacity_gross": 600,
        "start_year": 2015,
        "pm_control": "ESPc",
        "note": None,
    }
    assert list(validator.iter_errors({"Settings": {"country": "IDN"}, "Coal_units": [unit]})) == []
    for slip in ({"capacity_gross": 0}, {"status": "running"}, {"start_year": 1.5}, {"capcity": 1}):
        assert list(validator.iter_errors({"Coal_units": [{**unit, **slip}]})), slip
