"""Gross over net calorific value of coals, to bring heat rates of US sources to our basis."""

from __future__ import annotations

from hginventory.factors.coal_quality import CoalTables
from hginventory.factors.library import FactorLibrary
from hginventory.factors.lookup import rank_rungs


def gross_to_net_ratio(library: FactorLibrary, country: str, coal_type: str) -> float:
    """Return gross over net calorific value as received [1], from the rows net_calorific_value and gross_minus_net.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    country : str
        ISO code of three letters.
    coal_type : str
        Coal type, may be ``unknown``.

    Examples
    --------
    >>> from hginventory.factors.library import load_library
    >>> 1.02 < gross_to_net_ratio(load_library(), "USA", "bituminous") < 1.08
    True
    """
    tables = CoalTables(library)
    rungs = rank_rungs(country, coal_type)
    net, difference = (ladder.needed(rungs).number() for ladder in (tables.ncv, tables.gross_minus_net))
    return (net + difference) / net
