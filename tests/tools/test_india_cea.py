"""How the generation of a station of the Indian table is split over its units."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from india_cea import BY_CAPACITY, OF_UNIT, REST, SCALED, CeaUnit, Station, label, read_stations, split

OLD = datetime.date(2000, 1, 1)
YEAR = "2018-19"
RUNS = math.nan


def station(total: float, *units: tuple[float | None, datetime.date]) -> Station:
    """Return a station of units of 100 MW with figures and days of commissioning."""
    made = [CeaUnit(n, day, 100.0, {} if gwh is None else {YEAR: gwh}) for n, (gwh, day) in enumerate(units, 1)]
    return Station(1, "MADE", "DELHI", False, tuple(made), {YEAR: total})


def shares(
    one: Station, capacities: Sequence[float] | None = None, last: Sequence[float] | None = None
) -> list[tuple[float, str] | None]:
    """Return amounts and how they were got."""
    n = len(one.units)
    found = split(one, YEAR, capacities or [100.0] * n, last or [RUNS] * n)
    return [None if amount is None else (round(amount.gwh, 6), amount.how) for amount in found]


@pytest.mark.parametrize(("fiscal_year", "year"), [("2014-15", 2014), ("2018-19", 2018)])
def test_a_fiscal_year_has_the_label_of_the_year_in_which_it_begins(fiscal_year: str, year: int) -> None:
    assert label(fiscal_year) == year


@pytest.mark.parametrize(
    ("total", "figures", "expected"),
    [
        (900.0, (400.0, 500.0), [(400.0, OF_UNIT), (500.0, OF_UNIT)]),
        (900.0, (404.0, 505.0), [(400.0, SCALED), (500.0, SCALED)]),
        (900.0, (900.0, 900.0), [(450.0, BY_CAPACITY), (450.0, BY_CAPACITY)]),
        (900.0, (300.0, None), [(300.0, OF_UNIT), (600.0, REST)]),
        (900.0, (None, None), [(450.0, BY_CAPACITY), (450.0, BY_CAPACITY)]),
        (900.0, (950.0, None), [(450.0, BY_CAPACITY), (450.0, BY_CAPACITY)]),
        (0.0, (None, None), [(0.0, BY_CAPACITY), (0.0, BY_CAPACITY)]),
        (0.0, (0.0, 0.0), [(0.0, OF_UNIT), (0.0, OF_UNIT)]),
    ],
)
def test_figures_of_units_count_where_they_fit_the_station(
    total: float, figures: Sequence[float | None], expected: list[tuple[float, str]]
) -> None:
    assert shares(station(total, *((gwh, OLD) for gwh in figures))) == expected


def test_the_station_is_split_by_capacity() -> None:
    one = station(2100.0, (None, OLD), (None, OLD))
    assert shares(one, [200.0, 500.0]) == [(600.0, BY_CAPACITY), (1500.0, BY_CAPACITY)]


def test_a_unit_counts_from_the_day_on_which_it_was_commissioned() -> None:
    one = station(900.0, (None, OLD), (None, datetime.date(2018, 9, 30)), (None, datetime.date(2019, 4, 1)))
    days = 183  # of 365 from 30 September to the end of March
    first = 900.0 / (1 + days / 365)
    assert shares(one) == [(round(first, 6), BY_CAPACITY), (round(900.0 - first, 6), BY_CAPACITY), None]


@pytest.mark.parametrize(("last", "runs"), [(2017.0, False), (2018.0, True), (2025.0, True), (RUNS, True)])
def test_a_closed_unit_has_no_share(last: float, runs: bool) -> None:
    found = shares(station(900.0, (None, OLD), (None, OLD)), last=[RUNS, last])
    assert (found[1] is not None) == runs


def test_a_unit_that_left_the_table_has_no_figure_rather_than_zero() -> None:
    assert shares(station(900.0, (900.0, OLD), (None, OLD)), [100.0, 0.0]) == [(900.0, OF_UNIT), None]


def test_generation_that_no_unit_can_have_made_is_an_error() -> None:
    with pytest.raises(ValueError, match="no unit of station 1 MADE can have run in 2018-19"):
        shares(station(900.0, (None, datetime.date(2020, 1, 1))))


def test_table_is_read_with_blanks_as_not_known(tmp_path: Path) -> None:
    columns = ["station_no", "name", "unit_no", "commissioned", "capacity_mw_2019", "state", "fuel1"]
    years = [f"net_gwh_{y}" for y in ("2014-15", "2015-16", "2016-17", "2017-18", "2018-19")]
    lines = [",".join(columns + years), "3.0, AKRI LIG ,0,,250.0,GUJARAT,LIGN,1.5,,0.0,,2",
             "3.0,AKRI LIG,2,2005-12-19,125.0,GUJARAT,LIGN,,,,,"]  # fmt: skip
    path = tmp_path / "cea.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    (one,) = read_stations(path)
    generation: Mapping[str, float] = {"2014-15": 1.5, "2016-17": 0.0, "2018-19": 2.0}
    assert (one.number, one.name, one.state, one.burns_lignite) == (3, "AKRI LIG", "GUJARAT", True)
    assert one.net_gwh == generation
    assert one.units == (CeaUnit(2, datetime.date(2005, 12, 19), 125.0, {}),)
