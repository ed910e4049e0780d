"""How far the share that the dust loop of a kiln lets pass is known, where its bleed is stated or a measure adds to it.

Where neither is, the share to air is what is known, and the loop follows from it. Else the share depends on what is
captured with the mill on and off, on the hours of the mill and on what stays in the clinker; the error of each is
propagated by its effect over one standard deviation to both sides. More hours without the mill let more pass where dust
is taken with the mill on, and less where it is taken with the mill off; kilns are drawn as if all were of one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hginventory.factors import BETA, BLEEDS, LOOP, RELATIVE, Spread
from hginventory.model import ALMOST_ALL, kiln
from hginventory.projection import Dust, loop_of


def passing(dust: Dust, air_share: float) -> Callable[[Mapping[str, float]], float]:
    """Return the function of the numbers of a dust loop that gives the share which passes it [0-1].

    Where the bleed is stated it is the share of the input that reaches the stack. Where a measure adds to the usual
    bleed it is the share of what reaches the stack without the measure: the usual bleed is that which gives the share
    to air with these numbers.

    Parameters
    ----------
    dust : Dust
        How the kiln handles its dust.
    air_share : float
        Share of its input to air with the dust as usual [0-1].
    """
    stated = {name: dust.values[name].value for name in BLEEDS}

    def share(numbers: Mapping[str, float]) -> float:
        if dust.is_stated:
            return loop_of({**numbers, **stated}).stack
        usual = kiln.usual_dust(air_share, *(numbers[name] for name in LOOP))
        captures = {"capture_on": usual.capture_on, "capture_off": usual.capture_off}
        bleeds = dict.fromkeys(BLEEDS, min(usual.bleed + dust.added, 1.0))
        return loop_of({**numbers, **captures, "clinker_retention": usual.retained, **bleeds}).stack / air_share

    return share


def spread_of_loop(dust: Dust, spreads: Mapping[str, Spread], air_share: float) -> tuple[float, Spread] | None:
    """Return the share that passes, and its spread; None where nothing varies.

    Parameters
    ----------
    dust : Dust
        How the kiln handles its dust.
    spreads : mapping of str to Spread
        Of the numbers of the loop that are uncertain.
    air_share : float
        As in `passing`.
    """
    share = passing(dust, air_share)
    central = {name: dust.values[name].value for name in LOOP}
    variances: dict[str, float] = {}
    for name, spread in spreads.items():
        step = spread.size * central[name] if spread.distribution in RELATIVE else spread.size
        ends = [share({**central, name: min(max(central[name] + by, 0.0), ALMOST_ALL)}) for by in (-step, step)]
        for scope, part in spread.scopes:
            variances[scope] = variances.get(scope, 0.0) + part * (0.5 * (ends[1] - ends[0])) ** 2
    total = sum(variances.values())
    if total <= 0.0:
        return None
    scopes = tuple((scope, variance / total) for scope, variance in variances.items())
    return share(central), Spread(BETA, total**0.5, scopes)
