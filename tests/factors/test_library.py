"""The loader names file and line of every wrong row, all of them at once; the bundled tables have none."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from hginventory.errors import FactorError
from hginventory.factors.library import FactorLibrary, load_library
from hginventory.factors.rows import SOURCE_COLUMNS
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
        ("coal_mercury", OTHER, {"value": "0,07"}, "value '0,07' is no number"),
        ("coal_mercury", OTHER, {"value": "nan"}, "value 'nan' is no number"),
        ("coal_mercury", OTHER, {"n": "many"}, "n 'many' is no number"),
        ("coal_mercury", OTHER, {"value": ""}, "a default row needs a value"),
        ("coal_mercury", OTHER, {"source_id": "hearsay"}, "source_id 'hearsay' is not in sources.csv"),
        ("coal_mercury", OTHER, {"use": "perhaps"}, "use 'perhaps'; allowed: default, evidence, check"),
        ("coal_mercury", OTHER, {"read_from": ""}, "read_from ''; allowed: read, recalled, judgement"),
        ("coal_mercury", OTHER, {"distribution": "uniform"}, "distribution 'uniform'; allowed: lognormal"),
        ("coal_mercury", OTHER, {"country": "WLD"}, "the key WLD//all stands also in line 2"),
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
        ("coal_mercury", OTHER, {"scopes": "plant:0.5;plant:0.5"}, "the scope 'plant' stands twice; add its shares up"),
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
        ([["paper", "Somebody (2020)", "", "", ""]], "sources.csv:3: the source_id 'paper' stands twice"),
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
