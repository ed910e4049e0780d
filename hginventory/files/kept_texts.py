"""Texts that take long to make and are kept between runs, for as long as what they are made from is the same."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from hginventory.errors import UsageError
from hginventory.files.file_versions import new_file


def kept_text(module: str, name: str, stamp: str) -> str | None:
    """Return a text that `keep_text` kept under the same stamp, None where there is none.

    Parameters
    ----------
    module : str
        File of the module that makes the text; it is kept in the folder of the byte code of this module.
    name : str
        Name of the file that keeps it.
    stamp : str
        Line that identifies everything the text is made from, as a digest of it.
    """
    try:
        found, _, text = Path(cache_from_source(module)).with_name(name).read_bytes().decode().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if found == stamp else None


def keep_text(module: str, name: str, stamp: str, text: str) -> None:
    """Keep a text that takes long to make, where Python may keep byte code; parameters as of `kept_text`."""
    if not sys.dont_write_bytecode:
        with suppress(UsageError), new_file(Path(cache_from_source(module)).with_name(name)) as new:
            new.write_bytes(f"{stamp}\n{text}".encode())  # a read-only installation keeps none
