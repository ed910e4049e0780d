"""A worksheet of XlsxWriter that takes the rows of a table at once.

Cell by cell XlsxWriter takes 9 microseconds each; the results of the world have a million cells. Cells
state no address, as the format allows where none is left out: addresses are half of a packed file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767  # UTF-16 units that a cell holds
_AT_AN_END = re.compile(r"\A\s|\s\Z")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_TAKEN_FOR_A_CODE = re.compile("_(x[0-9a-fA-F]{4}_)")


class TableWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter tells no types
    """A worksheet of a workbook that keeps one row in memory, as XlsxWriter's own but for `write_rows`."""

    def write_rows(
        self, first: int, columns: Sequence[Sequence[str]], heights: Mapping[int, float], blank: Sequence[Any] = ()
    ) -> None:
        """Write the rows of a table below what was written so far.

        Parameters
        ----------
        first : int
            Row of the first, from 0.
        columns : sequence of sequence of str
            Cells of each column from the first on, as `number_cell` and `text_cell` give them; empty: a blank cell.
        heights : mapping of int to float
            Row -> its height, of rows that are higher than usual [points].
        blank : sequence of Format
            Format of the blank cells of each column; the usual one without it.
        """
        self._write_single_row(first)  # what was written last
        for row, height in heights.items():
            self.set_row(row, height)
        blanks = [f' s="{style._get_xf_index()}"/>' for style in blank] or ["/>"] * len(columns)
        row = first - 1
        for row, cells in enumerate(zip(*columns, strict=True), first):
            if any(cells):
                self._check_dimensions(row, len(columns) - 1)
                self._write_row(row, None, self.row_info.get(row))
                filled = [cell or none for cell, none in zip(cells, blanks, strict=True)]
                self.fh.write(f"<c{'<c'.join(filled)}</row>")
        self.previous_row = row + 1


def number_cell(value: float, style: Any) -> str:
    """Return the cell of a finite number from after its address on, in all its digits."""
    return f' s="{style._get_xf_index()}"><v>{value:.16G}</v></c>'


def text_cell(text: str, style: Any) -> str:
    """Return the cell of a text from after its address on; nothing in the text is markup or an escape."""
    if len(text) > LONGEST_TEXT // 2:
        text = text.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
    coded = _NOT_IN_XML.sub(lambda sign: f"_x{ord(sign[0]):04X}_", _TAKEN_FOR_A_CODE.sub(r"_x005F_\1", text))
    space = ' xml:space="preserve"' if _AT_AN_END.search(text) else ""
    return f' s="{style._get_xf_index()}" t="inlineStr"><is><t{space}>{html.escape(coded, quote=False)}</t></is></c>'
