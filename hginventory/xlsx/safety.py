"""Whether a workbook or Word document is safe to open at all: looked at as bytes, before any reader sees it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from hginventory.errors import UnreadableFileError
from hginventory.reading import (
    LONGEST_TEXT,
    MOST_BYTES,
    MOST_CELLS,
    MOST_DIRECTORY_BYTES,
    MOST_EXTRAS,
    MOST_MEMBERS,
    MOST_RATIO,
    MOST_TAGS,
    MOST_TEMPLATE_BYTES,
    MOST_TEMPLATE_TAGS,
    RATIO_FROM,
    check_plain,
    read_plain,
)

CHUNK = 1 << 20
_OTHER_FORMATS = {
    ".xls": "an old Excel file",
    ".xlsb": "a binary Excel file",
    ".ods": "an OpenDocument file",
    ".numbers": "a Numbers file",
    ".csv": "a text file",
}
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The end of a zip file: the size of its list of parts, with a comment behind; in large ones a second end before it.
_END, _END_64 = struct.Struct("<12xL6x"), struct.Struct("<40xQ28x")
_END_MARK, _LOCATOR_MARK = b"PK\x05\x06", b"PK\x06\x07"
_END_BYTES = _END_64.size + _END.size + 0xFFFF
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


@dataclass(frozen=True)
class OfficeFile:
    """A kind of office file, with its words for messages and its bounds.

    Attributes
    ----------
    name, program, suffix : str
        What it is called, the program that writes it, and the end of its name.
    part : str
        The part that every such file has.
    most_bytes, most_tags : int
        How much of one is read: bytes unpacked, and tags.
    """

    name: str
    program: str
    suffix: str
    part: str
    most_bytes: int
    most_tags: int


WORKBOOK = OfficeFile("workbook", "Excel or LibreOffice", ".xlsx", "xl/workbook.xml", MOST_BYTES, MOST_TAGS)
WORD_DOCUMENT = OfficeFile(
    "Word document", "Word or LibreOffice", ".docx", "word/document.xml", MOST_TEMPLATE_BYTES, MOST_TEMPLATE_TAGS
)


def prescan(path: Path, kind: OfficeFile = WORKBOOK) -> None:
    """Raise unless a file is a plain workbook, .xlsx or .xlsm, or a Word document, of reasonable size.

    Parameters
    ----------
    path : Path
        File to look at; it is only read.
    kind : OfficeFile
        What it should be.

    Raises
    ------
    UnreadableFileError
        With one sentence on what the file is and what to do.
    """
    check_plain(path)
    save = f"Save it as {kind.suffix} in {kind.program}."
    other = _OTHER_FORMATS.get(path.suffix.lower())
    if other:
        raise UnreadableFileError(f"{path} is {other}. Open it in {kind.program} and save it as {kind.suffix}.")
    try:
        with path.open("rb") as file:
            start, directory = file.read(8), _directory_bytes(file)
    except OSError as error:
        raise UnreadableFileError(f"{path} cannot be read ({error.strerror}). Check that you may open it.") from error
    if start == _OLE_SIGNATURE:
        old = f"has a password or is an old {kind.program.split()[0]} file"
        raise UnreadableFileError(f"{path} {old}. Save it as {kind.suffix} without password.")
    if not zipfile.is_zipfile(path):
        raise UnreadableFileError(f"{path} is not a {kind.name}. {save}")
    if directory > MOST_DIRECTORY_BYTES:  # before zipfile makes an object of each part
        raise UnreadableFileError(f"{path} has far more parts than any {kind.name}. Save a plain copy.")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive, kind)
            seen = _Seen()
            for member in archive.infolist():
                _scan(path, archive, member, seen, kind)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        again = f"Save it again from {kind.program.split()[0]}, or use a copy."
        raise UnreadableFileError(f"{path} is damaged ({error}). {again}") from error


def _directory_bytes(file: BinaryIO) -> int:
    """Return the size of the list of parts, as the end of a zip file says it; 0 where there is none."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_BYTES))
    tail = file.read()
    at = max(len(tail) - _END.size, 0)
    if tail[at : at + 4] != _END_MARK or not tail.endswith(b"\0\0"):  # a comment follows
        at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        return 0
    listed = int(_END.unpack_from(tail, at)[0])
    if at >= _END_64.size and tail[at - 20 : at - 16] == _LOCATOR_MARK:
        listed = int(_END_64.unpack_from(tail, at - _END_64.size)[0])
    return listed


def _check_members(path: Path, archive: zipfile.ZipFile, kind: OfficeFile) -> None:
    members = archive.infolist()
    names = {member.filename.casefold() for member in members}
    if kind.part not in names:
        raise UnreadableFileError(
            f"{path} is a zip file but no {kind.name}. Save it as {kind.suffix} in {kind.program}."
        )
    if len(members) > MOST_MEMBERS:
        raise UnreadableFileError(
            f"{path} has {len(members)} parts; at most {MOST_MEMBERS} are read. Save a plain copy."
        )
    total = sum(member.file_size for member in members)
    if total > kind.most_bytes:
        most = f"at most {kind.most_bytes / 1e6:.0f} MB are read"
        raise UnreadableFileError(f"{path} unpacks to {total / 1e6:.0f} MB; {most}. Keep only what you need.")
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise UnreadableFileError(f"{path} contains the part {member.filename!r}, which points outside it.")
        if member.flag_bits & 1:
            raise UnreadableFileError(f"{path} is encrypted. Save it as {kind.suffix} without password.")
        if member.file_size > RATIO_FROM and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise UnreadableFileError(f"{path} is packed more tightly than real data ever is. Save a plain copy.")


@dataclass
class _Seen:
    """How many tags were found in the parts of a workbook so far."""

    tags: int = 0
    extras: Counter[bytes] = field(default_factory=Counter)


def _scan(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, seen: _Seen, kind: OfficeFile) -> None:
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
            if read > kind.most_bytes:  # the size in the directory of the zip may be a lie
                most = f"{kind.most_bytes / 1e6:.0f} MB"
                raise UnreadableFileError(f"{path} unpacks to more than {most}. Keep only what you need.")
            if not is_xml:
                continue
            window = tail + chunk
            if b"\0" in chunk:
                raise UnreadableFileError(f"{path}: {member.filename} is not written in UTF-8. Save a plain copy.")
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise UnreadableFileError(
                    f"{path} contains XML definitions, which {kind.name}s never contain. Save a plain copy."
                )
            seen.tags += chunk.count(b"<")
            if seen.tags > kind.most_tags:
                most = f"{kind.most_tags:,}"
                raise UnreadableFileError(f"{path} contains more than {most} XML tags. Keep only what you need.")
            seen.extras.update(match[1] for match in _EXTRA.finditer(chunk))
            if seen.extras.total() > MOST_EXTRAS:
                kept = max(seen.extras, key=lambda tag: seen.extras[tag])
                raise UnreadableFileError(
                    f"{path}: {member.filename} has too many {_EXTRAS[kept]}; at most {MOST_EXTRAS:,} formats, rules, "
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
