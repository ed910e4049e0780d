"""Outlines of land for a map: read, cut to a window. Ours are coasts; the user may give a file with other outlines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.reading import MOST_OUTLINE_BYTES, MOST_POINTS, read_json

COASTS = "coasts"  # in place of a file of the user: ours, without borders
LAND = Path(__file__).with_name("land.geojson")
LEAST_POINTS = 3  # of a ring; one that is closed as the format says has one more
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
    source, polygons = _read(path)
    cut = [[ring for part in polygon if len(ring := _cut(part, window)) > 2] for polygon in polygons]
    points = sum(len(ring) for rings in cut for ring in rings)
    if points > MOST_POINTS:
        raise UsageError(
            f"{source} has {points:,} points within the map; at most {MOST_POINTS:,} are drawn. Simplify the outlines.",
            parameter="outlines",
        )
    return [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": rings}}
        for rings in cut
        if rings
    ]


def check_outlines(path: str | Path | None) -> None:
    """Raise where no map can have these outlines: before the work, so that none is done in vain; as `outlines`."""
    if path is not None:
        _read(path)


def _read(path: str | Path | None) -> tuple[Path, list[list[Ring]]]:
    """Return the file of outlines, and its polygons; raise where it has none."""
    source = LAND if path is None or path == COASTS else Path(path)
    try:
        content = read_json(source, MOST_OUTLINE_BYTES)
    except UnreadableFileError as error:
        raise UsageError(f"{error.message} Give a GeoJSON file of outlines.", parameter="outlines") from None
    polygons = _polygons(source, content)
    if not polygons:
        raise UsageError(f"{source} contains no polygon. Give a GeoJSON file of outlines.", parameter="outlines")
    return source, polygons


def _polygons(source: Path, content: Any) -> list[list[Ring]]:
    """Return the polygons of a GeoJSON text; raise at the first feature that is not as the format says."""
    features = content.get("features") if isinstance(content, dict) else None
    is_collection = isinstance(features, list)
    several: list[Any] = features if isinstance(features, list) else [content]
    polygons: list[list[Ring]] = []
    for number, feature in enumerate(several, 1):
        try:
            for polygon in _of_feature(feature):
                polygons.append([_ring(ring) for ring in _filled(polygon, "a polygon without rings")])
        except ValueError as error:
            where = f": feature {number}" if is_collection else ""
            raise UsageError(
                f"{source}{where} is not as GeoJSON has it: {error}. Correct or delete it, or give another file.",
                parameter="outlines",
            ) from None
    return polygons


def _of_feature(feature: Any) -> Iterator[Any]:
    """Yield the coordinates of the polygons of a feature or geometry; lines and points have none."""
    kind = feature.get("type") if isinstance(feature, dict) else None
    if not isinstance(kind, str):
        raise ValueError(f"found {_brief(feature)}, expected an object with a type")
    if kind == "Feature":
        if feature.get("geometry") is not None:  # null: a feature without a location
            yield from _of_feature(feature["geometry"])
    elif kind == "GeometryCollection":
        for geometry in _filled(feature.get("geometries"), "a collection without geometries"):
            yield from _of_feature(geometry)
    elif kind == "Polygon":
        yield feature.get("coordinates")
    elif kind == "MultiPolygon":
        yield from _filled(feature.get("coordinates"), "a MultiPolygon without polygons")


def _filled(found: Any, problem: str) -> list[Any]:
    if not isinstance(found, list):
        raise ValueError(f"found {_brief(found)}, expected a list")
    if not found:
        raise ValueError(problem)
    return found


def _ring(found: Any) -> Ring:
    """Return the points of a ring, longitude and latitude [degree]."""
    points = _filled(found, "a ring without points")
    for point in points:
        if not isinstance(point, list) or len(point) < 2 or not all(map(_is_number, point[:2])):
            raise ValueError(f"found {_brief(point)}, expected a point as [106.8, -6.2]")
    if len(points) < LEAST_POINTS:
        raise ValueError(f"a ring of {len(points)} points, expected {LEAST_POINTS} or more")
    return [[float(point[0]), float(point[1])] for point in points]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _brief(value: Any) -> str:
    return (
        f"a {type(value).__name__}" if isinstance(value, list | dict) else "null" if value is None else repr(value)[:40]
    )


def _cut(ring: Ring, window: Window) -> Ring:
    """Return the part of a ring within a window (Sutherland and Hodgman), closed."""
    west, south, east, north = window
    points = ring[:-1] if ring[0] == ring[-1] else ring
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
