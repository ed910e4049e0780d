"""Every table and sentence fits a terminal of 80 columns, and no word of a cell is cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import hginventory as hg
from hginv import output
from hginv.measure import show_programme
from hginv.sensitivity import _show_plan

from .conftest import Outcome

Hginv = Callable[..., Outcome]
COLUMNS = 80
DRAWS = 250  # the fewest that a measuring plan works with
LONG = "Pembangkit Listrik Tenaga Uap Internasional Bersama-sama Nusantara-Khatulistiwa Mandiri"
KILN_LIMIT = """
name = "kilns"
title = "Kilns meet 0.02 mg/Nm3 from 2030"
[[measure]]
where = "sector == 'cement_kiln'"
action = "emission_limit"
value = 0.02
unit = "mg/Nm3"
o2 = 10
from_year = 2030
"""
HEADER = ["country", "plant", "unit", "MW", "start_year", "pm_control", "so2_control", "status"]
HAND_MADE: tuple[list[object], ...] = (
    ["IDN", LONG, "Unit 1 (extension of the second phase)", 600, 2012, "ESP", "wFGD", "operating"],
    ["IDN", f"{LONG} II", "Unit 2", 300, 2019, "ESP", None, "operating"],
    ["VNM", "Nhà máy nhiệt điện Vĩnh Tân-Bình Thuận-Duyên Hải mở rộng giai đoạn hai", "S1", 100, 2021, "FF", None,
     "operating"],
)  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return run folders: large units and kilns of Indonesia, its kilns alone, and three units with long names."""
    base = tmp_path_factory.mktemp("runs")
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Coal_units"
    for row in (HEADER, *HAND_MADE):
        book.active.append(row)
    book.save(base / "three.xlsx")
    chosen = {"main": ("indonesia", "capacity_mw >= 600 or sector == 'cement_kiln'"),
              "kilns": ("indonesia", "sector == 'cement_kiln'"), "three": (base / "three.xlsx", None)}  # fmt: skip
    return {
        name: Path(hg.project(fleet, where=where, draws=DRAWS).save(base / name))
        for name, (fleet, where) in chosen.items()
    }


