"""A tracker file to a fleet: one function for every kind of file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from hginventory import arguments
from hginventory.errors import UsageError
from hginventory.factors import gross_over_net, load_library
from hginventory.inputs.fleet import Fleet
from hginventory.inputs.schema import SETTINGS
from hginventory.inputs.source_tables import TableOptions
from hginventory.inputs.trackers import (
    TRACKERS,
    Filters,
    ImportReport,
    read_epa_needs,
    read_gem_cement,
    read_gem_coal,
    read_mapped,
    read_wri_power,
)
from hginventory.model import efficiency_from_heat_rate


def import_tracker(
    kind: str,
    path: str | Path,
    *,
    countries: Sequence[str] = (),
    statuses: Sequence[str] = (),
    min_mw: float | None = None,
    where: str | None = None,
    mapping: str | Path | None = None,
    in_year: int | None = None,
    sheet: str | None = None,
    decimal_sign: str | None = None,
    encoding: str | None = None,
) -> tuple[Fleet, ImportReport]:
    """Return the fleet of a tracker file, and the report of what was read, kept and left open.

    Parameters
    ----------
    kind : str
        One of `trackers.TRACKERS`.
    path : str or Path
        The file; it is only read.
    countries : sequence of str
        English names or ISO codes of the countries wanted; empty: all.
    statuses : sequence of str
        Statuses wanted, as ``operating``; empty: all but shelved and cancelled units, which were never built;
        ``all``: these too.
    min_mw : float, optional
        Smallest capacity [MW].
    where : str, optional
        Expression over the columns of our workbook, as ``"capacity_gross >= 100 and not captive"``.
    mapping : str or Path, optional
        The mapping file, for the kind ``csv`` only.
    in_year : int, optional
        Year whose fleet is wanted, which becomes the base year: units that had started by then and were not retired
        before, units retired since among them. Units whose year of retirement is not known are left out.
    sheet : str, optional
        Name of the sheet of the file, if several contain such a table.
    decimal_sign : str, optional
        ``point`` or ``comma``, for numbers stored as text; None: as the cells show.
    encoding : str, optional
        Encoding of a text file, as ``cp1250``; None: as its letters show.

    Raises
    ------
    UnreadableFileError
        If the file cannot be opened safely or is of another kind.
    UsageError
        If an option cannot be used, no unit is left, or several sheets contain such a table.
    DataError
        If cells that are read are merged, in error, without a stored result or in doubt.
    """
    arguments.of_kind("kind", kind, str, f"one of: {', '.join(TRACKERS)}")
    arguments.path("path", path)
    arguments.several("countries", countries, str, "countries, as ['IDN', 'VNM']")
    arguments.several("statuses", statuses, str, "statuses, as ['operating']")
    arguments.number("min_mw", min_mw, 0.0, optional=True)
    arguments.text("where", where, optional=True)
    arguments.path("mapping", mapping, optional=True)
    year = next(column for column in SETTINGS if column.name == "base_year")
    arguments.whole("in_year", in_year, int(year.low or 0), int(year.high or 0), optional=True)
    arguments.text("sheet", sheet, optional=True)
    if decimal_sign is not None:
        arguments.one_of("decimal_sign", decimal_sign, ("point", "comma"))
    arguments.text("encoding", encoding, optional=True)
    if kind not in TRACKERS:
        raise UsageError(f"there is no importer {kind!r}. Use one of: {', '.join(TRACKERS)}.", allowed=TRACKERS)
    if (kind == "csv") != (mapping is not None):
        words = "the kind csv needs a file that names its columns" if mapping is None else f"the kind {kind} takes none"
        raise UsageError(f"{words}; a mapping file goes with the kind csv only.", parameter="mapping")
    filters = Filters(tuple(countries), tuple(statuses), min_mw, where, in_year)
    options = TableOptions(sheet, decimal_sign, encoding)
    file = Path(path)
    if mapping is not None:
        return read_mapped(file, Path(mapping), filters, options)
    if kind == "epa-needs":
        return read_epa_needs(file, filters, net_efficiency_of_us_unit, options)
    readers = {"gem-coal": read_gem_coal, "gem-cement": read_gem_cement, "wri-power": read_wri_power}
    return readers[kind](file, filters, options)


def net_efficiency_of_us_unit(heat_rate: float, coal_type: str) -> float:
    """Return the net efficiency on net calorific value [1] of a heat rate on gross calorific value.

    Parameters
    ----------
    heat_rate : float
        Fuel heat per electricity sent out [Btu/kWh].
    coal_type : str
        Coal type, may be ``unknown``.
    """
    return efficiency_from_heat_rate(heat_rate, _us_ratio(coal_type))


@cache
def _us_ratio(coal_type: str) -> float:
    return gross_over_net(load_library(), "USA", coal_type).value
