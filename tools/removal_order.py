"""Put removals of trains in order: more or better devices never remove less."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from hginventory.model import CHLORINE_STRIPPERS
from hginventory.vocabulary import UNKNOWN
from random_effects import Floats
from removal_tests import Cell, devices_in_effect

DIGITS = 3  # of a removal in the table
BETTER = (("ESPh", "ESPc", "FF"), ("swFGD", "FGD", "wFGD"), ("ACI", "ACI-Br"))  # each at least as good as those before


def never_below(more: Cell, less: Cell) -> bool:
    """Return whether a cell cannot remove less than another: it has its devices, or better ones, and the same coal and boiler.

    A dryer or sorbent in front of a filter strips the chlorine of coal that has little; then nothing is known.

    Examples
    --------
    >>> never_below(("SCR+FF", "low_cl", "PC"), ("ESPc", "low_cl", "PC"))
    True
    >>> never_below(("SDA+FF", "low_cl", "PC"), ("FF", "low_cl", "PC"))
    False
    """
    if more[1:] != less[1:] or UNKNOWN in (more[0], less[0]):
        return False
    devices, wanted = devices_in_effect(more[0]), devices_in_effect(less[0])
    if "FF" in devices and more[1] != "high_cl" and (devices - wanted) & CHLORINE_STRIPPERS:
        return False
    return all(devices & {device, *_better(device)} for device in wanted)


def _better(device: str) -> tuple[str, ...]:
    return next((kinds[kinds.index(device) + 1 :] for kinds in BETTER if device in kinds), ())


def pooled_in_order(removals: Mapping[Cell, float], variances: Mapping[Cell, float]) -> dict[Cell, float]:
    """Return estimates with those pooled that contradict `never_below`: least squares, by the precision of each.

    Parameters
    ----------
    removals, variances : mapping of tuple to float
        Removal of each cell [0-1], and the variance of the error of its logit.

    Raises
    ------
    SystemExit
        If no solution is found.
    """
    cells = list(removals)
    start = logit(np.array([removals[cell] for cell in cells]))
    weights = 1.0 / np.array([variances[cell] for cell in cells])
    pairs = [
        (i, j) for i, more in enumerate(cells) for j, less in enumerate(cells) if i != j and never_below(more, less)
    ]
    if all(start[i] >= start[j] for i, j in pairs):
        return dict(removals)
    at_least = np.zeros((len(pairs), len(cells)))
    for row, (i, j) in enumerate(pairs):
        at_least[row, [i, j]] = 1.0, -1.0

    def loss(moved: Floats) -> float:
        return float(weights @ (moved - start) ** 2)

    solved = minimize(
        loss, start, jac=lambda moved: 2.0 * weights * (moved - start), method="SLSQP",
        constraints={"type": "ineq", "fun": lambda moved: at_least @ moved, "jac": lambda _: at_least},
        options={"maxiter": 1000, "ftol": 1e-12},
    )  # fmt: skip
    if not solved.success:
        raise SystemExit(f"The estimates cannot be put in order: {solved.message}")
    return {
        cell: removals[cell] if abs(moved - before) < 1e-6 else float(expit(moved))
        for cell, moved, before in zip(cells, solved.x, start, strict=True)
    }


def consistent(judged: Mapping[Cell, float], tested: Mapping[Cell, float]) -> dict[Cell, float]:
    """Return removals of all rows: those tested, and those by judgement, moved where one contradicts `never_below`.

    What passes it relative to the lesser train then stays as judged, so that its devices keep their effect.
    """
    now, before = {**judged, **tested}, {}
    while now != before:
        before = dict(now)
        for key in judged.keys() - tested.keys():
            moved = [
                1.0 - (1.0 - before[less]) * (1.0 - judged[key]) / (1.0 - judged[less])
                for less in judged
                if before[less] >= judged[key] >= judged[less] and never_below(key, less) and not never_below(less, key)
            ]
            most = min((removal for more, removal in tested.items() if never_below(more, key)), default=1.0)
            now[key] = round(min(max([judged[key], *moved]), most), DIGITS)
    return now
