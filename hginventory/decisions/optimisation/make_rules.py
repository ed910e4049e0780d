"""The rules of a plan from what a user gives: names and numbers, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hginventory import arguments
from hginventory.decisions.optimisation.goals import Rules
from hginventory.decisions.options import read_conditions

NO_LIMIT = "none"


def make_rules(
    *,
    not_before: int | None = None,
    per_year: int | None = None,
    max_units: int | None = None,
    exclude: Sequence[str] = (),
    only: str | None = None,
    closure_usd_per_kw: float | None = None,
    accept: Sequence[str] = (),
    moved_price: float | None = None,
    build_rate: Mapping[str, float] | str | None = None,
    with_kilns: bool = False,
) -> Rules:
    """Return the rules of a plan; parameters as of `Analysis.optimize`.

    Raises
    ------
    UsageError
        If one cannot be used; it names the parameter and what is allowed.

    Examples
    --------
    >>> rules = make_rules(per_year=4, accept=["so2"], build_rate="none")
    >>> rules.per_year, rules.accept.names, rules.build_rate
    (4, ('so2',), None)
    """
    arguments.whole("not_before", not_before, optional=True)
    arguments.whole("per_year", per_year, 1, optional=True)
    arguments.several("exclude", exclude, str, "units, as ['suralaya-1']")
    arguments.text("only", only, optional=True)
    arguments.number("closure_usd_per_kw", closure_usd_per_kw, 0, optional=True)
    arguments.several("accept", accept, str, "conditions, as ['so2']")
    arguments.number("moved_price", moved_price, optional=True)
    arguments.flag("with_kilns", with_kilns)
    return Rules(
        not_before=not_before,
        per_year=per_year,
        max_units=max_units,
        exclude=frozenset(exclude),
        only=only or "",
        closure_usd_per_kw=closure_usd_per_kw,
        accept=read_conditions(accept),
        moved_price=moved_price,
        build_rate=_rates(build_rate),
        with_kilns=with_kilns,
    )


def _rates(given: Mapping[str, float] | str | None) -> Mapping[str, float] | None:
    """Return the rates given, empty for those of the table; None for no limit."""
    if given == NO_LIMIT:
        return None
    words = "rates in GW a year, as {'scrubber': 2.5}, or 'none' for no limit"
    arguments.of_kind("build_rate", given, Mapping, words, optional=True)
    rates: Mapping[str, float] = {} if given is None or isinstance(given, str) else given
    for rate in rates.values():
        arguments.number("build_rate", rate)
    return rates
