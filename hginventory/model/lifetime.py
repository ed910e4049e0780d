"""Retirement rules: from start years and a rule to the years in which a unit still runs.

Years are half-open: a unit runs in ``first <= year < end``; the base year is the first remaining year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hginventory._types import Flags, Floats, Ints

PlannedRule = Literal["inclusive", "exclusive", "ignore"]
UnknownStartRule = Literal["next_year", "exclude", "median"]


@dataclass(frozen=True)
class RetirementRule:
    """How long a unit runs.

    Parameters
    ----------
    name : str
        Name of the preset.
    lifetime_years : float
        Age at which a unit closes [yr].
    overage_years : float
        Years left to a unit that is past that age in the base year, or past its announced year where ``planned``
        is "exclusive" [yr].
    planned : {"inclusive", "exclusive", "ignore"}
        Whether an announced retirement year replaces the age: the unit runs through that year, stops before it
        (a unit that runs in the base year not before its end), or the announcement is ignored.
    unknown_start : {"next_year", "exclude", "median"}
        What is assumed for a missing start year.
    unknown_age_years : float
        Age in the base year that "next_year" takes for an operating unit without a start year [yr].

    Examples
    --------
    >>> RetirementRule("icsc_40", 40, 0, "ignore", "next_year").text
    'icsc_40: units close at 40 years, older units close after the base year, announced years are ignored'
    """

    name: str
    lifetime_years: float
    overage_years: float
    planned: PlannedRule
    unknown_start: UnknownStartRule
    unknown_age_years: float = 0.0

    @property
    def text(self) -> str:
        """The rule in words, printed on every result."""
        over = f"run {self.overage_years:g} more years" if self.overage_years else "close after the base year"
        planned = {
            "ignore": "announced years are ignored",
            "inclusive": "an announced year is the last one",
            "exclusive": "an announced year is the first without operation",
        }[self.planned]
        return f"{self.name}: units close at {self.lifetime_years:g} years, older units {over}, {planned}"


@dataclass(frozen=True)
class OperatingYears:
    """The years in which each unit still runs, and what the rule had to decide.

    Attributes
    ----------
    start : ndarray of float, shape (N,)
        Start year used [yr]; NaN where the unit is left out.
    first, end : ndarray of int, shape (N,)
        Runs in ``first <= year < end``; equal where no year is left.
    runs_in_base_year : ndarray of bool, shape (N,)
        Whether the unit emits in the base year, also past its age; never before its start.
    unknown_start, delayed, starts_later, retirement_passed, past_lifetime : ndarray of bool, shape (N,)
        Units for which a finding is due.
    unknown_life : ndarray of bool, shape (N,)
        Units whose remaining years are not known: they have a base year, and no year after it is counted.
    """

    start: Floats
    first: Ints
    end: Ints
    runs_in_base_year: Flags
    unknown_start: Flags
    delayed: Flags
    starts_later: Flags
    retirement_passed: Flags
    past_lifetime: Flags
    unknown_life: Flags


def operating_years(
    start_year: Floats,
    planned_retirement: Floats,
    own_lifetime: Floats,
    operating: Flags,
    construction: Flags,
    base_year: int,
    rule: RetirementRule,
    only_known: Flags | None = None,
) -> OperatingYears:
    """Apply a retirement rule to a fleet.

    Parameters
    ----------
    start_year, planned_retirement, own_lifetime : ndarray of float, shape (N,)
        First year of operation, announced year of closure, lifetime of the unit itself [yr]; NaN = unknown.
    operating, construction : ndarray of bool, shape (N,)
        Status; a unit that is neither does not run.
    base_year : int
        First remaining year.
    rule : RetirementRule
        The rule.
    only_known : ndarray of bool, shape (N,), optional
        Units for which the rule sets no missing start year, as kilns; default: none.

    Returns
    -------
    OperatingYears

    Notes
    -----
    A missing start year becomes the year after the base year, or the base year itself for a unit that
    already operates (it cannot start later); both are the youngest age that fits. A rule may have an age
    for units that operate. A unit under
    construction whose start year has passed starts in the year after the base year. No unit runs before
    its start, whether its status is operating or under construction.

    Where only a known start year counts, a unit without one has no remaining years, which are unknown, not zero. It
    runs in the base year if it operates. An announced year that the rule follows is an end that is known.

    Examples
    --------
    >>> nan = float("nan")
    >>> rule = RetirementRule("icsc_40", 40, 0, "ignore", "next_year")
    >>> years = operating_years(np.array([2010.0, 1980.0]), np.array([nan, nan]), np.array([nan, nan]),
    ...                         np.array([True, True]), np.array([False, False]), 2020, rule)
    >>> (years.end - years.first).tolist(), years.runs_in_base_year.tolist()
    ([30, 0], [True, True])
    """
    alive = operating | construction
    missing = alive & np.isnan(start_year)
    told_end = operating & ~np.isnan(planned_retirement) & (rule.planned != "ignore")
    unknown_life = missing & ~told_end & (False if only_known is None else only_known)
    unknown = missing & ~unknown_life
    delayed = construction & (start_year < base_year)
    start = np.where(delayed, base_year + 1.0, start_year)
    start = np.where(unknown, _stand_in_start(start_year, operating, base_year, rule), start)
    start = np.where(unknown_life, np.nan, start)
    counted = alive & ~np.isnan(start)

    lifetime = np.where(np.isnan(own_lifetime), rule.lifetime_years, own_lifetime)
    age_end = np.floor(start + lifetime)
    past = counted & operating & (age_end <= base_year)
    end = np.where(past, base_year + rule.overage_years, age_end)

    retirement_passed = counted & operating & (planned_retirement < base_year)
    if rule.planned != "ignore":
        last_year_runs = 1.0 if rule.planned == "inclusive" else 0.0
        announced = counted & ~np.isnan(planned_retirement) & ~retirement_passed
        end = np.where(announced, planned_retirement + last_year_runs, end)
        if rule.planned == "exclusive":
            end = np.where(announced & operating, np.maximum(end, base_year + 1.0), end)
            end = np.where(retirement_passed, base_year + rule.overage_years, end)
        past = past & ~announced
    first = np.where(counted, np.maximum(start, base_year), base_year).astype(np.int64)
    last = np.where(counted, end, base_year).astype(np.int64)
    return OperatingYears(
        start=np.where(counted, start, np.nan),
        first=first,
        end=np.maximum(last, first),
        runs_in_base_year=(counted & (start <= base_year)) | (unknown_life & operating),
        unknown_start=unknown,
        delayed=delayed,
        starts_later=counted & operating & (start > base_year),
        retirement_passed=retirement_passed,
        past_lifetime=past,
        unknown_life=unknown_life,
    )


def _stand_in_start(start_year: Floats, operating: Flags, base_year: int, rule: RetirementRule) -> Floats:
    """Return what the rule takes for a missing start year, shape (N,)."""
    known = start_year[~np.isnan(start_year)]
    median = rule.unknown_start == "median"
    if rule.unknown_start == "exclude" or (median and not known.size):
        return np.full(start_year.shape, np.nan)
    if median:
        middle = math.floor(np.median(known))
        return np.where(operating, float(min(middle, base_year)), float(max(middle, base_year + 1)))
    return np.where(operating, base_year - rule.unknown_age_years, base_year + 1.0)
