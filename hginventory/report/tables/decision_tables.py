"""What can be done about the mercury of a run, gathered once for page and workbook.

Scenarios side by side, the least-cost frontier of the options, emission limits, and what drives the uncertainty;
all from the run and its own draws, so that the same run gives the same bytes. What a fleet is too large for, or its
units do not allow, is left out by name and never silently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from hginventory.decisions.costs import Prices
from hginventory.decisions.optimisation import (
    Rules,
    by_start_year,
    emission_in,
    least_cost_frontier,
    make_goal,
    shown_frontier,
    steps_at_units,
    targeting,
    with_counted_units,
)
from hginventory.decisions.ranking import rank_units
from hginventory.decisions.scenarios import Comparison
from hginventory.decisions.sensitivity import LEAST_DRAWS, REPORT_DRAWS, Sensitivity
from hginventory.errors import HgInventoryError, ScenarioError
from hginventory.scenarios import scenarios_of_sheets
from hginventory.translations import TranslatableText
from hginventory.uncertainty import project_complying

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.inputs.findings import Finding

Found = TypeVar("Found")
POINTS = 500  # units drawn or listed one by one; the rest is `others`
WHOLE = 1000  # up to so many units all are looked at; of larger fleets the `POINTS` largest
BLANKET = "blanket_bat"
HEADLINE = ("targeted_top10", BLANKET)  # of the shipped scenarios, beside the baseline
BASELINE = "baseline"
MOST_SCENARIOS = 5  # as many as a figure can tell apart
CURVE_YEARS = 9  # from the base year to the year that the cost curve is of, as a plan's target
SAME = 1e-9  # relative; a unit computed with fewer others beside it
SCENARIOS, CURVE, LIMITS, DRIVERS = "scenarios", "cost_curve", "limits", "sensitivity"
COMMANDS: Mapping[str, str] = {
    SCENARIOS: "hginv scenario compare",
    CURVE: "hginv optimize",
    LIMITS: "hginv limits",
    DRIVERS: "hginv sensitivity",
}
NOTHING_LEFT = "no unit has mercury left to emit"
NO_DRAWS = "the run has too few draws"
NO_OPTION = "no option with a price lowers the mercury of these units"
NO_LIMIT = "no limit in the tables applies to these units"
NOT_ALONE = "the largest units cannot be computed without the others"
REASONS = (NOTHING_LEFT, NO_DRAWS, NO_OPTION, NO_LIMIT, NOT_ALONE)


class _NotHereError(HgInventoryError):
    """A part that this run does not allow; the message is one of `REASONS`."""


@dataclass(frozen=True)
class DecisionResults:
    """What can be done about the mercury of a run.

    Attributes
    ----------
    run : Analysis
        The units looked at: the run itself, or of a large fleet its largest units.
    share : float
        Their share of the remaining mercury of all units [0-1].
    comparison : Comparison or None
        Own scenarios of the workbook and the headline ones, the baseline first.
    frontier : DataFrame or None
        Least-cost frontier as of `optimisation.shown_frontier`, of the emission of ``curve_year``.
    curve_year : int
        Year in which the frontier counts mercury.
    dearer_steps, curve_price : int, float
        Number of steps left out of the frontier, as they cost more than this price [money/kg].
    cost_findings : tuple of Finding
        What is used for the costs of countries without their own.
    limits : DataFrame or None
        All units of the whole run compared with the limits of the table, as of `limits.check_limits`.
    sensitivity : Sensitivity or None
        What drives the total.
    left_out : mapping of str to str
        Part -> why it is not there: one of `REASONS`, or the message of an error without backticks.
    targeting : tuple of TranslatableText
        Up to which share targeting costs less per kilogram than the blanket rule, in sentences; empty where it is not
        among the scenarios.
    """

    run: Analysis
    share: float
    comparison: Comparison | None
    frontier: pd.DataFrame | None
    curve_year: int
    dearer_steps: int
    curve_price: float
    cost_findings: tuple[Finding, ...]
    limits: pd.DataFrame | None
    sensitivity: Sensitivity | None
    left_out: Mapping[str, str]
    targeting: tuple[TranslatableText, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether smaller units were left out."""
        return self.share < 1.0


