"""What steps are bought as at a unit, and what that costs there by size."""

from __future__ import annotations

from collections.abc import Sequence

from hginventory.decisions.costs import Prices, Rates
from hginventory.decisions.options.installed import UnitState
from hginventory.decisions.options.option_table import MERCURY, Option, OptionTable

ASH_ITEM, SAVED_ITEM = "lost sale of fly ash", "coal saved"
NO_PRICE = "no cost available: what other power, fuel, material or product costs is a national input"


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
