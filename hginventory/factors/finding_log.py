"""Collects findings made after the workbook was read; the same gap in many units is one finding with a count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from hginventory.factors.library import FactorLibrary
from hginventory.factors.provenance import Resolved
from hginventory.factors.rows import OVERRIDE_KEY, FactorRow, years_off
from hginventory.factors.tables import TABLES, YearRule
from hginventory.inputs.findings import CODES, Finding, finding, grouped, ungrouped
from hginventory.inputs.fleet import Fleet
from hginventory.translations import TranslatableText

FAR_YEARS = 5  # that a base year may lie outside the period of a rule without a finding [yr]
LIMITS = "emission_limit"


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
        """Note a finding on a cell outside the worksheets of units.

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
        """Return the findings on some units (default: all): errors one by one, the rest one a kind."""
        out: list[Finding] = []
        for findings in self._found.values():
            kept = [f for f in findings if units is None or not f.unit_id or f.unit_id in units]
            if not kept:
                continue
            if kept[0].severity == "error":
                out += kept
            else:
                out.append(grouped(kept))
        return tuple(out)


def distant_rows(
    fleet: Fleet, library: FactorLibrary, units: Sequence[str], factors: Mapping[str, Resolved]
) -> tuple[Finding, ...]:
    """Return a finding for each row of a rule that counts more than five years outside its period.

    An own number of the sheet Factors was given for this run and is never far.

    Parameters
    ----------
    fleet : Fleet
        For the addresses of the units.
    library : FactorLibrary
        Of the base year.
    units : sequence of str, length N
        Units of the run.
    factors : mapping of str to Resolved
        Every factor of these units, length N.
    """
    used = [(factor, factor.kinds_of_rows()) for factor in factors.values()]
    rows = {ref: row for ref in chain.from_iterable(kinds for _, kinds in used)
            if _is_far(row := library.row(ref), library.year)}  # fmt: skip
    found = []
    for ref, row in rows.items():
        of_row = chain.from_iterable(factor.units_of(kinds[ref]).tolist() for factor, kinds in used if ref in kinds)
        taken = [units[index] for index in dict.fromkeys(of_row)]
        found.append(
            grouped([finding("W725", *fleet.address(unit, "unit_id"), _period(row), unit=unit) for unit in taken])
        )
    countries = set(fleet.units["country"].reindex(list(units)))
    own_law = (row for row in library.table(LIMITS).defaults if row.keys["country"] in countries)
    return (*found, *(finding("W725", LIMITS, "", _period(row)) for row in own_law if _is_far(row, library.year)))


def _is_far(row: FactorRow, base_year: int) -> bool:
    rule = TABLES[row.table].years
    return rule is YearRule.RULE and OVERRIDE_KEY not in row.extra and years_off(row, base_year, rule) > FAR_YEARS


def _period(row: FactorRow) -> TranslatableText:
    if not row.valid_to:
        return TranslatableText("{row}, from {first}", row=row.row_id, first=row.valid_from)
    return TranslatableText("{row}, {first} to {last}", row=row.row_id, first=row.valid_from, last=row.valid_to)
