"""What drives the uncertainty of what a plan avoids, and which measurement would reduce it most."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats, Words64
from hginventory.decisions.measuring.worth import revealed
from hginventory.decisions.ranking import DEFAULT_SEED, check_draws
from hginventory.decisions.scenarios import AppliedScenario, apply_scenario, avoided_in_draws, scenario_input
from hginventory.decisions.sensitivity import (
    FAMILIES,
    INTERACTIONS,
    LEAST_DRAWS,
    SHARED,
    PossibleMeasurement,
    indices,
    possible_measurements,
    rekeyed,
    remainder,
)
from hginventory.ensemble import EnsembleInput, Progress, Revealed, SharedDraws
from hginventory.errors import UsageError
from hginventory.projection import Projection
from hginventory.scenarios import Scenario, load_scenario, measures_of
from hginventory.uncertainty import UncertainFactorFinder, assemble, stream_groups

DRAWS = 1000
Group = tuple[str, str]


@dataclass(frozen=True)
class PlanSensitivity:
    """What drives what a plan avoids over the remaining life.

    Attributes
    ----------
    name : str
        Name of the plan.
    draws, seed : int
        Draws of each run, and seed.
    mean_kg, sd_kg : float
        Mercury that the plan avoids over the remaining life: mean and standard deviation [kg].
    table : DataFrame
        family, scope, factor (in words), shared, alone, alone_error, at_all, at_all_error: shares of the variance as in
        `sensitivity`; the last row is the interactions, so that ``alone`` sums to 1.
    measurements : DataFrame
        What could be measured at the units of the plan, largest share of variance first: number, kind, unit_id, plant,
        units_served, told_kg (standard deviation of what the plan would be expected to avoid after the measurement
        [kg]), ``told`` (the same as a share of the variance), cell, words.
    """

    name: str
    draws: int
    seed: int
    mean_kg: float
    sd_kg: float
    table: pd.DataFrame
    measurements: pd.DataFrame

    def as_dict(self, rows: int | None = None) -> dict[str, Any]:
        """Return everything as plain data, for JSON; the first measurements, or all."""
        numbers = {name: value for name, value in vars(self).items() if name not in ("table", "measurements")}
        shown = self.measurements.head(len(self.measurements) if rows is None else rows)
        return {**numbers, "groups": self.table.to_dict("records"), "measurements": shown.to_dict("records")}


def applied_plan(projection: Projection, plan: str | Scenario) -> AppliedScenario:
    """Return a plan that was saved, or any scenario, applied to the fleet.

    Parameters
    ----------
    projection : Projection
        The run.
    plan : str or Scenario
        Path of its file, as ``Plan.save`` writes it; name of a shipped scenario; or a scenario.

    Raises
    ------
    UsageError
        If there is no such file or scenario.
    ScenarioError
        If it is wrong, or does not fit the fleet; the file and line are named.
    """
    scenario = plan if isinstance(plan, Scenario) else load_scenario(plan)
    measures, locations = measures_of(scenario, Path(plan).parent if isinstance(plan, str) else None)
    return apply_scenario(projection, scenario, measures, locations=locations)


def plan_sensitivity(
    plan: AppliedScenario, *, draws: int = DRAWS, seed: int = DEFAULT_SEED, progress: Progress | None = None
) -> PlanSensitivity:
    """Return what share of the variance of what a plan avoids each factor explains, and what to measure first.

    Only the units that the plan changes are drawn, as they are and as they become, on the draws of the run. What a
    measurement reveals is in closed form, as what is avoided at a unit is taken in proportion to what it emits: draws
    would show hundreds of small effects under their noise.

    Parameters
    ----------
    plan : AppliedScenario
        The plan, as ``Plan.applied`` or a scenario applied to the fleet.
    draws, seed : int
        Draws of each run, at least 100, and seed; there are two runs more than groups.
    progress : callable, optional
        Called with the share done [0-1].

    Raises
    ------
    UsageError
        If draws or seed cannot be used, or the plan changes nothing.
    """
    check_draws(draws, seed)
    if draws < LEAST_DRAWS:
        words = f"{draws} draws say nothing of variances. Use {LEAST_DRAWS} or more."
        raise UsageError(words, parameter="draws", allowed=(LEAST_DRAWS, math.inf))
    changed = plan.changed()
    if not changed:
        raise UsageError(f"the plan {plan.scenario.name!r} changes no unit, so it avoids nothing.")
    given = scenario_input(plan, changed)
    groups = _groups(plan, given)
    steps, done = len(groups) + 2, 0

    nothing = np.empty(0, dtype=np.uint64)
    is_held = any(plan.baseline.projection.cut_of(unit) is not None for unit in changed)
    shared = None if is_held else SharedDraws(given, rekeyed(given, nothing), draws, seed)

    def avoided(kept: Words64 | None) -> Floats:
        nonlocal done
        if shared is None:  # no draw of an altered unit that keeps a limit is above the unit as it is
            found = avoided_in_draws([plan], draws, seed, None if kept is None else partial(rekeyed, kept=kept))[0].life
        else:
            sums = shared.totals(given if kept is None else rekeyed(given, kept)).life_sums
            found = sums[0] - sums[1]
        done += 1
        if progress:
            progress(done / steps)
        return np.asarray(found)

    first, other = avoided(None), avoided(nothing)
    mixed = {group: avoided(streams) for group, streams in groups.items()}
    rows: list[dict[str, Any]] = [
        {"family": family, "scope": scope, "factor": FAMILIES.get(family, family), "shared": scope in SHARED,
         **vars(indices(first, other, runs))}
        for (family, scope), runs in mixed.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: -row["alone"])
    left, error = remainder(first, other, list(mixed.values()))
    rows.append({"family": INTERACTIONS, "scope": "", "factor": FAMILIES[INTERACTIONS], "shared": False,
                 "alone": left, "alone_error": error, "at_all": math.nan, "at_all_error": math.nan})  # fmt: skip
    both = np.concatenate([first, other])
    told = _told(plan, changed, float(both.var()))
    numbered = [{"number": number, **row} for number, row in enumerate(told, 1)]
    columns = ["number", *PossibleMeasurement.ROW, "told_kg", "told"]
    return PlanSensitivity(plan.scenario.name, draws, seed, float(both.mean()), float(both.std()), pd.DataFrame(rows),
                           pd.DataFrame(numbered, columns=columns))  # fmt: skip


def _groups(plan: AppliedScenario, given: EnsembleInput) -> Mapping[Group, Words64]:
    """Return the streams of the plan by factor and scope: those of the fleet, and of what the plan adds."""
    own = np.unique(given.rows.stream[given.rows.weight > 0])
    known = dict(stream_groups(plan.baseline.projection))
    if plan.states is not None:
        for group, streams in stream_groups(plan.states, UncertainFactorFinder(plan.states, plan.parents)).items():
            known[group] = np.union1d(known.get(group, np.empty(0, dtype=np.uint64)), streams)
    used = {group: np.intersect1d(streams, own) for group, streams in known.items()}
    return {group: streams for group, streams in used.items() if streams.size}


def _told(plan: AppliedScenario, changed: list[int], variance: float) -> list[dict[str, Any]]:
    """Return how much of what a plan avoids each measurement at its units would explain, the most first.

    What a measurement reveals of several units moves them together: the covariance of two lognormals of one normal is
    the product of their means times ``expm1`` of that of their log-sds.
    """
    projection = plan.baseline.projection
    given = assemble(projection, {"all": list(projection.units.index)}, {}, top=1, lifetime_spread=0.0)
    avoided = plan.baseline.projection.yearly_kg.sum(axis=1) - plan.yearly_kg.sum(axis=1)
    rows = []
    for one in possible_measurements(projection, changed):
        units = [unit for unit in one.units if avoided[unit] > 0.0]
        sizes = np.array([revealed(Revealed(given, one.streams, [unit]).log_sd, one.log_sd) for unit in units])
        told = float(avoided[units] @ np.expm1(np.outer(sizes, sizes)) @ avoided[units]) if units else 0.0
        if told > 0.0:
            share = told / variance if variance > 0.0 else math.nan
            rows.append({**one.as_row(), "told_kg": math.sqrt(told), "told": share})
    return sorted(rows, key=lambda row: -row["told_kg"])
