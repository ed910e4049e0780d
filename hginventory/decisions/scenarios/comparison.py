"""What a comparison of scenarios says, as tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.html_repr import html_table
from hginventory.inputs.findings import Finding


@dataclass(frozen=True)
class Comparison:
    """Scenarios compared with the baseline.

    Attributes
    ----------
    draws, seed : int
        0 draws: central values only.
    table : DataFrame
        One row per scenario: whether it is a programme, units_changed, remaining_t, past_age_kg (as in `years`),
        avoided_t, share avoided, interval of what is avoided and probability to be the best of all (equal ones share a
        draw), kg in some years; retrofits, capital and total cost [million], cost per mercury avoided with its range,
        other pollutants taken out, units without a price or without a way to meet their limit.
    years : DataFrame
        scenario, year, air_kg (of units within the rule's age), past_age_kg (of the base year: units that end after it
        by the rule of the scenario, not by action), avoided_kg and its interval.
    units : DataFrame
        One row per changed unit and measure: scenario, unit_id, plant, unit, sector, remaining_kg before and after (of
        the unit), measure (its number; 0 the retirement rule), avoided_kg (by the measure, on what those before it
        left), and what the measure costs there.
    measures : DataFrame
        scenario, measure, what it is, units_chosen, units_changed, avoided_t, and the units chosen.
    pathways : DataFrame
        scenario, pathway, kg over the remaining life, difference from the baseline: where captured mercury goes.
    pairs : DataFrame
        first, second, difference_t of the avoided mercury with interval, p_first_better (draws in which both avoid the
        same count half); where both do the same at the
        same units, years_of_delay of the second and t_per_year_of_delay with interval: the cost of neglect.
    on_top : DataFrame
        Of each scenario that is a programme: the cheapest mercury steps on top of it, as from `steps_on_top`.
    categories : DataFrame
        scenario, annex_d_category, year, air_kg, past_age_kg, avoided_kg: the years by category of Annex D, central
        values.
    chosen : mapping
        scenario -> what each measure is, the units it chose, and those of them that it changes: they emit, and their
        mercury or their train differs.
    terms : mapping
        scenario -> the terms of its costs; not in the table, as reports translate them.
    notes : mapping
        scenario -> notes on its costs, one by one; the column cost_notes joins them.
    past_age_kg : float
        As in `years`, under the rule of the baseline [kg].
    unknown_life_kg : float
        Of this, kilns without a start year, whose end is not known [kg].
    findings : tuple of Finding
        Warnings on the trains that the measures make.
    applied : tuple of AppliedScenario
        The scenarios.
    equal, equal_steps : DataFrame
        The scenarios compared with plans for equal kilograms or equal money, and the steps of these plans, as of
        `optimisation.equal_plans`; empty unless asked for.
    """

    draws: int
    seed: int
    table: pd.DataFrame
    years: pd.DataFrame
    units: pd.DataFrame
    pathways: pd.DataFrame
    pairs: pd.DataFrame
    on_top: pd.DataFrame
    categories: pd.DataFrame
    chosen: dict[str, list[dict[str, Any]]]
    measures: pd.DataFrame
    terms: dict[str, str]
    notes: dict[str, tuple[str, ...]]
    past_age_kg: float
    unknown_life_kg: float
    findings: tuple[Finding, ...] = ()
    applied: tuple[AppliedScenario, ...] = ()
    equal: pd.DataFrame = field(default_factory=pd.DataFrame)
    equal_steps: pd.DataFrame = field(default_factory=pd.DataFrame)

    def _repr_html_(self) -> str:
        heads = {"scenario": "Scenario", "units_changed": "Units changed", "remaining_t": "Remaining [t]",
                 "avoided_t": "Avoided [t]", "avoided_t_p05": "p05 [t]", "avoided_t_p95": "p95 [t]",
                 "avoided_share": "Share avoided [0-1]", "npv_musd": "Cost [million USD]",
                 "usd_per_kg": "Cost per mercury avoided [USD/kg]"}  # fmt: skip
        draws = f"{self.draws:,} draws." if self.draws else "Central values only."
        return html_table("Scenarios compared with the baseline", self.table, heads, [draws])

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by the name of their file."""
        tables = {
            "scenarios": self.table,
            "scenario_years": self.years,
            "scenario_units": self.units,
            "scenario_measures": self.measures,
            "scenario_pathways": self.pathways,
            "scenario_pairs": self.pairs,
            "scenario_on_top": self.on_top,
            "scenario_categories": self.categories,
        }
        if self.equal.empty:
            return tables
        return {**tables, "scenario_plans": self.equal, "scenario_plan_steps": self.equal_steps}

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, for JSON."""
        tables = {name: table.to_dict("records") for name, table in self.tables().items()}
        return {
            "draws": self.draws,
            "seed": self.seed,
            "past_age_kg": self.past_age_kg,
            "unknown_life_kg": self.unknown_life_kg,
            **tables,
            "chosen": self.chosen,
        }
