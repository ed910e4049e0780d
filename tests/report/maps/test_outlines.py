"""Outlines of the user: what is not as GeoJSON has it is refused with the feature, and their size has a bound."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest

from hginventory.errors import UsageError
from hginventory.report.maps.outlines import outlines

WINDOW = (90.0, -20.0, 120.0, 20.0)
SOUND = [[[100, 0], [110, 0], [110, 9], [100, 0]]]


def put(folder: Path, *geometries: Any) -> Path:
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    path = folder / "land.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def polygon(coordinates: Any, kind: str = "Polygon") -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    ("coordinates", "words"),
    [
        ([], "a polygon without rings"), ([[]], "a ring without points"), ([*SOUND, []], "a ring without points"),
        ("here", "found 'here', expected a list"), (["here"], "found 'here'"),
        ([["here"]], "found 'here', expected a point"),
        (None, "found null"), ([None], "found null"), ([[None, None, None]], "found null, expected a point"),
        ([[[None, 1], [1, 2], [2, 2]]], "found a list, expected a point"), ([[[1], [2], [3]]], "expected a point"),
        (7, "found 7"), ([[[True, False]] * 3], "expected a point"), ([[[1, 1], [2, 2]]], "a ring of 2 points"),
        ({"a": 1}, "found a dict"), ([[[math.inf, 1], [2, 2], [3, 1]]], "expected a point"),
    ],
)  # fmt: skip
def test_a_wrong_feature_is_named(tmp_path: Path, coordinates: Any, words: str) -> None:
    for geometry in (
        polygon(coordinates),
        polygon([SOUND, coordinates], "MultiPolygon"),
        {"type": "GeometryCollection", "geometries": [polygon(coordinates)]},
    ):
        path = put(tmp_path, polygon(SOUND), geometry)
        with pytest.raises(UsageError) as refused:
            outlines(WINDOW, path)
        assert str(refused.value).startswith(f"outlines: {path}: feature 2 is not as GeoJSON has it: ")
        assert words in str(refused.value)


@pytest.mark.parametrize("content", ["null", "[]", "7", '{"type": 7}', '{"type": "Feature", "geometry": 5}', "{}"])
def test_what_is_no_geojson_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "land.geojson"
    path.write_text(content)
    with pytest.raises(UsageError, match="not as GeoJSON has it"):
        outlines(WINDOW, path)


def test_features_without_polygons_are_left_out(tmp_path: Path) -> None:
    path = put(
        tmp_path, None, {"type": "Point", "coordinates": [1, 2]}, polygon(SOUND), polygon([SOUND], "MultiPolygon")
    )
    assert len(outlines(WINDOW, path)) == 2
    with pytest.raises(UsageError, match="contains no polygon"):
        outlines(WINDOW, put(tmp_path, None))


def test_points_within_the_map_have_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, polygon([[[100 + n % 7, n % 5] for n in range(500)]]))
    assert outlines(WINDOW, path)
    monkeypatch.setattr(sys.modules[outlines.__module__], "MOST_POINTS", 100)
    with pytest.raises(UsageError, match=r"\d+ points within the map; at most 100 are drawn"):
        outlines(WINDOW, path)
    assert outlines((0.0, 0.0, 1.0, 1.0), path) == []
