"""A workbook filled in from the template alone, with ten typical mistakes, is repaired by following the messages only.

The follower below knows no codes and no rules of the fleet: it reads what a finding says to do and does that, as an
analyst would. What it cannot know is what the analyst meant; every value it writes stands in the message itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import hginventory as hg
from hginv.main import main
from hginventory.inputs.template.template import write_template

MEANT: list[dict[str, Any]] = [
    {
        "unit_id": f"PLTU-{number}", "plant": "Ambar", "unit": str(number), "country": "IDN", "status": "operating",
        "start_year": 2008 + number, "capacity_gross": 660.0, "generation_net": 3900.0, "hg_coal": 0.0587,
        "hg_basis": "as_received", "coal_type": "subbituminous", "pm_control": "ESPc", "so2_control": "wFGD",
        "nox_control": "none", "hg_control": "none", "removal": 0.45,
    }
    for number in range(1, 9)
]  # fmt: skip
# Row counted from 0, column -> what the analyst typed. Each line is one kind of mistake.
TYPED: list[tuple[str, dict[tuple[int, str], Any]]] = [
    ("thousands with a comma", {(0, "capacity_gross"): "1,000", (1, "capacity_gross"): "1,050"}),
    ("per cent for a share", {(row, "removal"): 45 for row in range(8)}),
    ("ug/kg in a column of mg/kg", {(2, "hg_coal"): 58.7}),
    ("a date for a year", {(3, "start_year"): 41275}),
    ("a typing error", {(4, "status"): "operatng"}),
    ("a country misspelt", {(5, "country"): "Indonsia"}),
    ("the scrubber in the dust column", {(6, "pm_control"): "ESPc+wFGD", (6, "so2_control"): None}),
    ("a row copied with its id", {(7, "unit_id"): "PLTU-1"}),
    ("gross and net exchanged", {(7, "capacity_gross"): 610, (7, "capacity_net"): 660}),
    ("a total below the units", {(8, "plant"): "Jumlah", (8, "capacity_gross"): 5300}),
]
MEANT_THEN = {(0, "capacity_gross"): 1000.0, (1, "capacity_gross"): 1050.0, (3, "start_year"): 2013.0,
              (7, "unit_id"): "PLTU-1-2", (7, "capacity_net"): 610.0}  # fmt: skip


class Analyst:
    """Opens the workbook, does what one message says, and saves it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def save(self) -> None:
        self.book.save(self.path)

    def cell(self, finding: Mapping[str, Any]) -> Any:
        return self.book[finding["sheet"]][finding["cell"]]

    def neighbour(self, finding: Mapping[str, Any], column: str) -> Any:
        """Return the cell of another column in the same row, found by the row of names."""
        sheet = self.book[finding["sheet"]]
        letters = {cell.value: cell.column_letter for cell in sheet[3]}
        return sheet[f"{letters[column]}{self.cell(finding).row}"]

    def write(self, finding: Mapping[str, Any], words: re.Match[str]) -> None:
        text = words[1].rstrip(".,")
        self.cell(finding).value = float(text) if re.fullmatch(r"-?[\d.]+", text) else text

    def set_sign(self, finding: Mapping[str, Any], words: re.Match[str]) -> None:
        sheet = self.book["Settings"]
        row = next(row for row in sheet.iter_rows() if any(cell.value == "decimal_sign" for cell in row))
        row[1].value = "point"  # the analyst knows how numbers are written at home

    def move(self, finding: Mapping[str, Any], words: re.Match[str]) -> None:
        device = finding["found"].split()[-1]
        cell = self.cell(finding)
        cell.value = "+".join(part for part in cell.value.split("+") if part != device)
        self.neighbour(finding, words[1]).value = device

    def delete_row(self, finding: Mapping[str, Any], words: re.Match[str]) -> None:
        self.book[finding["sheet"]].delete_rows(self.cell(finding).row)

    def new_id(self, finding: Mapping[str, Any], words: re.Match[str]) -> None:
        self.cell(finding).value += "-2"

    def exchange(self, finding: Mapping[str, Any], words: re.Match[str]) -> None:
        first, second = (self.neighbour(finding, name) for name in re.findall(r"capacity_\w+", finding["found"])[:2])
        first.value, second.value = second.value, first.value


