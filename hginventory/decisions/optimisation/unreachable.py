"""Why no plan meets a target: the most that can be avoided, and the rule that limits it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hginventory.decisions.optimisation.goals import Rules
from hginventory.decisions.optimisation.solver import FINE_GAP
from hginventory.decisions.options import UNCONDITIONAL
from hginventory.units import percent


def unreachable(goal: str, need: float, rules: Rules, best: Callable[[Rules], float]) -> str:
    """Return the most that can be avoided, and which rule limits it.

    Parameters
    ----------
    goal : str
        The target in words.
    need : float
        Mercury that must be avoided [kg].
    rules : Rules
        What the plan must keep to.
    best : callable
        Returns the most that can be avoided under some rules [kg].

    Examples
    --------
    >>> text = unreachable("50% by 2035", 100.0, Rules(), lambda rules: 80.0)
    >>> text.partition(". ")[0]
    'the target (50% by 2035) needs 100 kg avoided; at most 80 kg can be avoided (80 % of it)'
    """
    here = best(rules)
    words = [
        f"the target ({goal}) needs {need:,.0f} kg avoided; at most {here:,.0f} kg can be avoided "
        f"({percent(here / need)} of it)."
    ]
    looser = {
        "`per_year`": replace(rules, per_year=None),
        "`max_units`": replace(rules, max_units=None),
        "`not_before`": replace(rules, not_before=None),
        "`exclude` and `only`": replace(rules, exclude=frozenset(), only=""),
        "`build_rate`": replace(rules, build_rate=None),
        "`accept`": replace(rules, accept=~UNCONDITIONAL),
    }
    gains = {name: best(one) for name, one in looser.items() if one != rules}
    enough = [name for name, gain in gains.items() if gain >= need]
    if enough:
        words.append(f"{' or '.join(enough)} binds: without it {gains[enough[0]]:,.0f} kg can be avoided.")
    elif gains and max(gains.values()) > here * (1.0 + FINE_GAP):
        name = max(gains, key=lambda one: gains[one])
        words.append(f"{name} binds most: without it {gains[name]:,.0f} kg can be avoided, still too little.")
    else:
        words.append("No rule binds: these are all priced options that can be built by then.")
    if rules.closure_usd_per_kw is None:
        words.append("Earlier closure is not offered; its price per kW adds it, as `closure_usd_per_kw=1200`.")
    return " ".join(words)
