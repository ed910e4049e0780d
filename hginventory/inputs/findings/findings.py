"""What is wrong or worth knowing in a fleet: a code, a location, what was found, what is allowed, what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from hginventory.errors import HgInventoryError
from hginventory.inputs.findings.codes import CODES, SEVERITIES
from hginventory.translations import TranslatableText

_SEVERITY_ORDER = {severity: index for index, severity in enumerate(SEVERITIES.values())}
_ADDRESS = re.compile(r"(?:(?P<column>[A-Z]{1,3})|row |[^\W\d]\w*\[)?(?P<row>\d+)")


@dataclass(frozen=True)
class Fix:
    """A change of one cell that would correct what was found.

    Attributes
    ----------
    cell : str
        Cell of the finding's sheet, as ``H23``.
    new_value : str, int, float or bool
        What to write, in the unit of the units row.
    is_safe : bool
        Whether the cell is read as this value already, so that only its writing changes.
    """

    cell: str
    new_value: str | int | float | bool
    is_safe: bool


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes
    ----------
    code : str
        Code of `CODES`.
    sheet, cell : str
        Location, as ``Coal_units`` and ``H23``; the cell may be empty.
    unit_id : str
        Unit it is about; may be empty.
    found, allowed, remedy : str
        What was found, what is allowed, what to do.
    count : int
        How many locations have the same finding; the first is named.
    fix : Fix or None
        The change that would correct it, where there is one.
    others : tuple of Finding
        The findings of the other locations, where they are known one by one.
    """

    code: str
    sheet: str
    cell: str
    unit_id: str
    found: str
    allowed: str
    remedy: str
    count: int = 1
    fix: Fix | None = None
    others: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def severity(self) -> str:
        """One of error, warning and note."""
        return SEVERITIES[self.code[0]]

    @property
    def name(self) -> str:
        """Name of the code, as ``not-a-number``."""
        return CODES[self.code].name

    @property
    def location(self) -> str:
        """Sheet and cell in one text, as ``Coal_units!H23``."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    @property
    def message(self) -> str:
        """The finding in one line, without signs that a terminal would obey."""
        return printable(self.said)

    @property
    def said(self) -> TranslatableText:
        """The finding in one line as a report says it in its language, signs as they were found."""
        unit = f' "{self.unit_id}"' if self.unit_id else ""
        more = TranslatableText(" (and {n} more)", n=self.count - 1) if self.count > 1 else ""
        allowed, remedy = (
            text if isinstance(text, TranslatableText) else TranslatableText(text)
            for text in (self.allowed, self.remedy)
        )
        parts = {"found": self.found, "allowed": allowed, "remedy": remedy, "more": more}
        return TranslatableText("{place}: {found}: {allowed}. {remedy}{more}", place=f"{self.location}{unit}", **parts)

    def counted(self, count: int) -> Finding:
        """Return the finding with the number of locations it stands for."""
        return replace(self, count=count)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as a mapping: code, severity, location, words, count, and the fix where there is one."""
        plain = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in ("fix", "others")}
        fix = self.fix and {"cell": self.fix.cell, "new_value": self.fix.new_value, "safe": self.fix.is_safe}
        return {**plain, "name": self.name, "severity": self.severity, "place": self.location, "fix": fix}


def printable(text: str) -> str:
    r"""Return text on one line in which nothing is left that a terminal would obey.

    >>> printable("1\u00a0200\n\x1b[31mred")
    '1 200 \ufffd[31mred'
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text)


def finding(
    code: str,
    sheet: str,
    cell: str,
    found: str,
    *,
    unit: str = "",
    allowed: str = "",
    remedy: str = "",
    fix: Fix | None = None,
) -> Finding:
    """Return a finding; what is allowed and what to do come from the code unless given."""
    info = CODES[code]
    return Finding(code, sheet, cell, unit, found, allowed or info.meaning, remedy or info.remedy, fix=fix)


def grouped(findings: Sequence[Finding]) -> Finding:
    """Return the first of several findings of one kind, which stands for all of them."""
    return replace(findings[0], count=len(findings), others=tuple(findings[1:]))


def ungrouped(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings one by one, those that another stands for among them."""
    for one in findings:
        yield replace(one, count=one.count - len(one.others), others=()) if one.others else one
        yield from one.others


def count_locations(findings: Iterable[Finding], by: str) -> Counter[str]:
    """Return in how many locations each ``code``, or each ``severity``, was found."""
    counts: Counter[str] = Counter()
    for one in findings:
        counts[getattr(one, by)] += one.count
    return counts


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with errors first, then warnings, then notes, each by sheet and code."""
    return tuple(sorted(findings, key=lambda f: (_SEVERITY_ORDER[f.severity], f.sheet, f.code)))


def sort_by_location(findings: Iterable[Finding], sheets: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Return findings with errors first, then warnings, then notes, each as one meets them in the workbook.

    Parameters
    ----------
    findings : iterable of Finding
        The findings.
    sheets : sequence of str
        Sheets in their order; others follow.
    """
    order = {sheet: index for index, sheet in enumerate(sheets)}

    def key(f: Finding) -> tuple[int, int, str, tuple[int, int], str]:
        return (_SEVERITY_ORDER[f.severity], order.get(f.sheet, len(order)), f.sheet, row_and_column(f.cell), f.code)

    return tuple(sorted(findings, key=key))


def sheet_and_cell(address: str) -> tuple[str, str]:
    """Return sheet and cell of an address; no sheet where it names none.

    >>> sheet_and_cell("Coal_units!H23"), sheet_and_cell("Settings")
    (('Coal_units', 'H23'), ('', 'Settings'))
    """
    sheet, _, cell = address.rpartition("!")
    return sheet, cell


def row_and_column(cell: str) -> tuple[int, int]:
    """Return the row and the column of an address, 0 where it names none.

    >>> [row_and_column(cell) for cell in ("B12", "3:3", "row 7, new column removal", "hg_coal[4]", "")]
    [(12, 2), (3, 0), (7, 0), (4, 0), (0, 0)]
    """
    match = _ADDRESS.match(cell)
    if match is None:
        return 0, 0
    column = 0
    for letter in match["column"] or "":
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match["row"]), column


class DataError(HgInventoryError):
    """The fleet was read but contains errors: correct the cells named in ``findings`` and run again."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
