"""The sheet Factors: a user's own number in the place of a default row, with reason and source."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from hginventory.errors import UnitsError
from hginventory.factors.library import FactorLibrary, FactorRow
from hginventory.factors.provenance import CELL, OVERRIDE_KEY
from hginventory.factors.spread import NORMAL, of_range
from hginventory.factors.tables import TABLES
from hginventory.inputs.findings import CODES, Finding
from hginventory.inputs.fleet import FactorOverride, Fleet
from hginventory.units import convert


def apply_overrides(library: FactorLibrary, fleet: Fleet) -> tuple[FactorLibrary, tuple[Finding, ...]]:
    """Return the library with the rows of the sheet Factors in place, and what was wrong with them.

    Parameters
    ----------
    library : FactorLibrary
        Bundled tables.
    fleet : Fleet
        With its overrides.
    """
    findings: list[Finding] = []
    rows: list[FactorRow] = []
    for override in fleet.overrides:
        row = _default_row(library, override.factor_id)
        if row is None:
            near = ", ".join(library.nearest(override.factor_id)) or "see 'hginv factors list'"
            findings.append(_finding("E707", override, override.factor_id, f"id of a default row, for example {near}"))
            continue
        try:
            value, low, high = (
                None if number is None else float(convert(number, override.unit or row.unit, row.unit))
                for number in (override.value, override.low, override.high)
            )
        except UnitsError as error:
            findings.append(_finding("E708", override, override.unit, str(error)))
            continue
        spec = TABLES[row.table]
        if not all(number is None or spec.low <= number <= spec.high for number in (value, low, high)):
            found = f"{override.factor_id} {override.value:g} {override.unit}".removesuffix(" 1")
            upper = "" if math.isinf(spec.high) else f" to {spec.high:g}"
            allowed = f"allowed is from {spec.low:g}{upper} {row.unit}".removesuffix(" 1")
            findings.append(_finding("E709", override, found, allowed))
            continue
        rows.append(
            replace(
                row,
                value=value,
                low=low,
                high=high,
                **_stated_spread(row, value, low, high),
                low_high_meaning="stated by the user" if low is not None or high is not None else "",
                method="",
                read_from=CELL,
                source_id=override.source_id,
                locator=_where_from(override, fleet),
                note=override.reason,
                extra={**row.extra, OVERRIDE_KEY: override.cell},
            )
        )
    return (library.with_rows(rows) if rows else library), tuple(findings)


def _where_from(override: FactorOverride, fleet: Fleet) -> str:
    """Return what the workbook says of a number: the citation behind its source, the reason, the cell."""
    citations = {str(source): str(text) for source, text in fleet.sources["citation"].items()}
    return ", ".join(filter(None, (citations.get(override.source_id), override.reason, override.cell)))


def _stated_spread(row: FactorRow, value: float | None, low: float | None, high: float | None) -> dict[str, Any]:
    """Return distribution and spread of a number with its range; without one the origin decides."""
    if value is None or low is None or high is None or not low < high:
        return {"distribution": "", "spread": None, "scopes": ()}
    scopes = row.scopes or (("country", 1.0),)
    spread = of_range(row.distribution, value, low, high, scopes)
    size = spread.size * value if spread.distribution == NORMAL else spread.size
    return {"distribution": spread.distribution, "spread": size, "scopes": scopes}


def _default_row(library: FactorLibrary, factor_id: str) -> FactorRow | None:
    try:
        row = library.row(factor_id)
    except KeyError:
        return None
    return row if row.use == "default" else None


def _finding(code: str, override: FactorOverride, found: str, allowed: str) -> Finding:
    sheet, _, cell = override.cell.rpartition("!")
    return Finding(code, sheet, cell, "", found, allowed, CODES[code].remedy)
