"""docs/workbook.md: every sheet and column, from the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doc_pages.markdown import anchor, code, page, table
from hginventory.inputs.findings import CODES, SEVERITIES
from hginventory.inputs.schema import (
    ACTIVITY_UNITS,
    CONTRACT_SHEETS,
    HEADER_SEARCH_ROWS,
    MEASUREMENT_UNITS,
    SCHEMA_VERSION,
    SETTINGS,
    SETTINGS_SHEET,
    SHEETS,
    UNIT_SHEETS,
    Column,
    Sheet,
)
from hginventory.vocabulary import CodeList

KINDS: Mapping[str, str] = {
    "text": "text",
    "number": "number",
    "year": "year of four digits",
    "date": "date as 2017-12-21",
    "boolean": "yes or no",
    "country": "ISO code of three letters or English name",
}

INTRO = f"""
# The workbook

An `.xlsx` file with one row per unit. Worksheets and columns have the names below. Their order does not matter, and you may
leave out those that you do not need. Contract version {SCHEMA_VERSION}.

The smallest workbook that gives a ranking is a sheet `Coal_units` with three columns:

| country | MW | start_year |
|---|---|---|
| VNM | 622 | 2015 |
| VNM | 300 | 2004 |

`hginv template` writes an empty workbook with labels in your language, drop-downs, notes and example rows; `hginv schema`
prints this contract as JSON Schema. Workbooks of older versions can be read, because columns are found by name. A workbook
that is newer than the program is an error.

## How a worksheet is read

- **Header.** The row with the most known names among the first {HEADER_SEARCH_ROWS} rows. Names, labels and the spellings
  under *also read* are recognised, in any case. Unknown columns are not read; a finding lists them.
- **Units row.** The row above or below the header may give the unit of measure of each column; without it a column is in the
  unit named first. A unit of a wrong kind is an error.
- **Blank** means unknown, never zero. The program uses a default value from the [factor tables](factors.md), counts it and
  reports it.
- **Wanted** columns are those that a ranking needs most. If one is blank, a rule or a default value is used. Only
  **required** cells are errors when blank.
- **`unknown` and `none`** are values in columns of controls: `none` means that there is no device, `unknown` (like a blank
  cell) that the controls are not known.
- **Numbers stored as text** are read if there is only one way to read them. `1,000` can be a thousand or one: this is an
  error unless `{SETTINGS_SHEET}!decimal_sign` or another cell of the column shows which. `<0.01` and `12 ug/kg` in a
  column of mg/kg are errors, too.
- **Formulas** are read with their stored result; a formula without one is an error.
- **Example rows**: rows with a note that begins with EXAMPLE are ignored. Totals and remarks among the units are errors,
  because they would count. Hidden rows, columns and worksheets count. Merged plant names are copied to every row; other merged
  cells are errors. A second table is not read.
- **Wrong units of measure** are errors if a value is possible only in another unit: 2.1 t of coal per year for 600 MW. The
  finding names the unit that would fit. The program never guesses a number.
- **Findings** are collected and shown together, with the cell, what was found, what is allowed and what to do. Errors stop
  the run before anything is written; warnings and notes do not. The program never changes the file.

## Check a workbook

```
hginv validate --fleet fleet.xlsx --marked fleet.checked.xlsx
hginv validate --fleet fleet.xlsx --fix fleet.fixed.xlsx
hginv codes E207
```

