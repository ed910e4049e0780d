"""One way to write percentages, years of closure and digits, in code, workbooks and on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.report.columns import COLUMNS, decimals_of, number_format
from hginventory.units import percent

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*(ROOT / "hginventory").rglob("*.py"), *(ROOT / "cli").rglob("*.py")]
GLUED = re.compile(r"\{[^{}]*:[^{}]*%\}|num_format\W+[^\n]*0%|= \"0[.0]*%\"")  # formats that print 95%
END_SHIFTED = re.compile(r"""end_year["']?\]? - 1:""")  # the last year of operation under another label


def test_no_code_prints_percent_without_a_space_or_shifts_the_end_year() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES if path.name != "number_formats.py"}
    assert len(texts) > 300  # number_formats.py holds the formats that spreadsheets are read with
    assert [(path.name, GLUED.findall(text)) for path, text in texts.items() if GLUED.search(text)] == []
    assert [path.name for path, text in texts.items() if END_SHIFTED.search(text)] == []


@pytest.mark.parametrize(("share", "decimals", "shown"), [(0.95, 0, "95 %"), (0.0342, 1, "3.4 %"), (1.0, 0, "100 %"),
                                                          (0.0, 0, "0 %"), (float("nan"), 0, "")])  # fmt: skip
def test_percent_has_the_space_of_the_si(share: float, decimals: int, shown: str) -> None:
    assert percent(share, decimals) == shown


@pytest.mark.parametrize(
    ("values", "decimals"),
    [([4869.2, 310.5, 12.3], 0), ([0.052, 0.31], 3), ([], 0), ([0.0, float("nan")], 0), ([135.2, 2.31, 0.9], 2),
     ([float("inf"), 5.0], 1), ([250000.0, 0.5], 0)],
)  # fmt: skip
def test_digits_are_those_of_the_column(values: list[float], decimals: int) -> None:
    assert decimals_of(pd.Series(values, dtype=float)) == decimals
    assert number_format(decimals).count("0") == decimals + 1


def test_the_sheet_ranking_says_what_a_reader_asks_of_a_unit(drawn: hg.Run, tmp_path: Path) -> None:
    """Capacity, kg a year, province, year of closure and interval stand beside the rank; one number format a column."""
    drawn.save(tmp_path / "run")
    sheet = openpyxl.load_workbook(tmp_path / "run" / "results.xlsx")["Ranking"]
    names = [cell.value for cell in sheet[3]]
    asked = ["rank", "unit_id", "plant", "unit", "admin1", "capacity_gross_mw", "clinker_t_per_yr", "air_kg_per_yr",
             "lifetime_kg", "lifetime_kg_p05", "lifetime_kg_p95", "end_year"]  # fmt: skip
    assert names[: len(asked)] == asked
    assert len(names) == len(set(names))
    first = {name: sheet.cell(4, at).value for at, name in enumerate(names, 1)}
    unit = drawn.units.loc[first["unit_id"]]
    for name in ("capacity_gross_mw", "air_kg_per_yr", "lifetime_kg", "end_year"):
        assert first[name] == pytest.approx(unit[name])
    assert (first["admin1"], first["lifetime_kg_p05"] < first["lifetime_kg_p95"]) == (unit["admin1"], True)
    for column in sheet.iter_cols(min_row=4):
        formats = {cell.number_format for cell in column if isinstance(cell.value, int | float)}
        assert len(formats) <= 1
        assert not any("[>" in one or "0%" in one for one in formats)


def test_a_fleet_without_kilns_has_no_empty_column_of_clinker(tmp_path: Path) -> None:
    rows = pd.DataFrame({"country": "IDN", "MW": [600, 300], "start_year": 2015})
    hg.project(hg.fleet_from_frame(rows, settings={"base_year": 2026}), draws=0).save(tmp_path / "run")
    names = [cell.value for cell in openpyxl.load_workbook(tmp_path / "run" / "results.xlsx")["Ranking"][3]]
    assert "clinker_t_per_yr" not in names
    assert "capacity_gross_mw" in names


def test_the_end_year_is_the_first_year_closed_everywhere(central: hg.Run) -> None:
    """A unit emits in the year before and not in its end year; the label says so."""
    assert COLUMNS["end_year"].label == "First year closed"
    unit = central.units.dropna(subset="end_year").query("lifetime_kg > 0").iloc[0]
    years = list(map(int, central.projection.years))
    yearly = central.projection.yearly_kg[central.units.index.get_loc(unit.name)]
    assert yearly[years.index(int(unit["end_year"]) - 1)] > 0
    assert not np.any(yearly[[year >= unit["end_year"] for year in years]])
