"""A copy of the user's workbook, and what is lost on the way. The user's file is only read."""

from __future__ import annotations

import errno
import math
import os
import tempfile
import warnings
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from hginventory.errors import UnreadableFileError
from hginventory.files import writing
from hginventory.reading import MOST_PIXELS

_PICTURES = "xl/media/"
_BROKEN = (LookupError, TypeError, ValueError, AttributeError, SyntaxError, OSError, OverflowError, RecursionError)
_NOTE_WIDTH, _NOTE_LINE, _NOTE_LETTERS = 280, 18, 44  # [pixels], [pixels], letters a line
# Part of the file -> what happens to it. openpyxl, which writes the copy, does not keep all of a workbook.
_LOSSES: Mapping[str, str] = {
    "xl/charts/": "Charts are redrawn and lose their text descriptions and some formats.",
    _PICTURES: "Pictures may be missing.",
    "xl/vbaProject": "Macros are left out.",
    "xl/pivotTables/": "Pivot tables may need to be refreshed.",
    "xl/externalLinks/": "Links to other files are kept, not followed.",
}
_FORMULAS = "Formulas have no stored results until the copy is opened and saved in Excel once."


def open_copy(data: bytes) -> Any:
    """Return a workbook of openpyxl to change and save elsewhere; notes get room for their text again.

    Raises
    ------
    UnreadableFileError
        If openpyxl, which is stricter than our reader in parts without figures, cannot read it.
    """
    import openpyxl

    check_pictures(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of parts that it drops; `losses` tells of those that matter
        try:
            book = openpyxl.load_workbook(BytesIO(data))
        except _BROKEN as error:
            raise _damaged(error) from error
    for sheet in book.worksheets:
        for cell in sheet._cells.values():
            if cell.comment is not None:
                enlarge(cell.comment)
    return book


def saved(book: Any) -> bytes:
    """Return the bytes of a workbook of openpyxl.

    Raises
    ------
    UnreadableFileError
        If openpyxl cannot write what it has read, as a damaged picture.
    UsageError
        If the disk of temporary files, which openpyxl writes sheets to first, is full.
    """
    stream = BytesIO()
    with writing(Path(tempfile.gettempdir())):
        try:
            book.save(stream)
        except _BROKEN as error:
            if isinstance(error, OSError) and error.errno:  # of the system; a picture cut short has no number
                raise
            raise _damaged(error) from error
        except Exception as error:
            number = _error_of_lxml(error)
            if number is None:
                raise
            raise OSError(number, os.strerror(number)) from error
    return stream.getvalue()


def _error_of_lxml(error: Exception) -> int | None:
    """Return the number of a system error that lxml, which openpyxl uses where it is installed, has by its name."""
    kind, _, name = str(error).partition("_")
    is_system = type(error).__name__ == "SerialisationError" and kind == "IO"
    return getattr(errno, name, errno.EIO) if is_system else None


def _damaged(error: Exception) -> UnreadableFileError:
    return UnreadableFileError(
        "A copy of this workbook cannot be made: damaged parts without data "
        f"({type(error).__name__}). Open and save it in Excel or LibreOffice once, and try again."
    )


def check_pictures(data: bytes) -> None:
    """Raise if a picture of a workbook, which openpyxl may unpack, is larger than any photograph.

    Parameters
    ----------
    data : bytes
        The workbook, scanned already.

    Raises
    ------
    UnreadableFileError
        With the name of the part.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        pictures = [name for name in archive.namelist() if name.startswith(_PICTURES)]
        for name in pictures:
            pixels = _pixels(archive.read(name))
            if pixels > MOST_PIXELS:
                raise UnreadableFileError(
                    f"A copy of this workbook cannot be made: {name} is a picture of more than {MOST_PIXELS:,} pixels. "
                    "Delete it, or make it smaller, and try again."
                )


def _pixels(content: bytes) -> float:
    """Return the size of a picture as it states itself; 0 of what is not a picture."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(content)) as picture:
                return float(picture.width) * picture.height
        except Image.DecompressionBombError:
            return math.inf
        except Exception:  # whatever a broken picture makes one of the many readers raise
            return 0.0


def enlarge(note: Any) -> None:
    """Give a note room for its text; the size it had is lost in reading."""
    lines = sum(1 + len(line) // _NOTE_LETTERS for line in note.text.splitlines())
    note.width, note.height = _NOTE_WIDTH, _NOTE_LINE * (lines + 1)


def losses(data: bytes, book: Any) -> tuple[str, ...]:
    """Return what of a workbook a copy made by openpyxl does not keep, in sentences; empty for most workbooks."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = archive.namelist()
    found = [text for part, text in _LOSSES.items() if any(name.startswith(part) for name in members)]
    if any(cell.data_type == "f" for sheet in book.worksheets for cell in sheet._cells.values()):
        found.append(_FORMULAS)
    return tuple(found)
