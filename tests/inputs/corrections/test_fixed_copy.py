"""Safe fixes change how a value is written, never what is read; everything else stays byte for byte."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hginventory.errors import UsageError
from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.corrections.fixed_copy import Correction, write_fixed
from hginventory.inputs.findings.findings import ungrouped
from hginventory.inputs.fleet.fleet import Fleet
from tests.inputs.dirty import Dirt, column, write

SAFE = Dirt(
    cells={
        ("status", 3): "Operating ",
        ("capacity_gross", 4): "1 320",
        ("generation_net", 4): "5.900,5",
        ("start_year", 5): datetime.date(2011, 7, 1),
        ("start_year", 6): "2012",
        ("pm_control", 6): "fabric filter",
        ("unit_id", 7): "U-5\u00a0",
        ("hg_coal", 7): "0,05",
        ("capacity_gross", 8): "360 MW",
    }
)  # fmt: skip
UNSAFE = Dirt(
    cells={
        ("net_efficiency", 3): 36,
        ("capacity_gross", 4): "330000 kW",
        ("start_year", 5): 40725,
        ("coal_type", 6): "lignit e",
        ("country", 7): "Indonsia",
        ("coal_use", 8): 1.05,
        ("hg_coal", 8): 58.7,
    }
)


def fix(path: Path, name: str = "fixed.xlsx") -> tuple[Path, tuple[Correction, ...]]:
    target = path.with_name(name)
    return target, write_fixed(path, list(ungrouped(read_fleet(path).findings)), target)


def codes(fleet: Fleet) -> set[str]:
    return {finding.code for finding in fleet.findings}


def test_safe_fixes_are_written_and_nothing_that_is_read_changes(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", SAFE)
    before = path.read_bytes()
    target, changes = fix(path)
    assert {change.location.removeprefix("Coal_units!"): change.new for change in changes} == {
        f"{column('status')}3": "operating",
        f"{column('capacity_gross')}4": 1320,
        f"{column('generation_net')}4": 5900.5,
        f"{column('start_year')}5": 2011,
        f"{column('start_year')}6": 2012,
        f"{column('pm_control')}6": "FF",
        f"{column('unit_id')}7": "U-5",
        f"{column('hg_coal')}7": 0.05,
        f"{column('capacity_gross')}8": 360,
    }
    assert path.read_bytes() == before
    old, new = read_fleet(path), read_fleet(target)
    pd.testing.assert_frame_equal(old.units, new.units)
    assert codes(new) == set()
    assert dict(old.cells) == dict(new.cells)


def test_old_values_are_listed(tmp_path: Path) -> None:
    _, changes = fix(write(tmp_path / "fleet.xlsx", SAFE))
    old = {change.cell: (change.old, change.code) for change in changes}
    assert old[f"{column('status')}3"] == ("Operating ", "W217")
    assert old[f"{column('capacity_gross')}4"] == ("1 320", "N213")


def test_a_year_loses_the_format_of_a_date(tmp_path: Path) -> None:
    target, _ = fix(write(tmp_path / "fleet.xlsx", SAFE))
    cell = openpyxl.load_workbook(target)["Coal_units"][f"{column('start_year')}5"]
    assert (cell.value, cell.number_format) == (2011, "General")


def test_what_would_be_a_guess_is_not_written(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", UNSAFE)
    target, changes = fix(path)
    assert changes == ()
    assert not target.exists()
    proposed = {one.fix.cell: one.fix.new_value for one in ungrouped(read_fleet(path).findings) if one.fix}
    assert proposed[f"{column('net_efficiency')}3"] == pytest.approx(0.36)
    assert proposed[f"{column('start_year')}5"] == 2011
    assert proposed[f"{column('hg_coal')}8"] == pytest.approx(0.0587)


def test_formulas_charts_and_every_other_part_stay(tmp_path: Path) -> None:
    path = tmp_path / "fleet.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Coal_units")
    text = book.add_format({"num_format": "@", "bg_color": "#FFF2CC"})
    sheet.write_row(0, 0, ["unit_id", "country", "start_year", "capacity_gross", "generation_net", "status"])
    sheet.write_row(1, 0, ["U-1", "IDN", 2010])
    sheet.write_formula("D2", '="6"&"00"', None, "600")  # a text in a formula: read, and never replaced
    sheet.write_string("E2", "3500", text)
    sheet.write_string("F2", "Operating")
    sheet.write_comment("E2", "from the yearbook")
    sheet.data_validation("F2:F9", {"validate": "list", "source": ["operating", "retired"]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Coal_units!$C$2:$C$2"})
    sheet.insert_chart("H2", chart)
    book.close()
    target, changes = fix(path)
    assert {change.cell for change in changes} == {"E2", "F2"}
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target) as new:
        assert old.namelist() == new.namelist()
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert changed == ["xl/worksheets/sheet1.xml", "xl/styles.xml"]
    assert openpyxl.load_workbook(target, data_only=True)["Coal_units"]["D2"].value == "600"
    cell = openpyxl.load_workbook(target)["Coal_units"]["E2"]
    assert (cell.value, cell.number_format, cell.fill.fgColor.rgb) == (3500, "General", "FFFFF2CC")
    assert cell.comment.text == "from the yearbook"
    assert read_fleet(target).units["capacity_gross"].tolist() == [600.0]


def test_text_is_written_as_text(tmp_path: Path) -> None:
    dirt = Dirt(cells={("unit_id", 5): ' =1+1 & <b>"x"</b>'})
    target, (change,) = fix(write(tmp_path / "fleet.xlsx", dirt))
    assert change.new == '=1+1 & <b>"x"</b>'
    cell = openpyxl.load_workbook(target)["Coal_units"]["A5"]
    assert (cell.value, cell.data_type) == (change.new, "inlineStr" if cell.data_type == "inlineStr" else "s")
    assert read_fleet(target).units.index[2] == change.new


def test_never_the_workbook_itself_and_no_existing_file(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", SAFE)
    before = path.read_bytes()
    findings = list(ungrouped(read_fleet(path).findings))
    with pytest.raises(UsageError, match="never written to"):
        write_fixed(path, findings, path, overwrite=True)
    (tmp_path / "fleet2.xlsx").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"^fixed: .*exists.*`overwrite`"):
        write_fixed(path, findings, tmp_path / "fleet2.xlsx")
    with pytest.raises(UsageError, match=r"end in \.xlsx"):
        write_fixed(path, findings, tmp_path / "fleet.csv")
    assert path.read_bytes() == before
    assert (tmp_path / "fleet2.xlsx").read_bytes() == b"mine"


def test_merged_names_are_left_alone(tmp_path: Path) -> None:
    dirt = Dirt(
        cells={("plant", 5): "Cendana ", ("plant", 6): None, ("unit", 6): "2"},
        do=lambda book: book["Coal_units"].merge_cells("B5:B6"),
    )
    path = write(tmp_path / "fleet.xlsx", dirt)
    target, changes = fix(path)
    assert [change.cell for change in changes] == ["B5"]
    pd.testing.assert_frame_equal(read_fleet(path).units, read_fleet(target).units)


CELLS = st.one_of(
    st.integers(-10, 3000),
    st.floats(0, 1, allow_nan=False),
    st.sampled_from(
        ["", " operating", "Retired", "1,000", "1.000,5", "0,3", "35 %", "~5", "<5", "300 MW", "300 kW", "2011", "n/a",
         "none", "esp", "ESPc + wFGD", "yes", "dry", "LHV", "\u00a01 200", "=1", "#N/A", "12.5"]
    ),
    st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 1, 1)),
)  # fmt: skip
NAMES = ("status", "capacity_gross", "start_year", "pm_control", "hg_coal", "net_efficiency", "cl_coal", "hg_basis")


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(NAMES), st.integers(3, 8)), CELLS, min_size=1, max_size=12
    )
)  # fmt: skip
def test_whatever_stands_there_a_fixed_copy_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, cells: dict[tuple[str, int], object]
) -> None:
    path = write(tmp_path_factory.mktemp("fix") / "fleet.xlsx", Dirt(cells=cells))
    target, changes = fix(path)
    if not changes:
        return
    old, new = read_fleet(path), read_fleet(target)
    pd.testing.assert_frame_equal(old.units, new.units)
    gone = {(one.code, one.location) for one in ungrouped(old.findings)} - {
        (one.code, one.location) for one in ungrouped(new.findings)
    }
    assert {code for code, _ in gone} <= {"N213", "W211", "W217"}
    assert len(gone) == len(changes)
