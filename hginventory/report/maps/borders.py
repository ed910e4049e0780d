"""Borders of countries and of their first-level regions as lines, and the frame of each country.

Natural Earth draws who controls the land; lines that are claimed otherwise are kept apart, so that they can be dashed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hginventory.report.maps.outlines import Window

FILE = Path(__file__).with_name("borders.json")
STEPS = 100  # coordinates are kept in hundredths of a degree
MOST_COUNTRIES = 5  # of a map that shows regions


class Borders(NamedTuple):
    """Lines within a window, each a list of points [degree]."""

    countries: list[list[list[float]]]
    disputed: list[list[list[float]]]
    regions: list[list[list[float]]]


@cache
def _content() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def country_frame(countries: Iterable[str]) -> Window | None:
    """Return the frame of some countries, without overseas parts; None where none of them is known.

    Parameters
    ----------
    countries : iterable of str
        ISO codes of three letters.

    Examples
    --------
    >>> country_frame(["VNM"])
    (102.12, 8.57, 109.47, 23.37)
    """
    frames = _content()["frames"]
    found = [frames[code] for code in countries if code in frames]
    if not found:
        return None
    wests, souths, easts, norths = zip(*found, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def borders(window: Window, countries: Iterable[str]) -> Borders:
    """Return the borders within a window; of few countries also those of their first-level regions.

    Parameters
    ----------
    window : tuple of float
        West, south, east, north [degree].
    countries : iterable of str
        Countries whose regions are shown, where they are at most `MOST_COUNTRIES`.
    """
    content, named = _content(), sorted(set(countries))
    regions = [line for code in named for line in content["regions"].get(code, ())]
    return Borders(
        _within(content["countries"], window),
        _within(content["disputed"], window),
        _within(regions, window) if len(named) <= MOST_COUNTRIES else [],
    )


def _within(lines: list[list[int]], window: Window) -> list[list[list[float]]]:
    """Return lines with a point within a window; the edge of the map clips them."""
    west, south, east, north = (bound * STEPS for bound in window)
    found = []
    for line in lines:
        x, y = line[0], line[1]
        points, inside = [[x / STEPS, y / STEPS]], west <= x <= east and south <= y <= north
        for n in range(2, len(line), 2):
            x, y = x + line[n], y + line[n + 1]
            points.append([x / STEPS, y / STEPS])
            inside = inside or (west <= x <= east and south <= y <= north)
        if inside:
            found.append(points)
    return found
