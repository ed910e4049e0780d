"""Writes a workbook of the contract: the template when it is empty, a fleet when it is filled."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from hginventory.errors import UsageError
from hginventory.files import check_target, new_file
from hginventory.inputs.fleet import is_blank
from hginventory.inputs.schema import CONTRACT_SHEETS, SCHEMA_VERSION, SETTINGS_SHEET, UNIT_SHEETS, VERSION_PROPERTY
from hginventory.reading import MOST_CELLS, MOST_FILLED
from hginventory.translations import SOURCE_LANGUAGE, Translator, translator

CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # fixed, so that equal content gives equal bytes
OWN_CELLS = 5_000  # filled cells of a workbook without contents, at most: labels, lists, dictionary, settings


@dataclass(frozen=True)
class Contents:
    """The contents of a workbook other than labels and lists.

    Attributes
    ----------
    settings : mapping of str to object
        Name -> value of the sheet Settings.
    rows : mapping of str to sequence of mapping
        Sheet -> rows -> column -> value, in the units of the schema; blank cells are None or left out.
    about : sequence of str
        Title and paragraphs on the first page; empty for a template.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    about: Sequence[str] = ()


def write_contract(
    path: str | Path,
    contents: Contents,
    *,
    language: str = SOURCE_LANGUAGE,
    sheets: Sequence[str] = tuple(CONTRACT_SHEETS),
    overwrite: bool = False,
    source: Path | None = None,
) -> Path:
    """Write a workbook and return its path. Equal contents give equal bytes.

    Parameters
    ----------
    path : str or Path
        File to write, ending in .xlsx.
    contents : Contents
        Its contents.
    language : str
        Language of labels, notes and pages.
    sheets : sequence of str
        Data sheets, in order.
    overwrite : bool
        Whether a file of this name may be replaced.
    source : Path, optional
        The workbook that was read, which is never replaced.

    Raises
    ------
    UsageError
        If the file exists, has another ending or cannot be written, the workbook would be too large to be read
        again, or there is no such language.
    """
    target = Path(path)
    check_target(target, "path", ".xlsx", overwrite=overwrite, source=source)
    _check_size(contents)
    data = contract_bytes(contents, translator(language), sheets)
    with new_file(target, "path") as new:
        new.write_bytes(data)
    return target


def _check_size(contents: Contents) -> None:
    """Raise if a workbook would have more cells than are read again."""
    units = sum(len(contents.rows.get(name, ())) for name in UNIT_SHEETS)
    filled = OWN_CELLS + sum(not is_blank(v) for rows in contents.rows.values() for row in rows for v in row.values())
    area = max((len(rows) * len(CONTRACT_SHEETS[name].columns) for name, rows in contents.rows.items()), default=0)
    for count, most, words in ((filled, MOST_FILLED, "filled cells"), (area, MOST_CELLS, "cells in one sheet")):
        if count > most:
            raise UsageError(
                f"a workbook of {units:,} units would have {count:,} {words}; at most {most:,} can be read again. "
                "Write fewer units: country by country with `countries`, or those above a size with `min_mw`."
            )


def contract_bytes(contents: Contents, tr: Translator, sheets: Sequence[str]) -> bytes:
    """Return the bytes of a workbook."""
    import xlsxwriter

    from hginventory.inputs.template.dropdowns import drop_downs, write_lists
    from hginventory.inputs.template.pages import TITLE, write_dictionary, write_read_me
    from hginventory.inputs.template.sheets import write_data_sheet, write_settings
    from hginventory.inputs.template.styles import formats

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": contents.about[0] if contents.about else tr(TITLE), "created": CREATED})
    book.set_custom_property(VERSION_PROPERTY, SCHEMA_VERSION, "text")
    styles = formats(book)
    write_read_me(book.add_worksheet("Read_me"), contents.about, sheets, tr, styles)
    write_settings(book, book.add_worksheet(SETTINGS_SHEET), contents.settings, tr, styles)
    for name in sheets:
        rows = contents.rows.get(name, ())
        write_data_sheet(book, book.add_worksheet(name), CONTRACT_SHEETS[name], rows, tr, styles)
    lists = book.add_worksheet("Lists")
    write_lists(book, lists, drop_downs(sheets), tr, styles)
    lists.protect("", {"format_columns": True})
    write_dictionary(book.add_worksheet("Dictionary"), sheets, tr, styles)
    book.close()
    return stream.getvalue()
