"""How measurements change what is known of a number: conjugate normals on the logarithm.

Before: ``ln x ~ N(ln m - v/2, v)`` with the arithmetic mean m and the variance v of its spread. A measurement y says
``ln y ~ N(ln x, t)``. After: with the weight ``K = v / (v + t)`` the variance is ``(1 - K) v`` and the arithmetic mean
``m^(1-K) y^K``, which lies between m and y. A draw becomes ``(1 - K) ln x + K (ln y - e)`` with e the error of the
measurement: the part that is shared with others keeps its stream and shrinks by 1 - K, and the error is the unit's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hginventory.factors.spread import BETA, LOGNORMAL, Spread
from hginventory.factors.tables import MOST_SCOPES

STACK_TEST = "stack_test"  # parameter and family of streams that hold the error of measurements at a stack
LEAST_LOG_SD = 1e-4  # a stated uncertainty of 0 is taken as this: smaller, solving for several readings loses digits
FAR = 3.0  # standard deviations from which two statements are shown to contradict each other


@dataclass(frozen=True)
class LogMeasurement:
    """A measurement on the scale of a logarithm.

    Attributes
    ----------
    log_value : float
        Logarithm of the value, or of the value over the predicted one.
    log_sd : float
        Its standard deviation.
    year : int
        When it was made.
    """

    log_value: float
    log_sd: float
    year: int


@dataclass(frozen=True)
class MeasuredPoint:
    """A measurement compared with what was expected.

    Attributes
    ----------
    unit_id, first, last, kind, quantity, unit, cell : str
        As in `inputs.measurements.Measurement`.
    measured : float
        Measured value, on its own basis [unit].
    predicted : float
        Arithmetic mean before it [unit]: of analyses and removals from everything but measurements, of emissions at
        the stack from everything but measurements at the stack.
    after : float
        Arithmetic mean that the run uses, on the same basis [unit].
    z : float
        Standard deviations of the logarithm between measured and predicted.
    predicted_ln_sd, measured_ln_sd : float
        Standard deviations of the logarithm: of what was predicted, and of the measurement with the differences
        between years and what else lies between the two; of removals, that of what passes.
    weight : float
        Weight of all measurements of the same thing together, compared with what was known before [0-1]; 0 where the
        measurement is only compared.
    """

    unit_id: str
    first: str
    last: str
    kind: str
    quantity: str
    unit: str
    measured: float
    predicted: float
    after: float
    z: float
    predicted_ln_sd: float
    measured_ln_sd: float
    weight: float
    cell: str


def pooled(readings: Sequence[LogMeasurement], year_sd: float = 0.0) -> tuple[float, float]:
    """Return what readings say together: logarithm and its standard deviation. Their order does not matter.

    Parameters
    ----------
    readings : sequence of LogMeasurement
        At least one, with independent errors.
    year_sd : float
        Standard deviation of the logarithm between years; readings of one year share it.

    Examples
    --------
    Two of equal worth halve the variance; where they are of one year, not that of the year:

    >>> two = [LogMeasurement(0.0, 0.2, 2020), LogMeasurement(0.2, 0.2, 2020)]
    >>> [round(number, 4) for number in pooled(two)]
    [0.1, 0.1414]
    >>> round(pooled(two, year_sd=0.1)[1] ** 2, 4)
    0.03
    """
    of_years: dict[int, list[tuple[float, float]]] = {}
    for reading in readings:
        variance = max(reading.log_sd, LEAST_LOG_SD) ** 2
        of_years.setdefault(reading.year, []).append((reading.log_value, variance))
    years = [_by_precision(own) for _, own in sorted(of_years.items())]
    value, variance = _by_precision([(value, variance + year_sd**2) for value, variance in years])
    return value, math.sqrt(variance)


def _by_precision(parts: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return mean and variance of independent statements, given each with its variance."""
    known = list(parts)
    precision = math.fsum(1.0 / variance for _, variance in known)
    return math.fsum(value / variance for value, variance in known) / precision, 1.0 / precision


def weight(prior_log_sd: float, log_sd: float) -> float:
    """Return the weight of a measurement compared with what was known before [0-1].

    >>> weight(0.3, 0.3)
    0.5
    """
    return prior_log_sd**2 / (prior_log_sd**2 + log_sd**2)