@pytest.fixture
def cells(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the texts of all cells and headings that are printed as tables."""
    found: list[str] = []
    blocks = output.table_blocks

    def recorded(headings: Sequence[str], rows: Sequence[Sequence[str]], *rest: Any) -> Any:
        found.extend(headings)
        found.extend(cell for row in rows for cell in row)
        return blocks(headings, rows, *rest)

    monkeypatch.setattr(output, "table_blocks", recorded)
    return found


def check(done: Outcome, cells: Sequence[str], *, has_tables: bool = True) -> None:
    """Check what a command printed: width, nothing cut, and numbers and words as a reader expects them."""
    assert done.code == 0, done.err
    wide = [line for line in done.out.splitlines() if len(line) > COLUMNS]
    assert not wide
    assert "..." not in done.out
    assert "…" not in done.out
    assert bool(cells) == has_tables
    printed = set(done.out.split())
    cut = [word for cell in cells for word in cell.split() if word not in printed]
    assert not cut
    text = f" {' '.join(done.out.split())} "
    assert not re.search(r" [-+]?-0(\.0+)?\s", text)
    for wrong in (" 1 units", " 1 kilns", " 1 steps", " 1 plants", " 1 years ", " nan "):
        assert wrong not in text


OF_A_RUN = (
    ("rank",),
    ("limits",),
    ("limits", "--country", "EU"),
    ("shortlist",),
    ("finance",),
    ("scenario", "compare", "limit_eu", "targeted_top10"),
    ("scenario", "compare", "--full", "limit_eu", "blanket_bat"),
)


@pytest.mark.parametrize("fleet", ["main", "kilns", "three"])
@pytest.mark.parametrize("arguments", OF_A_RUN, ids=" ".join)
def test_tables_of_a_run_fit(
    hginv: Hginv, cells: list[str], folders: dict[str, Path], arguments: tuple[str, ...], fleet: str
) -> None:
    if fleet == "kilns" and arguments[0] == "scenario":  # those that come with the program change coal units
        Path("kilns.toml").write_text(KILN_LIMIT, encoding="utf-8")
        arguments = ("scenario", "compare", "--full", "kilns.toml")
    check(hginv(*arguments, "--fleet", folders[fleet]), cells)


@pytest.mark.parametrize(
    "arguments",
    [
        ("options", "G100000107734"),
        pytest.param(("optimize", "--target", "50%", "--by", "2035"), marks=pytest.mark.slow),
        ("optimize", "--target", "50%", "--by", "2035", "--full"),
        ("sensitivity", "--draws", "100"),
        ("sensitivity", "--plan", "--draws", "250"),
        ("measure", "plan"),
        ("measure", "plan", "--usd-per-kg", "20000"),
        ("rank", "--by-country"),
    ],
    ids=" ".join,
)
def test_tables_of_the_main_run_fit(
    hginv: Hginv, cells: list[str], folders: dict[str, Path], arguments: tuple[str, ...]
) -> None:
    check(hginv(*arguments, "--fleet", folders["main"]), cells)


def test_plans_of_few_units_and_of_kilns_fit(hginv: Hginv, cells: list[str], folders: dict[str, Path]) -> None:
    for fleet in ("three", "kilns"):
        cells.clear()
        check(hginv("optimize", "--target", "20%", "--by", "2035", "--full", "--fleet", folders[fleet]), cells)


@pytest.mark.parametrize("fleet", ["indonesia", "VNM"])
def test_all_tables_of_a_projection_fit(hginv: Hginv, cells: list[str], fleet: str) -> None:
    check(hginv("project", "--full", "--draws", 50, "--fleet", fleet), cells)


@pytest.mark.parametrize("arguments", [("factors", "list"), ("factors", "list", "--table", "lead_time"),
                                       ("fleet", "list"), ("scenario", "list")], ids=" ".join)  # fmt: skip
def test_lists_fit(hginv: Hginv, cells: list[str], arguments: tuple[str, ...]) -> None:
    check(hginv(*arguments), cells)


@pytest.mark.parametrize("arguments", [("validate", "--fleet", "indonesia"), ("codes",), ("codes", "W711"),
                                       ("explain", "G100000107734", "--fleet", "indonesia")], ids=" ".join)  # fmt: skip
def test_texts_fit(hginv: Hginv, cells: list[str], arguments: tuple[str, ...]) -> None:
    check(hginv(*arguments), cells, has_tables=False)


def test_a_long_command_is_one_that_a_shell_joins(capsys: pytest.CaptureFixture[str]) -> None:
    output.say_command("Next:", "optimize", "--target", "50%", "--where", "capacity_mw >= 600", "--fleet", "a" * 40)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Next:"
    assert all(line.endswith(" \\") for line in lines[1:-1])
    joined = " ".join(line.removesuffix("\\").strip() for line in lines[1:])
    expected = output.command_line("optimize", "--target", "50%", "--where", "capacity_mw >= 600", "--fleet", "a" * 40)
    assert joined == expected


def test_gains_of_measurements_have_one_sign(cells: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    run = hg.project("indonesia", where="capacity_mw >= 900", draws=DRAWS)
    programme, sampling = run.measuring_plan(shown=1), run.sampling_plan()
    names = ("gain_right", "gain_t", "width_fall_t")
    for value, gain, width in ((0.0, "+0.00", "+0.0"), (-1e-9, "+0.00", "+0.0"), (-0.3, "-0.30", "+0.3"),
                               (0.3, "+0.30", "-0.3"), (12.0, "+12.00", "-12.0")):  # fmt: skip
        cells.clear()
        show_programme(replace(programme, table=programme.table.assign(**dict.fromkeys(names, value))))
        assert (cells.count(gain), cells.count(width)) == (2, 1)
        cells.clear()
        _show_plan(replace(sampling, table=sampling.table.head(1).assign(**dict.fromkeys(names, value))), 1)
        assert (cells.count(gain), cells.count(f"{width}0")) in ((2, 1), (3, 3))  # zeros of two decimals are alike
    assert "+-" not in capsys.readouterr().out
