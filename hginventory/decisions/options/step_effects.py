"""What steps do and cost at a unit: whether they apply, what becomes of the mercury, and their price by size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from hginventory.decisions.costs import Prices, Rates
from hginventory.decisions.options.applicability import Judge
from hginventory.decisions.options.installed import FleetState, UnitState, fleet_state
from hginventory.decisions.options.lead_times import LeadTimes
from hginventory.decisions.options.mercury_effect import Outcome, Outcomes
from hginventory.decisions.options.moved_mercury import (
    held_to_limit,
    of_moved,
    shares_after,
    sold,
    to_sea_and_ash,
    with_moved,
)
from hginventory.decisions.options.option_table import COMPUTE, MERCURY, Option, OptionTable
from hginventory.decisions.options.other_coal import OtherCoals
from hginventory.decisions.options.unit_conditions import NO, Applicability
from hginventory.decisions.options.unit_option import Site
from hginventory.html_repr import html_table
from hginventory.model import PATHWAYS
from hginventory.projection import Projection
from hginventory.uncertainty import AlteredRates

ASH_ITEM, SAVED_ITEM = "lost sale of fly ash", "coal saved"
NO_PRICE = "no cost available: what other power, fuel, material or product costs is a national input"


class StepEffects:
    """Effects and prices of steps at the units of a run.

    Parameters
    ----------
    projection : Projection
        The run.
    prices : Prices, optional
        Cost tables on chosen terms; default: those of the library.
    alternative_mg_per_mj : float, optional
        Mercury of the coal available for option F2 [mg/MJ net].
    state : FleetState, optional
        What is installed, where it is known already.
    lead_time : mapping of str to float, optional
        Kind of step -> months until it runs, instead of the table `lead_time`.
    """

    def __init__(
        self,
        projection: Projection,
        prices: Prices | None = None,
        alternative_mg_per_mj: float | None = None,
        state: FleetState | None = None,
        lead_time: Mapping[str, float] | None = None,
    ) -> None:
        self.projection = projection
        self.prices = prices or projection.library.once(Prices)
        self.table = OptionTable(projection.library)
        self.state = state or fleet_state(projection)
        self.coals = OtherCoals(projection, alternative_mg_per_mj)
        self.lead_times = LeadTimes(projection.library, lead_time)
        base_year = projection.settings.base_year
        self.judge = Judge(self.table, self.prices, self.lead_times, self.coals, base_year)
        self.balance = projection.mass_balance.to_numpy(dtype=np.float64)[:, : 1 + len(PATHWAYS)]
        self._outcomes = Outcomes(projection, self.state, self.table)
        self._rates = AlteredRates(projection) if projection.cuts else None

    def _repr_html_(self) -> str:
        sectors = set(self.projection.units["sector"])
        rows = [vars(option) for option in self.table.options.values() if option.sector in sectors]
        heads = {"option": "Option", "sector": "Sector", "name": "What it is"}
        return html_table(f"{len(rows)} options for the units of the run", pd.DataFrame(rows), heads)

    def effect(
        self, unit: UnitState, steps: Sequence[Option], site: Site
    ) -> tuple[Applicability, float, Outcome | None]:
        """Return the verdict on steps at a unit, the share of its trains they can go to, and what they do there."""
        verdict, accepted = self.judge.verdict(unit, steps, site)
        share = sum(part[0] for part, yes in zip(unit.parts, accepted, strict=True) if yes)
        if verdict.applies == NO:
            return verdict, share, None
        computed = self.coals.reduction(unit.index)[0] if any(step.mode == COMPUTE for step in steps) else None
        outcome = held_to_limit(unit, self._outcomes.of(unit, steps, accepted, computed), self._rates)
        return with_moved(verdict, of_moved(*self.moved(unit, steps, outcome, site))), share, outcome

    def moved(self, unit: UnitState, steps: Sequence[Option], outcome: Outcome, site: Site) -> tuple[float, float]:
        """Return how much more mercury goes to the sea, and into ash sold to cement works; NaN: not known [kg/yr]."""
        left = np.array([shares_after(outcome, steps)])
        sea, ash = to_sea_and_ash(
            self.balance[unit.index, None],
            np.array([self.sea_before(unit)]),
            left,
            np.array([sold(unit, site)]),
        )
        return float(sea[0]), math.nan if np.isnan(ash[0]) else float(ash[0])

    def sea_before(self, unit: UnitState) -> float:
        """Return the share of the water of a unit that is sea water of a scrubber [0-1]."""
        return self._outcomes.sea.share(unit.parts)

    def price(self, unit: UnitState, steps: Sequence[Option], site: Site) -> tuple[Rates, float] | None:
        """Return what steps cost at a unit by size, and the share of the fuel they save; None: no price available."""
        return priced(steps, unit, site.ash_sold_at(unit), self.prices, self.table)


def priced(
    steps: Sequence[Option], unit: UnitState, ash_sold: bool | None, prices: Prices, table: OptionTable
) -> tuple[Rates, float] | None:
    """Return what steps cost by size, and the share of the fuel they save [0-1]; None where no price is available.

    A step of a kiln whose capital is nothing and whose operation is on no file has no price either: calling it free
    would put it before all others.

    Parameters
    ----------
    steps : sequence of Option
        Taken together.
    unit : UnitState
        The unit.
    ash_sold : bool or None
        Whether its ash is sold to cement works, as far as known.
    prices, table
        Costs, options and effects.
    """
    items = tuple(item for step in steps for item in step.items)
    if not items:
        return None
    if ash_sold and any(step.carbon_in_ash for step in steps):
        items += (ASH_ITEM,)
    if any(prices.unknown(item, unit.size) for item in items):
        return None
    saved = 0.0
    if SAVED_ITEM in items:
        saving = next(step for step in steps if SAVED_ITEM in step.items)
        row = table.effect(saving.option, MERCURY, unit.coal_class)
        saved = row.value if row is not None and row.value is not None else 0.0
    return prices.rates(items, unit.size), saved
