"""A monitoring programme: whom to measure, by which method, how often, at what price, and what it is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hginventory.arguments import whole
from hginventory.compliance import unit_rates
from hginventory.decisions.costs import EMPTY
from hginventory.decisions.measuring.field_pages import UNITS, page_of
from hginventory.decisions.measuring.methods import Method, Stack, fitting, methods_in_table, stack_of
from hginventory.decisions.measuring.plan_price import PlanPrice
from hginventory.decisions.measuring.worth import revealed
from hginventory.decisions.options import Catalogue
from hginventory.decisions.ranking import DEFAULT_DRAWS, DEFAULT_SEED, NAMED, Certainty
from hginventory.decisions.sensitivity import (
    Campaign,
    PossibleMeasurement,
    SamplingPlan,
    measuring_error,
    sampling_plan,
)
from hginventory.ensemble import EnsembleInput, Revealed
from hginventory.factors import RANGE_90
from hginventory.inputs.fleet import CEMS, COAL_ANALYSIS, CONCENTRATION, CONTENT, STACK_TEST, as_records
from hginventory.inputs.template import FormPage, write_field_form
from hginventory.model import GasTables
from hginventory.projection import in_inventory, subset
from hginventory.translations import SOURCE_LANGUAGE, translator
from hginventory.uncertainty import assemble

SHOWN = 10  # measurements of a programme
FROM_SAMPLING = ("gain_right", "gain_right_error", "gain_t", "width_fall_t", "width_fall")


@dataclass(frozen=True)
class MeasuringPlan:
    """A monitoring programme.

    Attributes
    ----------
    sampling : SamplingPlan
        Every measurement that could be made, with what total and ranking gain.
    to_plan : PlanPrice or None
        What a kilogram is worth to a plan; None where no plan was named, so that nothing has a worth in money.
    table : DataFrame
        One row per measurement, see `measuring_plan`.
    currency : str
        That of its money.
    price_year : int
        Year of the money.
    """

    sampling: SamplingPlan
    to_plan: PlanPrice | None
    table: pd.DataFrame
    currency: str
    price_year: int

    def form(self, language: str = SOURCE_LANGUAGE) -> list[FormPage]:
        """Return the pages of a form to print in a language, with the rows of the sheet Measurements for the results.

        The rows contain all but the results: date, value, number and uncertainty. The result of limestone
        and raw meal goes into a column of the kiln, so they have no row.
        """
        tr = translator(language)
        return [page_of(row, tr) for row in as_records(self.table)]

    def save_form(self, path: str | Path, *, language: str = SOURCE_LANGUAGE, overwrite: bool = False) -> Path:
        """Write the form as a workbook and return its path; see `inputs.template.write_field_form`."""
        return write_field_form(path, self.form(language), language=language, overwrite=overwrite)

    def as_dict(self) -> dict[str, Any]:
        """Return the programme as plain data, for JSON."""
        numbers = {
            name: getattr(self.sampling, name) for name in ("draws", "seed", "top", "right", "lost_t", "width_t")
        }
        price = (
            {}
            if self.to_plan is None
            else {
                "worth_of_kg": self.to_plan.price,
                "usd_per_kg": self.to_plan.usd_per_kg,
                "price_is": self.to_plan.words,
            }
        )
        return {**numbers, **price, "currency": self.currency, "price_year": self.price_year,
                "programme": self.table.to_dict("records")}  # fmt: skip


def measuring_plan(
    catalogue: Catalogue,
    to_plan: PlanPrice | None = None,
    *,
    sure: Certainty | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    named: int = NAMED,
    shown: int = SHOWN,
) -> MeasuringPlan:
    """Return a monitoring programme: one measurement at each plant or stack, the most worth first.

    Without a plan measurements are in the order of what the top units gain, as in `sampling_plan`; with one in the
    order of their value to it less their price. A unit that a measurement above applies to is not named again.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    to_plan : PlanPrice, optional
        From `plan_price`.
    sure : Certainty, optional
        Draws of the run, for the low end of a concentration; else the expected one counts.
    draws, seed, named : int
        As in `sampling_plan`, where ``named`` is called ``top``.
    shown : int
        Measurements in the programme.

    Returns
    -------
    MeasuringPlan
        Its table: number, kind (code of the sheet Measurements, or limestone_analysis), unit_id, plant, unit,
        units_served, quantity and measured_in (what to write, blank for limestone), reference_o2 [%], standard,
        measures, averaging, frequency, campaign (samples or tests of the year, in words), stack (dry, wet, dusty or not
        known), expected and expected_p05 (concentration [ug/Nm3, dry, reference oxygen] or content [mg/kg]),
        detection_limit and what it is (limit_is), margin (expected over limit), told_at_p05 (whether the low end is
        above the limit), price of the campaign with low and high [money], price_from, gains as in `sampling_plan`,
        width_t_after (of the 90 % interval of the total), worth and worth_less_price [money]; cell, words.

    Raises
    ------
    UsageError
        As `sampling_plan`.

    Examples
    --------
    >>> import hginventory as hg
    >>> run = hg.project("indonesia", where="capacity_mw >= 600", draws=500)
    >>> measuring_plan(run.catalogue(), draws=500, shown=3).table["number"].tolist()
    [1, 2, 3]
    """
    whole("shown", shown, 1)
    sampling = sampling_plan(catalogue.projection, draws=draws, seed=seed, top=named)
    maker = _Maker(catalogue, to_plan, sure)
    rows = [
        {**maker.row(one), **row}
        for one, row in zip(sampling.candidates, sampling.table[list(FROM_SAMPLING)].to_dict("records"), strict=True)
    ]
    if to_plan is not None:
        rows.sort(key=lambda row: -np.nan_to_num(row["worth_less_price"], nan=-math.inf))
    chosen: list[dict[str, Any]] = []
    told: set[int] = set()
    for row in rows:
        units = row.pop("_units")
        if len(chosen) < shown and not told.issuperset(units):
            told.update(units)
            after = sampling.width_t - row["width_fall_t"]
            chosen.append({"number": len(chosen) + 1, **row, "width_t_after": after})
    terms = catalogue.prices.terms
    table = pd.DataFrame(chosen, columns=["number", *COLUMNS])
    return MeasuringPlan(sampling, to_plan, table, terms.currency, terms.price_year)


COLUMNS = (
    "kind", "unit_id", "plant", "unit", "units_served", "quantity", "measured_in", "reference_o2", "standard",
    "measures", "averaging", "frequency", "campaign", "stack", "expected", "expected_p05", "detection_limit",
    "limit_is", "margin", "told_at_p05", "price", "price_low", "price_high", "price_from", *FROM_SAMPLING,
    "width_t_after", "worth", "worth_less_price", "cell", "words",
)  # fmt: skip


@dataclass(frozen=True)
class _Choice:
    """A method for a measurement, with what it is worth."""

    method: Method | None
    kind: str
    worth: float

    @property
    def net(self) -> float:
        """Worth less price; NaN where either is not known."""
        return self.worth - (self.method.price.value if self.method and self.method.price else math.nan)


class _Maker:
    """Makes the rows of a programme."""

    def __init__(self, catalogue: Catalogue, to_plan: PlanPrice | None, sure: Certainty | None) -> None:
        self.projection, self.to_plan = catalogue.projection, to_plan
        library = self.projection.library
        self.methods = methods_in_table(library, catalogue.prices)
        self.gas = GasTables(library)
        units = self.projection.units
        self.counted = np.flatnonzero(in_inventory(units))
        of_inventory = subset(self.projection, in_inventory(units))
        self.given: EnsembleInput = assemble(of_inventory, {"all": list(of_inventory.units.index)}, {}, top=1,
                                             lifetime_spread=0.0)  # fmt: skip
        self.concentration = unit_rates(units, self.projection.parameters, self.gas)["gas"].to_numpy(dtype=np.float64)
        air = units["air_kg_per_yr"].to_numpy(dtype=np.float64)
        low = air if sure is None else sure.units["air_kg_per_yr_p05"].to_numpy(dtype=np.float64)
        self.low_share = np.divide(low, air, out=np.ones(air.size), where=air > 0)
        # Of the variance of the tests of a year, where a monitor runs for a year.
        self.less_error = measuring_error(library, "continuous_air") ** 2 - Campaign.of(library, STACK_TEST).log_sd ** 2

    def row(self, one: PossibleMeasurement) -> dict[str, Any]:
        """Return what the programme says of a measurement."""
        own = {int(self.counted[unit]): Revealed(self.given, one.streams, [unit]).log_sd for unit in one.units}
        index = int(self.projection.units.index.get_indexer(pd.Index([one.unit_id]))[0])
        unit = self.projection.units.iloc[index]
        stack = stack_of(str(unit["train"])) if one.kind == STACK_TEST else None
        if one.kind == COAL_ANALYSIS:
            expected, size = float(unit["hg_coal_mg_per_kg"]), own[index]
            least = expected * math.exp(-size * (size + RANGE_90) / 2.0)
        else:
            expected = float(self.concentration[index]) if stack else math.nan
            least = expected * float(self.low_share[index])
        choice = self._chosen(one, own, stack, least)
        quantity = {COAL_ANALYSIS: CONTENT, STACK_TEST: CONCENTRATION}.get(one.kind, "")
        method = choice.method
        price = method.price if method and method.price else EMPTY
        limit = method.limit if method else math.nan
        return {
            **one.as_row(),
            "kind": choice.kind,
            "unit": unit["unit"],
            "quantity": quantity,
            "measured_in": UNITS.get(quantity, ""),
            "reference_o2": self.gas.state("reference_oxygen", str(unit["sector"])) if stack else math.nan,
            "standard": method.standard if method else "",
            "measures": method.measures if method else "",
            "averaging": method.averaging if method else "",
            "frequency": method.frequency if method else "",
            "campaign": method.campaign_words if method else "",
            "stack": stack.value if stack else "",
            "expected": expected,
            "expected_p05": least,
            "detection_limit": limit,
            "limit_is": method.limit_is if method else "",
            "margin": expected / limit,
            "told_at_p05": bool(least >= limit),
            **price.columns("price"),
            "price_from": method.price_from if method else "",
            "worth": choice.worth,
            "worth_less_price": choice.net,
            "_units": set(own),
        }

    def _chosen(self, one: PossibleMeasurement, own: dict[int, float], stack: Stack | None, least: float) -> _Choice:
        """Return the method of most worth less price among the cheapest of each kind that serve; a test without worth.

        A monitor that runs for a year has a smaller error than a test, and a higher price.
        """
        kinds: Sequence[tuple[str, float]] = [(one.kind, one.log_sd)]
        if stack:
            kinds = [*kinds, (CEMS, math.sqrt(max(0.0, one.log_sd**2 + self.less_error)))]
        choices = []
        for kind, error in kinds:
            served = fitting(self.methods, kind, stack or Stack.UNKNOWN, least)
            choices.append(_Choice(served[0] if served else None, kind, self._worth(own, error)))
        return max(choices, key=lambda choice: np.nan_to_num(choice.net, nan=-math.inf))

    def _worth(self, own: dict[int, float], error: float) -> float:
        if self.to_plan is None:
            return math.nan
        return self.to_plan.worth({unit: revealed(size, error) for unit, size in own.items()})
