"""The full text of a plan: the frontier of least cost, and the plan compared with the best plans of single draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hginv.cost_options import kg, money, per_kg
from hginv.output import count, say, show_table
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.decisions.optimisation import Plan

SHOWN_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def show_frontier(plan: Plan) -> None:
    """Print the least cost of any reduction, and how many steps cost more than it shows."""
    from hginventory.decisions.optimisation import next_kg_column

    frontier, found = plan.frontier, plan.summary
    upto = f"up to {per_kg(found['frontier_usd_per_kg'])} {plan.currency}/kg"
    dearer = found["frontier_dearer_steps"]
    if len(frontier) > 1:
        most = float(frontier["avoided_kg"].iloc[-1])
        gains, column = frontier["avoided_kg"].to_numpy(), next_kg_column(plan.goal)
        indices = sorted({min(int(gains.searchsorted(share * most)), len(gains) - 1) for share in SHOWN_SHARES})
        rows = [
            [percent(row["avoided_share"]), kg(row["avoided_kg"]), money(row["npv"]), per_kg(row[column])]
            for row in frontier.iloc[indices].to_dict("records")
        ]
        last = f"NPV per kg of {plan.goal.by}, USD" if plan.goal.kind == "share" else "USD/kg of the last step"
        limited = plan.rules.per_year is not None or plan.rules.build_rate is not None
        free = " (whatever the build-up and the limit on retrofits a year)" if limited else ""
        title = f"Least cost of any reduction{free}; all {len(frontier):,} corners in plan_frontier.csv"
        show_table(["share", "kg avoided", "NPV MUSD", last], rows, title=title, words=(0,))
    if dearer:
        say(f"The frontier is shown {upto}; {count(dearer, 'further step')} cost{'s' * (dearer == 1)} more.")
    above = int((plan.table["usd_per_kg"] > found["frontier_usd_per_kg"]).sum()) if len(plan.table) else 0
    if above:
        say(f"The plan needs {count(above, 'step')} that cost{'s' * (above == 1)} more than that.")


def show_regret(plan: Plan) -> None:
    """Print the plan in three draws, each with the best plan for that draw; nothing without draws."""
    if plan.regret.empty:
        return
    rows = [
        [row["draw"], kg(row["needed_kg"]), kg(row["avoided_kg"]), kg(row["short_kg"]), money(row["plan_npv"]),
         money(row["best_npv"]), kg(row["best_avoided_kg"])]
        for row in plan.regret.to_dict("records")
    ]  # fmt: skip
    headings = ["draw", "kg needed", "kg avoided", "kg missing", "NPV million USD", "NPV of best plan", "kg it avoids"]
    show_table(headings, rows, title="The plan in three draws, compared with the best plan for that draw", words=(0,))
