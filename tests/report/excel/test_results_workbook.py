"""The result workbook: complete, plain, equal for equal runs, and safe whatever the units are called."""

from __future__ import annotations

import io
import math
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.report.columns.results import COLUMNS, column
from hginventory.report.excel.results_workbook import results_bytes, write_results
from hginventory.report.excel.sheets import HEADER_ROWS
from hginventory.report.tables.table_sheet import TableSheet
from hginventory.report.tables.workbook_tables import concentration, result_tables, trajectory
from hginventory.report.tables.written_tables import run_tables
from hginventory.report.text.headlines import half_year, share_text, trajectory_text, unit_labels

DRAWS = 50
SHEETS = [
    "Summary", "Totals", "Ranking", "Plants", "Pareto", "Concentration", "Trajectory", "Units", "Balance", "Coverage",
    "Gaps", "Cells_to_fill", "Factors", "Findings", "Sources", "Run", "Columns",
]  # fmt: skip
HOSTILE = {
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1,2)",
    "markup": "<img onerror=alert(1)>",
    "writer markup": "<r><t>x</t></r>",
    "broken markup": "<r><t>x</r>",
    "entity": "\"&amp; <b>' ]]>",
    "control sign": "bell" + chr(7) + "here",
    "long": "x" * 300,
}


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", draws=DRAWS)


@pytest.fixture(scope="module")
def content(run: hg.Run) -> bytes:
    return results_bytes(run)


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def tables(run: hg.Run) -> dict[str, TableSheet]:
    return {spec.sheet: spec for spec in result_tables(run)}


def small_run(*rows: dict[str, Any], sector: str = "coal_power", settings: dict[str, Any] | None = None) -> hg.Run:
    usual = {"country": "IDN", "status": "operating", "start_year": 2010}
    usual |= {"capacity_net": 600.0} if sector == "coal_power" else {}
    frame = pd.DataFrame([{"unit_id": f"U{index}", **usual, **row} for index, row in enumerate(rows)])
    return hg.project(
        hg.fleet_from_frame(frame, sector=sector, settings={"base_year": 2026, **(settings or {})}), draws=0
    )


