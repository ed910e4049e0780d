"""The calculation of a coal unit, step by step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hginventory.factors import Statement, boiler_of
from hginventory.model import coal
from hginventory.projection import CAPACITY_FACTOR, COAL_ACTIVITY_ORDER, HEAT_INPUTS, ActivityBasis
from hginventory.report.explain.steps import OfAllUnits, Steps, in_year
from hginventory.translations import TranslatableText

ACTIVITIES: Mapping[str, tuple[TranslatableText, str]] = {  # variable -> name and unit of its step
    ActivityBasis.COAL_USE: (TranslatableText("coal burned"), "t/yr"),
    ActivityBasis.HEAT_INPUT_NET: (TranslatableText("heat input, net calorific value"), "TJ/yr"),
    ActivityBasis.HEAT_INPUT_GROSS: (TranslatableText("heat input, gross calorific value"), "TJ/yr"),
    ActivityBasis.GENERATION_NET: (TranslatableText("net generation"), "GWh/yr"),
    ActivityBasis.GENERATION_GROSS: (TranslatableText("gross generation"), "GWh/yr"),
    CAPACITY_FACTOR: (TranslatableText("capacity factor"), "1"),
}


class CoalSteps(Steps):
    """The calculation of a coal unit: activity, heat, coal, mercury, removal."""

    order = COAL_ACTIVITY_ORDER

    def __init__(self, of_all: OfAllUnits, index: int, row: dict[str, Any]) -> None:
        super().__init__(of_all, index, row)
        self.variable: ActivityBasis = self.projection.basis[index]
        self.amount = self.content = self.removal = 0  # numbers of steps, when they are there

    def normal_year(self) -> None:
        """Add the steps of a normal year; the last one is emissions to air."""
        row = self.row
        if self.variable == CAPACITY_FACTOR:
            self._net_capacity()
        name, unit = ACTIVITIES[self.variable]
        self.amount = self.given(in_year(name, self.other_year()), "activity", unit)
        burned = self._coal(self.variable, self.amount, row["generation_net_gwh_per_yr"], row["coal_t_per_yr"])
        self.content = self.given("mercury in coal as received", "hg_coal", "mg/kg")
        formula = self.running(f"({burned}) x ({self.content}) / 1000")
        mercury = self.result("mercury in the coal", row["hg_in_kg_per_yr"], "kg/yr", formula)
        train = self.factor("train")
        controls = TranslatableText(
            "control train ({boiler} boiler, {coal_class} coal)",
            boiler=boiler_of(row), coal_class=row["coal_class"],
        )  # fmt: skip
        self.stated(
            controls,
            str(row["train"]),
            "",
            train.refs or (TranslatableText("control columns of the unit"),),
            train.origin,
        )
        self.removal = self.given("removal, coal to stack", "removal", "1")
        formula = self.running(f"({mercury}) x (1 - ({self.removal}))")
        self.air_of_normal_year(formula)

    def own_year(self, year: int, statement: Statement, air: int) -> int:
        """Add the steps of a year with its own activity and return the number of its emissions to air."""
        name, unit = ACTIVITIES[statement.variable]
        value = statement.value.value
        amount = self.stated(in_year(name, year), value, unit, statement.value.refs, statement.value.origin)
        if statement.variable == self.variable and self.factor("activity").value > 0:
            return self.air_in(year, f"({air}) x ({amount}) / ({self.amount})")
        net_mwh = self._net_mwh(statement.variable, value)
        heat = coal.heat_input_gj(net_mwh, self.factor("net_efficiency").value)
        if statement.variable in HEAT_INPUTS:
            heat = value * coal.GJ_PER_TJ / self._over_net(statement.variable)
        burned = coal.coal_burned_t(heat, self.factor("calorific_value").value)
        number = self._coal(statement.variable, amount, net_mwh / coal.MWH_PER_GWH, burned, year)
        return self.air_in(year, f"({number}) x ({self.content}) / 1000 x (1 - ({self.removal})){self.kept}")

    def _net_mwh(self, variable: str, value: float) -> float:
        """Return the net generation [MWh] of a statement of activity; not a number where it is of coal."""
        own = self.factor("auxiliary_share").value
        if variable == CAPACITY_FACTOR:
            return float(coal.net_generation_mwh(self.row["capacity_net_mw"], value))
        gross: Mapping[str, float] = {ActivityBasis.GENERATION_NET: 1.0, ActivityBasis.GENERATION_GROSS: 1.0 - own}
        return value * coal.MWH_PER_GWH * gross.get(variable, math.nan)

    def _over_net(self, variable: str) -> float:
        """Return the heating value on which a heat input is reported over the net one [1]."""
        return self.factor("gross_over_net").value if variable == ActivityBasis.HEAT_INPUT_GROSS else 1.0

    def _coal(self, variable: str, amount: int, generation_gwh: float, coal_t: float, year: int | None = None) -> int:
        """Add the way from a statement of activity to the coal burned, and return the number of the latter."""
        if variable == ActivityBasis.COAL_USE:
            return amount
        generation = amount
        if variable == CAPACITY_FACTOR:
            formula = f"({self._net_capacity()}) x 8760 h x ({amount}) / 1000"
            generation = self.result(in_year("net generation", year), generation_gwh, "GWh/yr", self.running(formula))
        elif variable == ActivityBasis.GENERATION_GROSS:
            own = self.given("own use of the plant", "auxiliary_share", "1")
            formula = f"({amount}) x (1 - ({own}))"
            generation = self.result(in_year("net generation", year), generation_gwh, "GWh/yr", self.running(formula))
        heat_tj = coal_t * self.factor("calorific_value").value / coal.GJ_PER_TJ
        if variable == ActivityBasis.HEAT_INPUT_NET:
            heat = amount
        elif variable == ActivityBasis.HEAT_INPUT_GROSS:
            ratio = self.given("gross over net calorific value", "gross_over_net", "1")
            formula = self.running(f"({amount}) / ({ratio})")
            heat = self.result(in_year("fuel heat", year), heat_tj, "TJ/yr", formula)
        else:
            efficiency = self.given("net efficiency (net calorific value)", "net_efficiency", "1")
            formula = self.running(f"({generation}) x 3.6 / ({efficiency})")
            heat = self.result(in_year("fuel heat", year), heat_tj, "TJ/yr", formula)
        heating = self.given("net calorific value as received", "calorific_value", "MJ/kg")
        formula = self.running(f"({heat}) x 1000 / ({heating})")
        return self.result(in_year("coal burned", year), coal_t, "t/yr", formula)

    def _net_capacity(self) -> int:
        row = self.row
        if self.projection.fleet.cell(self.unit_id, "capacity_net"):
            return self.cell("net capacity", "capacity_net", row["capacity_net_mw"], "MW")
        gross = self.cell("gross capacity", "capacity_gross", row["capacity_gross_mw"], "MW")
        own = self.given("own use of the plant", "auxiliary_share", "1")
        return self.result("net capacity", row["capacity_net_mw"], "MW", f"({gross}) x (1 - ({own}))")
