"""A fleet that is written and read again is the same fleet, whatever stands in its cells."""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import replace
from functools import partialmethod
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.inputs.reader import fleet_from_tables
from hginventory.inputs.schema.column import Column
from hginventory.inputs.schema.contract import ACTIVITY_COLUMNS, CONTRACT_SHEETS
from hginventory.inputs.schema.other_sheets import ACTIVITY_UNITS
from hginventory.inputs.template import writer
from hginventory.inputs.template.fleet_writer import write_fleet
from hginventory.inputs.template.template import write_template
from hginventory.vocabulary.code_list import NONE, UNKNOWN
from hginventory.xlsx.shared import Budget

# Letters of every script, but no line breaks or control signs, which the reader folds into spaces or Excel cannot hold.
SIGNS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp", "Zs"), include_characters=" ")
RISKY = st.sampled_from(
    [
        "=1+1",
        "+cmd",
        "-1",
        "@sum",
        "=HYPERLINK(A1)",
        "<r>bold</r>",
        "_x0041_",
        "<b>&amp;",
        "00123",
        "1e5",
        "1-2",
        "'x",
        "#",
        "http://x.y",
    ]
)
TEXTS = st.one_of(RISKY, st.text(SIGNS, min_size=1, max_size=30))
# Ids must not begin like a total, a missing word or an example, which mean something to the reader.
IDS = st.builds(lambda text, number: f"{text}|{number}".strip(), TEXTS, st.integers(0, 10**6))
KNOWN = {"unit_id", "fuel_id", "fuels", "source_id", "note", "plant", "unit", "country", "status", "removal_basis"}


def numbers(column: Column) -> st.SearchStrategy[float]:
    low, high = column.low if column.low is not None else -1e6, column.high if column.high is not None else 1e6
    if column.kind == "year":
        return st.integers(int(low), int(high)).map(float)
    return st.floats(low, high, exclude_min=column.exclusive_low, allow_nan=False)


def values(column: Column) -> st.SearchStrategy[Any]:
    if column.kind in ("number", "year"):
        return numbers(column)
    if column.kind == "code" and column.codes is not None:
        return st.sampled_from(column.codes.codes)
    if column.kind == "train" and column.codes is not None:
        devices = column.devices or column.codes.codes
        chosen = st.lists(st.sampled_from(devices), min_size=1, max_size=3, unique=True).map("+".join)
        return st.one_of(st.sampled_from([NONE, UNKNOWN]), chosen)
    if column.kind == "boolean":
        return st.booleans()
    if column.kind == "country":
        return st.sampled_from(["IDN", "VNM", "XKX", "CIV"])
    return TEXTS


