"""Which plants and units of the tracker the stations of the Indian table are."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import pytest

from india_cea import CeaUnit, Station
from india_generation import FIRST_YEAR, NO_UNIT, STANDSTILL, capacities_of, generation
from india_match import ALIKE, BY_HAND, EXACT, NONE, TrackerUnit, assign, assign_all, match_stations

HEADER = "station_no,station,plants,reason\n"


def station(name: str, *units: tuple[float, int], number: int = 1, state: str = "PUNJAB", **gwh: float) -> Station:
    """Return a station of units with capacity and year; keywords as y2018 are its generation."""
    made = [CeaUnit(n, datetime.date(year, 6, 1), mw, {}) for n, (mw, year) in enumerate(units, 1)]
    years = {f"{year[1:]}-{int(year[3:]) + 1}": value for year, value in gwh.items()}
    return Station(number, name, state, False, tuple(made), years)


def unit(plant: str, mw: float, start: float, other: str = "", **given: object) -> TrackerUnit:
    """Return a unit of the tracker."""
    name = str(given.get("name", "Unit 1"))
    end = float(given.get("end", math.nan))  # type: ignore[arg-type]
    state = str(given.get("state", "Punjab"))
    return TrackerUnit(f"{plant} {name}", plant, other, state, name, mw, start, end, math.isnan(end))


def matched(one: Station, *units: TrackerUnit, by_hand: str = "", folder: Path) -> tuple[tuple[str, ...], str]:
    """Return plants and quality of the match of one station."""
    names = folder / "names.csv"
    names.write_text(HEADER + by_hand, encoding="utf-8")
    match = match_stations([one], units, names)[one.number]
    return match.plants, match.quality


SALAYA = unit("Salaya power plant", 600, 2012)
BY_OTHER_NAME = unit("Vadinar", 600, 2012, "Salaya power station, Essar (Unit 1)")
TALCHERS = [unit("Talcher", 60, 1968), unit("Talcher A", 500, 1995, "Talcher STPS")]


@pytest.mark.parametrize(
    ("one", "units", "quality"),
    [
        (station("SALAYA TPP", (600, 2012)), [SALAYA], EXACT),
        (station("SALAYA TPP", (600, 2012)), [BY_OTHER_NAME], EXACT),
        (station("SALAYA TPP", (600, 2012)), [unit("Salaya Essar power plant", 600, 2012)], ALIKE),
        (station("TALCHER", (60, 1968)), TALCHERS, ALIKE),
        (station("SALAYA TPP", (660, 2012)), [SALAYA], EXACT),
        (station("SALAYA TPP", (800, 2012)), [SALAYA], NONE),
        (station("SALAYA TPP", (600, 1999)), [SALAYA], NONE),
        (station("SALAYA TPP", (600, 2012), (600, 2013)), [SALAYA], NONE),
        (station("SALAYA TPP", (600, 2012), state="GUJARAT"), [SALAYA], NONE),
        (station("SALAIA TPP", (600, 2012)), [SALAYA], NONE),
        (station("THERMAL POWER STATION", (600, 2012)), [SALAYA], NONE),
        (station("MUNDRA UMPP", (600, 2012)), [unit("Mundra A", 600, 2012), unit("Mundra B", 600, 2012)], NONE),
    ],
)  # fmt: skip
def test_quality_of_a_match(one: Station, units: list[TrackerUnit], quality: str, tmp_path: Path) -> None:
    plants, found = matched(one, *units, folder=tmp_path)
    assert (found, bool(plants)) == (quality, quality != NONE)


def test_a_match_by_hand_comes_first_and_gives_its_reason(tmp_path: Path) -> None:
    one = station("SALAIA TPP", (600, 2012))
    assert matched(one, SALAYA, by_hand="1,SALAIA TPP,Salaya power plant,misspelt\n", folder=tmp_path) == (
        ("Salaya power plant",), BY_HAND,
    )  # fmt: skip


@pytest.mark.parametrize("row", ["1,SALAIA TPP,Salaya,misspelt\n", "1,SALAYA,Salaya power plant,misspelt\n"])
def test_a_match_by_hand_with_a_name_that_is_not_on_file_is_an_error(row: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"names\.csv: station 1 SALAIA TPP or plant .* is not on file"):
        matched(station("SALAIA TPP", (600, 2012)), SALAYA, by_hand=row, folder=tmp_path)


def test_units_go_to_those_of_like_age_and_capacity_whatever_their_numbers() -> None:
    """The table counts the units of 500 MW of Sipat first, the tracker last."""
    one = station("SIPAT", (500, 2007), (500, 2008), (660, 2011))
    units = [unit("Sipat", mw, year, name=f"Unit {n}")
             for n, (mw, year) in enumerate([(660, 2011), (500, 2007), (500, 2008)], 1)]  # fmt: skip
    assert assign([one], units) == {(1, 1): "Sipat Unit 2", (1, 2): "Sipat Unit 3", (1, 3): "Sipat Unit 1"}


def test_two_stations_of_one_plant_share_its_units(tmp_path: Path) -> None:
    stations = [station("METTUR", (210, 1987)), station("METTUR TPS EXT", (600, 2012), number=2)]
    units = [unit("Mettur", 210, 1987), unit("Mettur", 600, 2012, name="Unit 2")]
    names = tmp_path / "names.csv"
    names.write_text(HEADER, encoding="utf-8")
    matches = match_stations(stations, units, names)
    assert assign_all(stations, matches, units) == {(1, 1): "Mettur Unit 1", (2, 1): "Mettur Unit 2"}


def test_a_unit_that_closed_is_not_one_that_closed_later() -> None:
    one = station("OBRA", (0, 1968))
    assert assign([one], [unit("Obra", 50, 1968, end=2017)]) == {(1, 1): "Obra Unit 1"}
    assert assign([one], [unit("Obra", 50, 1968, end=2020)]) == {}


def test_a_unit_that_left_the_table_has_no_capacity_where_others_have() -> None:
    one = station("STERLITE", (600, 2010), (0, 2010))
    units = [unit("Sterlite", 600, 2010), unit("Sterlite", 600, 2010, name="Unit 2")]
    assert capacities_of(one, units) == [600, 0]
    assert capacities_of(station("GIRAL", (0, 2007)), units[:1]) == [600]
    assert capacities_of(one, [units[0], unit("Sterlite", 500, 2010, end=2016)]) == [600, 500]


@pytest.mark.parametrize(
    ("gwh", "year", "kept", "left_out"),
    [
        ({"y2016": 900.0, "y2017": 0.0, "y2018": 0.0}, 2000, [2016], {2017: STANDSTILL, 2018: STANDSTILL}),
        ({"y2016": 900.0, "y2017": 0.0, "y2018": 5.0}, 2000, [2016, 2017, 2018], {}),
        ({"y2016": 0.0, "y2017": 0.0, "y2018": 5.0}, 2017, [], {2017: STANDSTILL, 2018: FIRST_YEAR}),
        ({"y2017": 0.0, "y2018": 900.0}, 2000, [2017, 2018], {}),
        ({"y2017": 5.0, "y2018": 900.0}, 2017, [2017, 2018], {}),
        ({"y2017": 0.0, "y2018": 0.0}, 2000, [], {2017: STANDSTILL, 2018: STANDSTILL}),
    ],
)  # fmt: skip
def test_what_is_carried_is_a_full_year(
    gwh: dict[str, float], year: int, kept: list[int], left_out: dict[int, str]
) -> None:
    one = station("SALAYA", (600, year), **gwh)
    rows, out = generation([one], {(1, 1): "Salaya Unit 1"}, [unit("Salaya", 600, year)])
    assert [row.year for row in rows] == kept
    assert {each.year: each.why for each in out} == left_out
    closed, none = generation([one], {(1, 1): "Salaya Unit 1"}, [unit("Salaya", 600, year, end=2019)])
    assert len(closed) == len(kept) + len(left_out)  # a closed unit carries nothing, and keeps all
    assert none == []


def test_generation_of_no_unit_of_the_tracker_is_listed() -> None:
    rows, out = generation([station("SALAYA", (600, 2000), y2018=900.0)], {}, [])
    assert rows == []
    assert [(one.year, one.gwh, one.why) for one in out] == [(2018, 900.0, NO_UNIT)]
