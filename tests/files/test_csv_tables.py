"""Tables as CSV files: the bytes that pandas writes, but for texts that a spreadsheet program would calculate."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hginventory.files import write_csv
from hginventory.files.csv_tables import FLOATS

COLUMNS: dict[str, list[Any]] = {
    "floats": [1.5, math.nan, 0.1 + 0.2],
    "small and large": [1e-300, 1.7e308, -0.0],
    "infinite": [math.inf, -math.inf, 1.0],
    "whole": [1, -2, 3_000_000_000],
    "truth": [True, False, True],
    "texts": ["a", 'with "quotes", a comma', "two\nlines"],
    "blanks": ["a", None, ""],
    "blanks of all kinds": [None, math.nan, pd.NA],
    "mixed": [1, "a", 2.5],
    "letters": ["Đông Á", "＝", " spaces "],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_written_as_pandas_writes_them(tmp_path: Path, name: str) -> None:
    table = pd.DataFrame({"id": ["x", "y", "z"], name: COLUMNS[name]})
    write_csv(table, tmp_path / "ours.csv")
    expected = table.to_csv(index=False, float_format=FLOATS, lineterminator="\n")
    if name == "letters":
        expected = expected.replace("＝", "'＝")
    assert (tmp_path / "ours.csv").read_bytes() == expected.encode()


@pytest.mark.parametrize("kind", ["Int64", "boolean", "string", "category", "Float64"])
def test_columns_of_other_types_are_written_as_pandas_writes_them(tmp_path: Path, kind: str) -> None:
    values = {"boolean": [True, None], "string": ["a", None], "category": ["a", "b"], "Float64": [1.5, None]}
    table = pd.DataFrame({"id": ["x", "y"], "value": pd.array(values.get(kind, [7, None]), dtype=kind)})
    write_csv(table, tmp_path / "ours.csv")
    expected = table.to_csv(index=False, float_format=FLOATS, lineterminator="\n")
    assert (tmp_path / "ours.csv").read_text("utf-8") == expected


@pytest.mark.parametrize("rows", [0, 1])
def test_tables_without_rows_have_their_headings(tmp_path: Path, rows: int) -> None:
    table = pd.DataFrame({"a": [1.0], "b, c": ["x"]}).head(rows)
    write_csv(table, tmp_path / "ours.csv")
    assert (tmp_path / "ours.csv").read_text("utf-8") == 'a,"b, c"\n' + "1.0,x\n".replace("1.0", FLOATS % 1.0) * rows
