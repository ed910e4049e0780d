"""`hginv template`, `hginv schema` and `hginv project --into` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

import hginventory as hg


def test_template_says_what_it_wrote_and_what_comes_next(hginv: Any) -> None:
    done = hginv("template", "--lang", "id", "--country", "IDN")
    assert done.code == 0
    *_, written, following = done.out.splitlines()
    assert written.startswith("Wrote fleet.xlsx (template 1.1")
    assert following == "Fill it in, then: hginv validate --fleet fleet.xlsx"
    book = openpyxl.load_workbook("fleet.xlsx")
    assert book["Coal_units"]["D1"].value == "Negara *"
    assert book["Settings"]["B4"].value == "IDN"


def test_template_refuses_to_overwrite(hginv: Any) -> None:
    Path("fleet.xlsx").write_text("mine")
    refused = hginv("template")
    assert refused.code == 2
    assert "exists" in refused.err
    assert Path("fleet.xlsx").read_text() == "mine"
    assert hginv("template", "--overwrite").code == 0


def test_template_options(hginv: Any) -> None:
    done = hginv("template", "-o", "deep/a.xlsx", "--sector", "cement", "--no-example", "--json")
    assert done.code == 0
    assert json.loads(done.out)["data"]["file"].endswith("a.xlsx")
    book = openpyxl.load_workbook("deep/a.xlsx")
    assert "Coal_units" not in book.sheetnames
    assert book["Cement_kilns"].max_row == 3


def test_bad_language_country_and_name_are_usage_errors(hginv: Any) -> None:
    for options in (("--lang", "tlh"), ("--country", "Atlantis"), ("-o", "a.xls"), ("--sector", "gas")):
        assert hginv("template", *options).code == 2, options
    assert list(Path.cwd().iterdir()) == []


def test_untouched_template_stops_a_run_with_one_remedy(hginv: Any) -> None:
    hginv("template")
    stopped = hginv("project", "--fleet", "fleet.xlsx")
    assert stopped.code == 1
    assert "Fill in at least one unit" in stopped.err


def test_schema_is_json(hginv: Any) -> None:
    schema = json.loads(hginv("schema").out)
    assert schema["properties"]["Coal_units"]["items"]["properties"]["capacity_gross"]["x-unit"] == "MW"


def test_filled_template_runs_and_results_go_into_a_copy(hginv: Any) -> None:
    hginv("template", "--no-example", "--country", "VNM")
    book = openpyxl.load_workbook("fleet.xlsx")
    sheet = book["Coal_units"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    for row, (name, capacity) in enumerate((("A", 600), ("B", 300)), 4):
        for column, value in {
            "unit_id": name,
            "capacity_gross": capacity,
            "start_year": 2015,
            "status": "operating",
        }.items():
            sheet.cell(row, columns[column]).value = value
    book["Settings"]["B5"] = 2026
    book.save("fleet.xlsx")
    before = Path("fleet.xlsx").read_bytes()
    done = hginv("project", "--fleet", "fleet.xlsx", "--draws", "0", "--into", "copy.xlsx")
    assert done.code == 0, done.err
    assert "Wrote copy.xlsx" in done.out
    assert Path("fleet.xlsx").read_bytes() == before
    assert list(hg.read_fleet("copy.xlsx").units.index) == ["A", "B"]
    assert hginv("project", "--fleet", "fleet.xlsx", "--into", "copy.xlsx").code == 2
    assert hginv("project", "--fleet", "fleet.xlsx", "--into", "fleet.xlsx").code == 2
    assert Path("fleet.xlsx").read_bytes() == before
