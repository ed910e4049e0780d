"""A copy of the user's workbook with the fixes that are safe: how a value is written changes, never what is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hginventory.files import check_target, new_file
from hginventory.inputs.findings import Finding
from hginventory.xlsx import NewCell, patched, read_scanned, read_workbook


@dataclass(frozen=True)
class Correction:
    """A cell that was changed: its cell, its old and new content, and the code that asked for it."""

    sheet: str
    cell: str
    old: Any
    new: Any
    code: str

    @property
    def location(self) -> str:
        """Sheet and cell in one text, as ``Coal_units!H23``."""
        return f"{self.sheet}!{self.cell}"


def write_fixed(
    source: Path, findings: Sequence[Finding], fixed: str | Path, *, overwrite: bool = False
) -> tuple[Correction, ...]:
    """Write a copy of a workbook with all safe fixes, and return them; without any, nothing is written.

    Formulas are never replaced. Everything that is not fixed stays byte for byte.

    Parameters
    ----------
    source : Path
        The workbook; it is only read.
    findings : sequence of Finding
        One a location.
    fixed : str or Path
        File to write, with the ending of the workbook.
    overwrite : bool
        Whether another file of this name may be replaced.

    Raises
    ------
    UsageError
        If the file exists, is the workbook itself, or cannot be written.
    """
    path = Path(fixed)
    check_target(path, "fixed", source.suffix.lower(), overwrite=overwrite, source=source)
    sheets = read_workbook(source).sheets
    stored = {
        (name, cell.address): cell for name, raw in sheets.items() for row in raw.rows.values() for cell in row.values()
    }
    changes: dict[tuple[str, str], Correction] = {}
    cells: dict[str, dict[str, NewCell]] = {}
    for finding in findings:
        fix = finding.fix
        raw = stored.get((finding.sheet, fix.cell)) if fix is not None and fix.is_safe else None
        if fix is None or raw is None or raw.is_formula:  # a merged name, filled down, is stored in one cell only
            continue
        is_number = not isinstance(fix.new_value, str)
        is_plain = is_number and not _is_number_format(raw.number_format)
        cells.setdefault(finding.sheet, {})[fix.cell] = NewCell(fix.new_value, is_plain)
        change = Correction(finding.sheet, fix.cell, raw.value, fix.new_value, finding.code)
        changes[finding.sheet, fix.cell] = change
    if changes:
        data = patched(read_scanned(source), cells)
        with new_file(path, "fixed") as new:
            new.write_bytes(data)
    return tuple(changes.values())


def _is_number_format(number_format: str) -> bool:
    """Return whether a format was made for numbers: neither for dates nor for text, nor for anything.

    >>> [_is_number_format(text) for text in ("0.00", "#,##0", "yyyy-mm-dd", "@", "General")]
    [True, True, False, False, False]
    """
    from openpyxl.styles.numbers import is_date_format

    return number_format not in ("@", "General") and not is_date_format(number_format)
