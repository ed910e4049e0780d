"""The loader names file and line of every wrong row, all of them at once; the bundled tables have none."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from hginventory.errors import FactorError
from hginventory.factors.csv_tables import SOURCE_COLUMNS
from hginventory.factors.library import FactorLibrary, load_library
from hginventory.factors.tables import COMMON, TABLES

Cells = dict[str, str]
MERCURY: Cells = {
    "country": "IDN",
    "coal_type": "all",
    "value": "0.07",
    "unit": "mg/kg",
    "basis": "dry",
    "distribution": "lognormal",
    "spread": "0.5",
    "scopes": "country:0.25;plant:0.75",
    "read_from": "read",
    "use": "default",
    "source_id": "paper",
}
OTHER: Cells = {**MERCURY, "country": "WLD"}
REMOVAL: Cells = {
    **MERCURY,
    "profile": "default",
    "train": "ESPc",
    "coal_class": "low_cl",
    "boiler": "PC",
    "value": "0.3",
    "unit": "1",
    "basis": "",
    "removal_basis": "coal_to_stack",
    "distribution": "beta",
    "spread": "0.1",
}
NO_SPREAD: Cells = {"distribution": "", "spread": "", "scopes": ""}
SHARE: Cells = {
    "country": "WLD",
    "value": "0.6",
    "unit": "1",
    "read_from": "judgement",
    "use": "default",
    "source_id": "paper",
}


def write(folder: Path, table: str, rows: Sequence[Cells]) -> FactorLibrary:
    """Write a table of its known columns and a list of sources, and return their library."""
    spec = TABLES[table]
    lines = [[row.get(name, "") for name in (*spec.keys, *spec.extra, *COMMON)] for row in rows]
    write_lines(folder / f"{table}.csv", [[*spec.keys, *spec.extra, *COMMON], *lines])
    write_lines(folder / "sources.csv", [list(SOURCE_COLUMNS), ["paper", "Somebody (2020)", "", "", ""]])
    return FactorLibrary(folder)


def write_lines(path: Path, lines: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def problems(library: FactorLibrary, table: str) -> list[str]:
    with pytest.raises(FactorError) as caught:
        library.table(table)
    return str(caught.value).splitlines()


def test_bundled_tables_pass() -> None:
    library = FactorLibrary(load_library().folder)
    library.check_all()
    assert all(library.table(name).rows for name in library.names())


def test_right_rows_are_read(tmp_path: Path) -> None:
    rows = write(tmp_path, "coal_mercury", [MERCURY, OTHER]).table("coal_mercury").rows
    assert [row.line for row in rows] == [2, 3]
    assert rows[0].row_id == "coal_mercury/IDN/any/all"
    assert rows[0].value == 0.07
    assert rows[0].scopes == (("country", 0.25), ("plant", 0.75))
    assert rows[0].low is None


@pytest.mark.parametrize(
    ("table", "good", "change", "words"),
    [
        ("coal_mercury", OTHER, {"unit": "ug/kg"}, "unit 'ug/kg'; allowed: mg/kg"),
        ("coal_mercury", OTHER, {"basis": "daf"}, "basis 'daf'; allowed: as_received"),
        ("coal_mercury", OTHER, {"value": "70"}, "value 70 is outside 0 to 10"),
        ("coal_mercury", OTHER, {"value": "-0.07", **NO_SPREAD}, "value -0.07 is outside 0 to 10"),
        ("coal_mercury", OTHER, {"value": "0,07"}, "value '0,07' is not a number"),
        ("coal_mercury", OTHER, {"value": "nan"}, "value 'nan' is not a number"),
        ("coal_mercury", OTHER, {"n": "many"}, "n 'many' is not a number"),
        ("coal_mercury", OTHER, {"value": ""}, "a default row needs a value"),
        ("coal_mercury", OTHER, {"source_id": "hearsay"}, "source_id 'hearsay' is not in sources.csv"),
        ("coal_mercury", OTHER, {"use": "perhaps"}, "use 'perhaps'; allowed: default, evidence, check"),
        ("coal_mercury", OTHER, {"read_from": ""}, "read_from ''; allowed: read, partly recalled, recalled, judgement"),
        ("coal_mercury", OTHER, {"distribution": "uniform"}, "distribution 'uniform'; allowed: lognormal"),
        ("coal_mercury", OTHER, {"country": "WLD"}, "the key WLD//all is also in line 2"),
        (
            "coal_mercury",
            {**OTHER, "valid_from": "2015", "valid_to": "2019"},
            {"country": "WLD", "valid_from": "2015"},
            "the key WLD//all, from 2015, is also in line 2",
        ),
        ("coal_mercury", OTHER, {"spread": ""}, "distribution and spread belong together"),
        ("coal_mercury", OTHER, {"distribution": ""}, "distribution and spread belong together"),
        ("coal_mercury", OTHER, {"distribution": "", "spread": ""}, "scopes split a spread; there is none"),
        ("coal_mercury", OTHER, {"spread": "-0.5"}, "spread -0.5 is negative"),
        ("coal_mercury", OTHER, {"value": "0"}, "no lognormal distribution has mean 0"),
        ("coal_mercury", OTHER, {"scopes": ""}, "scopes: one to 3 are needed"),
        (
            "coal_mercury",
            OTHER,
            {"scopes": "country:0.25;plant:0.25;quarry:0.25;unit:0.25"},
            "scopes: one to 3 are needed",
        ),
        ("coal_mercury", OTHER, {"scopes": "country:0.25;plant:0.7"}, "scopes sum to 0.95, not to 1"),
        ("coal_mercury", OTHER, {"scopes": "country:1.25;plant:-0.25"}, "a share of the scopes is outside 0 to 1"),
        ("coal_mercury", OTHER, {"scopes": "country:nan"}, "a share of the scopes is outside 0 to 1"),
        ("coal_mercury", OTHER, {"scopes": "plants:1"}, "there is no scope 'plants'; allowed: country, plant, quarry"),
        (
            "coal_mercury",
            OTHER,
            {"scopes": "plant:0.5;plant:0.5"},
            "the scope 'plant' is given twice; add its shares up",
        ),
        ("coal_mercury", OTHER, {"distribution": "triangular", "spread": "0.03"}, "no triangle around 0.07 that stays"),
        (
            "coal_mercury",
            OTHER,
            {"value": "0", "distribution": "normal"},
            "a spread around a mean of 0 cannot be drawn",
        ),
        ("coal_mercury", OTHER, {"scopes": "country"}, "scopes 'country' is not written as scope:share"),
        ("coal_mercury", OTHER, {"low": "0.2", "high": "0.1"}, "low 0.2 is above high 0.1"),
        ("removal", {**REMOVAL, "boiler": "CFB"}, {"spread": "0.5"}, "no beta distribution has mean 0.3 and sd 0.5"),
        ("removal", {**REMOVAL, "boiler": "CFB"}, {"value": "1"}, "no beta distribution has mean 1 and sd 0.1"),
        ("removal", {**REMOVAL, "boiler": "CFB"}, {"removal_basis": "stack"}, "removal_basis 'stack'; allowed: coal"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_row_is_named_with_file_and_line(
    tmp_path: Path, table: str, good: Cells, change: Cells, words: str
) -> None:
    row = {**(MERCURY if table == "coal_mercury" else REMOVAL), **change}
    found = problems(write(tmp_path, table, [good, row]), table)
    assert len(found) == 1
    assert found[0].startswith(f"{tmp_path.name}/{table}.csv:3: {words}")


LIMIT: Cells = {
    "sector": "coal_power",
    "country": "EU",
    "instrument": "directive",
    "applies_to": "all",
    "id": "eu_directive",
    "value": "0.05",
    "unit": "mg/Nm3",
    "read_from": "read",
    "use": "default",
    "source_id": "paper",
}
COST: Cells = {**SHARE, "sector": "coal_power", "technology": "ESP", "quantity": "capital", "unit": "USD/kW"}


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("coal_mercury", {**MERCURY, "low": "0.08", "high": "0.2"}, "value 0.07 is below low 0.08"),
        ("coal_mercury", {**MERCURY, "low": "0.01", "high": "0.06"}, "value 0.07 is above high 0.06"),
        ("coal_mercury", {**MERCURY, "low": "0.0700001"}, "value 0.07 is below low 0.0700001"),
        ("coal_mercury", {**MERCURY, "high": "0.03"}, "value 0.07 is above high 0.03"),
        (
            "coal_mercury",
            {**MERCURY, **NO_SPREAD, "use": "evidence", "low": "0.1", "high": "0.2"},
            "value 0.07 is below low 0.1",
        ),
        ("emission_limit", {**LIMIT, "unit": "mg/Nm^3"}, "unit 'mg/Nm^3'; allowed: ug/Nm3, mg/Nm3"),
        ("emission_limit", {**LIMIT, "id": ""}, "id ''; write lower-case letters, digits and _"),
        ("emission_limit", {**LIMIT, "id": "EU directive"}, "id 'EU directive'; write lower-case letters"),
        ("emission_limit", {**LIMIT, "id": "eu+directive"}, "id 'eu+directive'; write lower-case letters"),
        ("emission_limit", {**LIMIT, "id": "eu-directive"}, "id 'eu-directive'; write lower-case letters"),
        ("emission_limit", {**LIMIT, "id": " eu_directive"}, "id ' eu_directive'; write lower-case letters"),
        ("emission_limit", {**LIMIT, "unit": ""}, "unit ''; allowed: ug/Nm3"),
        ("emission_limit", {**LIMIT, "unit": "no numeric limit"}, "unit 'no numeric limit'; allowed: ug/Nm3"),
        ("control_cost", {**COST, "unit": "EUR/kW"}, "unit 'EUR/kW'; allowed: 1, USD/kW"),
        ("control_cost", {**COST, "unit": "usd/kw"}, "unit 'usd/kw'; allowed: 1, USD/kW"),
        (
            "emission_limit",
            {**LIMIT, "valid_from": "27 Apr 2026"},
            "valid_from '27 Apr 2026' is not a year, month or day",
        ),
        ("emission_limit", {**LIMIT, "valid_to": "2026-13"}, "valid_to '2026-13' is not a year, month or day"),
        ("emission_limit", {**LIMIT, "valid_from": "FY20"}, "valid_from 'FY20' is not a year, month or day"),
        (
            "emission_limit",
            {**LIMIT, "valid_from": "2026", "valid_to": "2025"},
            "valid_from 2026 is after valid_to 2025",
        ),
        (
            "emission_limit",
            {**LIMIT, "valid_from": "2025-07-15", "valid_to": "2025-06"},
            "valid_from 2025-07-15 is after valid_to 2025-06",
        ),
        (
            "control_cost",
            {**COST, "mw_from": "300", "mw_to": "300"},
            "mw_from 300 is not below mw_to 300",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_range_unit_date_or_band_is_named(tmp_path: Path, table: str, row: Cells, words: str) -> None:
    found = problems(write(tmp_path, table, [row]), table)
    assert len(found) == 1
    assert found[0].startswith(f"{tmp_path.name}/{table}.csv:2: {words}")


@pytest.mark.parametrize(
    ("table", "row", "implied"),
    [
        ("coal_mercury", {**MERCURY, "low": "0.01", "high": "0.2", "low_high_meaning": "p10-p90"}, "1.17"),
        ("coal_mercury", {**MERCURY, "low": "0.06", "high": "0.08", "low_high_meaning": "p5-p95"}, "0.0874"),
        ("coal_mercury", {**MERCURY, "low": "0.06", "high": "0.08", "low_high_meaning": "p10-p90, judgement"}, "0.112"),
        (
            "coal_mercury",
            {**MERCURY, "distribution": "normal", "spread": "0.05", "low": "0.06", "high": "0.08",
             "low_high_meaning": "95 % limits"},
            "0.0051",
        ),
        ("removal", {**REMOVAL, "low": "0.29", "high": "0.32", "low_high_meaning": "taken as p10-p90"}, "0.0117"),
        ("coal_mercury", {**MERCURY, "low": "0.06", "high": "0.08", "low_high_meaning": "p1-p99"}, "0.0618"),
    ],
    ids=["narrow", "p5-p95", "judgement", "95 % limits", "taken as", "p1-p99"],
)  # fmt: skip
def test_spread_that_does_not_agree_with_its_percentiles(tmp_path: Path, table: str, row: Cells, implied: str) -> None:
    (found,) = problems(write(tmp_path, table, [row]), table)
    assert found.startswith(f"{tmp_path.name}/{table}.csv:2: spread {float(row['spread']):g} does not agree with ")
    assert f"from which it would be {implied}; allowed is a factor of 1.5" in found


@pytest.mark.parametrize(
    "change",
    [
        {"low": "0.037", "high": "0.133", "low_high_meaning": "p10-p90"},
        {"low": "0.03", "high": "0.16", "low_high_meaning": "p5-p95"},
        {"low": "0.06", "high": "0.08", "low_high_meaning": "p5-p95 of unit means"},
        {"low": "0.06", "high": "0.08", "low_high_meaning": "min-max"},
        {"low": "0.06", "high": "", "low_high_meaning": "p10-p90"},
    ],
    ids=["p10-p90", "p5-p95", "of unit means", "min-max", "no high"],
)
def test_spread_that_agrees_or_is_of_something_else(tmp_path: Path, change: Cells) -> None:
    (row,) = write(tmp_path, "coal_mercury", [{**MERCURY, **change}]).table("coal_mercury").rows
    assert (row.value, row.spread, row.low) == (0.07, 0.5, float(change["low"]))
    assert row.high == (float(change["high"]) if change["high"] else None)


def test_a_lognormal_has_no_percentile_of_zero(tmp_path: Path) -> None:
    row = {**MERCURY, "low": "0", "high": "0.1", "low_high_meaning": "p10-p90"}
    assert problems(write(tmp_path, "coal_mercury", [row]), "coal_mercury") == [
        f"{tmp_path.name}/coal_mercury.csv:2: low 0 is not a percentile of a lognormal"
    ]


CELL: Cells = {**SHARE, "country": "IDN", "boiler": "PC", "train": "ESPc", "value": "1"}
EFFICIENCY: Cells = {**SHARE, "quantity": "net_efficiency", "value": "0.36"}


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        ("control_mix", {**CELL, "mw_to": "400"}, {**CELL, "mw_from": "300"}),
        ("control_mix", {**CELL, "mw_to": "400"}, {**CELL, "mw_from": "399", "train": "FF"}),
        ("control_mix", {**CELL, "mw_to": "400"}, {**CELL, "start_from": "2000"}),
        ("control_mix", {**CELL, "mw_to": "400"}, {**CELL, "mw_to": "500", "valid_from": "2015"}),
        ("boiler_mix", {**CELL, "start_to": "2000"}, {**CELL, "start_from": "1990", "start_to": "2010"}),
        ("coal_technology", {**EFFICIENCY, "mw_to": "300"}, {**EFFICIENCY, "mw_from": "100"}),
    ],
    ids=["same train", "other train", "one names the size, one the start", "other year", "start", "efficiency"],
)
def test_bands_of_one_key_that_overlap(tmp_path: Path, table: str, first: Cells, second: Cells) -> None:
    assert problems(write(tmp_path, table, [first, second]), table) == [
        f"{tmp_path.name}/{table}.csv:3: its bands of size or start overlap those of line 2"
    ]


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        ("control_mix", {**CELL, "mw_to": "400"}, {**CELL, "mw_from": "400"}),
        ("control_mix", {**CELL, "mw_to": "400"}, {**CELL, "boiler": "CFB"}),
        ("control_mix", {**CELL, "mw_to": "400"}, CELL),
        ("control_mix", {**CELL, "mw_to": "400"}, {**CELL, "mw_to": "400", "start_from": "2000"}),
        ("control_mix", {**CELL, "mw_to": "400"}, {**CELL, "mw_to": "400", "valid_from": "2015"}),
        ("boiler_mix", {**CELL, "mw_to": "400", "start_to": "2000"}, {**CELL, "mw_to": "400", "start_from": "2000"}),
        ("coal_technology", {**EFFICIENCY, "mw_to": "100"}, EFFICIENCY),
        ("coal_technology", {**EFFICIENCY, "mw_to": "300"}, {**EFFICIENCY, "mw_from": "100", "use": "evidence"}),
    ],
    ids=[
        "next to each other",
        "other boiler",
        "all other sizes",
        "all other starts",
        "same band, other year",
        "other start",
        "no band stands in",
        "evidence",
    ],
)
def test_bands_that_do_not_overlap(tmp_path: Path, table: str, first: Cells, second: Cells) -> None:
    assert len(write(tmp_path, table, [first, second]).table(table).rows) == 2


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ({"valid_from": "2020"}, ["2: the shares of WLD/any/any/any/any/PC sum to 0.6",
                                  "3: the shares of WLD/any/any/any/any/CFB, from 2020, sum to 0.4"]),
        ({"valid_to": "2020"}, ["3: valid_to differs from that of line 2, which shares the whole"]),
    ],
)  # fmt: skip
def test_shares_of_one_mix_hold_for_one_period(tmp_path: Path, dates: Cells, found: list[str]) -> None:
    rows = [{**SHARE, "boiler": "PC"}, {**SHARE, "boiler": "CFB", "value": "0.4", **dates}]
    named = problems(write(tmp_path, "boiler_mix", rows), "boiler_mix")
    assert named == [f"{tmp_path.name}/boiler_mix.csv:{text}" for text in found]


def test_shares_of_a_mix_that_do_not_sum_to_one(tmp_path: Path) -> None:
    good = [{**SHARE, "boiler": "PC", "value": "0.9"}, {**SHARE, "boiler": "CFB", "value": "0.1"}]
    rows = [{**SHARE, "country": "IDN", "boiler": "PC"}, {**SHARE, "country": "IDN", "boiler": "CFB", "value": "0.3"}]
    found = problems(write(tmp_path, "boiler_mix", [*good, *rows]), "boiler_mix")
    assert len(found) == 1
    assert found[0].startswith(f"{tmp_path.name}/boiler_mix.csv:4: the shares of IDN/")
    assert found[0].endswith("sum to 0.9")


def test_all_wrong_rows_are_named_at_once(tmp_path: Path) -> None:
    rows = [
        {**MERCURY, "unit": "ppb", "source_id": "hearsay"},
        OTHER,
        {**MERCURY, "country": "VNM", "value": "x"},
        OTHER,
    ]
    found = problems(write(tmp_path, "coal_mercury", rows), "coal_mercury")
    lines = [int(re.search(r":(\d+):", text).group(1)) for text in found]  # type: ignore[union-attr]
    assert sorted(lines) == [2, 2, 4, 5]


def test_evidence_is_free_where_a_default_is_bound(tmp_path: Path) -> None:
    rows = [{**MERCURY, "use": "evidence", "value": "70", "unit": "ug/kg"}] * 2
    table = write(tmp_path, "coal_mercury", rows).table("coal_mercury")
    assert [row.row_id for row in table.rows] == ["coal_mercury/IDN/any/all#2", "coal_mercury/IDN/any/all#3"]
    assert table.defaults == ()


def test_wrong_columns(tmp_path: Path) -> None:
    library = write(tmp_path, "coal_mercury", [MERCURY])
    path = tmp_path / "coal_mercury.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("coal_type", "rank", 1), encoding="utf-8")
    found = problems(library, "coal_mercury")
    assert len(found) == 1
    assert found[0].startswith(
        f"{tmp_path.name}/coal_mercury.csv:1: wrong columns (coal_type, rank); expected: country"
    )


@pytest.mark.parametrize(("line", "count"), [("IDN,,all,0.07", 4), ("", 0), (",".join(["x"] * 30), 30)])
def test_ragged_row(tmp_path: Path, line: str, count: int) -> None:
    library = write(tmp_path, "coal_mercury", [MERCURY])
    with (tmp_path / "coal_mercury.csv").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    expected = len(TABLES["coal_mercury"].keys) + len(COMMON)
    assert problems(library, "coal_mercury") == [
        f"{tmp_path.name}/coal_mercury.csv:3: {count} cells, expected {expected}"
    ]


def test_table_saved_by_a_spreadsheet(tmp_path: Path) -> None:
    library = write(tmp_path, "coal_mercury", [MERCURY])
    path = tmp_path / "coal_mercury.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8-sig")
    assert len(library.table("coal_mercury").rows) == 1
    path.write_text(text.replace("read,default", "read,default", 1).replace("IDN", "Türkiye"), encoding="latin-1")
    assert "UTF-8" in problems(FactorLibrary(tmp_path), "coal_mercury")[0]


def test_missing_table(tmp_path: Path) -> None:
    library = write(tmp_path, "coal_mercury", [MERCURY])
    assert problems(library, "removal") == [f"{tmp_path.name}/removal.csv: there is no such file"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([["paper", "Somebody (2020)", "", "", ""]], "sources.csv:3: the source_id 'paper' is given twice"),
        ([["page", "", "https://example.org", "", ""]], "sources.csv:3: source_id and citation are needed"),
        ([["page", "Somebody"]], "sources.csv:3: 2 cells, expected 5"),
    ],
    ids=["twice", "no citation", "ragged"],
)
def test_wrong_source(tmp_path: Path, lines: list[list[str]], words: str) -> None:
    library = write(tmp_path, "coal_mercury", [MERCURY])
    good = ["paper", "Somebody (2020)", "", "", ""]
    write_lines(tmp_path / "sources.csv", [list(SOURCE_COLUMNS), good, *lines])
    assert problems(library, "coal_mercury") == [f"{tmp_path.name}/{words}"]


def test_wrong_columns_of_sources(tmp_path: Path) -> None:
    library = write(tmp_path, "coal_mercury", [MERCURY])
    write_lines(tmp_path / "sources.csv", [["id", "citation"], ["paper", "Somebody (2020)"]])
    assert problems(library, "coal_mercury")[0].startswith(f"{tmp_path.name}/sources.csv:1: wrong columns")


def test_check_all_names_the_rows_of_every_table(tmp_path: Path) -> None:
    for file in load_library().folder.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for table in ("coal_mercury", "removal"):
        path = tmp_path / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8") + "one,cell\n", encoding="utf-8")
    with pytest.raises(FactorError) as caught:
        FactorLibrary(tmp_path).check_all()
    assert [text.partition(".csv")[0].rpartition("/")[2] for text in str(caught.value).splitlines()] == [
        "coal_mercury",
        "removal",
    ]


def test_replaced_rows_stand_in_for_those_of_the_file(tmp_path: Path) -> None:
    library = write(tmp_path, "coal_mercury", [MERCURY, OTHER])
    row = library.row("coal_mercury/IDN/any/all")
    changed = library.with_rows([type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"value": 0.05})])
    assert changed.row("coal_mercury/IDN/any/all").value == 0.05
    assert library.row("coal_mercury/IDN/any/all").value == 0.07
    assert changed.row("coal_mercury/WLD/any/all").value == 0.07


def test_unknown_row_and_those_like_it(tmp_path: Path) -> None:
    library = write(tmp_path, "coal_mercury", [MERCURY])
    with pytest.raises(KeyError):
        library.row("coal_mercury/XXX/any/all")
    with pytest.raises(KeyError):
        library.row("no_table/IDN")
    assert library.nearest("coal_mercury/IDN/all") == ["coal_mercury/IDN/any/all"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("age", "new"), ("fuel", "lignite"), ("mwth_from", "300"), ("country", "USA"), ("only_where", "waste is burned")],
)
def test_limits_of_one_id_are_for_the_same_units(tmp_path: Path, column: str, cell: str) -> None:
    second = {**LIMIT, "applies_to": "all, output based", "unit": "lb/GWh", column: cell}
    (found,) = problems(write(tmp_path, "emission_limit", [LIMIT, second]), "emission_limit")
    assert found.endswith(f"3: its id is also that of line 2, whose {column} is {LIMIT.get(column, '')!r}")
    alike = [LIMIT, {**second, column: LIMIT.get(column, "")}]
    assert len(write(tmp_path, "emission_limit", alike).table("emission_limit").rows) == 2
