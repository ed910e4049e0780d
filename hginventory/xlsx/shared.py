"""What the cells of all sheets of a workbook share: texts, styles, day 0 of dates, and how much may still be read."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from hginventory.reading import MOST_FILLED, MOST_LETTERS
from hginventory.xlsx.cells import GENERAL
from hginventory.xlsx.xml_stream import BrokenPartError


@dataclass(frozen=True)
class CellStyle:
    """How the cells of one style show their numbers."""

    number_format: str = GENERAL
    is_date: bool = False
    is_duration: bool = False


@dataclass
class Budget:
    """What may still be read of a workbook before it is too large."""

    cells: int = MOST_FILLED
    letters: int = MOST_LETTERS

    def spend_letters(self, count: int) -> None:
        """Take the letters of a text off the budget."""
        self.letters -= count
        if self.letters < 0:
            raise BrokenPartError(f"more than {MOST_LETTERS:,} letters")

    def spend_cells(self, count: int) -> None:
        """Take filled cells off the budget."""
        self.cells -= count
        if self.cells < 0:
            raise BrokenPartError(f"more than {MOST_FILLED:,} filled cells")


@dataclass(frozen=True)
class Book:
    """What the cells of all sheets share: texts, styles, day 0 of dates, and how much may still be read."""

    texts: list[str]
    styles: list[CellStyle]
    epoch: datetime.date
    budget: Budget
