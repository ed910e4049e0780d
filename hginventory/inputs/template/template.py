"""The empty workbook of the contract, with example rows that are ignored when it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from hginventory import arguments
from hginventory.errors import UsageError
from hginventory.inputs.parsing import country_code
from hginventory.inputs.template.examples import example_rows
from hginventory.inputs.template.sheets import sheets_of
from hginventory.inputs.template.writer import Contents, write_contract
from hginventory.translations import SOURCE_LANGUAGE, translator

SectorChoice = Literal["coal", "cement", "both"]
SECTORS = get_args(SectorChoice)
DEFAULT_NAME = "fleet.xlsx"


def write_template(
    path: str | Path = DEFAULT_NAME,
    *,
    language: str = SOURCE_LANGUAGE,
    sector: SectorChoice = "both",
    example: bool = True,
    country: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write an empty workbook to fill in, and return its path.

    Parameters
    ----------
    path : str or Path
        File to write, ending in .xlsx.
    language : str
        Language of labels, notes and pages; names and codes are the same in all.
    sector : {"coal", "cement", "both"}
        Which unit sheets it has.
    example : bool
        Whether it has example rows.
    country : str, optional
        Country of the fleet, as ISO code or English name: goes to Settings and the examples.
    overwrite : bool
        Whether a file of this name may be replaced.

    Raises
    ------
    UsageError
        If the file exists or cannot be written, or language, sector or country are not known.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(Path(folder) / "fleet.xlsx", language="id", country="Indonesia").name
    'fleet.xlsx'
    """
    arguments.path("path", path)
    arguments.text("language", language)
    arguments.text("country", country, optional=True)
    arguments.flag("example", example)
    arguments.flag("overwrite", overwrite)
    arguments.one_of("sector", sector, SECTORS)
    code = country_code(country) if country else None
    if country and code is None:
        raise UsageError(f"{country!r} is not known. Write its ISO code of three letters, as IDN.", parameter="country")
    sheets = sheets_of(coal=sector != "cement", cement=sector != "coal")
    rows = example_rows(translator(language), code or "IDN") if example else {}
    settings = {"country": code} if code else {}
    return write_contract(path, Contents(settings, rows), language=language, sheets=sheets, overwrite=overwrite)
