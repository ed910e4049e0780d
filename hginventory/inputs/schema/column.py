"""What a column and a sheet of the workbook are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hginventory.vocabulary import CodeList

Kind = Literal["text", "number", "year", "date", "code", "train", "boolean", "country"]


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    name : str
        Stable English name, as in the name row.
    kind : Kind
        How a cell is read.
    label : str
        Words for people, shown above the name.
    meaning : str
        What belongs into the cell.
    unit : str
        Unit of the values inside the program; "" for words, "1" for fractions.
    units : tuple of str
        Units allowed in the units row; empty means only ``unit``.
    low, high : float, optional
        Bounds allowed, in ``unit``; a value outside is an error.
    exclusive_low : bool
        Whether ``low`` itself is outside (a capacity of 0 is an error).
    required : bool
        Whether a blank cell is an error.
    codes : CodeList, optional
        List of codes for kinds ``code`` and ``train``.
    suggestions : tuple of str
        Words offered in a drop-down where others are allowed too.
    essential : str
        For a cell that a ranking wants filled in: name of its group, of which one is enough; else empty.
        A blank cell is not an error: a rule or a default value is used.
    devices : tuple of str
        For kind ``train``: the devices that belong into this column; empty means all.
    aliases : tuple of str
        Other column names met in the wild.
    """

    name: str
    kind: Kind
    label: str
    meaning: str
    unit: str = ""
    units: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    exclusive_low: bool = False
    required: bool = False
    codes: CodeList | None = None
    devices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    essential: str = ""

    @property
    def known_codes(self) -> CodeList:
        """List of codes of a column of the kind ``code`` or ``train``; ValueError for other columns."""
        if self.codes is None:
            raise ValueError(f"the column {self.name} has no list of codes")
        return self.codes

    @property
    def allowed_units(self) -> tuple[str, ...]:
        """Units allowed in the units row."""
        return self.units or ((self.unit,) if self.unit else ())


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook: its name, its key column and its columns in order."""

    name: str
    meaning: str
    key: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return a column by its name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
