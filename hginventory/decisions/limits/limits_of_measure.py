"""The limits that a measure applies: those of an id or of a name that begins with its text, or a number of the user."""

from __future__ import annotations

import difflib

from hginventory.errors import ScenarioError, UsageError
from hginventory.model import Limit, limits_in_table, user_limit
from hginventory.projection import Projection
from hginventory.scenarios import Measure


def limits_of(baseline: Projection, measure: Measure) -> list[Limit]:
    """Return the limits that a measure applies; to a unit apply those that fit it.

    Parameters
    ----------
    baseline : Projection
        The baseline.
    measure : Measure
        An ``emission_limit``.

    Raises
    ------
    ScenarioError
        If the table has no limit of that name, or the unit of the value is not that of a limit.
    """
    if measure.value is not None:
        sectors = dict.fromkeys(baseline.units["sector"])
        try:
            return [user_limit(measure.value, measure.unit, sector=s, o2_percent=measure.o2) for s in sectors]
        except UsageError as error:
            raise ScenarioError(f"{measure.at('unit') or measure.action}: {error}") from None
    named = limits_in_table(baseline.library)
    wanted = measure.target.casefold()
    found = [one for one in named if one.name == wanted]
    if found:
        return found
    found = [one for one in named if f"{one.country}/{one.instrument}".casefold().startswith(wanted)]
    found = [one for one in found if not one.only_where]  # what holds under a condition nobody has stated
    if not found:
        near = difflib.get_close_matches(wanted, [one.name for one in named], n=1)
        known = dict.fromkeys(f"{one.country}/{one.instrument}" for one in named)
        raise ScenarioError(
            f"{measure.at('target') or measure.action}: target {measure.target!r} names no limit. "
            + (f"Did you mean {near[0]}? " if near else "")
            + f"Use the id of a limit, or the begin of one of: {'; '.join(known)}."
        )
    return found
