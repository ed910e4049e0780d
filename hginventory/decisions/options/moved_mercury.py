"""Mercury that a step moves elsewhere than to the air: to the sea, and into ash that is sold to cement works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hginventory._types import Floats
from hginventory.decisions.options.conditions import UNCONDITIONAL, Condition
from hginventory.decisions.options.installed import UnitState
from hginventory.decisions.options.mercury_effect import Outcome
from hginventory.decisions.options.option_table import Option
from hginventory.decisions.options.unit_conditions import CONDITIONAL, IF, Applicability
from hginventory.decisions.options.unit_option import Site
from hginventory.model import PATHWAYS
from hginventory.uncertainty import AlteredRates
from hginventory.vocabulary import CEMENT_KILN

WATER, FLY_ASH = PATHWAYS.index("water"), PATHWAYS.index("fly_ash")
LEAST = 1e-9  # of the mercury input, below which nothing is moved
TO_THE_SEA = "on balance it moves mercury to the sea (Article 9)"
TO_CEMENT = "ash is sold: it moves mercury into the ash for cement works"


def to_sea_and_ash(balance: Floats, sea_before: Floats, left: Floats, is_sold: Floats) -> tuple[Floats, Floats]:
    """Return how much more mercury goes to the sea, and into ash sold to cement works [kg/yr], shape (N,) each.

    Parameters
    ----------
    balance : ndarray of float, shape (N, 10)
        Mercury input of units, and by pathway [kg/yr].
    sea_before : ndarray of float, shape (N,)
        Share of the water of a unit that is sea water of a scrubber [0-1].
    left : ndarray of float, shape (N, 2)
        What goes to the sea and into fly ash with the steps, over the input of today [1]; NaN for ash that is sold as
        it was.
    is_sold : ndarray of float, shape (N,)
        Whether the ash is sold: 1, 0, or NaN where it is not known; the ash of such a unit is not known either.

    Examples
    --------
    >>> import numpy as np
    >>> balance = np.array([[10.0, 1, 3, 1, 1, 2, 0, 2, 0, 0]])
    >>> sea, ash = to_sea_and_ash(balance, np.ones(1), np.array([[0.5, 0.2]]), np.array([np.nan]))
    >>> sea.tolist(), ash.tolist()
    ([3.0], [nan])
    """
    whole = balance[:, 0]
    sea = whole * left[:, 0] - sea_before * balance[:, 1 + WATER]
    ash = whole * left[:, 1] - balance[:, 1 + FLY_ASH]
    least = LEAST * whole
    sea, ash = (np.where(np.abs(moved) <= least, 0.0, moved) for moved in (sea, ash))
    return sea, np.where((is_sold == 0.0) | np.isnan(left[:, 1]), 0.0, ash * is_sold)


def shares_after(outcome: Outcome, steps: Sequence[Option]) -> tuple[float, float]:
    """Return what goes to the sea and into fly ash after steps, over the input before [1].

    What a new filter behind the precipitator removes is kept apart, so that the ash is sold as it was: NaN.
    """
    is_apart = any("FF" in step.adds and not step.replaces for step in steps)
    ash = float("nan") if is_apart else outcome.input_factor * float(outcome.shares[FLY_ASH])
    return outcome.input_factor * outcome.sea, ash


def held_to_limit(unit: UnitState, outcome: Outcome, rates: AlteredRates | None) -> Outcome:
    """Return an outcome at a unit that complies with a limit: what is removed beyond its controls goes the way of dust.

    Where the unit runs less, the emission falls in proportion; another fuel has its own rate, which is cut, and a
    better efficiency allows more per heat where the limit is one per generation.

    Parameters
    ----------
    unit : UnitState
        The unit.
    outcome : Outcome
        What steps do by the listed controls alone.
    rates : AlteredRates or None
        Rates of the units of the run; None where no unit complies with a limit.
    """
    if unit.cut is None or rates is None or outcome.removal >= 1.0 or unit.listed_removal >= 1.0:
        return outcome
    times_sd = outcome.after.sd / outcome.before.sd if outcome.before.sd > 0.0 else 1.0
    kept = rates.kept(unit.index, outcome.removal, times_sd, outcome.fuel_left)
    shares, _ = unit.cut.pathways(outcome.shares, kept)
    avoided = 1.0 - outcome.left(unit.listed_removal)
    return replace(outcome, removal=1.0 - (1.0 - outcome.removal) * kept, shares=shares, avoided_by_controls=avoided)


def sold(unit: UnitState, site: Site) -> float:
    """Return whether the ash of a unit is sold, as a number: 1, 0, or NaN where neither site nor workbook say so."""
    if unit.sector == CEMENT_KILN:  # it sells no ash
        return 0.0
    known = site.ash_sold_at(unit)
    return float("nan") if known is None else float(known)


def of_moved(to_sea: float, to_ash: float) -> Condition:
    """Return the conditions of steps that move mercury [kg/yr].

    >>> of_moved(1.0, float("nan")).names, of_moved(-1.0, 2.0).names
    (('article_9',), ('ash_to_cement',))
    """
    found = UNCONDITIONAL
    if to_sea > 0:
        found |= Condition.ARTICLE_9
    if to_ash > 0:
        found |= Condition.ASH_TO_CEMENT
    return found


def with_moved(verdict: Applicability, moved: Condition) -> Applicability:
    """Return a verdict on steps that also depends on where they move mercury."""
    new = moved & ~verdict.conditions
    if not new:
        return verdict
    told = ((Condition.ARTICLE_9, TO_THE_SEA), (Condition.ASH_TO_CEMENT, TO_CEMENT))
    words = [text for one, text in told if one in new]
    reason = "; ".join(filter(None, (verdict.reason, *words)))
    return replace(verdict, applies=IF, reason=reason, rank=CONDITIONAL, conditions=verdict.conditions | new)
