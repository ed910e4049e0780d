"""All findings on a workbook, at once: cells, rules between them, and gaps that only a lookup finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hginventory import arguments
from hginventory.compliance import stated_limits
from hginventory.errors import UsageError
from hginventory.factors import FindingLog, apply_overrides, load_library
from hginventory.inputs.bundled import read_fleet, workbook_of
from hginventory.inputs.corrections import Correction, write_fixed, write_marked
from hginventory.inputs.findings import (
    SEVERITIES,
    DataError,
    Finding,
    count_locations,
    grouped,
    sort_by_location,
    ungrouped,
)
from hginventory.inputs.fleet import Fleet
from hginventory.inputs.schema import CONTRACT_SHEETS, SETTINGS_SHEET
from hginventory.projection import base_year_of, implausible, resolve_settings
from hginventory.uncertainty import project_complying

SHEET_ORDER = (SETTINGS_SHEET, *CONTRACT_SHEETS)
# A code that says in other words, of a unit or of a cell, what another code says.
_SAID_OF_UNIT = {"N703": "W416"}
_SAID_OF_CELL = {"W427": "E452"}


@dataclass(frozen=True)
class Validation:
    """What was found in a workbook.

    Attributes
    ----------
    fleet : Fleet
        What was read.
    path : Path or None
        The workbook, which is only ever read; None for units of the bundled tracker table, which have none.
    findings : tuple of Finding
        Errors first, then warnings, then notes, each in the order of the workbook. One finding may stand for
        several locations; `ungrouped` gives all of them.
    is_projected : bool
        Whether the projection was tried: the lookup finds gaps only in a fleet without errors.
    """

    fleet: Fleet
    path: Path | None
    findings: tuple[Finding, ...]
    is_projected: bool

    @property
    def ungrouped(self) -> tuple[Finding, ...]:
        """One finding a location, in the same order."""
        return sort_by_location(ungrouped(self.findings), SHEET_ORDER)

    @property
    def counts(self) -> dict[str, int]:
        """How many locations have an error, a warning, a note."""
        return dict.fromkeys(SEVERITIES.values(), 0) | count_locations(self.findings, "severity")

    def mark(self, marked: str | Path, *, overwrite: bool = False) -> tuple[str, ...]:
        """Write a copy of the workbook with its cells marked; return what the copy does not keep, in sentences."""
        return write_marked(self._workbook("marked"), self.ungrouped, marked, overwrite=overwrite)

    def fix(self, fixed: str | Path, *, overwrite: bool = False) -> tuple[Correction, ...]:
        """Write a copy of the workbook with the fixes that are safe, and return what was changed."""
        return write_fixed(self._workbook("fixed"), self.ungrouped, fixed, overwrite=overwrite)

    def _workbook(self, parameter: str) -> Path:
        if self.path is None:
            raise UsageError(
                f"{self.fleet.origin} has no workbook to copy. Write one with hginv fleet export first.",
                parameter=parameter,
            )
        return self.path


def validate(fleet: str | Path) -> Validation:
    """Return all findings on a workbook.

    Reading, rules between cells and own factors are always checked. Without errors the projection is tried,
    which finds gaps without a default value and values that were derived.

    Parameters
    ----------
    fleet : str or Path
        A workbook; where there is no such file, a bundled fleet, as for `read_fleet`.

    Raises
    ------
    UnreadableFileError
        If the workbook cannot be opened safely.

    Examples
    --------
    >>> validate("indonesia").counts["error"]
    0
    """
    arguments.path("fleet", fleet)
    read = read_fleet(fleet)
    library, of_factors = apply_overrides(load_library().in_year(base_year_of(read)[0]), read)
    log = FindingLog()
    stated_limits(read, library, log)
    findings = [*read.findings, *of_factors, *implausible(read, library), *log.collect()]
    try:
        resolve_settings(read, library)
    except DataError as error:
        findings += error.findings
    is_sound = not any(finding.severity == "error" for finding in findings)
    if is_sound:
        try:
            findings = list(project_complying(read).findings)
        except DataError as error:
            findings += [finding for finding in error.findings if finding not in findings]
    return Validation(read, workbook_of(read.source), sort_by_location(_said_once(findings), SHEET_ORDER), is_sound)


def _said_once(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without those that repeat in other words what another says of the same unit."""
    listed = list(findings)
    single = list(ungrouped(listed))
    of_unit = {(one.code, one.unit_id) for one in single}
    of_cell = {(one.code, one.unit_id, one.sheet, one.cell) for one in single}
    kept: list[Finding] = []
    for finding in listed:
        if finding.code not in _SAID_OF_UNIT and finding.code not in _SAID_OF_CELL:
            kept.append(finding)
            continue
        rest = [
            one
            for one in ungrouped([finding])
            if (_SAID_OF_UNIT.get(one.code), one.unit_id) not in of_unit
            and (_SAID_OF_CELL.get(one.code), one.unit_id, one.sheet, one.cell) not in of_cell
        ]
        kept += [grouped(rest)] if rest else []
    return kept
