"""Fuels with shares of heat, as written in one cell: ``F1:0.6; F2:0.4``."""

from __future__ import annotations

import re
from collections.abc import Mapping

TOLERANCE = 1e-6  # of the sum of shares; rounding to two digits is no mistake of the reader


def parse_shares(text: str) -> Mapping[str, float]:
    """Return the fuels of a cell with their shares of heat [0-1], which sum to 1.

    Parameters
    ----------
    text : str
        One fuel, or several with shares.

    Raises
    ------
    ValueError
        If a share is missing, negative or no number, a fuel is given twice, or the shares do not sum to 1.

    Examples
    --------
    >>> dict(parse_shares("F1:0.6; F2:0.4"))
    {'F1': 0.6, 'F2': 0.4}
    >>> dict(parse_shares("coal"))
    {'coal': 1.0}
    """
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    if len(parts) == 1 and ":" not in parts[0]:
        return {parts[0]: 1.0}
    shares: dict[str, float] = {}
    for part in parts:
        name, _, number = (piece.strip() for piece in part.rpartition(":"))
        try:
            share = float(number.removesuffix("%")) / (100.0 if number.endswith("%") else 1.0)
        except ValueError:
            raise ValueError(f"{part!r} has no share; write it as 'F1:0.6; F2:0.4'") from None
        if not name or not 0.0 <= share <= 1.0:
            raise ValueError(f"{part!r} has no share between 0 and 1")
        if name in shares:
            raise ValueError(f"the fuel {name!r} is given twice")
        shares[name] = share
    if abs(sum(shares.values()) - 1.0) > TOLERANCE:
        raise ValueError(f"the shares of {text!r} sum to {sum(shares.values()):g}, not to 1")
    return shares
