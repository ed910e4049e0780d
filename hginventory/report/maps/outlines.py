"""Outlines of land for a map: read, cut to a window. Ours are coasts; the user may give a file with other outlines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hginventory.errors import UsageError

COASTS = "coasts"  # in place of a file of the user: ours, without borders
LAND = Path(__file__).with_name("land.geojson")
Window = tuple[float, float, float, float]  # west, south, east, north [degree]
Ring = list[list[float]]


def outlines(window: Window, path: str | Path | None = None) -> list[dict[str, Any]]:
    """Return the outlines within a window as GeoJSON features.

    Parameters
    ----------
    window : tuple of float
        West, south, east, north [degree].
    path : str or Path, optional
        GeoJSON file of the user, polygons in degrees; default, and ``coasts``: those of Natural Earth (public domain).

    Raises
    ------
    UsageError
        If the file of the user is not a GeoJSON with polygons.
    """
    source = LAND if path is None or path == COASTS else Path(path)
    try:
        content = json.loads(source.read_text(encoding="utf-8"))
        polygons = list(_polygons(content))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise UsageError(f"{source} is not a GeoJSON file with polygons ({error}).", parameter="outlines") from None
    if not polygons:
        raise UsageError(f"{source} contains no polygon. Give a GeoJSON file of outlines.", parameter="outlines")
    cut = [[ring for part in polygon if len(ring := _cut(part, window)) > 2] for polygon in polygons]
    return [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": rings}}
        for rings in cut
        if rings
    ]


def _polygons(content: Any) -> Iterator[list[Ring]]:
    if content["type"] == "FeatureCollection":
        for feature in content["features"]:
            yield from _polygons(feature["geometry"])
    elif content["type"] == "Feature":
        yield from _polygons(content["geometry"])
    elif content["type"] == "GeometryCollection":
        for geometry in content["geometries"]:
            yield from _polygons(geometry)
    elif content["type"] == "Polygon":
        yield content["coordinates"]
    elif content["type"] == "MultiPolygon":
        yield from content["coordinates"]


def _cut(ring: Ring, window: Window) -> Ring:
    """Return the part of a ring within a window (Sutherland and Hodgman), closed."""
    west, south, east, north = window
    points = [[float(p[0]), float(p[1])] for p in (ring[:-1] if ring[0] == ring[-1] else ring)]
    for axis, bound, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        if not points:
            return []
        kept: Ring = []
        for last, point in zip([points[-1], *points[:-1]], points, strict=True):
            inside, was_inside = sign * (point[axis] - bound) >= 0, sign * (last[axis] - bound) >= 0
            if inside != was_inside:
                share = (bound - last[axis]) / (point[axis] - last[axis])
                kept.append([round(last[n] + share * (point[n] - last[n]), 3) for n in (0, 1)])
            if inside:
                kept.append(point)
        points = kept
    return [*points, points[0]] if points else []