def decision_results(run: Analysis) -> DecisionResults:
    """Gather what can be done about the mercury of a run.

    Parameters
    ----------
    run : Analysis
        The run; draws are made now where it has any.

    Examples
    --------
    >>> import hginventory as hg
    >>> found = decision_results(hg.project("indonesia", where="capacity_mw >= 900", draws=0))
    >>> found.comparison.table["scenario"].tolist()
    ['baseline', 'targeted_top10', 'blanket_bat']
    >>> dict(found.left_out)
    {'sensitivity': 'the run has too few draws'}
    """
    left_out: dict[str, str] = {}

    def part(name: str, find: Callable[[], Found]) -> Found | None:
        try:
            return find()
        except HgInventoryError as error:
            left_out[name] = error.plain
            return None

    largest, share = _largest(run)
    year = run.projection.settings.base_year + CURVE_YEARS
    seen = run if largest is None else largest

    def looked_at() -> Analysis:
        if largest is None:
            raise _NotHereError(NOT_ALONE if share else NOTHING_LEFT)
        return largest

    prices = run.projection.library.once(Prices)
    price = prices.basis("frontier_price")
    frontier, dearer = part(CURVE, lambda: _frontier(looked_at(), year, price)) or (None, 0)
    comparison = part(SCENARIOS, lambda: _comparison(looked_at()))
    return DecisionResults(
        seen,
        share,
        comparison,
        frontier,
        year,
        dearer,
        price,
        prices.findings(map(str, seen.units["country"])),
        part(LIMITS, lambda: _limits(run)),
        part(DRIVERS, lambda: _sensitivity(looked_at())),
        left_out,
        _targeting(comparison),
    )


def _targeting(comparison: Comparison | None) -> tuple[TranslatableText, ...]:
    rules = [one for one in comparison.applied if one.scenario.name == BLANKET] if comparison is not None else []
    if (
        not rules
        or comparison is None
        or comparison.equal.set_index("scenario").loc[[BLANKET], "usd_per_kg"].isna().any()
    ):
        return ()
    return targeting(rules[0]).sentences()


def _largest(run: Analysis) -> tuple[Analysis | None, float]:
    """Return the run of the units looked at and their share of the remaining mercury; no run where there cannot be one.

    The largest units of a large fleet are computed again by themselves, which must not change a number of theirs.
    """
    total = float(run.units["lifetime_kg"].sum())
    if not total > 0:
        return None, 0.0
    if len(run.units) <= WHOLE:
        return run, 1.0
    settings, fleet = run.projection.settings, run.projection.fleet
    ids = rank_units(run.units, combined=True)["unit_id"].head(POINTS).tolist()
    projection = project_complying(
        fleet.subset(ids),
        base_year=settings.base_year,
        rule=settings.rule,
        profile=settings.profile,
        lifetime_spread=settings.lifetime_spread,
        combined=settings.combined,
    )
    whole = run.units.loc[ids, "lifetime_kg"]
    share = float(whole.sum()) / total
    alone = projection.units["lifetime_kg"].reindex(ids)
    if not np.allclose(alone, whole, rtol=SAME, atol=0.0):
        return None, share
    return type(run)(projection, draws=run.n_draws, seed=run.seed), share


def scenario_names(run: Analysis) -> list[str]:
    """Return the scenarios that a report compares with the baseline: those of its workbook, then the headline ones.

    Raises
    ------
    ScenarioError
        If a row of the sheets Scenarios and Measures is wrong.
    """
    fleet = run.projection.fleet
    own = scenarios_of_sheets(fleet.scenarios, fleet.measures)
    return [name for name in dict.fromkeys([*own, *HEADLINE]) if name != BASELINE][:MOST_SCENARIOS]


def _comparison(run: Analysis) -> Comparison:
    """Return the scenarios side by side; a headline one that chooses no unit of this fleet is passed over."""
    names = scenario_names(run)
    try:
        return run.compare([BASELINE, *names], equal_kg=True, equal_money=True)
    except ScenarioError:
        fitting = [name for name in names if name not in HEADLINE or _fits(run, name)]
        if len(fitting) in (0, len(names)):
            raise
        return run.compare([BASELINE, *fitting], equal_kg=True, equal_money=True)


def _fits(run: Analysis, name: str) -> bool:
    try:
        run.compare([name])
    except ScenarioError:
        return False
    return True


def _frontier(run: Analysis, year: int, price: float) -> tuple[pd.DataFrame, int]:
    """Return the least-cost frontier of the emission of a year, and how many steps cost more than a price.

    It is of central values and needs no draws.
    """
    projection = run.projection
    if not emission_in(projection, year) > 0:
        raise _NotHereError(NOTHING_LEFT)
    rules = Rules()
    goal = with_counted_units(make_goal(projection, target="100%", by=year), projection, rules)
    catalogue = run.baseline.catalogue
    found = by_start_year(steps_at_units(catalogue, rules), catalogue, goal, rules)
    if not found.size:
        raise _NotHereError(NO_OPTION)
    return shown_frontier(found, least_cost_frontier(found), catalogue, goal, price)


def _limits(run: Analysis) -> pd.DataFrame:
    checked = run.limits()
    if checked.empty:
        raise _NotHereError(NO_LIMIT)
    return checked


def _sensitivity(run: Analysis) -> Sensitivity:
    if run.n_draws < LEAST_DRAWS:
        raise _NotHereError(NO_DRAWS)
    return run.sensitivity(min(run.n_draws, REPORT_DRAWS))
