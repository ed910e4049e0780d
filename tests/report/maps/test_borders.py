"""Borders and frames of countries: within the window, whole countries, regions of few countries only."""

from __future__ import annotations

import numpy as np
import pytest

from hginventory.report.maps.borders import MOST_COUNTRIES, borders, country_frame

JAVA = (105.0, -9.0, 115.0, -5.0)


@pytest.mark.parametrize(
    ("country", "inside", "outside"),
    [
        ("IDN", [(95.3, 5.5), (140.7, -2.5)], [(104.0, 10.5)]),
        ("VNM", [(105.8, 21.0), (104.8, 8.7)], [(115.0, 10.0)]),
        ("FRA", [(2.3, 48.9), (8.7, 42.0)], [(-52.3, 4.9)]),  # without overseas parts
        ("RUS", [(37.6, 55.8), (177.5, 64.7)], [(-170.0, 66.0)]),
        ("USA", [(-118.2, 34.1), (-149.9, 61.2)], [(-155.0, 19.5)]),
    ],
)
def test_a_frame_holds_the_whole_country(
    country: str, inside: list[tuple[float, float]], outside: list[tuple[float, float]]
) -> None:
    frame = country_frame([country])
    assert frame is not None
    west, south, east, north = frame
    assert [west <= x <= east and south <= y <= north for x, y in inside] == [True] * len(inside)
    assert [west <= x <= east and south <= y <= north for x, y in outside] == [False] * len(outside)


def test_a_frame_of_several_holds_all_and_unknown_countries_have_none() -> None:
    assert country_frame(["IDN", "VNM"]) == (95.01, -10.92, 140.98, 23.37)
    assert country_frame(["XXX"]) is None


def test_regions_are_those_of_the_countries_named() -> None:
    own = borders(JAVA, ["IDN"])
    assert len(own.regions) > 3  # provinces of Java
    assert own.countries == []  # no land border on Java
    assert borders(JAVA, ["VNM"]).regions == []
    many = ["IDN", "VNM", "CHN", "IND", "THA", "MYS"]
    assert len(many) > MOST_COUNTRIES
    assert borders(JAVA, many).regions == []


def test_lines_are_degrees_and_reach_the_window() -> None:
    borneo = borders((108.0, -1.0, 119.0, 5.0), ["IDN"])
    assert borneo.countries
    for line in borneo.countries:
        points = np.array(line)
        assert points.shape[1] == 2
        assert np.abs(points[:, 0]).max() <= 180.0
        near = (points[:, 0] > 108) & (points[:, 0] < 119) & (points[:, 1] > -1) & (points[:, 1] < 5)
        assert near.any()


@pytest.mark.parametrize("window", [(73.0, 32.0, 80.0, 37.0), (33.0, 44.0, 36.0, 46.3)], ids=["Kashmir", "Crimea"])
def test_disputed_lines_are_kept_apart(window: tuple[float, float, float, float]) -> None:
    assert borders(window, []).disputed
