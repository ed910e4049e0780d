"""A plan as data: what was asked, its tables, and its way into a scenario file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from hginventory.decisions.optimisation.as_scenario import scenario_text
from hginventory.decisions.optimisation.goals import Goal, Rules
from hginventory.decisions.scenarios import AppliedScenario
from hginventory.scenarios import write_scenario
from hginventory.translations import TranslatableText
from hginventory.units import percent


@dataclass(frozen=True)
class Plan:
    """A plan and what is known of it.

    Attributes
    ----------
    goal, rules
        What was asked.
    table : DataFrame
        One row per unit that is changed, see `tables.plan_table`.
    frontier : DataFrame
        Least-cost frontier, see `tables.shown_frontier`; whatever the limit on retrofits a year.
    regret : DataFrame
        See `robustness.regret`; empty without draws.
    summary : dict
        Flat numbers and words: needed and avoided mercury, costs with ranges, gap, status, greedy, probability.
    applied : AppliedScenario
        The plan as a scenario on the fleet.
    currency : str
        That of its money.
    capital_only : frozenset of str
        Units whose step is priced by its capital alone, so that its cost is a lower bound.
    starts : DataFrame
        What starts in each year, see `leaning.starts`.
    """

    goal: Goal
    rules: Rules
    table: pd.DataFrame
    frontier: pd.DataFrame
    regret: pd.DataFrame
    summary: dict[str, Any]
    applied: AppliedScenario
    currency: str
    capital_only: frozenset[str] = frozenset()
    starts: pd.DataFrame = field(default_factory=pd.DataFrame)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by the name of their file."""
        summary = pd.DataFrame({"name": list(self.summary), "value": list(self.summary.values())})
        out = {"plan": self.table, "plan_frontier": self.frontier, "plan_summary": summary, "plan_starts": self.starts}
        return out if self.regret.empty else {**out, "plan_regret": self.regret}

    @property
    def title(self) -> TranslatableText:
        """What the plan is for."""
        return self.goal.plan_title(self.applied.baseline.projection.settings.base_year)

    def save(self, path: str | Path, *, title: str = "") -> Path:
        """Write the plan as a new scenario file and return its path; ``hginv scenario compare`` reads it.

        Parameters
        ----------
        path : str or Path
            File to write, ending in .toml.
        title : str
            Title of the scenario, as in the language of its readers; empty: that of the plan in English.

        Raises
        ------
        UsageError
            If there is such a file already, its name does not end in .toml, or it cannot be written.
        """
        target = Path(path)
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", target.stem).lstrip("_.-") or "plan"
        scenario = self.applied.scenario.model_copy(
            update={"name": name[:60], "title": title or self.applied.scenario.title}
        )
        comments = [
            "Written by hginv optimize.",
            f"Status {self.summary['status']}, gap {percent(self.summary['gap'], 3)}; "
            f"costs in {self.summary['cost_terms']}.",
        ]
        write_scenario(target, scenario_text(scenario, comments), "path")
        return target

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain data, for JSON."""
        tables = {"plan": self.table, "frontier": self.frontier, "regret": self.regret, "starts": self.starts}
        return {"summary": self.summary, **{name: table.to_dict("records") for name, table in tables.items()}}
