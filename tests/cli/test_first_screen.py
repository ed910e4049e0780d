"""The first screen: short, whole, and with the same numbers as page and workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import hginventory as hg
from hginv.output import terminal_width
from hginventory.report.page import write_page
from hginventory.report.record import read_record
from hginventory.report.text import ENGLISH, headline_sentences, words_in

Hginv = Callable[..., Any]
HEADER = ["country", "plant", "unit", "MW", "start_year", "pm_control", "status"]
PLANTS = (
    ("Pulau Besar", 600, 2012, 4),
    ("Teluk Biru", 300, 2004, 4),
    ("Gunung Api", 100, 1990, 6),
    ("Muara", 900, 2019, 2),
)


def fleet_of(path: Path, rows: list[list[object]], header: list[str] = HEADER, sheet: str = "Coal_units") -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [header, *rows]:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def sixteen(tmp_path: Path) -> Path:
    rows: list[list[object]] = [
        ["PHL", plant, f"Unit {number}", mw, year + number, "ESP", "operating"]
        for plant, mw, year, count in PLANTS
        for number in range(1, count + 1)
    ]
    return fleet_of(tmp_path / "sixteen.xlsx", rows)


@pytest.mark.parametrize("draws", [0, 200])
@pytest.mark.parametrize("fleet", ["indonesia", "VNM", "VNM+cement", "sixteen"])
def test_it_has_25_lines_of_80_columns_and_cuts_nothing(hginv: Hginv, sixteen: Path, fleet: str, draws: int) -> None:
    done = hginv("project", "--fleet", sixteen if fleet == "sixteen" else fleet, "--draws", draws)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert terminal_width() == 80
    assert len(lines) <= 25, done.out
    assert max(map(len, lines)) <= 80
    assert "…" not in done.out
    assert "..." not in done.out


LONG_FOLDER = "a folder of a name as long as some have them/and another in it of the same length/the run"


@pytest.mark.parametrize("unread", [1, 5, 12])
@pytest.mark.parametrize("folder", ["run", LONG_FOLDER])
def test_unread_columns_and_a_long_folder_leave_it_on_one_screen(hginv: Hginv, unread: int, folder: str) -> None:
    """The bundled fleet with the longest screen and new columns; the folder and one unread column are shown."""
    assert hginv("fleet", "export", "indonesia", "-o", "mine.xlsx").code == 0
    book = openpyxl.load_workbook("mine.xlsx")
    sheet = book["Coal_units"]
    header = next(row for row in sheet.iter_rows(max_row=5) if any(cell.value == "plant" for cell in row))[0].row
    last = sheet.max_column
    for number in range(1, unread + 1):
        sheet.cell(header, last + number, f"remarks of the inspector {number}")
    book.save("mine.xlsx")
    done = hginv("project", "--fleet", "mine.xlsx", "--draws", 50, "-o", folder)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    others = done.out.replace(done.out[done.out.index("Not read:") : done.out.index("emissions to air")], "")
    assert len(others.splitlines()) <= 25, done.out  # what was not read is told on top of it
    assert max(map(len, lines)) <= 80
    text = " ".join(done.out.split())
    assert "Not read: Coal_units!" in text
    assert "remarks of the inspector 1" in text
    assert (f"{unread - 1} more (hginv validate lists all)" in text) == (unread > 1)
    assert f"Wrote {folder}/" in text


def test_screen_page_and_workbook_tell_the_same_numbers(hginv: Hginv) -> None:
    done = hginv("project", "--fleet", "indonesia", "--draws", 200, "-o", "run")
    assert done.code == 0, done.err
    run = hg.project("indonesia", draws=200)
    facts = run.headline
    screen = " ".join(done.out.split())
    sheet = openpyxl.load_workbook("run/results.xlsx")["Summary"]
    book = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=12, max_col=1) for cell in row if cell.value)
    page = " ".join(write_page(run, read_record(Path("run"))).read_text(encoding="utf-8").split())
    for total in facts.totals:
        assert total.air_drawn is not None
        assert total.lifetime_drawn is not None
        for value in (total.air_kg, total.air_drawn.p05, total.air_drawn.p95, total.lifetime_t,
                      total.lifetime_drawn.p05, total.lifetime_drawn.p95):  # fmt: skip
            for place in (screen, book, page):
                assert ENGLISH.number(value) in place
    for sentence in headline_sentences(facts, ENGLISH)[: len(facts.lists) + len(facts.studies)]:
        for place in (screen, book, page):
            assert sentence in place
    for cell in facts.cells:
        for place in (screen, book, page):
            assert cell.place in place


def test_the_facts_are_those_of_the_tables() -> None:
    run = hg.project("indonesia", draws=0)
    plants, units = run.plants("air_base_year_kg"), run.rank()
    for one in run.headline.lists:
        own_plants, own = plants[plants["sector"].eq(one.name)], units[units["sector"].eq(one.name)]
        assert (one.plants.of, one.units.of) == (len(own_plants), len(own))
        for leading, table in ((one.plants, own_plants), (one.units, own)):
            assert leading.share == pytest.approx(table["share"].head(leading.count).sum())
            assert leading.count == 10 or table["share"].head(leading.count - 1).sum() < 0.5 <= leading.share


@pytest.mark.parametrize(
    ("rows", "told", "not_told"),
    [
        ([["VNM", "A", "1", 600, 2015, None, "operating"]], "1 coal unit.", "account"),
        ([["VNM", "A", "1", 600, 1975, None, "operating"], ["VNM", "B", "1", 90, 1974, None, "operating"]],
         "1 of 2 coal plants accounts for", "nan"),
        ([["VNM", "A", "1", 600, 2015, None, "retired"]], "0 coal units.", "nan"),
    ],
)  # fmt: skip
def test_small_fleets_are_told_in_plain_words(
    hginv: Hginv, tmp_path: Path, rows: list[list[object]], told: str, not_told: str
) -> None:
    done = hginv("project", "--fleet", fleet_of(tmp_path / "few.xlsx", rows), "--draws", 50)
    assert done.code == 0, done.err
    assert told in done.out
    assert not_told not in done.out


def test_kilns_without_a_start_year_are_named_in_the_singular(hginv: Hginv, tmp_path: Path) -> None:
    fleet = fleet_of(tmp_path / "kiln.xlsx", [["THA", 1500000]], ["country", "clinker_capacity"], "Cement_kilns")
    done = hginv("project", "--fleet", fleet, "--draws", 50)
    assert "1 cement kiln without a start year" in done.out
    assert "1 cement kilns" not in done.out


def test_it_is_told_in_indonesian() -> None:
    told = " ".join(headline_sentences(hg.project("indonesia", draws=100).headline, words_in("id")))
    assert "menyumbang" in told
    assert " account for " not in told
