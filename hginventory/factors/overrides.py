"""The sheet Factors: a user's own number instead of a default row, with reason and source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from hginventory.errors import UnitsError, UsageError
from hginventory.factors.library import FactorLibrary
from hginventory.factors.lookup import Ladder
from hginventory.factors.provenance import CELL, NOT_USED, Resolved, is_row, is_row_of
from hginventory.factors.row_checks import SUM_TOLERANCE
from hginventory.factors.rows import OVERRIDE_KEY, FactorRow
from hginventory.factors.spread import BETA, RELATIVE, of_range, sd_at, share_sd
from hginventory.factors.tables import REMOVAL_TABLES, TABLES, table_of
from hginventory.inputs.findings import CODES, Finding, sheet_and_cell
from hginventory.inputs.fleet import FactorOverride, Fleet
from hginventory.units import convert

# Tables whose rows leave their id with every number they enter, so that a row nowhere named is one not used: a test
# changes all rows that a fleet does not name. Rows of removal share out what a train catches without being named.
TRACED = (
    "coal_mercury", "coal_class", "coal_heating_value", "coal_trade", "export_coal", "coal_technology",
    "boiler_mix", "control_mix", "control_completion", "removal",
    "cement_material", "cement_raw_mix", "cement_kiln", "cement_activity", "cement_air_share",
    "cement_control", "cement_emission_factor", "cement_fuel", "cement_fuel_mix",
)  # fmt: skip
NAMED_IN_USE = 3  # rows in use that a finding names
PASSING_RULE = ("passing_share", "override")


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
    rows: dict[str, FactorRow] = {}
    for override in fleet.overrides:
        row, wrong = _replaced(library, fleet, override)
        before = rows.get(override.factor_id)
        if row is not None and before is not None:
            found = f"{override.factor_id} is also in {before.extra[OVERRIDE_KEY]}"
            wrong = _finding("E715", override, found)
        if wrong is not None:
            findings.append(wrong)
        elif row is not None:
            rows[override.factor_id] = row
    if not rows:
        return library, tuple(findings)
    findings += [
        _finding("N719", override, override.factor_id)
        for override in fleet.overrides
        if override.low is None and override.factor_id in rows and rows[override.factor_id].spread
        and library.row(override.factor_id).spread
    ]  # fmt: skip
    replaced = library.with_rows(rows.values())
    findings += _shares(replaced, rows.values(), fleet)
    return replaced, tuple(findings)


def _replaced(
    library: FactorLibrary, fleet: Fleet, override: FactorOverride
) -> tuple[FactorRow | None, Finding | None]:
    """Return the row that replaces the default one, or what is wrong with it."""
    row = _default_row(library, override.factor_id)
    if row is None:
        near = ", ".join(library.nearest(override.factor_id)) or "see 'hginv factors list'"
        return None, _finding("E707", override, override.factor_id, f"id of a default row, for example {near}")
    try:
        in_unit = partial(_converted, override.unit or row.unit, row.unit)
        value = in_unit(override.value)
        low, high = (None if number is None else in_unit(number) for number in (override.low, override.high))
    except UnitsError as error:
        return None, _finding("E708", override, override.unit, str(error))
    spec = TABLES[row.table]
    if not all(number is None or spec.low <= number <= spec.high for number in (value, low, high)):
        found = f"{override.factor_id} {override.value:g} {override.unit}".removesuffix(" 1")
        upper = "" if math.isinf(spec.high) else f" to {spec.high:g}"
        return None, _finding(
            "E709", override, found, f"allowed is from {spec.low:g}{upper} {row.unit}".removesuffix(" 1")
        )
    try:
        spread = _stated_spread(library, row, value, low, high)
    except UsageError as error:
        return None, _finding("E713", override, f"{override.factor_id}: {error}")
    return replace(
        row,
        value=value,
        low=low,
        high=high,
        **spread,
        low_high_meaning="" if low is None else "stated by the user",
        method="",
        read_from=CELL,
        source_id=override.source_id,
        locator=_where_from(override, fleet),
        note=override.reason,
        extra={**row.extra, OVERRIDE_KEY: override.cell},
    ), None


def unused_overrides(fleet: Fleet, factors: Mapping[str, Resolved]) -> tuple[Finding, ...]:
    """Return a finding for each row of the sheet Factors from which no unit takes its number.

    Parameters
    ----------
    fleet : Fleet
        With its overrides, free of errors.
    factors : mapping of str to Resolved
        Every factor of all units.
    """
    if not fleet.overrides:
        return ()
    used = {
        ref
        for factor in factors.values()
        for origin, refs in zip(factor.origin, factor.refs, strict=True)
        if origin != NOT_USED
        for ref in filter(is_row, refs)
    }
    findings = []
    for override in fleet.overrides:
        table = table_of(override.factor_id)
        if table in TRACED and override.factor_id not in used:
            taken = sorted(ref for ref in used if is_row_of(ref, table))
            more = f" and {len(taken) - NAMED_IN_USE} more" if len(taken) > NAMED_IN_USE else ""
            shown = f"in use: {', '.join(taken[:NAMED_IN_USE])}{more}" if taken else f"no row of {table} is in use"
            findings.append(_finding("W714", override, override.factor_id, shown))
    return tuple(findings)


def _shares(library: FactorLibrary, rows: Iterable[FactorRow], fleet: Fleet) -> list[Finding]:
    """Return a finding for each mix whose shares sum to 1 no more, at the first of its rows in the sheet."""
    of_row = {override.factor_id: override for override in fleet.overrides}
    findings: dict[tuple[str, ...], Finding] = {}
    for row in rows:
        over = TABLES[row.table].sums_over
        group = (row.table, *(value for key, value in row.keys.items() if key != over))
        if not over or group in findings:
            continue
        own = [
            other for other in library.table(row.table).defaults
            if all(other.keys[key] == value for key, value in row.keys.items() if key != over)
        ]  # fmt: skip
        total = math.fsum(other.number() for other in own)
        if abs(total - 1.0) > SUM_TOLERANCE:
            found = f"{row.row_id} and the {len(own) - 1} other rows of its mix sum to {total:.6g}"
            findings[group] = _finding("E716", of_row[row.row_id], found)
    return list(findings.values())


def _where_from(override: FactorOverride, fleet: Fleet) -> str:
    """Return what the workbook says of a number: the citation behind its source, the reason, the cell."""
    citations = {str(source): str(text) for source, text in fleet.sources["citation"].items()}
    return ", ".join(filter(None, (citations.get(override.source_id), override.reason, override.cell)))


def _stated_spread(
    library: FactorLibrary, row: FactorRow, value: float, low: float | None, high: float | None
) -> dict[str, Any]:
    """Return distribution and spread of a number with its range; without one those of the row, or of its origin.

    Raises
    ------
    UsageError
        If low, value and high are those of no distribution.
    """
    none: dict[str, Any] = {"distribution": "", "spread": None, "scopes": ()}
    if low is None and high is None:
        if row.spread:
            return _kept_spread(row, value, none)
        return _of_removal(library, value, none) if row.table == "removal" else none
    if low is None or high is None:
        raise UsageError("low without high" if high is None else "high without low")
    scopes = row.scopes or (("country", 1.0),)
    spread = of_range(row.distribution, value, low, high, scopes)
    size = spread.size * abs(value) if spread.distribution in RELATIVE else spread.size
    return {"distribution": spread.distribution, "spread": size, "scopes": scopes}


def _kept_spread(row: FactorRow, value: float, none: dict[str, Any]) -> dict[str, Any]:
    """Return the spread of the row for another mean: relative to it; of a share as `share_sd` and `sd_at` have it."""
    old, spread = row.number(), row.spread or 0.0
    if row.distribution == BETA:
        if not 0.0 < value < 1.0:
            return none
        spread = (share_sd if row.table in REMOVAL_TABLES else sd_at)(spread, old, value)
    elif row.distribution in RELATIVE:
        spread *= abs(value / old)
    possible = value > 0.0 or (row.distribution in RELATIVE and value != 0.0)
    return {"distribution": row.distribution, "spread": spread, "scopes": row.scopes} if possible else none


def _of_removal(library: FactorLibrary, value: float, none: dict[str, Any]) -> dict[str, Any]:
    """Return the spread of an own removal without a range: in a mix of trains it must not count as certain."""
    rule = Ladder(library.table("origin_spread"))[PASSING_RULE]
    sd = (rule.spread or 0.0) * (1.0 - value)
    possible = 0.0 < value < 1.0 and sd**2 < value * (1.0 - value)
    return {"distribution": BETA, "spread": sd, "scopes": rule.scopes} if possible else none


def _converted(given: str, unit: str, number: float) -> float:
    return float(convert(number, given, unit))


def _default_row(library: FactorLibrary, factor_id: str) -> FactorRow | None:
    try:
        row = library.row(factor_id)
    except KeyError:
        return None
    return row if row.use == "default" else None


def _finding(code: str, override: FactorOverride, found: str, allowed: str = "") -> Finding:
    info = CODES[code]
    return Finding(code, *sheet_and_cell(override.cell), "", found, allowed or info.meaning, info.remedy)
