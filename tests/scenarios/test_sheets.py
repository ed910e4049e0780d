"""Scenarios of the workbook are those of the files."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import hginventory as hg
from hginventory.errors import ScenarioError


def workbook(folder: Path, measures: list[list[object]], scenarios: list[list[object]] | None = None) -> Path:
    book = openpyxl.Workbook()
    units = book.active
    units.title = "Coal_units"
    for row in (
        ["unit_id", "country", "MW", "start_year", "pm_control"],
        ["A1", "IDN", 600, 2015, "ESPc"],
        ["A2", "IDN", 300, 2018, "ESPc"],
    ):
        units.append(row)
    sheet = book.create_sheet("Measures")
    sheet.append(["scenario", "select", "action", "target", "value", "unit", "from_year"])
    for row in measures:
        sheet.append(row)
    if scenarios:
        sheet = book.create_sheet("Scenarios")
        sheet.append(["name", "extends", "description"])
        for row in scenarios:
            sheet.append(row)
    path = folder / "fleet.xlsx"
    book.save(path)
    return path


def test_scenario_of_the_workbook_equals_the_same_in_a_file(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["mine", "rank <= 1", "add_control", "ACI-Br", None, None, 2030]])
    text = '[[measure]]\nwhere = "rank <= 1"\naction = "add_control"\ntarget = "ACI-Br"\nfrom_year = 2030\n'
    (tmp_path / "file.toml").write_text(text, encoding="utf-8")
    run = hg.project(path, draws=0, base_year=2026)
    table = run.compare(["mine", str(tmp_path / "file.toml")]).table
    assert table["avoided_t"].nunique() == 1
    assert table["avoided_t"].iloc[0] > 0


def test_percent_is_a_share_and_extends_finds_the_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["first", None, "wash_coal", None, 10, "%", 2030],
        ["second", None, "wash_coal", None, 0.2, "1", 2030],
    ]
    run = hg.project(workbook(tmp_path, rows, [["second", "first", "more"]]), draws=0, base_year=2026)
    table = run.compare(["first", "second"]).table.set_index("scenario")
    assert table.at["second", "avoided_t"] == pytest.approx(2 * table.at["first", "avoided_t"])
    assert table.at["second", "title"] == "more"


def test_wrong_row_is_named_with_its_cell(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [["mine", None, "wash_coal", None, 3, "1", 2030], ["mine", None, "add_control", None, None, None, 2030]],
    )
    with pytest.raises(ScenarioError) as caught:
        hg.project(path, draws=0, base_year=2026).compare(["mine"])
    assert "Measures!2" in str(caught.value)
    assert "Measures!3" in str(caught.value)


def test_what_the_fleet_cannot_give_is_named_with_its_cell(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["mine", None, "wash_coal", None, 0.1, "1", 2020],
        ["mine", "unit_id == 'A7'", "wash_coal", None, 0.1, "1", 2030],
        ["mine", None, "switch_coal", "LOW", None, None, 2030],
    ]
    with pytest.raises(ScenarioError) as caught:
        hg.project(workbook(tmp_path, rows, [["mine", None, "x"]]), draws=0, base_year=2026).compare(["mine"])
    locations = [line.partition(": ")[0] for line in str(caught.value).splitlines()]
    assert locations == ["Measures!G2", "Measures!D4", "Measures!B3"]


def test_scenarios_survive_reading_and_writing(tmp_path: Path) -> None:
    fleet = hg.read_fleet(
        workbook(tmp_path, [["mine", "rank <= 1", "wash_coal", None, 0.1, "1", 2030]], [["mine", None, "x"]])
    )
    hg.write_fleet(fleet, tmp_path / "again.xlsx")
    again = hg.read_fleet(tmp_path / "again.xlsx")
    assert [record.values for record in again.measures] == [record.values for record in fleet.measures]
    assert [record.values for record in again.scenarios] == [record.values for record in fleet.scenarios]


@pytest.mark.parametrize("action", ["exclude", "include"])
def test_blank_from_year_of_the_sheet_is_the_first_year_of_the_run(tmp_path: Path, action: str) -> None:
    rows: list[list[object]] = [
        [name, "unit_id == 'A2'", action, None, None, None, year]
        for name, year in (("blank", None), ("stated", 2026), ("later", 2030))
    ]
    path = workbook(tmp_path, rows)
    if action == "include":
        book = openpyxl.load_workbook(path)
        units = book["Coal_units"]
        for row, status in enumerate(["status", "operating", "announced"], 1):
            units.cell(row, 6).value = status
        units["D3"] = 2024
        book.save(path)
    table = hg.project(path, draws=0, base_year=2026).compare(["blank", "stated", "later"]).table
    remaining = table.set_index("scenario")["remaining_t"]
    assert remaining["blank"] == remaining["stated"]
    assert remaining["blank"] != remaining["later"]


@pytest.mark.parametrize("action", ["retire", "wash_coal"])
def test_blank_from_year_of_another_action_is_named_with_its_row(tmp_path: Path, action: str) -> None:
    value = 0.1 if action == "wash_coal" else None
    path = workbook(tmp_path, [["mine", "unit_id == 'A2'", action, None, value, None, None]])
    with pytest.raises(ScenarioError, match=r"Measures!.*from_year"):
        hg.project(path, draws=0, base_year=2026).compare(["mine"])
