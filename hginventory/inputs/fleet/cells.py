"""The cells of a table in memory: its rows as mappings, its columns as plain values, and which are blank."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats


def as_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings of column to value, in order."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].tolist() for name in names]  # plain values at once; DataFrame.to_dict takes them one by one
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


class Cells:
    """The rows of a table as mappings of column to value, each made when asked for, and its columns at once.

    Parameters
    ----------
    frame : DataFrame, N rows
        The table; a column that it does not have is blank.

    Examples
    --------
    >>> cells = Cells(pd.DataFrame({"country": ["IDN", "VNM"], "removal": [np.nan, 0.3]}))
    >>> cells.column("country"), cells.column("boiler"), cells.own("removal", "boiler"), cells[1]
    (['IDN', 'VNM'], [None, None], [-1, 1], {'country': 'VNM', 'removal': 0.3})
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._frame)

    def __getitem__(self, index: int) -> dict[str, Any]:
        """Return a row."""
        return {name: values[index] for name, values in self._columns.items()}

    def column(self, name: str) -> list[Any]:
        """Return the values of a column as plain objects, length N."""
        return self._frame[name].tolist() if name in self._frame else [None] * len(self)

    def numbers(self, name: str) -> Floats:
        """Return the numbers of a column, NaN where blank, shape (N,)."""
        return np.array(self.column(name), dtype=np.float64)

    def given(self, *names: str) -> Flags:
        """Return which rows have a value in any of some columns, shape (N,)."""
        flags: Flags = self._frame.reindex(columns=list(names)).notna().any(axis=1).to_numpy()
        return flags

    def own(self, *names: str) -> list[int]:
        """Return the index of each row with a value in any of some columns; -1 for a row without, length N."""
        found: list[int] = np.where(self.given(*names), np.arange(len(self)), -1).tolist()
        return found

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        return {str(name): self.column(name) for name in self._frame.columns}


def is_blank(value: object) -> bool:
    """Return whether a value of a table stands for a blank cell: None in words, NaN in numbers.

    >>> [is_blank(value) for value in (None, float("nan"), 0.0, "")]
    [True, True, False, False]
    """
    return value is None or (isinstance(value, float) and math.isnan(value))
