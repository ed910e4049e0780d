"""A plan for people: what was asked, what it takes, the first steps, the frontier, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import bound, kg, money, per_kg
from hginv.output import say
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.decisions.optimisation import Plan
    from hginventory.decisions.options import Catalogue

SHOWN_STEPS = 15
SHOWN_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def show_plan(plan: Plan) -> None:
    """Print a plan."""
    found = plan.summary
    click.echo(f"Asked: {found['goal']}.")
    _probability(plan)
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
    if found["first_start"] is not None:
        click.echo(f"Its steps start {_years(found['first_start'], found['last_start'])}.")
    currency, cost = plan.currency, found["usd_per_kg"]
    click.echo(
        f"Cost: NPV {_between(found, 'npv')} million {currency}, as equal payments {_between(found, 'annuity')} "
        f"million {currency}/yr over {found['horizon_years']} years; capital {money(found['capital'])} million, paid "
        f"once{'' if math.isnan(cost) else f'; {_per_kg_between(found)} {currency}/kg'}."
    )
    click.echo(f"Terms: {found['cost_terms']}.")
    _carried_out(plan)
    if found["capital_only_steps"]:
        click.echo(
            f"{found['capital_only_steps']} of the steps are priced by their capital alone (marked >): their cost, and "
            "so the cost of the plan, is at least that."
        )
    _closing_soon(plan)
    _status(plan)
    _steps(plan)
    _frontier(plan)
    _regret(plan)


def _closing_soon(plan: Plan) -> None:
    """Print how much of a target of one year is avoided at units that close soon after it."""
    found, by = plan.summary, plan.goal.by
    if found["closing_soon_units"]:
        say(
            f"{found['closing_soon_units']} of its units close within {found['least_years']:g} years after {by}; they "
            f"account for {found['closing_soon_kg']:,.0f} kg of the {found['avoided_kg']:,.0f} kg in {by} (column "
            "closes_soon). To weigh all years, ask for kilograms (--target-kg)."
        )


def _carried_out(plan: Plan) -> None:
    """Print on what the plan leans, and how fast it is built."""
    found = plan.summary
    if found["conditions"]:
        say(f"This plan leans on conditions: {found['conditions']}.")
    moved = [(found["moved_to_sea_kg_per_yr"], "to the sea"), (found["moved_to_ash_kg_per_yr"], "into sold ash")]
    words = [f"{amount:+,.0f} kg/yr {where}" for amount, where in moved if amount]
    if found["moved_to_ash_unknown_units"]:
        words.append(
            f"into sold ash not known at {found['moved_to_ash_unknown_units']} units, as nothing says where it goes"
        )
    if words:
        price = found["moved_price_per_yr"]
        priced = f"{money(price)} million {plan.currency} a year for it" if price else "not priced"
        say(f"Mercury moved: {'; '.join(words)}; {priced}.")
    if found["kilns"]:
        say(
            f"Kilns: {found['kilns']}. The share is of the emission of coal units."
            if plan.goal.kind == "share"
            else f"Kilns: {found['kilns']}."
        )
    say(f"Lead times: {found['lead_times']}.")
    say(f"Build-up: {found['build_up']}.")
    starts = [
        f"{row['year']}: {row['retrofits']} ({row['capacity_mw'] / 1e3:,.1f} GW)"
        for row in plan.starts.to_dict("records")
        if row["retrofits"]
    ]
    if starts:
        say(f"Retrofits that start: {', '.join(starts)}.")


def show_basis(plan: Plan, catalogue: Catalogue) -> None:
    """Print what a plan rests on, and the plan without the units whose content should be measured first."""
    from hginv.output import show_table
    from hginventory.decisions.measuring import plan_basis, without

    basis = plan_basis(plan, catalogue)
    for sentence in basis.sentences():
        say(sentence)
    if not basis.first_units:
        return
    other = without(plan, catalogue, basis.first_units)
    if other.plan is None:
        say(f"Without these units: {other.problem}")
        return
    rows = [[name, str(one["units_changed"]), kg(one["avoided_kg"]), money(one["npv"]), f"{one['usd_per_kg']:,.0f}",
             "" if math.isnan(p_met) else f"{p_met:.2f}"]
            for name, one, p_met in (("the plan", plan.summary, plan.summary.get("p_met", math.nan)),
                                     ("without them", other.plan.summary, other.p_met))]  # fmt: skip
    currency = plan.currency
    headings = ["", "units", "kg avoided", f"NPV, million {currency}", f"{currency}/kg", "P(met)"]
    show_table(headings, rows, title=f"The same goal without the {len(other.units)} units named last", words=(0,))


def _status(plan: Plan) -> None:
    found = plan.summary
    line = f"Status: {found['status']}, gap {percent(found['gap'], 2)}; {found['candidates']:,} candidates."
    simple = f"Lowest cost per kg first takes an NPV of {money(found['greedy_npv'])} million"
    if plan.goal.has_target and found["greedy_avoided_kg"] < found.get("tightened_kg", found["needed_kg"]):
        simple += f" and stops short at {found['greedy_avoided_kg']:,.0f} kg"
    elif not plan.goal.has_target:
        simple += f" and avoids {found['greedy_avoided_kg']:,.0f} kg"
    click.echo(f"{line} {simple}.")


def _probability(plan: Plan) -> None:
    """Print how likely the target is met before what the plan is."""
    found = plan.summary
    if "draws" not in found:
        if plan.goal.has_target:
            click.echo("How likely the target is met is not known without draws.")
        return
    interval = f"{found['avoided_kg_p05']:,.0f} to {found['avoided_kg_p95']:,.0f} kg avoided (90 %)"
    met = f"P(target met) {found['p_met']:.2f} in" if "p_met" in found else "In"
    click.echo(f"{met} {found['draws']:,} draws: {interval}.")
    if "confidence" in found:
        click.echo(
            f"Asked to hold with {percent(found['confidence'])}: the plan is made for {found['tightened_kg']:,.0f} kg. "
            f"The central target alone has an NPV of {money(found['npv_of_central_target'])} million and is met with "
            f"{found['p_met_of_central_target']:.2f}."
        )


def _years(first: int, last: int) -> str:
    return f"in {first}" if first == last else f"from {first} to {last}"


def _between(found: Mapping[str, Any], name: str) -> str:
    return f"{money(found[name])} ({money(found[f'{name}_low'])} to {money(found[f'{name}_high'])})"


def _per_kg_between(found: Mapping[str, Any]) -> str:
    low, high = (per_kg(found[f"usd_per_kg_{end}"]) for end in ("low", "high"))
    return f"{per_kg(found['usd_per_kg'])} ({low} to {high})"


def _steps(plan: Plan) -> None:
    from hginv.output import show_table

    if plan.table.empty:
        click.echo("Nothing is changed.")
        return
    rows = [
        [", ".join(name for name in (step["plant"], step["unit"]) if isinstance(name, str)), str(step["unit_id"]),
         str(step["option"]), str(step["year"]),
         kg(step["avoided_kg"]),
         *(bound(text, capital_only=step["unit_id"] in plan.capital_only)
           for text in (money(step["npv"]), money(step["annuity"]), per_kg(step["usd_per_kg"]))),
         str(step["applies"])]
        for step in plan.table.head(SHOWN_STEPS).to_dict("records")
    ]  # fmt: skip
    headings = ["unit", "id", "option", "year", "kg avoided", "NPV MUSD", "MUSD/yr", "USD/kg", "applies"]
    more = len(plan.table) - len(rows)
    title = "Steps, the largest first" + (f" ({more} more in plan.csv)" if more > 0 else "")
    show_table(headings, rows, title=title, words=(0, 1, 2))


def _frontier(plan: Plan) -> None:
    from hginv.output import show_table
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
        click.echo(f"The frontier is shown {upto}; {_count(dearer, 'further step')} cost{'s' * (dearer == 1)} more.")
    above = int((plan.table["usd_per_kg"] > found["frontier_usd_per_kg"]).sum()) if len(plan.table) else 0
    if above:
        click.echo(f"The plan needs {_count(above, 'step')} that cost{'s' * (above == 1)} more than that.")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _regret(plan: Plan) -> None:
    from hginv.output import show_table

    if plan.regret.empty:
        return
    rows = [
        [row["draw"], kg(row["needed_kg"]), kg(row["avoided_kg"]), kg(row["short_kg"]), money(row["plan_npv"]),
         money(row["best_npv"]), kg(row["best_avoided_kg"])]
        for row in plan.regret.to_dict("records")
    ]  # fmt: skip
    headings = ["draw", "kg needed", "kg avoided", "short by", "plan NPV MUSD", "best plan NPV MUSD", "it avoids"]
    show_table(headings, rows, title="Beside the best plan of single draws, which knows what no plan can", words=(0,))
