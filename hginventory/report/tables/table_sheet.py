"""A table with the worksheet it goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from hginventory.report.columns import ResultColumn, column, fitted


@dataclass(frozen=True)
class TableSheet:
    """A table and the sheet it goes to.

    Attributes
    ----------
    sheet : str
        Name of the sheet.
    table : str
        Name of the table, as in `columns.IN_TABLE`.
    title : str
        What the sheet shows, for the printed page.
    frame : DataFrame
        The table; its index is not written.
    frozen : int
        Columns on the left that stay in view.
    pages_wide : int
        Pages side by side when printed.
    known : mapping of str to ResultColumn
        Columns that `columns` does not contain.
    headings : tuple of str
        Title and notes above the table. The sheet then prints on one page: texts wrap, and the row of stable column
        names is omitted.
    """

    sheet: str
    table: str
    title: str
    frame: pd.DataFrame
    frozen: int = 1
    pages_wide: int = 1
    known: Mapping[str, ResultColumn] = field(default_factory=dict)
    headings: tuple[str, ...] = ()

    def columns(self) -> list[tuple[str, ResultColumn]]:
        """Return the columns with what they are, each with one number format that fits all of its values."""
        names = list(map(str, self.frame.columns))
        told = [self.known[name] if name in self.known else column(name, self.table) for name in names]
        return [
            (name, fitted(one, self.frame.iloc[:, at])) for at, (name, one) in enumerate(zip(names, told, strict=True))
        ]
