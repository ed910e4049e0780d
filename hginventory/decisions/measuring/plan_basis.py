"""What the kilograms of a plan are based on: defaults, single analyses, assumed values, measurements."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import pandas as pd

from hginventory.decisions.costs import Range
from hginventory.decisions.measuring.methods import WITHOUT, Method, Stack, fitting, methods_in_table, stack_of
from hginventory.decisions.optimisation import FleetDraws, Plan, make_plan
from hginventory.decisions.options import Catalogue
from hginventory.decisions.ranking import DEFAULT_SEED
from hginventory.errors import UnreachableTargetError
from hginventory.factors import DERIVED, MEASURED, NOT_USED, REPORTED
from hginventory.inputs.fleet import COAL_ANALYSIS, STACK_TEST
from hginventory.projection import Projection
from hginventory.units import percent
from hginventory.vocabulary import COAL_POWER

# Sector -> factor in words -> parameters, of which a unit has the one or the other.
FACTORS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    COAL_POWER: {"mercury in coal": ("hg_coal",), "removal": ("removal",)},
    "cement_kiln": {"mercury in raw meal": ("hg_raw_meal", "emission_factor"), "share to air": ("removal",)},
}
CONTENTS = ("mercury in coal", "mercury in raw meal")
ROUGH_GAP = 2e-3  # from the optimum, of a plan of which only its cost is shown


class Evidence(Enum):
    """What a number of a unit is based on, the weakest first."""

    DEFAULT = "a default"
    DERIVED = "a value derived from others"
    STATED = "one stated value"  # nobody says how many analyses are behind it
    ONE_ANALYSIS = "one analysis"
    MEASURED = "measurements"

    @property
    def is_verified(self) -> bool:
        """Whether more than one analysis, or a test, is behind it."""
        return self is Evidence.MEASURED


@dataclass(frozen=True)
class PlanBasis:
    """What a plan is based on.

    Attributes
    ----------
    kg : float
        Mercury that the plan avoids, as its goal counts it [kg].
    by_unit : DataFrame
        One row per unit and factor: unit_id, plant, sector, factor, basis (a `Evidence`), kg.
    by_factor, by_plant : DataFrame
        factor and basis, and plant: kg, share of the plan, units; the largest first.
    first_plant, first_factor : str
        Plant whose unverified content carries most kilograms, and its factor; empty where all is verified.
    first_basis : Evidence or None
        What that content is based on.
    first_units : tuple of str
        The units of the plan there.
    first_share : float
        Share of the plan's kilograms [0-1].
    price : Range or None
        Of measuring it for a year [money]; None where no price is available.
    campaign : str
        Samples or tests of that year, in words.
    currency : str
        That of the price.
    """

    kg: float
    by_unit: pd.DataFrame
    by_factor: pd.DataFrame
    by_plant: pd.DataFrame
    first_plant: str
    first_factor: str
    first_basis: Evidence | None
    first_units: tuple[str, ...]
    first_share: float
    price: Range | None
    campaign: str
    currency: str

    def unverified(self, factors: Sequence[str], basis: Evidence | None = None) -> float:
        """Return the share of the kilograms that is based on unverified values of some factors [0-1].

        Parameters
        ----------
        factors : sequence of str
            Factors in words, of which a unit has one.
        basis : Evidence, optional
            Only what is based on this.
        """
        own = self.by_unit[self.by_unit["factor"].isin(factors)]
        weak = own["basis"].map(lambda one: not one.is_verified if basis is None else one is basis)
        return float(own.loc[weak.astype(bool), "kg"].sum()) / self.kg if self.kg > 0 else math.nan

    def sentences(self) -> list[str]:
        """Return what a plan is based on, in sentences."""
        if not self.kg > 0:
            return []
        default = self.unverified(CONTENTS, Evidence.DEFAULT)
        single = self.unverified(CONTENTS) - default
        removal = self.unverified(("removal", "share to air"), Evidence.DEFAULT)
        out = [
            f"{percent(default)} of the kilograms are based on default values of mercury in coal or raw meal, "
            f"{percent(single)} on single analyses or stated values, and {percent(removal)} on default removal "
            "efficiencies."
        ]
        if self.first_basis is not None:
            price = (
                "."
                if self.price is None
                else f", for about {self.price.ends} {self.currency} ({self.campaign}). {WITHOUT}"
            )
            out.append(
                f"{percent(self.first_share)} of the kilograms are based on {self.first_basis.value} of "
                f"{self.first_factor} at {self.first_plant}: measure it first{price}"
            )
        return out


def plan_basis(plan: Plan, catalogue: Catalogue) -> PlanBasis:
    """Return what the kilograms of a plan are based on, by plant and factor.

    Parameters
    ----------
    plan : Plan
        The plan.
    catalogue : Catalogue
        Of the run and terms it was made with.

    Examples
    --------
    >>> import hginventory as hg
    >>> from hginventory.decisions.optimisation import make_goal
    >>> run = hg.project("indonesia", where="capacity_mw >= 600", draws=0)
    >>> plan = make_plan(run.catalogue(), make_goal(run.projection, target="50%", by=2035))
    >>> plan_basis(plan, run.catalogue()).first_plant
    'Banten Suralaya power station'
    """
    projection = catalogue.projection
    steps = plan.table
    rows = []
    for unit_id, kg in zip(steps["unit_id"], steps["avoided_kg"], strict=True):
        index = int(projection.units.index.get_indexer(pd.Index([unit_id]))[0])
        unit = projection.units.iloc[index]
        plant = unit["plant"] if isinstance(unit["plant"], str) else unit_id
        of_unit = {"unit_id": unit_id, "plant": plant, "sector": unit["sector"]}
        for factor, names in FACTORS[str(unit["sector"])].items():
            basis = _basis(projection, index, names)
            rows.append({**of_unit, "factor": factor, "basis": basis, "kg": float(kg)})
    by_unit = pd.DataFrame(rows, columns=["unit_id", "plant", "sector", "factor", "basis", "kg"])
    total = float(steps["avoided_kg"].sum())
    by_plant = _summed(by_unit, ["plant", "factor", "basis"], total)
    weak = by_plant[
        by_plant["factor"].isin(CONTENTS) & ~by_plant["basis"].map(lambda one: one.is_verified).astype(bool)
    ]
    found = PlanBasis(total, by_unit, _summed(by_unit, ["factor", "basis"], total), by_plant, "", "", None, (), 0.0,
                      None, "", catalogue.prices.terms.currency)  # fmt: skip
    if weak.empty:
        return found
    first = weak.iloc[0]
    own = by_unit[(by_unit["plant"] == first["plant"]) & (by_unit["factor"] == first["factor"])
                  & (by_unit["basis"] == first["basis"])]  # fmt: skip
    method = _method(catalogue, str(own["unit_id"].iloc[0]), str(first["factor"]))
    return replace(
        found,
        first_plant=str(first["plant"]),
        first_factor=str(first["factor"]),
        first_basis=first["basis"],
        first_units=tuple(map(str, own["unit_id"])),
        first_share=float(first["share"]),
        price=method.price if method else None,
        campaign=method.campaign_words if method else "",
    )


@dataclass(frozen=True)
class WithoutUnits:
    """A plan for the same goal that leaves some units as they are.

    Attributes
    ----------
    units : tuple of str
        Ids of these units.
    plan : Plan or None
        The plan; None where the goal cannot be met without them.
    problem : str
        Why there is none.
    p_met : float
        Share of the draws in which it meets the target; NaN without draws or target.
    """

    units: tuple[str, ...]
    plan: Plan | None
    problem: str = ""
    p_met: float = math.nan


def without(plan: Plan, catalogue: Catalogue, units: Sequence[str]) -> WithoutUnits:
    """Return the plan for the same goal and rules that leaves some units as they are, on the draws of the plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    catalogue : Catalogue
        Of the run and terms it was made with.
    units : sequence of str
        Ids of the units.
    """
    rules = replace(plan.rules, exclude=plan.rules.exclude | set(units))
    draws, seed = int(plan.summary.get("draws", 0)), int(plan.summary.get("seed", DEFAULT_SEED))
    confidence = plan.summary.get("confidence")
    try:
        other = make_plan(catalogue, plan.goal, rules, draws=draws if confidence else 0, seed=seed,
                          confidence=confidence, gap=ROUGH_GAP)  # fmt: skip
    except UnreachableTargetError as error:
        return WithoutUnits(tuple(units), None, str(error))
    p_met = math.nan
    if draws and plan.goal.has_target:
        fleet = FleetDraws.of(catalogue.projection, draws, seed, plan.goal.sector)
        p_met = float((fleet.avoided(other.applied, plan.goal) >= fleet.needed(plan.goal)).mean())
    return WithoutUnits(tuple(units), other, p_met=p_met)


def _summed(by_unit: pd.DataFrame, keys: list[str], total: float) -> pd.DataFrame:
    table = by_unit.groupby(keys, sort=False).agg(kg=("kg", "sum"), units=("unit_id", "size")).reset_index()
    table["share"] = table["kg"] / total if total > 0 else math.nan
    return table.sort_values("kg", ascending=False, kind="stable", ignore_index=True)


def _basis(projection: Projection, index: int, names: Sequence[str]) -> Evidence:
    """Return what the parameter of a unit that plays a part is based on."""
    used = [projection.parameters[name].of_unit(index) for name in names]
    value = next((one for one in used if one.origin != NOT_USED), None)
    if value is None:  # measured at the stack
        return Evidence.MEASURED
    if value.origin == MEASURED:
        count = projection.fleet.units.loc[projection.units.index[index]].get("hg_coal_n")
        alone = "hg_coal" in names and count == 1 and not any(ref.startswith("Measurements!") for ref in value.refs)
        return Evidence.ONE_ANALYSIS if alone else Evidence.MEASURED
    return {REPORTED: Evidence.STATED, DERIVED: Evidence.DERIVED}.get(value.origin, Evidence.DEFAULT)


def _method(catalogue: Catalogue, unit_id: str, factor: str) -> Method | None:
    """Return the cheapest method to measure a content: analyses of coal, at a kiln a test of the stack."""
    methods = methods_in_table(catalogue.projection.library, catalogue.prices)
    if factor == "mercury in coal":
        found = fitting(methods, COAL_ANALYSIS, Stack.UNKNOWN, math.inf)
    else:
        train = str(catalogue.projection.units.loc[unit_id, "train"])
        found = fitting(methods, STACK_TEST, stack_of(train), math.inf)
    return found[0] if found else None
