"""Retirement rules: presets, half-open years, and the cases that real fleets hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hginventory.factors.library import load_library
from hginventory.model.lifetime import OperatingYears, operating_years
from hginventory.projection.settings import load_rule

NAN = float("nan")
BASE = 2026


def years(
    start: float,
    planned: float = NAN,
    own: float = NAN,
    status: str = "operating",
    rule: str = "icsc_40",
    base: int = BASE,
) -> OperatingYears:
    """Return the operating years of one unit."""
    return operating_years(
        np.array([start]),
        np.array([planned]),
        np.array([own]),
        np.array([status == "operating"]),
        np.array([status == "construction"]),
        base,
        load_rule(load_library(), rule),
    )


@pytest.mark.parametrize(
    ("rule", "start", "planned", "end"),
    [
        ("icsc_40", 2010, NAN, 2050),
        ("icsc_40", 2010, 2040, 2050),  # announced years are ignored
        ("icsc_40", 1980, NAN, 2026),  # past its age: none left
        ("icsc_40", 1986, NAN, 2026),  # 1986 + 40: at its age on 1 January of the base year, so past it
        ("gem_40", 2010, NAN, 2050),
        ("gem_40", 2010, 2040, 2041),  # runs through 31 December of the announced year
        ("gem_40", 1980, NAN, 2031),  # five more years for a unit past its age
        ("gem_40", 1986, NAN, 2031),  # 1986 + 40 = 2026, past its age: 2026 + 5
        ("gem_40", 1987, NAN, 2027),  # 1987 + 40: one year left, which is less than five and not past its age
        ("gem_35", 2010, NAN, 2045),
        ("gem_35", 2010, 2040, 2040),  # the announced year does not count
        ("gem_35", 1985, NAN, 2031),
        ("gem_35", 1991, NAN, 2031),  # 1991 + 35 = 2026, past its age: 2026 + 5
        ("crea_30", 2010, NAN, 2040),
        ("crea_30", 1995, NAN, 2026),
    ],
)
def test_presets(rule: str, start: float, planned: float, end: int) -> None:
    assert int(years(start, planned, rule=rule).end[0]) == end


def test_base_year_is_the_first_remaining_year() -> None:
    assert int((years(2006).end - years(2006).first)[0]) == 20  # 2026 to 2045


def test_unit_past_its_age_still_runs_in_the_base_year() -> None:
    old = years(1980)
    assert old.runs_in_base_year[0]
    assert old.past_lifetime[0]
    assert old.end[0] == old.first[0]


@pytest.mark.parametrize(("start", "past"), [(1985, True), (1986, True), (1987, False)])
def test_a_unit_is_past_its_age_from_the_year_in_which_it_would_close(start: float, past: bool) -> None:
    """Age 40 is reached on 1 January of 2025, 2026 and 2027; the base year is 2026."""
    assert years(start).past_lifetime.tolist() == [past]


def test_announced_year_before_the_base_year_is_ignored_with_a_mark() -> None:
    passed = years(2010, 2024, rule="gem_40")
    assert passed.retirement_passed[0]
    assert passed.end[0] == 2050


def test_construction_emits_nothing_before_its_start() -> None:
    new = years(2028, status="construction")
    assert not new.runs_in_base_year[0]
    assert (new.first[0], new.end[0]) == (2028, 2068)


def test_operating_unit_emits_nothing_before_its_start() -> None:
    later = years(2028)
    assert later.starts_later[0]
    assert not later.runs_in_base_year[0]
    assert (later.first[0], later.end[0]) == (2028, 2068)
    assert not years(2026).starts_later[0]


def test_construction_that_is_late_starts_next_year() -> None:
    late = years(2024, status="construction")
    assert late.delayed[0]
    assert late.first[0] == BASE + 1


def test_unknown_start_has_the_youngest_age_that_fits() -> None:
    running, building = years(NAN), years(NAN, status="construction")
    assert running.unknown_start[0]
    assert running.end[0] == BASE + 40
    assert building.first[0] == BASE + 1
    assert building.end[0] == BASE + 41


@pytest.mark.parametrize(
    ("rule", "start", "planned", "left"),
    [
        ("gem_35", NAN, NAN, 5),  # these are the remaining lifetimes of the tracker, January 2026, base year 2025
        ("gem_35", NAN, 2025, 1),
        ("gem_35", NAN, 2022, 5),
        ("gem_35", 1996, 2025, 1),
        ("gem_35", 2011, 2023, 5),
        ("gem_35", 1981, 2024, 5),
        ("gem_35", 2011, 2026, 1),
        ("gem_40", NAN, NAN, 20),  # of its releases of July 2023 and July 2024
    ],
)
def test_remaining_years_are_those_that_the_tracker_publishes(
    rule: str, start: float, planned: float, left: int
) -> None:
    result = years(start, planned, rule=rule, base=2025)
    assert int((result.end - result.first)[0]) == left
    assert result.runs_in_base_year[0]
    assert bool(result.unknown_start[0]) == np.isnan(start)


def test_unit_being_built_without_a_start_year_has_the_whole_lifetime() -> None:
    result = years(NAN, status="construction", rule="gem_35", base=2025)
    assert (result.first[0], result.end[0]) == (2026, 2061)


def test_own_lifetime_stands_over_the_rule() -> None:
    assert years(2010, own=25).end[0] == 2035
    assert years(2010, own=25.5).end[0] == 2035  # 2035.5: it does not run through 2035


@pytest.mark.parametrize(("known", "running", "building"), [(2010, 2010, 2027), (2040, 2026, 2040)])
def test_median_start_neither_delays_what_runs_nor_has_run_what_is_being_built(
    known: int, running: int, building: int
) -> None:
    result = operating_years(
        np.array([known, NAN, NAN]),
        np.full(3, NAN),
        np.full(3, NAN),
        np.array([True, True, False]),
        np.array([False, False, True]),
        BASE,
        replace(load_rule(load_library(), "icsc_40"), unknown_start="median"),
    )
    assert result.start[1:].tolist() == [running, building]


@given(
    start=st.one_of(st.just(NAN), st.integers(1950, 2060)),
    planned=st.one_of(st.just(NAN), st.integers(1990, 2080)),
    status=st.sampled_from(["operating", "construction", "retired", "mothballed"]),
    rule=st.sampled_from(["icsc_40", "gem_40", "gem_35", "crea_30"]),
    base=st.integers(1990, 2050),
)
def test_no_unit_runs_before_its_start_or_longer_than_its_rule_and_plan_allow(
    start: float, planned: float, status: str, rule: str, base: int
) -> None:
    result, limits = years(start, planned, status=status, rule=rule, base=base), load_rule(load_library(), rule)
    begin, left = int(result.first[0]), int(result.end[0] - result.first[0])
    if left or result.runs_in_base_year[0]:
        assert begin == max(result.start[0], base)
        assert bool(result.runs_in_base_year[0]) == (result.start[0] <= base)
    allowed = max(limits.lifetime_years, limits.overage_years)
    if limits.planned != "ignore" and planned >= base:
        allowed = planned + 1 - begin
    assert left <= max(allowed, 0)


@given(
    start=st.integers(1950, 2060),
    planned=st.one_of(st.just(NAN), st.integers(2000, 2080)),
    status=st.sampled_from(["operating", "construction", "retired", "mothballed"]),
    rule=st.sampled_from(["icsc_40", "gem_40", "gem_35", "crea_30"]),
)
def test_no_unit_ends_before_it_begins_and_a_closed_one_has_no_year(
    start: int, planned: float, status: str, rule: str
) -> None:
    result = years(float(start), float(planned), status=status, rule=rule)
    assert result.end[0] >= result.first[0] >= BASE
    if status in ("retired", "mothballed"):
        assert result.end[0] == result.first[0]
        assert not result.runs_in_base_year[0]
