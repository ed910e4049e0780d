"""Latitude and longitude of one row, where they are exchanged beyond doubt."""

from __future__ import annotations

from hginventory.inputs.parsing.number_text import Problem
from hginventory.translations import TranslatableText

LARGEST_LATITUDE = 90.0
LARGEST_LONGITUDE = 180.0


def exchanged(latitude: object, longitude: object) -> tuple[Problem, Problem] | None:
    """Return the findings on a latitude and a longitude that only make sense exchanged; None where they do not.

    Parameters
    ----------
    latitude, longitude : object
        Values of the two cells [degree].

    Examples
    --------
    >>> [problem.new_value for problem in exchanged(106.8, -6.2)]
    [-6.2, 106.8]
    >>> exchanged(-6.2, 106.8) is None, exchanged(200, 10) is None
    (True, True)
    """
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    if not LARGEST_LATITUDE < abs(latitude) <= LARGEST_LONGITUDE or abs(longitude) > LARGEST_LATITUDE:
        return None
    remedy = TranslatableText("Exchange the two values: latitude {north}, longitude {east}.", north=f"{longitude:g}",
                  east=f"{latitude:g}")  # fmt: skip
    bounds = TranslatableText("a latitude lies between -{most} and {most}", most=f"{LARGEST_LATITUDE:g}")
    return (
        Problem("W417", f"latitude {latitude:g}", bounds, remedy, longitude),
        Problem("W417", f"longitude {longitude:g}", bounds, remedy, latitude),
    )
