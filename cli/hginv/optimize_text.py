"""A plan for people: how likely it meets its target, what is done, what it costs; in full also how it was found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hginv.cost_options import bound, kg, money, per_kg, with_countries
from hginv.frontier_text import show_frontier, show_regret
from hginv.output import count, say
from hginventory.units import percent

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.decisions.optimisation import Plan
    from hginventory.decisions.options import Catalogue

FIRST_STEPS, SHOWN_STEPS = 5, 15  # of the first screen, and of the full text
TOGETHER, NAMES = "+", "; "  # between the codes, and between the names, of options that are taken together


def show_plan(plan: Plan, catalogue: Catalogue, *, full: bool = False) -> None:
    """Print a plan: what was asked and how likely it is met, what is done, costs, conditions, and the largest steps.

    Parameters
    ----------
    plan : Plan
        The plan.
    catalogue : Catalogue
        Of the run and terms it was made with.
    full : bool
        Whether to print also years of the starts, lead times, build-up rates, frontier, solver and single draws.
    """
    found = plan.summary
    say(f"Goal: {found['goal']}.")
    _probability(plan)
    _what_is_done(plan)
    _cost(plan)
    _left_out(plan)
    _closing_soon(plan)
    _conditions(plan)
    _basis(plan, catalogue)
    if full or found["status"] != "optimal":
        _status(plan)
    _steps(plan, full=full)
    if full:
        _pace(plan)
        show_frontier(plan)
        show_regret(plan)


def _probability(plan: Plan) -> None:
    """Print how likely the target is met, before what the plan is."""
    found = plan.summary
    if "draws" not in found:
        if plan.goal.has_target:
            say("Probability of meeting the target: not known without Monte Carlo draws. Add --draws 2000.")
        return
    drawn = f"{found['draws']:,} Monte Carlo draws"
    interval = f"{found['avoided_kg_p05']:,.0f} to {found['avoided_kg_p95']:,.0f} kg"
    if "p_met" not in found:
        say(f"The 90 % interval of the mercury avoided is {interval} ({drawn}).")
        return
    raise_it = "" if "confidence" in found else " For a higher probability, add --confidence 0.9."
    say(
        f"Probability of meeting the target: {percent(found['p_met'])} ({drawn}; 90 % interval of the mercury avoided "
        f"{interval}).{raise_it}"
    )
    if "confidence" in found:
        say(
            f"You asked for a probability of {percent(found['confidence'])}, so the plan avoids at least "
            f"{found['tightened_kg']:,.0f} kg on central values. A plan for the target on central values alone has an "
            f"NPV of {money(found['npv_of_central_target'])} million {plan.currency} and a probability of "
            f"{percent(found['p_met_of_central_target'])}."
        )


def _what_is_done(plan: Plan) -> None:
    """Print the size of the plan, its years and its options by name."""
    found = plan.summary
    if plan.table.empty:
        say("Plan: nothing is changed.")
    else:
        changed = f"changes {count(found['units_changed'], 'unit')}"
        closures = found["units_changed"] - found["retrofits"]
        if closures:
            changed += f" ({count(closures, 'early closure')})"
        years = _years(found["first_start"], found["last_start"])
        share = plan.goal.kind == "share"
        of = f"of the emissions of {plan.goal.by} without action" if share else "of remaining-lifetime emissions"
        needed = "" if math.isnan(found["needed_kg"]) else f"; the target needs {found['needed_kg']:,.0f} kg"
        say(
            f"Plan: {changed}, starting {years}. It avoids {found['avoided_kg']:,.0f} kg"
            f"{f' in {plan.goal.by}' if share else ''} ({percent(found['avoided_share'], 1)} {of}){needed}."
        )
        say(f"What is done: {'; '.join(_options(plan.table))}.")


def _closing_soon(plan: Plan) -> None:
    """Print how much of a target of one year is avoided at units that close soon after it."""
    found, by = plan.summary, plan.goal.by
    if found["closing_soon_units"]:
        say(
            f"{count(found['closing_soon_units'], 'unit')} of the plan close within {found['least_years']:g} years "
            f"after {by} and account for {found['closing_soon_kg']:,.0f} kg of the {found['avoided_kg']:,.0f} kg. "
            "To count all years, ask for kilograms (--target-kg)."
        )


def _left_out(plan: Plan) -> None:
    """Print what the plan does not change: kilns, and units past their lifetime."""
    found = plan.summary
    if found["kilns"]:
        of_coal = " The target counts coal units only." if plan.goal.kind == "share" else ""
        say(f"{found['kilns'][:1].upper()}{found['kilns'][1:]}.{of_coal}")
    if found["past_age_kg"]:
        from hginventory.projection import unknown_life_kg
        from hginventory.report.text import ENGLISH, unknown_life_text

        projection = plan.applied.baseline.projection
        say(
            f"Units past their lifetime emit another {found['past_age_kg']:,.0f} kg in "
            f"{projection.settings.base_year}. The retirement rule closes them, so they do not count towards a target."
            f"{unknown_life_text(unknown_life_kg(projection.units), ENGLISH)}"
        )


def _options(steps: pd.DataFrame) -> list[str]:
    """Return each option of a plan with code, name and number of units, the most frequent first."""
    named: dict[str, str] = {}
    units: dict[str, int] = {}
    for codes, names in zip(steps["option"].map(str), steps["name"].map(str), strict=True):
        taken = codes.split(TOGETHER)
        own = names.split(NAMES) if len(taken) > 1 else [names]
        for code, name in zip(taken, own, strict=True):
            named[code] = name
            units[code] = units.get(code, 0) + 1
    ordered = sorted(units, key=lambda code: (-units[code], code))
    return [f"{code} {named[code]}: {count(units[code], 'unit')}" for code in ordered]


def _cost(plan: Plan) -> None:
    """Print the cost in one sentence, and its terms in another."""
    found, currency = plan.summary, plan.currency
    if not plan.table.empty:
        cost = "" if math.isnan(found["usd_per_kg"]) else f"; {_per_kg_between(found)} {currency}/kg avoided"
        say(
            f"Cost: NPV {_between(found, 'npv')} million {currency}, equal to {_between(found, 'annuity')} million "
            f"{currency} a year over {count(found['horizon_years'], 'year')}{cost}. Capital: "
            f"{money(found['capital'])} million {currency}."
        )
    if found["capital_only_steps"]:
        say(
            f"{count(found['capital_only_steps'], 'step')} (marked >): capital costs only. The full cost of the plan "
            "is higher."
        )
    say(f"Terms: {with_countries(found['cost_terms'], plan.applied.baseline.projection)}.")


def _conditions(plan: Plan) -> None:
    """Print the conditions of the plan, and the mercury that it moves elsewhere."""
    found = plan.summary
    say(f"Conditions: {found['conditions'] or 'none; each step can be taken as the unit is'}.")
    amounts = [(found["moved_to_sea_kg_per_yr"], "to the sea"), (found["moved_to_ash_kg_per_yr"], "to sold ash")]
    moved = [f"{amount:+,.0f} kg/yr {where}" for amount, where in amounts if round(amount)]
    unknown = found["moved_to_ash_unknown_units"]
    if unknown:
        moved.append(f"not known for ash of {count(unknown, 'unit')}, as column byproduct_use is blank")
    if moved:
        price = found["moved_price_per_yr"]
        priced = f"; priced at {money(price)} million {plan.currency} a year" if price else ""
        say(f"Mercury moved from air: {'; '.join(moved)}{priced}.")


def _basis(plan: Plan, catalogue: Catalogue) -> None:
    """Print what a plan is based on, and the plan without the units whose mercury content should be measured first."""
    from hginventory.decisions.measuring import plan_basis, without

    basis = plan_basis(plan, catalogue)
    for sentence in basis.sentences():
        say(sentence)
    if not basis.first_units:
        return
    other = without(plan, catalogue, basis.first_units)
    excluded = count(len(basis.first_units), "unit")
    if other.plan is None:
        say(f"Without {excluded} there: {other.problem}")
        return
    cost = other.plan.summary
    met = "" if math.isnan(other.p_met) else f"; the probability of meeting the target is {percent(other.p_met)}"
    say(
        f"Without {excluded} there, the same goal has an NPV of {money(cost['npv'])} million {plan.currency} "
        f"({per_kg(cost['usd_per_kg'])} {plan.currency}/kg), at most {percent(cost['gap'], 2)} above the least{met}."
    )


def _pace(plan: Plan) -> None:
    """Print how fast the plan is built."""
    from hginv.output import show_table

    found = plan.summary
    say(f"Lead times: {with_countries(found['lead_times'], plan.applied.baseline.projection)}.")
    say(f"Most that can be built: {with_countries(found['build_up'], plan.applied.baseline.projection)}.")
    starts = plan.starts[plan.starts["retrofits"] > 0].to_dict("records") if len(plan.starts) else []
    rows = [[str(row["year"]), str(row["retrofits"]), f"{row['capacity_mw'] / 1e3:,.1f}"] for row in starts]
    if rows:
        show_table(["year", "retrofits", "GW"], rows, title="Retrofits that start in each year", words=(0,))


def _status(plan: Plan) -> None:
    found = plan.summary
    line = f"Status: {found['status']}, gap {percent(found['gap'], 2)}; {found['candidates']:,} candidates."
    simple = f"Taking steps in the order of their cost per kg has an NPV of {money(found['greedy_npv'])} million"
    if plan.goal.has_target and found["greedy_avoided_kg"] < found.get("tightened_kg", found["needed_kg"]):
        simple += f" and stops short at {found['greedy_avoided_kg']:,.0f} kg"
    elif not plan.goal.has_target:
        simple += f" and avoids {found['greedy_avoided_kg']:,.0f} kg"
    say(f"{line} {simple}.")


def _years(first: int, last: int) -> str:
    return f"in {first}" if first == last else f"from {first} to {last}"


def _between(found: Mapping[str, Any], name: str) -> str:
    return f"{money(found[name])} ({money(found[f'{name}_low'])} to {money(found[f'{name}_high'])})"


def _per_kg_between(found: Mapping[str, Any]) -> str:
    low, high = (per_kg(found[f"usd_per_kg_{end}"]) for end in ("low", "high"))
    return f"{per_kg(found['usd_per_kg'])} ({low} to {high})"


def _steps(plan: Plan, *, full: bool) -> None:
    """Print the largest steps; in full more of them, with the ids of the units and the yearly payments."""
    from hginv.output import show_table

    if plan.table.empty:
        return
    steps = plan.table.head(SHOWN_STEPS if full else FIRST_STEPS).to_dict("records")
    columns = {
        "unit": [", ".join(name for name in (step["plant"], step["unit"]) if isinstance(name, str))
                 or str(step["unit_id"]) for step in steps],
        "id": [str(step["unit_id"]) for step in steps],
        "option": [str(step["option"]) for step in steps],
        "from": [str(step["year"]) for step in steps],
        "avoided kg": [kg(step["avoided_kg"]) for step in steps],
    }  # fmt: skip
    for heading, name, written in (
        (f"NPV million {plan.currency}", "npv", money),
        (f"million {plan.currency}/yr", "annuity", money),
        (f"{plan.currency}/kg", "usd_per_kg", per_kg),
    ):
        columns[heading] = [
            bound(written(step[name]), capital_only=step["unit_id"] in plan.capital_only) for step in steps
        ]
    if any(step["applies"] != "yes" for step in steps):
        columns["applies"] = [str(step["applies"]) for step in steps]
    if not full:
        del columns["id"], columns[f"million {plan.currency}/yr"]
    more = len(plan.table) - len(steps)
    title = f"The largest {count(len(steps), 'step')} ({more:,} more in plan.csv)" if more > 0 else "All steps"
    show_table(list(columns), list(zip(*columns.values(), strict=True)), title=title, words=(0, *range(1, 2 + full)))