def rows(sheet: str, **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of a sheet: every column blank or filled; those that other rules speak about are fixed."""
    fields = {
        column.name: st.one_of(st.none(), values(column))
        for column in CONTRACT_SHEETS[sheet].columns
        if column.name not in KNOWN
    }
    return st.fixed_dictionaries({**fields, **fixed})


@st.composite
def activities(draw: st.DrawFn, units: list[str]) -> dict[str, Any]:
    variable = draw(st.sampled_from(list(ACTIVITY_UNITS)))
    return {
        "unit_id": draw(st.sampled_from(units)),
        "year": draw(st.integers(1990, 2060)),
        "variable": variable,
        "value": draw(numbers(ACTIVITY_COLUMNS[variable])),
        "unit": ACTIVITY_UNITS[variable][0],
        "source_id": draw(st.one_of(st.none(), TEXTS)),
        "note": draw(st.one_of(st.none(), TEXTS)),
    }


@st.composite
def fleets(draw: st.DrawFn) -> hg.Fleet:
    ids = draw(st.lists(IDS, min_size=1, max_size=5, unique_by=str.casefold))
    fuels = draw(
        st.lists(IDS.map(lambda text: text.replace(";", ",").replace(":", ".")), max_size=2, unique_by=str.casefold)
    )
    country, status = (
        st.sampled_from([None, "IDN", "VNM"]),
        st.sampled_from([None, "operating", "retired", "announced"]),
    )
    blank = st.none()
    tables: dict[str, list[dict[str, Any]]] = {"Coal_units": [], "Cement_kilns": []}
    for unit in ids:
        sheet = draw(st.sampled_from(list(tables)))
        fuel = (
            {"fuel_id": st.sampled_from([None, *fuels])}
            if sheet == "Coal_units"
            else {"fuels": st.sampled_from([None, "coal:0.9; RDF:0.1", *fuels])}
        )
        row = draw(
            rows(
                sheet,
                country=country,
                status=status,
                source_id=st.one_of(blank, TEXTS),
                note=st.one_of(blank, TEXTS),
                **fuel,
            )
        )
        tables[sheet].append({"unit_id": unit, **row})
    tables["Fuels"] = [
        {"fuel_id": fuel, **draw(rows("Fuels", source_id=blank, note=st.one_of(blank, TEXTS)))} for fuel in fuels
    ]
    tables["Activity"] = draw(st.lists(activities(ids), max_size=3))
    tables["Sources"] = [
        {"source_id": text, "citation": text, "note": text} for text in draw(st.lists(IDS, max_size=2, unique=True))
    ]
    tables["Factors"] = [
        {"factor_id": draw(TEXTS), "value": draw(st.floats(-1e9, 1e9)), "unit": "mg/kg",
         "low": draw(st.one_of(blank, st.floats(0, 1))), "reason": draw(TEXTS), "source_id": draw(TEXTS),
         "note": draw(st.one_of(blank, TEXTS))}
        for _ in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    stated = {
        "country": "IDN", "base_year": draw(st.integers(1990, 2100)), "fleet_name": draw(TEXTS), "notice": draw(TEXTS),
        "entry_into_force": draw(st.dates(datetime.date(1800, 1, 1), datetime.date(2100, 1, 1))).isoformat(),
    }  # fmt: skip
    frames = {sheet: pd.DataFrame(content, dtype=object) for sheet, content in tables.items() if content}
    return fleet_from_tables(frames, settings=stated)


def assert_same(first: hg.Fleet, second: hg.Fleet) -> None:
    pd.testing.assert_frame_equal(first.units, second.units, check_exact=True)
    pd.testing.assert_frame_equal(first.fuels, second.fuels, check_exact=True)
    pd.testing.assert_frame_equal(first.sources, second.sources, check_exact=True)
    pd.testing.assert_frame_equal(
        first.activity.drop(columns="cell"), second.activity.drop(columns="cell"), check_exact=True
    )
    assert {k: s.value for k, s in first.settings.items()} == {k: s.value for k, s in second.settings.items()}
    strip = [{**vars(override), "cell": ""} for override in first.overrides]
    assert strip == [{**vars(override), "cell": ""} for override in second.overrides]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(fleets())
@pytest.mark.slow
def test_written_and_read_again_is_the_same(fleet: hg.Fleet) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_same(fleet, hg.read_fleet(write_fleet(fleet, Path(folder) / "fleet.xlsx")))


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {"unit_id": ["A", "B"], "country": "IDN", "capacity_gross": [600.0, 300.0], "start_year": 2015, **columns}
    )


def test_bundled_fleet_survives(tmp_path: Path) -> None:
    fleet = hg.read_fleet("indonesia")
    again = hg.read_fleet(write_fleet(fleet, tmp_path / "copy.xlsx"))
    assert_same(fleet, again)
    assert [(f.code, f.unit_id, f.found) for f in fleet.findings] == [
        (f.code, f.unit_id, f.found) for f in again.findings
    ]


def test_fleet_of_a_filled_template_survives_in_another_language(tmp_path: Path) -> None:
    """Template, fill, read, write, read: the same fleet, though the second workbook is in another language."""
    book = openpyxl.load_workbook(write_template(tmp_path / "template.xlsx", language="id", country="IDN"))
    sheet = book["Coal_units"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    content = {"unit_id": "SRL-1", "plant": "PLTU Contoh", "start_year": 1985, "capacity_gross": 400_000, "hg_coal": 60,
               "hg_basis": "as received", "pm_control": "ESP", "so2_control": "none", "captive": "tidak",
               "note": "=catatan"}  # fmt: skip
    for column, value in content.items():
        cell = sheet.cell(7, columns[column])
        cell.value = value
        cell.data_type = "s" if isinstance(value, str) else cell.data_type
    sheet.cell(2, columns["capacity_gross"]).value = "kW"
    sheet.cell(2, columns["hg_coal"]).value = "ug/kg"
    book.save(tmp_path / "filled.xlsx")
    first = hg.read_fleet(tmp_path / "filled.xlsx")
    second = hg.read_fleet(write_fleet(first, tmp_path / "written.xlsx", language="en"))
    values = dict(first.settings)
    assert values.pop("language").value == "id"  # of its labels; English ones say none
    assert_same(replace(first, settings=values), second)
    assert second.units.loc["SRL-1", ["capacity_gross", "captive", "pm_control", "note"]].tolist() == [
        400.0,
        False,
        "ESPc",
        "=catatan",
    ]


def test_text_is_never_a_formula(tmp_path: Path) -> None:
    texts = ['=HYPERLINK("http://x")', "<r>&</r>"]
    fleet = hg.fleet_from_frame(frame(owner=texts))
    path = write_fleet(fleet, tmp_path / "fleet.xlsx")
    assert hg.read_fleet(path).units["owner"].tolist() == texts
    cells = [cell for row in openpyxl.load_workbook(path)["Coal_units"].iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    numbers = [0.1 + 0.2, 1 / 3]
    again = hg.read_fleet(write_fleet(hg.fleet_from_frame(frame(hg_coal=numbers)), tmp_path / "fleet.xlsx"))
    assert again.units["hg_coal"].tolist() == numbers


def test_what_only_a_default_supplied_stays_blank(tmp_path: Path) -> None:
    """A status that the reader assumed must not come back as one that somebody stated."""
    table = frame(status=[None, "operating"]).drop(columns="country")
    fleet = hg.fleet_from_frame(table, settings={"country": "IDN"})
    again = hg.read_fleet(write_fleet(fleet, tmp_path / "fleet.xlsx"))
    assert_same(fleet, again)
    assert again.cell("A", "status") is None
    assert again.cell("B", "status") is not None
    assert again.cell("A", "country") is None
    assert "N309" in {finding.code for finding in again.findings}


def test_unknown_none_and_blank_stay_apart(tmp_path: Path) -> None:
    fleet = hg.fleet_from_frame(
        pd.concat([frame(pm_control=["unknown", "none"]), frame().iloc[:1].assign(unit_id="C")])
    )
    again = hg.read_fleet(write_fleet(fleet, tmp_path / "fleet.xlsx"))
    assert again.units["pm_control"].tolist() == ["unknown", "none", None]


def test_control_signs_are_dropped_and_too_long_texts_refused(tmp_path: Path) -> None:
    fleet = hg.fleet_from_frame(frame(owner=["a\x01b", "x"]))
    assert hg.read_fleet(write_fleet(fleet, tmp_path / "fleet.xlsx")).units["owner"].tolist() == ["ab", "x"]
    with pytest.raises(UsageError, match="40000 characters"):
        write_fleet(hg.fleet_from_frame(frame(owner=["a" * 40_000, "x"])), tmp_path / "long.xlsx")
    assert not (tmp_path / "long.xlsx").exists()


def test_workbook_that_was_read_is_never_written_to(tmp_path: Path) -> None:
    path = write_fleet(hg.fleet_from_frame(frame()), tmp_path / "fleet.xlsx")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="never written to"):
        write_fleet(hg.read_fleet(path), path, overwrite=True)
    with pytest.raises(UsageError, match="exists"):
        write_fleet(hg.fleet_from_frame(frame()), path)
    assert path.read_bytes() == before


def test_equal_fleets_give_equal_bytes_and_nothing_is_left_behind(tmp_path: Path) -> None:
    paths = [write_fleet(hg.fleet_from_frame(frame()), tmp_path / name) for name in ("a.xlsx", "b.xlsx")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


@pytest.mark.parametrize(
    ("bound", "most", "words"),
    [("MOST_FILLED", 2_000, "filled cells; at most 2,000"), ("MOST_CELLS", 1_000, "cells in one sheet; at most 1,000")],
)
def test_a_workbook_that_nobody_could_read_again_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int, words: str
) -> None:
    fleet = hg.read_fleet("indonesia")
    monkeypatch.setattr(writer, bound, most)
    monkeypatch.setattr(writer, "contract_bytes", lambda *_: pytest.fail("the work was begun"))
    with pytest.raises(UsageError, match=words) as refused:
        write_fleet(fleet, tmp_path / "new.xlsx")
    assert f"a workbook of {len(fleet.units):,} units" in refused.value.message
    assert "`countries`" in refused.value.message
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_count_of_cells_is_that_of_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    fleet = hg.read_fleet("indonesia")
    path = write_fleet(fleet, tmp_path / "new.xlsx", language=language)
    book = openpyxl.load_workbook(path, read_only=True)
    filled = sum(cell is not None for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    for most, is_written in ((filled - 1, False), (filled + writer.OWN_CELLS, True)):
        monkeypatch.setattr(writer, "MOST_FILLED", most)
        monkeypatch.setattr(Budget, "__init__", partialmethod(Budget.__init__, cells=most))
        try:
            written = write_fleet(fleet, path, language=language, overwrite=True)
        except UsageError:
            assert not is_written
        else:
            assert is_written
            assert len(hg.read_fleet(written).units) == len(fleet.units)
