"""Removals as measurements: those of the column ``removal`` whose method and year are given, and their errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hginventory.factors import MEASURED, REPORTED, OriginSpreads, given, log_sd_of
from hginventory.inputs.fleet import CEMS, REMOVAL, STACK_TEST, Measurement
from hginventory.model import coal_to_stack


def is_measured(record: Mapping[str, Any]) -> bool:
    """Return whether the removal of a unit is a measurement: its method and year are given.

    >>> is_measured({"removal": 0.6, "removal_method": "stack_test", "removal_year": 2023.0})
    True
    >>> is_measured({"removal": 0.6, "removal_method": "stack_test", "removal_year": None})
    False
    """
    value = float(record["removal"]) if given(record, "removal") else 0.0
    return 0.0 < value < 1.0 and given(record, "removal_method") and given(record, "removal_year")


def stated_removal(record: Mapping[str, Any], release_ratio: float) -> float:
    """Return the removal in the cells of a unit, from coal to stack [0-1].

    Parameters
    ----------
    record : mapping of str to object
        Cells of the unit, ``removal`` among them.
    release_ratio : float
        Share of the mercury that the boiler releases [0-1].
    """
    stated = float(record["removal"])
    if record.get("removal_basis") == "boiler_outlet_to_stack":
        return float(coal_to_stack(stated, release_ratio))
    return stated


def removal_measurement(unit: str, record: Mapping[str, Any], cell: str, release_ratio: float) -> Measurement:
    """Return the removal in the cells of a unit as the measurement that it is, of the whole year.

    Parameters
    ----------
    unit : str
        Unit id.
    record : mapping of str to object
        Cells of the unit, for which `is_measured` is true.
    cell : str
        Cell of the removal.
    release_ratio : float
        As in `stated_removal`.
    """
    year = int(record["removal_year"])
    return Measurement(
        unit_ids=(unit,),
        first=f"{year}-01-01",
        last=f"{year}-12-31",
        kind=str(record["removal_method"]),
        quantity=REMOVAL,
        value=stated_removal(record, release_ratio),
        unit="1",
        basis="not_stated",
        reference_o2=None,
        gas_basis="dry_0c",
        log_sd=None,
        cell=cell,
        written={},
    )


def usual_errors(spreads: OriginSpreads) -> Mapping[str, float]:
    """Return the error of what passes by kind of measurement, standard deviation of the logarithm."""
    rules = {STACK_TEST: ("passing_share", REPORTED), CEMS: ("continuous_air", MEASURED)}
    return {kind: log_sd_of(spreads.rule(*rule)) for kind, rule in rules.items()}


def of_passing(one: Measurement, usual: float) -> float:
    """Return the error of what passes, where that of the removal is stated; else the usual one."""
    if one.log_sd is None:
        return usual
    relative = math.sqrt(math.expm1(one.log_sd**2)) * one.value / (1.0 - one.value)
    return math.sqrt(math.log1p(relative**2))