def xml_parts(content: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {
            name: ElementTree.fromstring(package.read(name))
            for name in package.namelist()
            if name.endswith((".xml", ".rels"))
        }


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def summary_row(book: Any, label: str) -> list[Any]:
    for row in book["Summary"].iter_rows(max_col=5, values_only=True):
        if row[0] == label:
            return list(row)
    raise AssertionError(f"no row {label!r} on the first sheet")


def test_sheets_stand_in_their_order(book: Any) -> None:
    assert book.sheetnames == SHEETS


@pytest.mark.parametrize("sheet", SHEETS[1:])
def test_a_table_has_labels_units_names_frozen_and_filtered(
    book: Any, tables: dict[str, TableSheet], sheet: str
) -> None:
    page, spec = book[sheet], tables[sheet]
    width = len(spec.frame.columns)
    labels, units, names = ([cell.value for cell in page[row][:width]] for row in (1, 2, 3))
    assert names == list(spec.frame.columns)
    assert all(labels)
    for name, unit, values in zip(names, units, (spec.frame[n] for n in names), strict=True):
        described = column(name, spec.table)
        assert (unit or "") == described.shown_unit
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            assert unit or described.unit == "1", f"{sheet}: {name} has no unit"
    corner = page.cell(HEADER_ROWS + 1, spec.frozen + 1).coordinate
    assert page.freeze_panes == corner
    last = page.cell(max(HEADER_ROWS + len(spec.frame), HEADER_ROWS + 1), width).coordinate
    assert page.auto_filter.ref == f"A{HEADER_ROWS}:{last}"
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows == f"$1:${HEADER_ROWS}"
    assert page.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize("sheet", ["Ranking", "Units", "Balance", "Coverage", "Trajectory", "Factors"])
def test_every_cell_holds_the_value_of_the_run(book: Any, tables: dict[str, TableSheet], sheet: str) -> None:
    frame = tables[sheet].frame
    rows = book[sheet].iter_rows(min_row=HEADER_ROWS + 1, max_col=len(frame.columns), values_only=True)
    written = [list(row) for row in rows]
    assert len(written) == len(frame)
    for cells, (_, values) in zip(written, frame.iterrows(), strict=True):
        for name, cell, value in zip(frame.columns, cells, values, strict=True):
            if value is None or value == "" or value != value:
                assert cell is None, name
            elif isinstance(value, bool):
                assert cell == ("yes" if value else "no"), name
            elif isinstance(value, str):
                assert cell == value, name
            else:
                assert cell == pytest.approx(float(value), rel=1e-14, abs=0), name
                assert isinstance(cell, int | float), name


def test_units_has_all_columns_of_the_run(run: hg.Run, tables: dict[str, TableSheet]) -> None:
    written = list(tables["Units"].frame.columns)
    assert written[: len(run.units.columns) + 1] == ["unit_id", *run.units.columns]
    assert run.certainty is not None
    assert written[len(run.units.columns) + 1 :] == list(run.certainty.units.columns)
    assert set(run.mass_balance.columns) <= set(tables["Balance"].frame.columns)
    assert set(run.rank().columns) <= set(tables["Ranking"].frame.columns)


def test_no_cell_is_a_formula(content: bytes) -> None:
    sheets = [part for name, part in xml_parts(content).items() if name.startswith("xl/worksheets/")]
    assert len(sheets) > len(SHEETS)
    for sheet in sheets:
        assert not [element for element in sheet.iter() if local(element) == "f"]


def test_equal_runs_give_equal_bytes(run: hg.Run, content: bytes, tmp_path: Path) -> None:
    again = write_results(hg.project("indonesia", draws=DRAWS), tmp_path / "again.xlsx")
    assert again.read_bytes() == content
    (tmp_path / "usual").touch()
    assert again.stat().st_mode == (tmp_path / "usual").stat().st_mode
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {member.date_time[0] for member in package.infolist()} == {1980}


def test_headline_numbers_are_those_of_the_summary(run: hg.Run, book: Any) -> None:
    summaries = run.summary()
    year = run.projection.settings.base_year
    for label, field in (
        (f"Units operating in {year}", "units_operating"),
        ("under construction, not among these", "units_construction"),
        (f"Emissions to air in {year}", "air_base_year_kg"),
        ("Remaining-lifetime emissions", "lifetime_t"),
        (f"their emissions to air in {year}", "air_past_lifetime_kg"),
    ):
        assert summary_row(book, label)[2:] == pytest.approx([getattr(s, field) for s in summaries], rel=1e-14)
    for label, field in (
        ("Share of the top 10 units in them", "top_share"),
        ("Units that account for half of them", "units_for_half"),
        ("Units that account for 75 % of them", "units_for_75"),
        ("Gini coefficient (0 even, 1 all in one unit)", "gini"),
    ):
        *of_lists, of_both = summary_row(book, label)[2:]
        assert of_lists == pytest.approx([getattr(s, field) for s in run.lists.values()], rel=1e-14)
        assert of_both is None


def test_first_sheet_says_fleet_rule_notice_sets_and_reliance(run: hg.Run, book: Any) -> None:
    settings = run.projection.settings
    texts = [str(cell.value) for row in book["Summary"].iter_rows() for cell in row if cell.value is not None]
    assert texts[0] == f"Mercury inventory: {settings.fleet_label}"
    assert f"Notice: {settings.notice}" in texts
    assert settings.rule_text in texts
    for row in run.coverage().itertuples(index=False):
        cells = summary_row(book, str(row.category))
        assert cells[1:] == [
            row.smallest_set_size, row.units_total, pytest.approx(row.emission_kg), pytest.approx(row.covered_share)
        ]  # fmt: skip
    for factor, row in run.gaps().iterrows():
        cells = summary_row(book, str(factor).capitalize())
        assert cells[3:] == pytest.approx([row["share_on_default"], row["share_on_recalled_or_judged"]])


def test_first_sheet_gives_the_uncertainty_of_the_result(run: hg.Run, book: Any) -> None:
    sure = run.certainty
    assert sure is not None
    for name, words in (("coal_power", "coal power"), ("cement_kiln", "cement kilns")):
        share, right = sure.lists[name].named_share, sure.lists[name].named_right
        row = summary_row(book, f"Share of the top 10 units, {words}")
        assert row[2:] == pytest.approx([share.mean, share.p05, share.p95])
        assert summary_row(book, f"Top units expected in the true top 10, {words}")[2] == pytest.approx(right)
    whole = sure.totals[(sure.totals["sector"] == "combined") & (sure.totals["unit"] == "t")].iloc[0]
    rows = [
        list(row)
        for row in book["Summary"].iter_rows(max_col=5, values_only=True)
        if row[0] == "Remaining-lifetime emissions, both together" and row[1] == "t"
    ]
    assert rows[0][2:] == pytest.approx([whole["mean"], whole["p05"], whole["p95"]])
    settings = {row[0]: row[1] for row in book["Run"].iter_rows(min_row=4, values_only=True)}
    assert (settings["draws"], settings["seed"]) == (DRAWS, 1)


def test_the_first_sentences_give_the_share_of_the_leading_units_with_its_interval(run: hg.Run, book: Any) -> None:
    texts = [str(row[0]) for row in book["Summary"].iter_rows(max_row=10, max_col=1, values_only=True)]
    for one, units in zip(run.headline.lists, ("coal units", "cement kilns"), strict=True):
        lead = one.units
        assert lead.drawn is not None
        low, high = (f"{100 * bound:.0f}" for bound in (lead.drawn.p05, lead.drawn.p95))
        said = f"{lead.count} of {lead.of} {units} account for {share_text(lead.share)} of remaining-lifetime emissions"
        assert any(said in text and f"{low} to {high} %" in text for text in texts)


def test_charts_say_the_finding_with_units_and_an_alternative_text(run: hg.Run, content: bytes) -> None:
    parts = xml_parts(content)
    charts = [part for name, part in parts.items() if name.startswith("xl/charts/")]
    drawings = [part for name, part in parts.items() if re.match(r"xl/drawings/drawing\d+\.xml", name)]
    texts = ["".join(t.text or "" for t in chart.iter() if local(t) == "t") for chart in charts]
    assert len(charts) == 4
    for finding in (
        r"Coal power: ten of 290 units \(\+13 under construction\) account for \d+ % of remaining-lifetime emissions",
        r"Cement kilns: ten of 46 units account for \d+ % of remaining-lifetime emissions",
    ):
        assert any(re.search(finding, text) and "[kg]" in text and "[%]" in text for text in texts)
    assert any("units within their lifetime" in text and "[kg/yr]" in text for text in texts)
    alternatives = [e.get("descr") for part in drawings for e in part.iter() if local(e) == "cNvPr"]
    assert len(alternatives) == 4
    assert all(text and 40 < len(text) <= 150 for text in alternatives)
    assert all(
        str(run.projection.settings.base_year) in t
        or re.search(r"of (290 units \(\+13 under construction\)|46 units)", t)
        for t in alternatives
        if t
    )


def test_charts_carry_the_values_that_they_show(run: hg.Run, content: bytes) -> None:
    charts = [part for name, part in xml_parts(content).items() if name.startswith("xl/charts/")]
    kept = {
        series: [float(v.text or "nan") for v in values.iter() if local(v) == "v"]
        for chart in charts
        for values in chart.iter()
        if local(values) == "val"
        for series in [next(str(f.text) for f in values.iter() if local(f) == "f")]
    }
    yearly = run.trajectory
    coal = yearly[yearly["sector"] == "coal_power"].eval("air_kg - past_age_kg")
    drawn = next(values for series, values in kept.items() if series.startswith("Trajectory!$B$4"))
    assert drawn == pytest.approx(coal.iloc[: len(drawn)].tolist())
    assert coal.iloc[len(drawn) :].sum() == 0
    shares = next(values for series, values in kept.items() if series.startswith("Pareto!$F$4"))
    assert shares == pytest.approx(run.rank(sector="coal_power")["cumulative_share"].head(20).tolist())
    shares = next(values for series, values in kept.items() if series.startswith("Pareto!$F$24"))
    assert shares == pytest.approx(run.rank(sector="cement_kiln")["cumulative_share"].head(20).tolist())


def test_palette_is_the_one_all_can_tell_apart(content: bytes) -> None:
    charts = [part for name, part in xml_parts(content).items() if name.startswith("xl/charts/")]
    colours = {e.get("val") for chart in charts for e in chart.iter() if local(e) == "srgbClr"}
    assert {"0072B2", "D55E00"} <= colours


def test_hostile_names_stay_text_and_the_parts_stay_well_formed() -> None:
    rows = [{"plant": text, "unit": text, "owner": text, "capacity_net": 500.0} for text in HOSTILE.values()]
    hostile = small_run(*rows, settings={"fleet_name": '=1+1 & "<r>"' + 200 * "&", "notice": "@notice <r>"})
    content = results_bytes(hostile)
    parts = xml_parts(content)
    for name, part in parts.items():
        if name.startswith("xl/worksheets/"):
            assert not [element for element in part.iter() if local(element) == "f"]
    sheet = openpyxl.load_workbook(io.BytesIO(content), rich_text=False)["Units"]
    names = [cell.value for cell in sheet[HEADER_ROWS]]
    for column_name in ("plant", "unit", "owner"):
        column = names.index(column_name) + 1
        cells = [sheet.cell(row, column) for row in range(HEADER_ROWS + 1, HEADER_ROWS + 1 + len(rows))]
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
        expected = [text.replace(chr(7), "") for text in HOSTILE.values()]
        assert [cell.value for cell in cells] == expected
    quoted = [cell.quotePrefix for cell in cells]
    assert quoted == [text.startswith(("=", "+", "-", "@")) for text in HOSTILE.values()]


@pytest.mark.parametrize(
    "run_of",
    [
        lambda: small_run({}),
        lambda: small_run({}, {"capacity_net": 300.0, "plant": None, "unit": None}),
        lambda: small_run({"start_year": 1950}, {"start_year": 1955}),
        lambda: small_run({"status": "construction", "start_year": 2030}),
        lambda: small_run({"status": "retired"}),
        lambda: small_run(
            *[{"clinker_capacity": 1e6}] * 3, sector="cement_kiln"
        ),
    ],
    ids=["one unit", "two units", "past the age", "construction", "nothing runs", "kilns"],
)  # fmt: skip
def test_small_and_empty_fleets_are_written_too(run_of: Any) -> None:
    odd = run_of()
    content = results_bytes(odd)
    assert xml_parts(content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [name for name in SHEETS if name != "Totals"]
    assert book["Units"].max_row == HEADER_ROWS + len(odd.units)


def test_a_failed_write_leaves_the_old_file(run: hg.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "results.xlsx"
    target.write_text("old")

    def refuse(*_: object) -> None:
        raise PermissionError("open in Excel")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(hg.UsageError, match=r"^path: .*results\.xlsx: cannot be written \(open in Excel\)"):
        write_results(run, target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["results.xlsx"]


def test_every_column_of_every_table_is_described(run: hg.Run, tables: dict[str, TableSheet]) -> None:
    frames = {**run_tables(run), **{spec.table: spec.frame for spec in tables.values()}}
    frames["units"], frames["mass_balance"] = run.units.reset_index(), run.mass_balance.reset_index()
    assert {"units", "ranking", "mass_balance", "trajectory"} <= set(frames)
    frames["long trajectory"] = run.trajectory
    for table, frame in frames.items():
        for name in frame.columns:
            described = column(name, table)
            assert described.meaning, f"{table}.{name} is not in report/columns.py"
            numbers = pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
            if frame[name].notna().any():
                assert numbers != (described.style in ("", "yes/no")), f"{table}.{name} has the style of another kind"
    for name, described in COLUMNS.items():
        if name.endswith("_kg_per_yr"):
            assert described.unit == "kg/yr"
        elif name.endswith("_kg") and not name.endswith("_per_kg"):
            assert described.unit == "kg"


def test_the_workbook_and_the_page_name_the_same_year_of_a_half() -> None:
    """A dip below half before the next units start is no halving: the year is the one after which it stays below."""
    status = ["operating", "operating", "construction"]
    rows = pd.DataFrame({"country": "IDN", "MW": [600, 600, 1000], "start_year": [1988, 1989, 2030], "status": status})
    run = hg.project(hg.fleet_from_frame(rows, settings={"base_year": 2026}), draws=0)
    total = run.projection.yearly_kg.sum(axis=0)
    years = run.projection.years.tolist()
    dip = next(year for year, kg in zip(years, total, strict=True) if kg < total[0] / 2)
    half = half_year(years, total.tolist())
    assert half is not None
    assert half > dip
    assert f"in {half}" in trajectory_text(years, total.tolist())
    assert f"by {half}" in run.figures()["trajectory"].title
    assert f"below half in {half}" in run.figures()["trajectory"].alt


def test_nothing_is_said_of_the_half_of_nothing() -> None:
    rows = pd.DataFrame({"country": "IDN", "MW": [600], "start_year": [2030], "status": ["construction"]})
    run = hg.project(hg.fleet_from_frame(rows, settings={"base_year": 2026}), draws=0)
    figure = run.figures()["trajectory"]
    assert figure.title == "Emissions of units within their lifetime peak in 2030"
    assert "zero in 2026" in figure.alt


def test_trajectory_sums_to_the_remaining_mercury(run: hg.Run) -> None:
    table = trajectory(run)
    assert table["cumulative_kg"].iloc[-1] == pytest.approx(run.units["lifetime_kg"].sum(), rel=1e-9)
    assert table["combined_kg"].to_numpy() == pytest.approx(
        (table["coal_power_kg"] + table["cement_kiln_kg"] + table["past_age_kg"]).to_numpy()
    )


def test_concentration_agrees_with_the_ranking(run: hg.Run, combined: hg.Run) -> None:
    table, of_both = (concentration(one).set_index("units") for one in (run, combined))
    assert list(table) == ["coal_power_share", "cement_kiln_share"]
    for one, name, sector in (
        (table, "coal_power_share", "coal_power"), (table, "cement_kiln_share", "cement_kiln"),
        (of_both, "combined_share", None),
    ):  # fmt: skip
        ranking = (run if sector else combined).rank(sector=sector)
        for count in (1, 10, len(ranking)):
            assert one.at[count, name] == pytest.approx(ranking["share"].head(count).sum())
    coal, kilns = (len(run.rank(sector=sector)) for sector in ("coal_power", "cement_kiln"))
    assert table.at[kilns, "cement_kiln_share"] == pytest.approx(1.0)
    assert math.isnan(table.at[coal, "cement_kiln_share"])


def test_labels_of_units_are_short_and_tell_units_apart(run: hg.Run) -> None:
    labels = unit_labels(run.rank().head(20))
    assert len(set(labels)) == 20
    assert max(map(len, labels)) <= 28


def test_importing_the_module_does_not_load_the_writer() -> None:
    code = "import sys, hginventory.report.excel.results_workbook; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
