"""A Word file whose bytes follow from its content alone."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # fixed, so that equal runs give equal bytes
ZIP_TIME = (2000, 1, 1, 0, 0, 0)


def file_bytes(document: Any, title: str) -> bytes:
    """Return a document of python-docx as the bytes of its file; equal contents give equal bytes.

    Parameters
    ----------
    document : docx Document
        The document. Its properties are set.
    title : str
        Title in its properties.
    """
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, "hginventory", ""
    properties.comments, properties.revision = "", 1
    properties.created = properties.modified = CREATED
    written = io.BytesIO()
    document.save(written)
    stream = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return stream.getvalue()