# What a remedy says -> what one does. The first that fits is followed.
FOLLOW: list[tuple[str, Callable[[Analyst, Mapping[str, Any], re.Match[str]], None]]] = [
    (r"set Settings!decimal_sign", Analyst.set_sign),
    (r"If it is a date, write (\S+)", Analyst.write),
    (r"Write (\S+),? (?:if it is in|or set the unit)", Analyst.write),
    (r"Did you mean (\S+)\?", Analyst.write),
    (r"Move it to (\w+)\.", Analyst.move),
    (r"Delete the row", Analyst.delete_row),
    (r"Give each unit a different id", Analyst.new_id),
    (r"exchange them", Analyst.exchange),
]


def validate(path: Path) -> tuple[int, dict[str, Any]]:
    """Return exit code and JSON of ``hginv validate``."""
    out, code = StringIO(), 0
    with redirect_stdout(out):
        try:
            main(["validate", "--fleet", str(path), "--format", "json"])
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, json.loads(out.getvalue())


def errors(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [finding for finding in content["findings"] if finding["severity"] == "error"]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return a template with its example rows, eight units below them, and all mistakes."""
    path = write_template(tmp_path / "fleet.xlsx")
    book = openpyxl.load_workbook(path)
    for name, value in (("country", None), ("base_year", 2026)):
        row = next(row for row in book["Settings"].iter_rows() if any(cell.value == name for cell in row))
        row[1].value = value
    sheet = book["Coal_units"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    first = next(row for row in range(4, 40) if all(cell.value is None for cell in sheet[row]))
    for number, unit in enumerate(MEANT):
        for name, value in unit.items():
            sheet.cell(first + number, columns[name]).value = value
    for _, cells in TYPED:
        for (number, name), value in cells.items():
            sheet.cell(first + number, columns[name]).value = value
    book.save(path)
    return path


def follow(path: Path, findings: list[dict[str, Any]]) -> Iterator[str]:
    """Do what each message says, from the last row up, so that rows above keep their numbers."""
    analyst = Analyst(path)
    for finding in sorted(findings, key=lambda f: -int(re.sub(r"\D", "", f["cell"]) or 0)):
        for pattern, action in FOLLOW:
            words = re.search(pattern, finding["remedy"])
            if words:
                action(analyst, finding, words)
                yield finding["code"]
                break
        else:
            pytest.fail(f"nobody can follow this: {finding['place']}: {finding['found']}. {finding['remedy']}")
    analyst.save()


def test_ten_mistakes_are_repaired_by_following_the_messages(filled: Path) -> None:
    code, content = validate(filled)
    assert code == 1
    first = errors(content)
    assert len(TYPED) == 10
    followed: list[str] = []
    for _ in range(3):
        wrong = errors(content)
        if not wrong:
            break
        followed += follow(filled, wrong)
        code, content = validate(filled)
    assert (code, errors(content)) == (0, [])
    assert len(followed) == len(first), "each mistake is told once, in the first round"

    units = hg.read_fleet(filled).units
    wanted = [{**unit} for unit in MEANT]
    for (number, name), value in MEANT_THEN.items():
        wanted[number][name] = value
    assert units.index.tolist() == [unit.pop("unit_id") for unit in wanted]
    for (name, row), unit in zip(units.iterrows(), wanted, strict=True):
        for column, value in unit.items():
            assert row[column] == (pytest.approx(value) if isinstance(value, float) else value), (name, column)
    assert len(hg.project(filled).units) == len(MEANT)


def test_every_mistake_alone_is_an_error_in_the_cell_where_it_was_made(tmp_path: Path) -> None:
    """Without this, one loud mistake could hide that another is not found at all."""
    for number, (name, cells) in enumerate(TYPED):
        path = write_template(tmp_path / f"fleet{number}.xlsx", example=False)
        book = openpyxl.load_workbook(path)
        sheet = book["Coal_units"]
        columns = {cell.value: cell.column for cell in sheet[3]}
        for row, unit in enumerate(MEANT, 4):
            for column, value in unit.items():
                sheet.cell(row, columns[column]).value = value
        typed = set()
        for (row, column), value in cells.items():
            cell = sheet.cell(4 + row, columns[column])
            cell.value = value
            typed.add(cell.coordinate)
        book.save(path)
        found = {finding["cell"] for finding in errors(validate(path)[1])}
        assert found, name
        assert found <= typed, name
