"""How each published case of costs is computed, through the prices of the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import Any

from published_methods import model_plant_removed_lb

from hginventory.decisions.costs import NOTHING, Cost, Prices, Range, Size, yearly_cost
from hginventory.factors import RANGE_90, load_library
from hginventory.vocabulary import COAL_POWER

CARBON = "ACI upstream of existing PM control"


def model_plant_usd_per_lb(
    capital_musd: float, operation_musd: float, price_year: float, net_mw: float, **plant: float
) -> float:
    """Return the yearly cost over the mercury removed [USD/lb].

    From capital [million USD] and operation [million USD/yr]. Rate and years of writing off are the defaults; `plant`
    as in `published_methods.model_plant_removed_lb`.
    """
    terms = Prices(load_library(), price_year=int(price_year)).terms
    parts = Range.exact(capital_musd * 1e6), Range.exact(operation_musd * 1e6), NOTHING
    cost = yearly_cost(*parts, terms.rate, terms.book_life[COAL_POWER])
    return cost.value / model_plant_removed_lb(net_mw=net_mw, **plant)


def model_plant_usd_per_lb_by_curve(operation_musd: float, price_year: float, net_mw: float, **plant: float) -> float:
    """Return the same with the capital of the curve for carbon injection instead of that of the study."""
    capital = mean_capital_musd(net_mw, price_year)
    return model_plant_usd_per_lb(capital, operation_musd, price_year, net_mw, **plant)


def mean_capital_musd(net_mw: float, price_year: float) -> float:
    """Return the mean capital of carbon injection at a unit [million USD of a year]."""
    return _carbon(net_mw, price_year).capital.value / 1e6


def capital_percentile(capital_musd: float, net_mw: float, price_year: float) -> float:
    """Return which share of units of a capacity pays less for carbon injection than a published capital [0-1]."""
    ours = _carbon(net_mw, price_year).capital
    ln_median, ln_sd = math.log(ours.low * ours.high) / 2.0, math.log(ours.high / ours.low) / RANGE_90
    return NormalDist(ln_median, ln_sd).cdf(math.log(capital_musd * 1e6))


def _carbon(net_mw: float, price_year: float) -> Cost:
    prices = Prices(load_library(), price_year=int(price_year))
    size = Size(COAL_POWER, "USA", net_mw, math.nan, math.nan, math.nan)
    return prices.of([CARBON], size, prices.terms.book_life[COAL_POWER])


METHODS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (model_plant_usd_per_lb, model_plant_usd_per_lb_by_curve, mean_capital_musd, capital_percentile)
}
