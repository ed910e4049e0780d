"""What drives the result: the share of variance of the total and of the named top by factor and scope.

Pick-freeze on the keyed streams: run A, run B with every stream exchanged for another, and for each group (a factor
and a scope, as mercury in coal by plant) a run that keeps the streams of the group from A and takes all others from
B. It serves groups of any number of streams, where estimates from given draws would have to bin hundreds of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats, Positions, Words64
from hginventory.arguments import function
from hginventory.decisions.ranking import DEFAULT_SEED, KG_PER_T, NAMED, check_draws, rank_units
from hginventory.decisions.sensitivity.sobol_indices import indices, remainder
from hginventory.ensemble import EnsembleInput, Progress, SharedDraws, Totals
from hginventory.errors import UsageError
from hginventory.projection import Projection, in_inventory, subset
from hginventory.uncertainty import assemble, stream_groups

DRAWS = 4000  # standard errors of shares near 2 %
LEAST_DRAWS = 100
REPORT_DRAWS = 500  # at most, of each run where a page or plan has it: standard errors of shares near 6 %
OTHER = np.uint64(0x9E3779B97F4A7C15)  # turns the number of a stream into that of another, which nobody uses
INTERACTIONS = "interactions"
OUTPUTS = ("total", "right", "lost")
FAMILIES: Mapping[str, str] = {
    "hg_coal": "mercury in coal",
    "activity": "activity",
    "efficiency": "efficiency",
    "heating_value": "heating value",
    "removal": "removal of the controls",
    "stack_test": "error of stack measurements",
    "utilisation": "kiln utilisation",
    "clinker_factor": "clinker per cement",
    "emission_factor": "kiln emission factor",
    "kiln_model": "default inputs of kilns against measured rates",
    "raw_meal_ratio": "raw meal per clinker",
    "hg_raw_meal": "mercury in raw meal",
    "heat_use": "kiln heat use",
    "hg_kiln_fuel": "mercury in kiln fuel",
    "air_share": "share of a kiln's mercury to air",
    "kiln_control_ACI-FF": "removal by carbon with a filter of its own at kilns",
    "kiln_control_DS": "removal by dry scrubbers at kilns",
    "kiln_control_WS": "removal by wet scrubbers at kilns",
    "kiln_control_SHUTTLE": "removal by dust shuttling at kilns",
    "kiln_control_SHUTTLE-SORB": "removal by dust shuttling with sorbent at kilns",
    "kiln_control_TDT": "removal by thermal dust treatment at kilns",
    "dust_loop": "dust loop of kilns from which dust is taken",
    "measured_air": "measured emission of kilns",
    "last_year": "last year of units",
    INTERACTIONS: "interactions",
}
SHARED = ("world", "country", "coal_class", "device")  # scopes whose error many plants have in common


@dataclass(frozen=True)
class Sensitivity:
    """What drives a run.

    Attributes
    ----------
    draws, seed, top : int
        Draws of each of the runs, seed, how many units are named.
    table : DataFrame
        family, scope, factor (in words), shared (whether plants share it), and for the total over the remaining life
        (``total``), how many named units are among the true largest (``right``) and the mercury that the named miss
        (``lost``): ``<output>_alone``, ``<output>_alone_error``, ``<output>_at_all``, ``<output>_at_all_error``. The
        last row is the interactions, so that each ``_alone`` column sums to 1.
    total_mean_t, total_sd_t : float
        Mean and standard deviation of the total [t].
    right_mean, right_sd : float
        Of the named among the true largest.
    lost_mean_t, lost_sd_t : float
        Of the mercury that the named miss [t].
    """

    draws: int
    seed: int
    top: int
    table: pd.DataFrame
    total_mean_t: float
    total_sd_t: float
    right_mean: float
    right_sd: float
    lost_mean_t: float
    lost_sd_t: float

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON."""
        numbers = {name: value for name, value in vars(self).items() if name != "table"}
        return {**numbers, "groups": self.table.to_dict("records")}


