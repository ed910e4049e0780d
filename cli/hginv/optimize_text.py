"""A plan for people: what was asked, what it takes, the first steps, the frontier, and how sure it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from hginv.cost_options import bound, kg, money
from hginv.output import say
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.decisions.optimisation import Plan

SHOWN_STEPS = 15
SHOWN_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def show_plan(plan: Plan) -> None:
    """Print a plan."""
    found = plan.summary
    click.echo(f"Asked: {found['goal']}.")
    of = "of that year" if plan.goal.kind == "share" else "of what remains"
    line = f"The plan: {found['units_changed']} units, {found['avoided_kg']:,.0f} kg avoided"
    if not math.isnan(found["needed_kg"]):
        line += f" of {found['needed_kg']:,.0f} kg needed"
    click.echo(f"{line}, {percent(found['avoided_share'], 1)} {of}.")
    base_year = plan.applied.baseline.projection.settings.base_year
    if found["past_age_kg"]:
        from hginventory.projection import unknown_life_kg
        from hginventory.report.text import ENGLISH, unknown_life_text

        say(
            f"Units past the rule's age emit {found['past_age_kg']:,.0f} kg more in {base_year}; they end after it "
            "by the rule, not by action, and count for no target."
            f"{unknown_life_text(unknown_life_kg(plan.applied.baseline.projection.units), ENGLISH)}"
        )
    currency = plan.currency
    per_kg = found["usd_per_kg"]
    click.echo(
        f"Cost: {money(found['cost_per_year'])} ({money(found['cost_per_year_low'])} to "
        f"{money(found['cost_per_year_high'])}) million {currency} a year of full operation; capital "
        f"{money(found['capital'])} million, with the operation of all years {money(found['cost_total'])} million, not "
        f"discounted{'' if math.isnan(per_kg) else f'; {per_kg:,.0f} {currency}/kg with capital by the year'}."
    )
    click.echo(f"Terms: {found['cost_terms']}.")
    if found["capital_only_steps"]:
        click.echo(
            f"{found['capital_only_steps']} of the steps are priced by their capital alone (marked >): their cost, and "
            "so the cost of the plan, is at least that."
        )
    _status(plan)
    _draws(plan)
    _steps(plan)
    _frontier(plan)
    _regret(plan)


def _status(plan: Plan) -> None:
    found = plan.summary
    line = f"Status: {found['status']}, gap {percent(found['gap'], 2)}; {found['candidates']:,} candidates."
    simple = f"Lowest cost per kg first takes {money(found['greedy_cost'])} million"
    if plan.goal.has_target and found["greedy_avoided_kg"] < found.get("tightened_kg", found["needed_kg"]):
        simple += f" and stops short at {found['greedy_avoided_kg']:,.0f} kg"
    elif not plan.goal.has_target:
        simple += f" and avoids {found['greedy_avoided_kg']:,.0f} kg"
    click.echo(f"{line} {simple}.")


def _draws(plan: Plan) -> None:
    found = plan.summary
    if "draws" not in found:
        return
    interval = f"{found['avoided_kg_p05']:,.0f} to {found['avoided_kg_p95']:,.0f} kg (90 %)"
    line = f"In {found['draws']:,} draws it avoids {interval}"
    if "p_met" in found:
        line += f"; P(target met) {found['p_met']:.2f}"
    click.echo(f"{line}.")
    if "confidence" in found:
        click.echo(
            f"Asked to hold with {percent(found['confidence'])}: the plan is made for {found['tightened_kg']:,.0f} kg. "
            f"The central target alone costs {money(found['cost_of_central_target'])} million and is met with "
            f"{found['p_met_of_central_target']:.2f}."
        )


def _steps(plan: Plan) -> None:
    from hginv.output import show_table

    if plan.table.empty:
        click.echo("Nothing is changed.")
        return
    rows = [
        [", ".join(name for name in (step["plant"], step["unit"]) if isinstance(name, str)), str(step["unit_id"]),
         str(step["option"]), str(step["year"]),
         kg(step["avoided_kg"]), bound(money(step["cost_per_year"]), capital_only=step["unit_id"] in plan.capital_only),
         bound(f"{step['usd_per_kg']:,.0f}", capital_only=step["unit_id"] in plan.capital_only), str(step["applies"])]
        for step in plan.table.head(SHOWN_STEPS).to_dict("records")
    ]  # fmt: skip
    headings = ["unit", "id", "option", "year", "kg avoided", "MUSD/yr", "USD/kg", "applies"]
    more = len(plan.table) - len(rows)
    title = "Steps, the largest first" + (f" ({more} more in plan.csv)" if more > 0 else "")
    show_table(headings, rows, title=title, words=(0, 1, 2))


def _frontier(plan: Plan) -> None:
    from hginv.output import show_table

    frontier = plan.frontier
    if len(frontier) < 2:
        return
    most = float(frontier["avoided_kg"].iloc[-1])
    gains = frontier["avoided_kg"].to_numpy()
    indices = sorted({min(int(gains.searchsorted(share * most)), len(gains) - 1) for share in SHOWN_SHARES})
    rows = [
        [percent(row['avoided_share']), kg(row["avoided_kg"]), money(row["cost"]),
         "" if math.isnan(row["cost_of_next_kg"]) else f"{row['cost_of_next_kg']:,.0f}"]
        for row in frontier.iloc[indices].to_dict("records")
    ]  # fmt: skip
    cost = "MUSD in all" if plan.summary["cost_minimised"] == "total" else "MUSD/yr"
    last = "USD/yr for the last kg" if plan.goal.kind == "budget" else "USD for the last kg"
    free = " (without the limit on retrofits a year)" if plan.rules.per_year is not None else ""
    title = f"Least cost of any reduction{free}; all {len(frontier):,} corners in plan_frontier.csv"
    show_table(["share", "kg avoided", cost, last], rows, title=title, words=(0,))


def _regret(plan: Plan) -> None:
    from hginv.output import show_table

    if plan.regret.empty:
        return
    rows = [
        [row["draw"], kg(row["needed_kg"]), kg(row["avoided_kg"]), kg(row["short_kg"]), money(row["plan_cost"]),
         money(row["best_cost"]), kg(row["best_avoided_kg"])]
        for row in plan.regret.to_dict("records")
    ]  # fmt: skip
    headings = ["draw", "kg needed", "kg avoided", "short by", "plan MUSD", "best plan MUSD", "it avoids"]
    show_table(headings, rows, title="Beside the best plan of single draws, which knows what no plan can", words=(0,))