`hginv validate` lists everything at once: cells, rules between them, your own factors, and, without errors, missing and derived
values. `--marked` writes a copy with coloured cells, notes and a worksheet `Checks` with links to each cell; you can complete
the copy and check it again. `--fix` writes a copy with safe corrections: those that change how a value is written, but not its
meaning, as an extra space or a number stored as text. Everything else, including formulas, does not change.
`--format csv`, `json` and `github` are for programs; exit code 1 means that there are errors.
"""


def workbook_page() -> str:
    """Return the page."""
    parts = [INTRO, _sheets()]
    for sheet in CONTRACT_SHEETS.values():
        parts += _sheet(sheet)
    parts += [f"## {SETTINGS_SHEET}", "One row per setting: name and value.", _columns(SETTINGS)]
    parts += ["## Codes", "Allowed words of columns with a fixed list. Case and repeated spaces do not matter."]
    for codes in _code_lists():
        parts += [f"### {_heading(codes)}", _codes(codes)]
    parts += [*_trains(), *_findings()]
    return page(*parts)


def _sheets() -> str:
    rows = []
    for sheet in CONTRACT_SHEETS.values():
        read = "read" if sheet.name in SHEETS else "part of the contract, not read by a run yet"
        needed = "one of the two is needed" if sheet.name in UNIT_SHEETS else "optional"
        rows.append([f"[{sheet.name}](#{anchor(sheet.name)})", sheet.meaning, needed, read])
    rows.append([f"[{SETTINGS_SHEET}](#{anchor(SETTINGS_SHEET)})", "Settings of the whole fleet.", "optional", "read"])
    return "## Sheets\n\n" + table(["sheet", "content", "", ""], rows)


def _sheet(sheet: Sheet) -> list[str]:
    parts = [f"## {sheet.name}", sheet.meaning, _columns(sheet.columns)]
    stated = {"Activity": ("variable", ACTIVITY_UNITS), "Measurements": ("quantity", MEASUREMENT_UNITS)}
    if sheet.name in stated:
        head, table_of_units = stated[sheet.name]
        units = [[code(name), unit, ", ".join(allowed)] for name, (unit, allowed) in table_of_units.items()]
        parts.append(table([head, "unit inside", "units allowed"], units))
    return parts


def _columns(columns: Iterable[Column]) -> str:
    rows = [
        [code(c.name), f"{c.label}. {c.meaning}{_marks(c)}", _values(c), _range(c), ", ".join(map(code, c.aliases))]
        for c in columns
    ]
    return table(["column", "meaning", "unit or value", "range", "also read"], rows)


def _marks(column: Column) -> str:
    if column.required:
        return " **Required.**"
    return " *Wanted.*" if column.essential else ""


def _values(column: Column) -> str:
    if column.codes is not None:
        return f"[{column.codes.name}](#{anchor(_heading(column.codes))})"
    if column.unit and column.kind == "number":
        others = [unit for unit in column.allowed_units if unit != column.unit]
        return column.unit + (f" (also {', '.join(others)})" if others else "")
    if column.suggestions:
        return ", ".join(column.suggestions)
    return KINDS[column.kind]


def _range(column: Column) -> str:
    if column.low is None and column.high is None:
        return ""
    low = "" if column.low is None else f"{'above' if column.exclusive_low else 'from'} {_bound(column, column.low)}"
    high = "" if column.high is None else f"to {_bound(column, column.high)}"
    return " ".join(filter(None, (low, high)))


def _bound(column: Column, number: float) -> str:
    return f"{number:.0f}" if column.kind == "year" else f"{number:,.10g}"


def _code_lists() -> list[CodeList]:
    columns = [*(c for sheet in CONTRACT_SHEETS.values() for c in sheet.columns), *SETTINGS]
    lists: dict[str, CodeList] = {}
    for column in columns:
        if column.codes is not None:
            known = lists.setdefault(column.codes.name, column.codes)
            if known.meanings != column.codes.meanings:
                raise ValueError(f"two lists of codes are called {column.codes.name!r}: give one another name")
    return list(lists.values())


def _heading(codes: CodeList) -> str:
    return f"Codes: {codes.name}"


def _codes(codes: CodeList) -> str:
    rows = [
        [code(name), meaning, ", ".join(code(word) for word in codes.spellings.get(name, ()) if word)]
        for name, meaning in codes.meanings.items()
    ]
    return table(["code", "meaning", "also read"], rows)


def _trains() -> list[str]:
    """Return which devices belong into which column of controls."""
    rows = [
        [sheet, code(column.name), ", ".join(map(code, column.devices))]
        for sheet in UNIT_SHEETS
        for column in CONTRACT_SHEETS[sheet].columns
        if column.kind == "train" and column.devices
    ]
    words = (
        "Several devices in one cell are joined by `+`, `,` or `;`, in any order: the program puts them in gas order."
    )
    return ["### Devices by column", words, table(["sheet", "column", "devices"], rows)]


def _findings() -> list[str]:
    rows = [[code(key), SEVERITIES[key[0]], info.name, info.meaning, info.remedy] for key, info in CODES.items()]
    words = (
        "A code never changes its meaning. 1xx file, 2xx cell, 3xx table, 4xx rules between cells, 5xx what the model had to "
        "decide, 7xx factors, 8xx what an importer decided, 9xx costs. `hginv codes CODE` says more of each."
    )
    return ["## Findings", words, table(["code", "severity", "name", "meaning", "what to do"], rows)]
