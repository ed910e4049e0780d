"""A workbook, or tables made in Python, to a `Fleet`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from hginventory import arguments
from hginventory.errors import UnitsError
from hginventory.inputs.checks import check_fleet, check_raw, first_of_each, stated_units
from hginventory.inputs.findings import Finding, finding, sort_findings
from hginventory.inputs.fleet import FactorOverride, Fleet, FleetSource, read_measurements, side_frame, unit_frame
from hginventory.inputs.parsing import Table, TableRecord, header_row, range_problem, read_settings, read_table
from hginventory.inputs.schema import (
    ACTIVITY_COLUMNS,
    ACTIVITY_UNITS,
    SETTINGS_SHEET,
    SHEETS,
    UNIT_SHEETS,
    check_version,
)
from hginventory.reading import digest_of
from hginventory.units import convert, read_unit
from hginventory.vocabulary import fold
from hginventory.xlsx import RawSheet, RawWorkbook, raw_from_rows, read_workbook

SILENT_SHEETS = frozenset({"read_me", "lists", "dictionary", "technologies"})
RESULTS_PREFIX = "results_"  # sheets that a run wrote into a copy of the workbook
_OURS = re.compile(rf"{RESULTS_PREFIX}.*|checks(_\d+)?")  # and the list of findings of a marked copy


def fleet_from_workbook(path: str | Path, source: FleetSource | None = None) -> Fleet:
    """Return the fleet of a workbook.

    Parameters
    ----------
    path : str or Path
        An .xlsx file.
    source : FleetSource, optional
        What the fleet is called after, as a bundled one; default: the path.

    Returns
    -------
    Fleet
        With all findings, errors among them; `raise_on_errors` stops on those.

    Raises
    ------
    UnreadableFileError
        If the file is missing, unsafe, damaged, no workbook or of a newer version.

    Examples
    --------
    >>> from hginventory.data_files import data_folder
    >>> fleet_from_workbook(data_folder("fleets") / "indonesia.xlsx").name
    'indonesia'
    """
    arguments.path("path", path)
    file = Path(path)
    book = read_workbook(file)
    check_version(file, book.template_version)
    fleet = _fleet(file.stem, source or FleetSource(path=file), book)
    return replace(fleet, sha256=digest_of(file))


def fleet_from_tables(
    tables: Mapping[str, pd.DataFrame], *, settings: Mapping[str, Any] | None = None, name: str = "fleet"
) -> Fleet:
    """Return a fleet of tables made in Python, one a sheet of the workbook, through the same rules.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Sheet -> table; columns as in the workbook, in the units of the schema. Findings name a cell by column
        and index label, as ``start_year[7]``.
    settings : mapping, optional
        As in the sheet Settings.
    name : str
        Short name of the fleet.

    Examples
    --------
    >>> kilns = pd.DataFrame({"unit_id": ["K1"], "country": ["IDN"], "clinker_capacity": [1e6], "source_id": ["S"]})
    >>> sources = pd.DataFrame({"source_id": ["S"], "citation": ["A report, 2020"]})
    >>> fleet_from_tables({"Cement_kilns": kilns, "Sources": sources}).units["sector"].tolist()
    ['cement_kiln']
    """
    sheets = {sheet: _raw_of(sheet, frame) for sheet, frame in tables.items()}
    if settings:
        rows = [(key, [key, value]) for key, value in settings.items()]
        sheets[SETTINGS_SHEET] = raw_from_rows(SETTINGS_SHEET, ["name", "value"], rows)
    return _fleet(name, FleetSource(), RawWorkbook(sheets))


def _raw_of(name: str, frame: pd.DataFrame) -> RawSheet:
    plain = frame.astype(object).where(frame.notna(), None)
    rows = [(str(label), list(values)) for label, values in zip(plain.index, plain.to_numpy().tolist(), strict=True)]
    return raw_from_rows(name, [str(column) for column in frame.columns], rows)


def _fleet(name: str, source: FleetSource, book: RawWorkbook) -> Fleet:
    findings: list[Finding] = list(book.findings)
    raw = _by_name(book, findings)
    settings = read_settings(raw.get(SETTINGS_SHEET), findings)
    sign = settings["decimal_sign"].value if "decimal_sign" in settings else None
    tables = {sheet: read_table(cells, SHEETS[sheet], sign) for sheet, cells in raw.items() if sheet in SHEETS}
    for table in tables.values():
        findings += table.findings
    unit_tables = [tables[sheet] for sheet in UNIT_SHEETS if sheet in tables]
    if not unit_tables:
        found = ", ".join(book.sheets) or "none"
        findings.append(
            finding("E101", name, "", f"sheets found: {found}", allowed="expected: Coal_units, Cement_kilns")
        )
    elif not any(table.records for table in unit_tables) and not any(f.severity == "error" for f in findings):
        findings.append(finding("E106", unit_tables[0].sheet, "", "no unit"))
    seen: dict[str, str] = {}
    unit_tables = [check_raw(table, settings, findings, seen) for table in unit_tables]
    fuels = first_of_each(tables.get("Fuels", Table("Fuels", kind="Fuels")), findings)
    units = unit_frame(unit_tables)
    fleet = Fleet(
        name=name,
        source=source,
        units=units,
        fuels=side_frame(fuels, "Fuels", "fuel_id"),
        activity=_activity(tables.get("Activity"), findings),
        sources=side_frame(tables.get("Sources"), "Sources", "source_id"),
        settings=settings,
        overrides=_overrides(tables.get("Factors")),
        findings=(),
        measures=_records(tables.get("Measures")),
        scenarios=_records(tables.get("Scenarios")),
        measurements=read_measurements(tables.get("Measurements"), units, findings),
        cells={
            (str(record.values["unit_id"]), column): f"{table.sheet}!{cell}"
            for table in unit_tables
            for record in table.records
            for column, cell in record.cells.items()
        },
        fuel_cells={
            (str(record.values["fuel_id"]), column): f"{fuels.sheet}!{cell}"
            for record in fuels.records
            for column, cell in record.cells.items()
        },
        rows={str(r.values["unit_id"]): (table.sheet, r.row) for table in unit_tables for r in table.records},
        letters={table.sheet: table.letters for table in unit_tables},
    )
    findings += check_fleet(fleet, stated_units(tables.values()))
    return replace(fleet, findings=sort_findings(findings))


def _records(table: Table | None) -> tuple[TableRecord, ...]:
    return tuple(table.records) if table else ()


def _by_name(book: RawWorkbook, findings: list[Finding]) -> dict[str, RawSheet]:
    """Return the sheets under their contract names; a lone sheet of units may have any name."""
    known = {fold(sheet): sheet for sheet in (*SHEETS, SETTINGS_SHEET)}
    raw: dict[str, RawSheet] = {}
    others: list[RawSheet] = []
    for sheet in book.sheets.values():
        name = fold(sheet.name).replace(" ", "_")
        if name in known and known[name] not in raw:
            raw[known[name]] = sheet
        elif name not in SILENT_SHEETS and not _OURS.fullmatch(name):
            others.append(sheet)
    if not any(sheet in raw for sheet in UNIT_SHEETS) and len(others) == 1:
        lone = others[0]
        target = next((s for s in UNIT_SHEETS if header_row(lone, SHEETS[s]) is not None), None)
        if target:
            findings.append(finding("N105", lone.name, "", f"sheet {lone.name!r} was read as {target}"))
            raw[target] = lone
            others = []
    findings += [finding("N103", sheet.name, "", f"sheet {sheet.name!r}") for sheet in others if sheet.rows]
    return raw


def _activity(table: Table | None, findings: list[Finding]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    kept = ("source_id", "confirmed", "note")
    table = table or Table("Activity", kind="Activity")
    for record in table.records:
        values = record.values
        if not all(name in values for name in ("unit_id", "year", "variable", "value", "unit")):
            continue  # each gap has its own finding already
        unit, allowed = ACTIVITY_UNITS[values["variable"]]
        cell = record.cells["value"]
        stated = read_unit(str(values["unit"])).removesuffix("/yr")
        try:
            if stated not in allowed:
                raise UnitsError(f"allowed: {', '.join(allowed)}")
            value = float(convert(float(values["value"]), stated, unit))
        except UnitsError as error:
            found = f"unit {values['unit']!r} of {values['variable']}"
            findings.append(finding("E208", table.sheet, record.cells["unit"], found, allowed=str(error)))
            continue
        column = ACTIVITY_COLUMNS[values["variable"]]
        problem = range_problem(value, column, column.unit)
        if problem:
            found = f"{values['variable']} {problem.found}"
            findings.append(
                finding(
                    problem.code, table.sheet, cell, found, unit=str(values["unit_id"]), allowed=problem.allowed,
                    remedy=problem.remedy,
                )
            )  # fmt: skip
            continue
        rows.append(
            {
                "unit_id": str(values["unit_id"]),
                "year": int(values["year"]),
                "variable": values["variable"],
                "value": value,
                **{name: values.get(name) for name in kept},
                "cell": f"{table.sheet}!{cell}",
            }
        )
    return pd.DataFrame(rows, columns=["unit_id", "year", "variable", "value", *kept, "cell"])


def _overrides(table: Table | None) -> tuple[FactorOverride, ...]:
    table = table or Table("Factors", kind="Factors")

    def number(record: TableRecord, name: str) -> float | None:
        return float(record.values[name]) if name in record.values else None

    return tuple(
        FactorOverride(
            str(record.values["factor_id"]),
            float(record.values["value"]),
            str(record.values.get("unit") or ""),
            number(record, "low"),
            number(record, "high"),
            str(record.values.get("reason") or ""),
            str(record.values.get("source_id") or ""),
            f"{table.sheet}!{record.cells['value']}",
            str(record.values.get("note") or ""),
        )
        for record in table.records
        if "factor_id" in record.values and "value" in record.values
    )
