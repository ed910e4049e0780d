"""Where the data folders lie: inside the package when installed, next to it in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

DataKind = Literal["factors", "fleets", "scenarios"]


def data_folder(kind: DataKind) -> Path:
    """Return the folder of a kind of bundled data.

    Parameters
    ----------
    kind : {"factors", "fleets", "scenarios"}
        Which data folder.

    Raises
    ------
    FileNotFoundError
        If the installation is damaged: install the package again.

    Examples
    --------
    >>> (data_folder("factors") / "sources.csv").is_file()
    True
    """
    package = Path(__file__).parent
    for folder in (package / "data" / kind, package.parent / kind):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the data folder {kind!r} of hginventory is missing: install the package again")
