"""Whether a workbook was made for this version of the contract.

Columns are found by name and a renamed column keeps its former name as an alias, so an older workbook needs no
conversion. A newer one may contain what this version does not know, and is refused.
"""

from __future__ import annotations

import re
from pathlib import Path

from hginventory.errors import UnreadableFileError
from hginventory.inputs.schema.contract import SCHEMA_VERSION

VERSION_PROPERTY = "hginv_template_version"


def check_version(path: Path, version: str | None) -> None:
    """Raise if a workbook is of a newer version than this program.

    Parameters
    ----------
    path : Path
        The workbook, for the message.
    version : str or None
        Its property ``hginv_template_version``; None, or no version at all, is read like the present one.

    Raises
    ------
    UnreadableFileError
        With one sentence.

    Examples
    --------
    >>> check_version(Path("fleet.xlsx"), "0.9")
    """
    numbers = _numbers(version or "")
    if numbers is not None and numbers > (_numbers(SCHEMA_VERSION) or ()):
        raise UnreadableFileError(
            f"{path} was made with version {version} of the workbook and this program knows versions up to "
            f"{SCHEMA_VERSION}: install a newer hginventory, or copy the data into a workbook of 'hginv template'."
        )


def _numbers(version: str) -> tuple[int, ...] | None:
    """Return the parts of a version, None for any other text.

    >>> _numbers("1.10"), _numbers("draft")
    ((1, 10), None)
    """
    return tuple(map(int, version.strip().split("."))) if re.fullmatch(r"\s*\d+(\.\d+)*\s*", version) else None
