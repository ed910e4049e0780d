"""Whether a file is safe to open at all: looked at as bytes, before any spreadsheet reader sees it."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hginventory.errors import UnreadableFileError

MOST_MEMBERS = 2_000
MOST_BYTES = 200_000_000  # unpacked, all members together
MOST_RATIO = 200  # unpacked over packed, for members above RATIO_FROM bytes
RATIO_FROM = 10_000_000
MOST_CELLS = 5_000_000  # last row x last column of a sheet
CHUNK = 1 << 20
LONGEST_TEXT = 1 << 20  # bytes without a tag
MOST_TAGS = 10_000_000  # of all parts together; the tracker of all coal units of the world has 2.3 million
_OLD_FORMATS = {
    ".xls": "an old Excel file",
    ".xlsb": "a binary Excel file",
    ".ods": "an OpenDocument file",
    ".numbers": "a Numbers file",
    ".csv": "a text file",
}
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_PARTS = (".xml", ".rels", ".vml")
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
    if not path.exists():
        raise UnreadableFileError(f"{path}: there is no such file. Check the name and the folder.")
    if path.is_dir():
        raise UnreadableFileError(f"{path} is a folder. Name the workbook in it.")
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
            if len(chunk) >= LONGEST_TEXT and (b"<" not in chunk or (in_comment and b"-->" not in chunk)):
                raise UnreadableFileError(
                    f"{path}: {member.filename} contains a text of absurd length. Save a plain copy."
                )
            in_comment = window.rfind(b"<!--") > window.rfind(b"-->")
            tail = window[-200:]


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