def sensitivity(
    projection: Projection,
    *,
    draws: int = DRAWS,
    seed: int = DEFAULT_SEED,
    top: int = NAMED,
    progress: Progress | None = None,
) -> Sensitivity:
    """Return what share of the variance of a run each factor and scope explains.

    Parameters
    ----------
    projection : Projection
        The central run.
    draws, seed : int
        Draws of each run, at least 100, and seed; there are two runs more than groups.
    top : int
        How many units are named, of all units of the run in one list.
    progress : callable, optional
        Called with the share done [0-1].

    Raises
    ------
    UsageError
        If draws or seed cannot be used, or the remaining life of no unit is known.

    Examples
    --------
    >>> import hginventory as hg
    >>> found = sensitivity(hg.project("indonesia", where="sector == 'cement_kiln'").projection, draws=200)
    >>> round(float(found.table["total_alone"].sum()), 9)
    1.0
    """
    check_draws(draws, seed, top=top)
    function("progress", progress)
    if draws < LEAST_DRAWS:
        words = f"{draws} draws say nothing of variances. Use {LEAST_DRAWS} or more."
        raise UsageError(words, parameter="draws", allowed=(LEAST_DRAWS, math.inf))
    projection = subset(projection, in_inventory(projection.units))
    units = projection.units
    check_life_known(units)
    named = [str(unit) for unit in rank_units(units, combined=True)["unit_id"].head(top)]
    given = assemble(projection, {"all": list(units.index), "named": named}, {}, top=top)
    named_indices = units.index.get_indexer(pd.Index(named))
    groups = stream_groups(projection)
    steps = len(groups) + 2

    nothing = np.empty(0, dtype=np.uint64)
    shared = SharedDraws(given, rekeyed(given, nothing), draws, seed)

    def run(kept: Words64 | None, step: int) -> dict[str, Floats]:
        outputs = _outputs(shared.totals(given if kept is None else rekeyed(given, kept)), named_indices)
        if progress:
            progress(step / steps)
        return outputs

    first, other = run(None, 1), run(nothing, 2)
    mixed = {group: run(streams, step) for step, (group, streams) in enumerate(groups.items(), 3)}
    both = {name: np.concatenate([first[name], other[name]]) for name in OUTPUTS}
    return Sensitivity(
        draws=draws,
        seed=seed,
        top=given.top,
        table=_table(first, other, mixed),
        total_mean_t=float(both["total"].mean()),
        total_sd_t=float(both["total"].std()),
        right_mean=float(both["right"].mean()),
        right_sd=float(both["right"].std()),
        lost_mean_t=float(both["lost"].mean()),
        lost_sd_t=float(both["lost"].std()),
    )


def check_life_known(units: pd.DataFrame) -> None:
    """Raise a UsageError where the remaining life of no unit is known, as there is no total then."""
    if len(units) and units["lifetime_kg"].isna().all():
        raise UsageError("the remaining life of no unit of this run is known, so it has no total. Fill in start_year.")


def rekeyed(given: EnsembleInput, kept: Words64) -> EnsembleInput:
    """Return an ensemble whose streams are all exchanged for others, but for those to keep.

    Parameters
    ----------
    given : EnsembleInput
        The fleet.
    kept : ndarray of uint64
        Streams that stay.
    """

    def exchanged(streams: Words64) -> Words64:
        return np.where(np.isin(streams, kept), streams, streams ^ OTHER)

    life = None if given.life_stream is None else exchanged(given.life_stream)
    return replace(given, rows=replace(given.rows, stream=exchanged(given.rows.stream)), life_stream=life)


def _outputs(result: Totals, named: Positions) -> dict[str, Floats]:
    return {
        "total": result.life_sums[0] / KG_PER_T,
        "right": np.isin(result.top_units, named).sum(axis=1).astype(np.float64),
        "lost": (result.top_sum - result.life_sums[1]) / KG_PER_T,
    }


def _table(
    first: dict[str, Floats], other: dict[str, Floats], mixed: dict[tuple[str, str], dict[str, Floats]]
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for (family, scope), runs in mixed.items():
        row: dict[str, Any] = {"family": family, "scope": scope, "factor": FAMILIES.get(family, family)}
        row["shared"] = scope in SHARED
        for name in OUTPUTS:
            found = indices(first[name], other[name], runs[name])
            row |= {f"{name}_{part}": value for part, value in vars(found).items()}
        rows.append(row)
    rows.sort(key=lambda row: -row["total_alone"])
    left: dict[str, Any] = {"family": INTERACTIONS, "scope": "", "factor": FAMILIES[INTERACTIONS], "shared": False}
    for name in OUTPUTS:
        share, error = remainder(first[name], other[name], [runs[name] for runs in mixed.values()])
        left |= {f"{name}_alone": share, f"{name}_alone_error": error}
        left |= {f"{name}_at_all": math.nan, f"{name}_at_all_error": math.nan}
    return pd.DataFrame([*rows, left])
