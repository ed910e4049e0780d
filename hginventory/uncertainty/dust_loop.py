"""How far the share that the dust loop of a kiln lets pass is known, where dust is bled from it.

Without a bleed all mercury leaves by the stack, whatever mill and filter catch, so nothing varies. With one the share
depends on what is caught with the mill on and off and on the hours of the mill; the error of each is propagated by
its effect over one standard deviation to both sides. More hours without the mill let more pass where dust is taken with
the mill on, and less where it is taken with the mill off; kilns are drawn as if all were of one kind.
"""

from __future__ import annotations

from collections.abc import Mapping

from hginventory.factors import BETA, Spread, Value
from hginventory.model import ALMOST_ALL, kiln

PARAMETERS = ("capture_on", "capture_off", "mill_off_share")


def passing(values: Mapping[str, float], bleed_on: float, bleed_off: float) -> float:
    """Return the share of the mercury in the kiln gas that reaches the stack [0-1].

    Parameters
    ----------
    values : mapping of str to float
        capture_on, capture_off, mill_off_share [0-1].
    bleed_on, bleed_off : float
        Share of the caught dust that is taken out with the mill on and off [0-1].

    Examples
    --------
    >>> round(passing({"capture_on": 0.84, "capture_off": 0.66, "mill_off_share": 0.15}, 0.1, 0.1), 3)
    0.697
    """
    return kiln.loop(
        1.0, 0.0, values["capture_on"], values["capture_off"], bleed_on, bleed_off, values["mill_off_share"]
    ).stack


def spread_of_loop(
    values: Mapping[str, Value], spreads: Mapping[str, Spread], bleed_on: float, bleed_off: float
) -> tuple[float, Spread] | None:
    """Return the share that passes, and its spread; None where nothing varies.

    Parameters
    ----------
    values : mapping of str to Value
        Captures and the share of hours with the mill off.
    spreads : mapping of str to Spread
        Of those that are uncertain, each relative to its mean.
    bleed_on, bleed_off : float
        As in `passing`.
    """
    if bleed_on <= 0.0 and bleed_off <= 0.0:
        return None
    central = {name: values[name].value for name in PARAMETERS}
    variances: dict[str, float] = {}
    for name, spread in spreads.items():
        step = spread.size * central[name]
        ends = [
            passing({**central, name: min(max(central[name] + by, 0.0), ALMOST_ALL)}, bleed_on, bleed_off)
            for by in (-step, step)
        ]
        for scope, share in spread.scopes:
            variances[scope] = variances.get(scope, 0.0) + share * (0.5 * (ends[1] - ends[0])) ** 2
    total = sum(variances.values())
    if total <= 0.0:
        return None
    scopes = tuple((scope, variance / total) for scope, variance in variances.items())
    return passing(central, bleed_on, bleed_off), Spread(BETA, total**0.5, scopes)