def posterior(mean: float, log_sd: float, measured: float, measured_log_sd: float) -> tuple[float, float]:
    """Return the arithmetic mean of a lognormal and its ln-sd after a measurement.

    Parameters
    ----------
    mean, log_sd : float
        Arithmetic mean and ln-sd before.
    measured, measured_log_sd : float
        Measured value, above 0, and ln-sd of its error.

    Examples
    --------
    >>> mean, log_sd = posterior(0.1, 0.4, 0.2, 0.4)
    >>> round(mean, 6), round(log_sd, 6)
    (0.141421, 0.282843)
    """
    part = weight(log_sd, measured_log_sd)
    return mean ** (1.0 - part) * measured**part, log_sd * math.sqrt(1.0 - part)


def z_score(mean: float, log_sd: float, measured: float, measured_log_sd: float) -> float:
    """Return how many standard deviations a measurement lies from what was expected of it.

    Parameters
    ----------
    mean, log_sd : float
        Arithmetic mean and ln-sd of the number before.
    measured, measured_log_sd : float
        As in `posterior`.
    """
    expected = math.log(mean) - log_sd**2 / 2.0
    return (math.log(measured) - expected) / math.hypot(log_sd, measured_log_sd)


@dataclass(frozen=True)
class Distance:
    """How far a measurement lies from what was predicted; attributes as in `MeasuredPoint`."""

    z: float
    predicted_ln_sd: float
    measured_ln_sd: float


def apart(one: LogMeasurement, other: LogMeasurement, year_sd: float) -> float:
    """Return how many standard deviations lie between two measurements of one thing."""
    years = 2.0 * year_sd**2 if one.year != other.year else 0.0
    least = LEAST_LOG_SD**2
    variance = max(one.log_sd**2, least) + max(other.log_sd**2, least) + years
    return abs(one.log_value - other.log_value) / math.sqrt(variance)


def log_sd_of(spread: Spread, mean_over_scale: float = 1.0) -> float:
    """Return the standard deviation of the logarithm of what has a spread.

    Parameters
    ----------
    spread : Spread
        Of a content, a share or a relative number.
    mean_over_scale : float
        For a beta: the mean of what the logarithm is of, in units of the share; what passes has 1 less the removal.
    """
    if spread.distribution == LOGNORMAL:
        return spread.size
    relative = spread.size / mean_over_scale if spread.distribution == BETA else spread.size
    return math.sqrt(math.log1p(relative**2))


def shrunk(spread: Spread, log_sd: float, mean_over_scale: float = 1.0) -> Spread:
    """Return a spread of the same kind and scopes with another standard deviation of the logarithm.

    Parameters
    ----------
    spread : Spread
        Before.
    log_sd : float
        After.
    mean_over_scale : float
        As in `log_sd_of`, of the mean after.
    """
    relative = math.sqrt(math.expm1(log_sd**2))
    sizes = {LOGNORMAL: log_sd, BETA: relative * mean_over_scale}
    return Spread(spread.distribution, sizes.get(spread.distribution, relative), spread.scopes)


def after(spread: Spread, log_sd: float, part: float, error: float, scope: str, mean_over_scale: float = 1.0) -> Spread:
    """Return the spread of a number after a measurement of the number itself.

    Every scope shrinks by one less the weight, and the error of the measurement is added to the scope it belongs to.

    Parameters
    ----------
    spread : Spread
        Before.
    log_sd : float
        Its standard deviation of the logarithm.
    part : float
        Weight of the measurement [0-1].
    error : float
        Standard deviation of the logarithm of the measurement.
    scope : str
        With whom the error is shared, as ``plant`` for a coal analysis.
    mean_over_scale : float
        As in `log_sd_of`, of the mean after.

    Examples
    --------
    >>> before = Spread(LOGNORMAL, 0.5, (("country", 0.36), ("plant", 0.64)))
    >>> after(before, 0.5, weight(0.5, 0.5), 0.5, "plant").scopes
    (('country', 0.18), ('plant', 0.82))
    """
    variances = {name: share * (log_sd * (1.0 - part)) ** 2 for name, share in spread.scopes}
    if scope not in variances and len(variances) == MOST_SCOPES:
        scope = list(variances)[-1]  # the most own of those there are
    variances[scope] = variances.get(scope, 0.0) + (part * error) ** 2
    total = math.fsum(variances.values())
    scopes = tuple((name, round(variance / total, 12)) for name, variance in variances.items())
    return shrunk(Spread(spread.distribution, spread.size, scopes), math.sqrt(total), mean_over_scale)
