"""How a workbook is begun and assembled: no formulas or links out of texts, equal contents to equal bytes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from hginventory.files import scratch_folder

CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # fixed, so that equal runs give equal bytes
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@contextmanager
def assembled(buffer: BinaryIO, **properties: str) -> Iterator[Any]:
    """Give a workbook of XlsxWriter, which is assembled into ``buffer`` when the work on it is done.

    Where an error or Ctrl-C ends the work, nothing is assembled, which may take a second, and no temporary file stays.

    Parameters
    ----------
    buffer : binary file
        Where the bytes go.
    **properties : str
        Properties of the file, such as its title.
    """
    import xlsxwriter

    with scratch_folder() as folder:
        book = xlsxwriter.Workbook(buffer, OPTIONS | {"tmpdir": str(folder)})
        book.set_properties({**properties, "author": "hginventory", "created": CREATED})
        try:
            yield book
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            raise
        book.close()
