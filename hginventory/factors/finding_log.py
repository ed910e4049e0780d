"""Collects findings made after the workbook was read; the same gap in many units is one finding with a count."""

from __future__ import annotations

from collections.abc import Iterable

from hginventory.inputs.findings import CODES, Finding, grouped, ungrouped
from hginventory.inputs.fleet import Fleet
from hginventory.translations import TranslatableText


class FindingLog:
    """Findings of the lookup and the model, in the order in which they were met."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[Finding]] = {}

    def add(self, code: str, fleet: Fleet, unit: str, column: str, found: str = "") -> None:
        """Note a finding on a cell of a unit.

        Parameters
        ----------
        code : str
            Code of `codes.CODES`.
        fleet : Fleet
            Gives the address of the cell.
        unit, column : str
            Row and column of the cell.
        found : str
            What was found there.
        """
        sheet, cell = fleet.address(unit, column)
        info = CODES[code]
        finding = Finding(
            code,
            sheet,
            cell,
            unit,
            found or TranslatableText("{column} is blank", column=column),
            info.meaning,
            info.remedy,
        )
        self._found.setdefault((code, column), []).append(finding)

    def add_at(self, code: str, address: tuple[str, str], unit: str, found: str, *, remedy: str = "") -> None:
        """Note a finding on a cell that is no cell of a unit sheet.

        Parameters
        ----------
        code : str
            Code of `codes.CODES`.
        address : (str, str)
            Sheet and cell.
        unit : str
            Unit it is about.
        found, remedy : str
            What was found there; what to do, where the code does not say it.
        """
        info = CODES[code]
        finding = Finding(code, *address, unit, found, info.meaning, remedy or info.remedy)
        self._found.setdefault((code, "!".join(address)), []).append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take findings that were made elsewhere."""
        for one in ungrouped(findings):
            self._found.setdefault((one.code, one.sheet), []).append(one)

    def collect(self, units: set[str] | None = None) -> tuple[Finding, ...]:
        """Return the findings on some units (all unless told): errors one by one, the rest one a kind."""
        out: list[Finding] = []
        for findings in self._found.values():
            kept = [f for f in findings if units is None or f.unit_id in units]
            if not kept:
                continue
            if kept[0].severity == "error":
                out += kept
            else:
                out.append(grouped(kept))
        return tuple(out)
