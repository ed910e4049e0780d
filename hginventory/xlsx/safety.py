"""Whether a file is safe to open at all: looked at as bytes, before any spreadsheet reader sees it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hginventory.errors import UnreadableFileError
from hginventory.reading import (
    LONGEST_TEXT,
    MOST_BYTES,
    MOST_CELLS,
    MOST_EXTRAS,
    MOST_MEMBERS,
    MOST_RATIO,
    MOST_TAGS,
    RATIO_FROM,
    check_plain,
    read_plain,
)

CHUNK = 1 << 20
_OLD_FORMATS = {
    ".xls": "an old Excel file",
    ".xlsb": "a binary Excel file",
    ".ods": "an OpenDocument file",
    ".numbers": "a Numbers file",
    ".csv": "a text file",
}
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_PARTS = (".xml", ".rels", ".vml")
# What a workbook has beside cells, by its tag. Whoever makes a copy takes time and memory for each.
_EXTRAS: Mapping[bytes, str] = {
    b"xf": "cell formats", b"dxf": "cell formats", b"numFmt": "number formats", b"font": "fonts", b"fill": "fills",
    b"border": "borders", b"cellStyle": "named styles", b"tableStyle": "table styles", b"rgbColor": "colours",
    b"conditionalFormatting": "conditional formats", b"cfRule": "conditional formats", b"cfvo": "conditional formats",
    b"dataValidation": "data validations", b"hyperlink": "hyperlinks", b"definedName": "names", b"comment": "notes",
    b"threadedComment": "notes", b"author": "authors of notes", b"shape": "shapes", b"protectedRange": "protections",
    b"col": "column widths", b"brk": "page breaks", b"ext": "extensions", b"Relationship": "links between parts",
    b"Override": "kinds of parts", b"property": "properties", b"filter": "filters", b"filterColumn": "filters",
    b"sortCondition": "filters", b"scenario": "scenarios", b"inputCells": "scenarios", b"customSheetView": "views",
    b"sheetView": "views", b"selection": "views", b"pane": "views", b"tableColumn": "table columns",
    b"ignoredError": "ignored errors", b"twoCellAnchor": "drawings", b"oneCellAnchor": "drawings",
    b"absoluteAnchor": "drawings", b"pic": "pictures", b"sp": "shapes", b"ser": "chart series", b"pt": "chart points",
    b"cacheField": "pivot fields", b"sharedItems": "pivot fields", b"pivotField": "pivot fields", b"item": "items",
    b"cell": "cells of other workbooks", b"mergeCell": "merged ranges", b"sheet": "sheets", b"workbookView": "views",
}  # fmt: skip
_OF_CELLS = rb"(?:row|c|v|f|t|is|si|r)[\s/>]"
_EXTRA = re.compile(rb"<(?![/!?]|%b)(?:[\w.-]+:)?(%b)[\s/>]" % (_OF_CELLS, b"|".join(_EXTRAS)))
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte order marks and blanks


def prescan(path: Path) -> None:
    """Raise unless a file is a plain .xlsx or .xlsm workbook of reasonable size.

    Parameters
    ----------
    path : Path
        File to look at; it is only read.

    Raises
    ------
    UnreadableFileError
        With one sentence on what the file is and what to do.
    """
    check_plain(path)
    kind = _OLD_FORMATS.get(path.suffix.lower())
    if kind:
        raise UnreadableFileError(f"{path} is {kind}. Open it in Excel or LibreOffice and save it as .xlsx.")
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise UnreadableFileError(f"{path} cannot be read ({error.strerror}). Check that you may open it.") from error
    if start == _OLE_SIGNATURE:
        raise UnreadableFileError(f"{path} has a password or is an old Excel file. Save it as .xlsx without password.")
    if not zipfile.is_zipfile(path):
        raise UnreadableFileError(f"{path} is not a workbook. Save it as .xlsx in Excel or LibreOffice.")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive)
            seen = _Seen()
            for member in archive.infolist():
                _scan(path, archive, member, seen)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError(f"{path} is damaged ({error}). Save it again from Excel, or use a copy.") from error


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = {member.filename.casefold() for member in members}
    if "xl/workbook.xml" not in names:
        raise UnreadableFileError(f"{path} is a zip file but no workbook. Save it as .xlsx in Excel or LibreOffice.")
    if len(members) > MOST_MEMBERS:
        raise UnreadableFileError(
            f"{path} has {len(members)} parts; at most {MOST_MEMBERS} are read. Save a plain copy."
        )
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise UnreadableFileError(
            f"{path} unpacks to {total / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB are read. Keep only the data."
        )
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise UnreadableFileError(f"{path} contains the part {member.filename!r}, which points outside it.")
        if member.flag_bits & 1:
            raise UnreadableFileError(f"{path} is encrypted. Save it as .xlsx without password.")
        if member.file_size > RATIO_FROM and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise UnreadableFileError(f"{path} is packed more tightly than real data ever is. Save a plain copy.")


@dataclass
class _Seen:
    """How many tags were found in the parts of a workbook so far."""

    tags: int = 0
    extras: Counter[bytes] = field(default_factory=Counter)


def _scan(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, seen: _Seen) -> None:
    """Read a part once: nothing that expands, nothing endless."""
    read = 0
    tail = b""
    in_comment = False
    is_xml = member.filename.lower().endswith(_XML_PARTS)
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            if not read and chunk.lstrip(_BEFORE_XML).startswith(b"<"):  # whatever the part is called
                is_xml = True
            read += len(chunk)
            if read > MOST_BYTES:  # the size in the directory of the zip may be a lie
                raise UnreadableFileError(f"{path} unpacks to more than {MOST_BYTES / 1e6:.0f} MB. Keep only the data.")
            if not is_xml:
                continue
            window = tail + chunk
            if b"\0" in chunk:
                raise UnreadableFileError(f"{path}: {member.filename} is not written in UTF-8. Save a plain copy.")
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise UnreadableFileError(
                    f"{path} contains XML definitions, which workbooks never contain. Save a plain copy."
                )
            seen.tags += chunk.count(b"<")
            if seen.tags > MOST_TAGS:
                raise UnreadableFileError(f"{path} contains more than {MOST_TAGS:,} XML tags. Keep only the data.")
            seen.extras.update(match[1] for match in _EXTRA.finditer(chunk))
            if seen.extras.total() > MOST_EXTRAS:
                most = max(seen.extras, key=lambda tag: seen.extras[tag])
                raise UnreadableFileError(
                    f"{path}: {member.filename} has too many {_EXTRAS[most]}; at most {MOST_EXTRAS:,} formats, rules, "
                    "links, notes and names are read. Copy the data as values into a new workbook."
                )
            if len(chunk) >= LONGEST_TEXT and (b"<" not in chunk or (in_comment and b"-->" not in chunk)):
                raise UnreadableFileError(
                    f"{path}: {member.filename} contains a text of absurd length. Save a plain copy."
                )
            in_comment = window.rfind(b"<!--") > window.rfind(b"-->")
            tail = window[-200:]


def read_scanned(path: Path) -> bytes:
    """Return the bytes of a workbook that passed the pre-scan; arguments and errors as in `prescan`."""
    prescan(path)
    return read_plain(path, MOST_BYTES)


def check_bounds(path: Path, sheet: str, last_row: int, last_column: int) -> None:
    """Raise if a sheet reaches so far that nobody can walk through it.

    Parameters
    ----------
    path : Path
        The workbook, for the message.
    sheet : str
        The sheet, for the message.
    last_row, last_column : int
        The furthest of its cells that contain a value.
    """
    if last_row * last_column > MOST_CELLS:
        raise UnreadableFileError(
            f"{path}: {sheet} reaches row {last_row:,} and column {last_column:,}; "
            "delete the stray cell far from the data and save again."
        )
