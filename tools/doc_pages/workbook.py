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

An `.xlsx` file, one row a unit. Sheet names and column names are those below; order does not matter, and sheets and
columns that are not needed may be missing. Contract version {SCHEMA_VERSION}.

The smallest workbook that gives a ranking is a sheet `Coal_units` with three columns:

| country | MW | start_year |
|---|---|---|
| VNM | 622 | 2015 |
| VNM | 300 | 2004 |

`hginv template` writes an empty workbook with labels in your language, drop-downs, notes and example rows; `hginv schema`
prints this contract as JSON Schema. A workbook of an older version is read as it is, because columns are found by name;
one of a newer version than the program is refused.

## How a sheet is read

- **Header.** The row with the most known names among the first {HEADER_SEARCH_ROWS} rows. Names, labels and the spellings
  under *also read* count, in any case. A column that is not known is left alone and named in a finding.
- **Units row.** The row above or below the header may state the unit of each column; without it a column is in the unit
  named first. Inside the program every value is in that unit. A unit of a wrong kind is an error.
- **Blank** means: not known. The program takes a default from the [factor tables](factors.md), counts it and says so.
  It never means zero.
- **Wanted** columns are those that a ranking needs most. Where one is blank, a rule or default stands in. Only
  **required** cells are errors when blank.
- **`unknown` and `none`** are values in columns of controls: `none` says that no device is there, `unknown` (like a blank
  cell) that nobody has said. They are never mixed up.
- **Numbers stored as text** are read where there is one way to read them. `1,000` can be a thousand or one: that is an
  error unless `{SETTINGS_SHEET}!decimal_sign` or another cell of the column shows which. `<0.01` and `12 ug/kg` in a
  column of mg/kg are errors, too.
- **Formulas** count with their stored result; a formula without one is an error.
- **Example rows**: a note that begins with EXAMPLE makes the row be ignored. Totals and remarks between the units are an
  error, because they would count. Hidden rows, columns and sheets count. Merged plant names are filled down; other
  merged cells are errors. A second table is not read.
- **Slips of a unit** are errors where a value is possible only in another unit: 2.1 t of coal a year for 600 MW. The
  finding names the unit in which it would fit. No number is ever guessed.
- **Findings** are collected and shown together, with the cell, what was found, what is allowed and what to do. Errors stop
  the run before anything is written; warnings and notes do not. The file itself is only ever read.

## Check a workbook

```
hginv validate --fleet fleet.xlsx --marked fleet.checked.xlsx
hginv validate --fleet fleet.xlsx --fix fleet.fixed.xlsx
hginv codes E207
```

`hginv validate` lists everything at once: cells, rules between them, own factors, and, where these leave no error, what the
lookup misses or derives. `--marked` writes a copy with coloured cells, notes and a sheet `Checks` that leads to each cell;
the copy can be filled in further and checked again. `--fix` writes a copy in which safe fixes are made: those that change
how a value is written and nothing that is read, as a stray space or a number stored as text. Everything else stays byte
for byte, formulas among it. `--format csv`, `json` and `github` are for programs; exit code 1 says that there are errors.
"""


def workbook_page() -> str:
    """Return the page."""
    parts = [INTRO, _sheets()]
    for sheet in CONTRACT_SHEETS.values():
        parts += _sheet(sheet)
    parts += [f"## {SETTINGS_SHEET}", "One row a setting: name and value.", _columns(SETTINGS)]
    parts += ["## Codes", "Words of the columns with a fixed list. Case and repeated spaces do not matter."]
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
    rows.append(
        [f"[{SETTINGS_SHEET}](#{anchor(SETTINGS_SHEET)})", "What holds for the whole fleet.", "optional", "read"]
    )
    return "## Sheets\n\n" + table(["sheet", "holds", "", ""], rows)


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
