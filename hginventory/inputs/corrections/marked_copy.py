"""A copy of the user's workbook that shows every finding: coloured cells, notes, and a sheet that links to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from hginventory.files import check_target, new_file
from hginventory.inputs.findings import Finding, printable
from hginventory.inputs.parsing import bounds
from hginventory.xlsx import enlarge, letters_of, losses, open_copy, read_scanned, saved

SHEET = "Checks"
PROPERTY = "hginv_checks_sheet"  # names the sheet that is ours, so that a later copy replaces it and no other
# One shade beside those a user picks from the palette, so that ours can be told when a copy is marked again.
COLOURS: Mapping[str, str] = {"error": "F4B182", "warning": "FFD967", "note": "BDD7EF"}
COLOUR_WORDS: Mapping[str, str] = {"error": "orange", "warning": "yellow", "note": "blue"}
MOST_MARKED = 20_000  # findings; spreadsheets slow down with more links and notes
_OURS = "hginv validate:"  # begins our part of a note
_HEADS = ("Severity", "Code", "Name", "Place", "Unit", "Found", "Allowed, or what it means", "What to do")
_WIDTHS = (11, 8, 22, 24, 22, 48, 44, 52)
_LINK, _FIRST = 4, 5  # column of the links, and first row of findings
_WIDE_ENOUGH = 0.9  # letters a unit of width, for the height of rows
_LINE = 15.0  # height of a line of text [points]
_MOST_CELLS = 200  # coloured cells of one finding on an area


def write_marked(
    source: Path, findings: Sequence[Finding], marked: str | Path, *, overwrite: bool = False
) -> tuple[str, ...]:
    """Write a copy of a workbook with its findings marked.

    Formats, notes, drop-downs and protection stay. A copy that was marked before gets new marks instead of the
    old ones.

    Parameters
    ----------
    source : Path
        The workbook; it is only read.
    findings : sequence of Finding
        One a location, in the order in which they are listed.
    marked : str or Path
        File to write, ending in .xlsx.
    overwrite : bool
        Whether another file of this name may be replaced.

    Returns
    -------
    tuple of str
        What the copy does not keep, in sentences.

    Raises
    ------
    UsageError
        If the file exists, is the workbook itself, or cannot be written.
    """
    path = Path(marked)
    check_target(path, "marked", ".xlsx", overwrite=overwrite, source=source)
    data = read_scanned(source)
    book = open_copy(data)
    _remove_former(book)
    shown = findings[:MOST_MARKED]
    by_cell: dict[tuple[str, str], list[Finding]] = {}
    for finding in shown:
        for cell in _cells_of(finding, book):
            by_cell.setdefault((finding.sheet, cell), []).append(finding)
    for (sheet, cell), here in by_cell.items():
        _mark(book[sheet], cell, here)
    _write_checks(book, source.name, findings, shown)
    content = saved(book)
    with new_file(path, "marked") as new:
        new.write_bytes(content)
    return losses(data, book)


def _cells_of(finding: Finding, book: Any) -> Iterator[str]:
    """Yield the cells that a finding colours: those named, or the first one of a row or column."""
    if finding.sheet not in book.sheetnames:
        return
    text = finding.cell
    if re.fullmatch(r"[A-Z]{1,3}\d+", text):
        yield text
    elif re.fullmatch(r"[A-Z]{1,3}\d+:[A-Z]{1,3}\d+", text):
        yield text.partition(":")[0]
    elif row := re.match(r"(?:row )?(\d+)\b", text):
        yield f"A{row[1]}"
    elif column := re.fullmatch(r"([A-Z]{1,3}):\1", text):
        yield f"{column[1]}1"


def _mark(sheet: Any, address: str, findings: Sequence[Finding]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    worst = min(findings, key=lambda finding: list(COLOURS).index(finding.severity))
    fill = PatternFill("solid", fgColor=COLOURS[worst.severity])
    areas = {one.cell for one in findings if ":" in one.cell and one.cell[0].isalpha() and one.cell[-1].isdigit()}
    for cell in {address, *(cell for area in areas for cell in _cells_in(area))}:
        sheet[cell].fill = fill
    lines = [f"{one.severity.upper()} {one.code} {one.name}\n{_words(one)}" for one in findings]
    text = "\n".join([_OURS, *lines])
    noted = _first_of_merged(sheet, address)
    former = sheet[noted].comment
    note = Comment(f"{former.text}\n{text}" if former is not None else text, "hginv")
    enlarge(note)
    sheet[noted].comment = note


def _first_of_merged(sheet: Any, address: str) -> str:
    """Return the address itself, or in a merged area its first cell, the only one that can have a note."""
    from openpyxl.cell.cell import MergedCell

    if not isinstance(sheet[address], MergedCell):
        return address
    return next((area.coord.partition(":")[0] for area in sheet.merged_cells.ranges if address in area), address)


def _cells_in(area: str) -> list[str]:
    left, top, right, bottom = bounds(area)
    cells = (f"{letters_of(c)}{r}" for r in range(top, bottom + 1) for c in range(left, right + 1))
    return list(islice(cells, _MOST_CELLS))


def _words(finding: Finding) -> str:
    return printable(f"{finding.found}: {finding.allowed}. {finding.remedy}")


def _write_checks(book: Any, name: str, findings: Sequence[Finding], shown: Sequence[Finding]) -> None:
    """Write the sheet that lists the findings and links to their cells, as the first of the workbook."""
    from openpyxl.packaging.custom import StringProperty
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    title = next(text for text in (SHEET, *(f"{SHEET}_{n}" for n in range(2, 99))) if text not in book.sheetnames)
    sheet = book.create_sheet(title, 0)
    _put(sheet, 1, 1, f"hginv validate: {_counts(findings)} in {name}").font = Font(bold=True, size=14)
    colours = ", ".join(f"{word} = {severity}" for severity, word in COLOUR_WORDS.items())
    more = f" Only the first {len(shown):,} are listed and marked." if len(shown) < len(findings) else ""
    _put(sheet, 2, 1, f"Each place leads to its cell. Marked cells have a note; {colours}.{more}")
    for column, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True), 1):
        cell = _put(sheet, _FIRST - 1, column, head)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9D9D9")
        sheet.column_dimensions[cell.column_letter].width = width
    wrapped = Alignment(wrap_text=True, vertical="top")
    for row, one in enumerate(shown, _FIRST):
        texts = (one.severity, one.code, one.name, one.location, one.unit_id, one.found, one.allowed, one.remedy)
        for column, text in enumerate(texts, 1):
            _put(sheet, row, column, text).alignment = wrapped
        lines = max(1 + int(len(t) / (_WIDE_ENOUGH * w)) for t, w in zip(texts, _WIDTHS, strict=True))
        sheet.row_dimensions[row].height = _LINE * lines
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor=COLOURS[one.severity])
        if one.sheet in book.sheetnames:
            link = sheet.cell(row, _LINK)
            quoted = one.sheet.replace("'", "''")
            cell = next(_cells_of(one, book), "A1")
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{cell}", display=one.location)
            link.font = Font(color="0563C1", underline="single")
    last = sheet.cell(_FIRST - 1, len(_HEADS)).column_letter
    sheet.auto_filter.ref = f"A{_FIRST - 1}:{last}{max(_FIRST, _FIRST - 1 + len(shown))}"
    sheet.freeze_panes = f"A{_FIRST}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.custom_doc_props.append(StringProperty(name=PROPERTY, value=title))


def _put(sheet: Any, row: int, column: int, text: str) -> Any:
    """Write a text, which stays one whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value = printable(text)
    cell.data_type = "s"
    return cell


def _counts(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counts[name]:,} {name}{'' if counts[name] == 1 else 's'}" for name in COLOURS)


def _remove_former(book: Any) -> None:
    """Take out the marks that an earlier copy got, if this workbook is one."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    title = next((str(item.value) for item in book.custom_doc_props.props if item.name == PROPERTY), "")
    if not title:
        return
    del book.custom_doc_props[PROPERTY]
    if title in book.sheetnames:
        book.remove(book[title])
    ours = set(COLOURS.values())
    for sheet in book.worksheets:
        for cell in sheet._cells.values():
            if cell.has_style and str(cell.fill.fgColor.rgb)[-6:] in ours:  # programs write the alpha in two ways
                cell.fill = PatternFill()
            if cell.comment is not None and _OURS in cell.comment.text:
                kept = cell.comment.text.partition(_OURS)[0].strip()
                cell.comment = Comment(kept, "hginv") if kept else None
                if kept:
                    enlarge(cell.comment)
