"""What measurements at the stacks of a plant say of all its units: one normal distribution on the logarithm.

Before, the logarithm of what a unit emits per heat, over its arithmetic mean, has the variance v and the mean -v/2. A
part of v is shared by the units of the plant (`origin_spread`, ``stack_residual``), the rest is the unit's own. A
reading y of a stack is the mean of its units, by their shares of what is expected there, plus errors: its own, one of
its year that all readings of the stack in this year share, and those of the factors between emission and reading.
All of this is jointly normal, so what the units emit after all readings follows in closed form, in any order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hginventory._types import Floats
from hginventory.factors import LEAST_LOG_SD, LOGNORMAL, LogMeasurement, Spread

PLANT, UNIT = "plant", "unit"


@dataclass(frozen=True)
class UnitBefore:
    """How uncertain the emission of a unit per heat is before measurements at a stack.

    Attributes
    ----------
    variance : float
        Variance of its logarithm.
    shared : float
        The part of it that units of the plant share, at most all.
    in_scopes : float
        The part that the scopes of its factors give to the plant or more units; the draws contain it already.
    """

    variance: float
    shared: float
    in_scopes: float


@dataclass(frozen=True)
class StackReading:
    """A reading of a stack.

    Attributes
    ----------
    shares : mapping of str to float
        Unit at the stack -> its share of the emission expected there; they sum to 1.
    over_expected : LogMeasurement
        The reading over the expected one.
    between : mapping of str to float
        Factor between emission and reading, as the efficiency -> standard deviation of its logarithm.
    """

    shares: Mapping[str, float]
    over_expected: LogMeasurement
    between: Mapping[str, float]


@dataclass(frozen=True)
class UnitAfter:
    """What is known of a unit after the readings.

    Attributes
    ----------
    ratio : float
        Arithmetic mean after over that before.
    variance : float
        Variance of the logarithm.
    kept : float
        What remains of each deviation that the unit had before [0-1].
    error : Spread
        What the readings add to the deviations: in part shared by the units of the plant.
    """

    ratio: float
    variance: float
    kept: float
    error: Spread


def variance_at(shares: Mapping[str, float], units: Mapping[str, UnitBefore]) -> float:
    """Return the variance of the logarithm of what a stack emits, before readings; parameters as below."""
    together = math.fsum(share * math.sqrt(units[name].shared) for name, share in shares.items())
    apart = math.fsum(share**2 * (units[name].variance - units[name].shared) for name, share in shares.items())
    return together**2 + apart


def plant_update(
    units: Mapping[str, UnitBefore], readings: Sequence[StackReading], year_sd: float
) -> tuple[dict[str, UnitAfter], list[float]]:
    """Return what is known of the units of a plant after readings of its stacks, and how much the readings weigh.

    Parameters
    ----------
    units : mapping of str to UnitBefore
        Unit -> before; not all certain.
    readings : sequence of StackReading
        At least one. Units that one reading names have one stack.
    year_sd : float
        Standard deviation of the logarithm between years of emissions at a stack.

    Returns
    -------
    after : dict of str to UnitAfter
        Unit -> after.
    weights : list of float
        For each reading the share of the variance at its stack that all readings together remove [0-1].

    Examples
    --------
    One of two units with a variance of 0.5, of which 0.335 are shared, emits twice what was expected:

    >>> before = dict.fromkeys(("U1", "U2"), UnitBefore(0.5, 0.335, 0.335))
    >>> test = StackReading({"U1": 1.0}, LogMeasurement(math.log(2.0), 0.3, 2024), {})
    >>> after, weights = plant_update(before, [test], 0.4)
    >>> round(weights[0], 3), round(after["U1"].ratio, 3), round(after["U2"].ratio, 3)
    (0.667, 1.587, 1.414)
    """
    names = sorted(units)
    order = sorted(range(len(readings)), key=lambda number: _key(readings[number]))
    own = [readings[number] for number in order]
    variance = np.array([units[name].variance for name in names])
    of_plant = np.sqrt([units[name].shared for name in names])
    before = np.outer(of_plant, of_plant)
    np.fill_diagonal(before, variance)
    at_stack = np.array([[reading.shares.get(name, 0.0) for name in names] for reading in own])
    read = at_stack @ before @ at_stack.T
    told = np.linalg.solve(read + _errors(own, year_sd), np.column_stack([at_stack @ before, at_stack @ of_plant]))
    gain = told[:, :-1].T
    after = before - gain @ at_stack @ before
    surprise = np.array([reading.over_expected.log_value for reading in own]) + np.diag(read) / 2.0
    ratio = np.exp(gain @ surprise + (np.diag(after) - variance) / 2.0)

    with_plant = of_plant - gain @ (at_stack @ of_plant)  # covariance with what the plant shares, of variance 1
    open_part = 1.0 - float((at_stack @ of_plant) @ told[:, -1])  # variance of that after the readings
    found: dict[str, UnitAfter] = {}
    for number, name in enumerate(names):
        left = max(float(after[number, number]), 0.0)
        if not variance[number] > 0.0:
            found[name] = UnitAfter(1.0, 0.0, 1.0, Spread(LOGNORMAL, 0.0, ((UNIT, 1.0),)))
            continue
        most = math.sqrt(left / variance[number])
        shrunk = with_plant[number] / of_plant[number] if of_plant[number] > 0.0 else left / variance[number]
        kept = min(max(float(shrunk), 0.0), most)
        added = left - kept**2 * float(variance[number])
        together = float(with_plant[number]) ** 2 / open_part - kept**2 * units[name].in_scopes
        shared = min(max(together, 0.0), added) if len(names) > 1 else 0.0
        found[name] = UnitAfter(float(ratio[number]), left, kept, _error(added, shared))
    remaining = np.diag(at_stack @ after @ at_stack.T)
    weights = dict(zip(order, 1.0 - remaining / np.diag(read), strict=True))
    return found, [float(weights[number]) for number in range(len(readings))]


def _key(reading: StackReading) -> tuple[object, ...]:
    """Return what puts readings in one order, however they were given."""
    seen = reading.over_expected
    return (sorted(reading.shares), seen.year, seen.log_value, seen.log_sd, sorted(reading.between.items()))


def _errors(readings: Sequence[StackReading], year_sd: float) -> Floats:
    """Return the covariances of the errors of readings: of the factors between, of the year, and their own."""
    stacks = _stacks(readings)
    errors = np.zeros((len(readings), len(readings)))
    for row, one in enumerate(readings):
        for column, other in enumerate(readings):
            if stacks[row] != stacks[column]:
                continue
            common = one.between.keys() & other.between.keys()
            errors[row, column] = math.fsum(one.between[name] * other.between[name] for name in common)
            if one.over_expected.year == other.over_expected.year:
                errors[row, column] += year_sd**2
        errors[row, row] += max(one.over_expected.log_sd, LEAST_LOG_SD) ** 2
    return errors


def _stacks(readings: Sequence[StackReading]) -> list[frozenset[str]]:
    """Return the units at the stack of each reading: units that a reading names together have one stack."""
    stacks: list[frozenset[str]] = []
    for reading in readings:
        joint = frozenset(reading.shares)
        apart = [stack for stack in stacks if not stack & joint]
        stacks = [*apart, joint.union(*(stack for stack in stacks if stack & joint))]
    return [next(stack for stack in stacks if stack & reading.shares.keys()) for reading in readings]


def _error(added: float, shared: float) -> Spread:
    """Return the error of the readings in the draws, with the part of its variance that the plant shares."""
    part = round(shared / added, 12) if added > 0.0 else 0.0
    scopes = ((PLANT, part), (UNIT, 1.0 - part)) if 0.0 < part < 1.0 else ((PLANT if part else UNIT, 1.0),)
    return Spread(LOGNORMAL, math.sqrt(max(added, 0.0)), scopes)
