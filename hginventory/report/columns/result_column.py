"""What a result column has: label, unit, meaning and number format."""

from __future__ import annotations

from dataclasses import dataclass

TEXT = ""
FLAG = "yes/no"
GENERAL = "General"
YEAR = "0"
COUNT = "#,##0"
ONE = "#,##0.0"
AMOUNT = "[>=1000]#,##0;[>=1]0.0;0.0##"  # about three figures, whatever the size
SMALL = "0.0000"
SHARE = "0.0 %"


@dataclass(frozen=True)
class ResultColumn:
    """A column of a result.

    Attributes
    ----------
    label : str
        Words for people.
    unit : str
        Unit of the values as stored; ``1`` for plain numbers such as shares and ranks, "" for words.
    meaning : str
        What the value says.
    style : str
        Number format of a spreadsheet; `TEXT` for words, `FLAG` for yes or no.
    """

    label: str
    unit: str
    meaning: str
    style: str = TEXT

    @property
    def is_text(self) -> bool:
        """Whether the column contains text."""
        return self.style == TEXT

    @property
    def shown_unit(self) -> str:
        """Unit as a spreadsheet shows the values: shares as percent, plain numbers without one."""
        if self.style == SHARE:
            return "%"
        return "" if self.unit == "1" else self.unit
