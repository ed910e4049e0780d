"""Write the outlines of land that the map of a report shows: for maintainers.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/build_outlines.py package/land-50m.json

world-atlas (ISC licence) carries Natural Earth's land at 1:50 million, which is in the public domain, as TopoJSON.
The result is a GeoJSON file of polygons with coordinates to 0.01 degree. It shows coasts only: borders are a matter
for the user, who can give a GeoJSON file of their own.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "hginventory" / "report" / "figures" / "land.geojson"
DIGITS = 2  # of a degree: about 1 km
TOLERANCE = 0.05  # points nearer to the line between their neighbours are left out [degree]
SMALLEST = 0.06  # polygons narrower and lower than this are left out [degree]
POLAR = -60.0  # Antarctica has no units [degree]


def arcs_of(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Return the lines of a TopoJSON file in degrees: each is a first point and steps from point to point."""
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((round(x * kx + tx, DIGITS), round(y * ky + ty, DIGITS)))
        lines.append(line)
    return lines


def ring_of(numbers: list[int], arcs: list[list[tuple[float, float]]]) -> list[list[float]]:
    """Return a closed ring; a negative number is a line taken backwards."""
    ring: list[tuple[float, float]] = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += line[1 if ring else 0 :]
    kept = [ring[0], *(point for last, point in pairwise(ring) if point != last)]
    return [list(point) for point in kept]


def simplified(line: list[list[float]]) -> list[list[float]]:
    """Return a line without the points that lie near the straight line through the rest (Douglas and Peucker)."""
    keep = {0, len(line) - 1}
    parts = [(0, len(line) - 1)]
    while parts:
        begin, end = parts.pop()
        (x0, y0), (x1, y1) = line[begin], line[end]
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        farthest, distance = begin, 0.0
        for index in range(begin + 1, end):
            x, y = line[index]
            across = abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length if length else abs(x - x0) + abs(y - y0)
            if across > distance:
                farthest, distance = index, across
        if distance > TOLERANCE:
            keep.add(farthest)
            parts += [(begin, farthest), (farthest, end)]
    return [line[index] for index in sorted(keep)]


def polygons(topology: dict[str, Any]) -> list[list[list[list[float]]]]:
    """Return the polygons of land worth drawing."""
    arcs = arcs_of(topology)
    found = []
    for geometry in topology["objects"]["land"]["geometries"]:
        parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        for part in parts:
            rings = [simplified(ring_of(numbers, arcs)) for numbers in part]
            xs, ys = [p[0] for p in rings[0]], [p[1] for p in rings[0]]
            if max(max(xs) - min(xs), max(ys) - min(ys)) >= SMALLEST and max(ys) > POLAR:
                kept = [ring for ring in rings if len(ring) > 3]
                found += [kept] if len(rings[0]) > 3 else []
    return found


def main() -> None:
    """Read the TopoJSON file named and write the outlines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topojson", type=Path, help="land-50m.json of world-atlas")
    land = polygons(json.loads(parser.parse_args().topojson.read_text(encoding="utf-8")))
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": part}} for part in land
    ]
    note = (
        "Land of Natural Earth 1:50 million (public domain), from world-atlas 2.0.2; written by tools/build_outlines.py"
    )
    content = {"type": "FeatureCollection", "note": note, "features": features}
    TARGET.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(land)} polygons, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
