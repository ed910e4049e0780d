"""``hginv optimize``: which unit gets what and when, at least cost for a target, or most mercury for a budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hginv.cost_options import (
    LAST,
    make_catalogue,
    numbers_by_kind,
    site_options,
    step_options,
    steps_given,
    terms_options,
)
from hginv.numbers import NUMBER, WHOLE, WholeFrom
from hginv.options import same_run
from hginv.places import say_written
from hginv.run_command import RunSource, run_command

OF_A_PLAN = ("max_per_year", "with_retirement", "accept", "moved_price", "build_rate")
OF_SENSITIVITY = ("fleet", "base_year", "rule", "profile", "where", "seed")


@run_command("optimize", out="Folder for the tables.")
@click.option("--target", metavar="SHARE", help="Reduction of the emission of the year --by, as 50%.")
@click.option("--by", type=WHOLE, metavar="YEAR", help="Year of the target; without a target the last year of a step.")
@click.option(
    "--of", "of_what", type=click.Choice(["that-year", "base-year"]), default="that-year", show_default=True,
    help="Emissions that the share refers to: those of that year without action, or of the base year.",
)  # fmt: skip
@click.option("--target-kg", type=NUMBER, metavar="KG", help="Mercury avoided to the end of life.")
@click.option("--to-end", is_flag=True, help="Optional with --target-kg, which always counts to the end of life.")
@click.option("--budget", type=NUMBER, metavar="MONEY", help="Equal yearly payment over all years of the run, as 80e6.")
@click.option("--budget-total", type=NUMBER, metavar="MONEY", help="Net present value of all costs.")
@click.option("--max-per-year", type=WholeFrom(min=1), metavar="N", help="Most retrofits that start in a year.")
@click.option(
    "--max-units", type=WholeFrom(min=1), metavar="N",
    help="Most units that are changed; without a goal: the N units of lowest cost per kilogram avoided.",
)  # fmt: skip
@click.option("--with-retirement", is_flag=True, help="Earlier closure may replace a retrofit.")
@click.option("--retirement-cost", type=NUMBER, metavar="USD/KW", help="Its price per kW net, paid once.")
@click.option(
    "--build-rate",
    multiple=True,
    metavar="LIST",
    help="GW a year that can be built, as scrubber=2.5,injection=5, in each country; none: no limit.  "
    "[default: build_rate]",
)
@click.option("--confidence", type=NUMBER, metavar="P", help="Meet the target with this probability, as 0.9.")
@click.option("--most-per-kg", type=NUMBER, metavar="USD/KG",
    help="Show the frontier up to this cost of the next kg.  [default: cost_basis]")  # fmt: skip
@click.option("--full", is_flag=True, help="Print also lead times, build-up, frontier, solver and single draws.")
@click.option("--save", "saved", type=click.Path(path_type=Path), metavar="FILE", help="Write the plan as a scenario.")
@step_options
@site_options
@terms_options
def command(
    source: RunSource,
    target: str | None,
    by: int | None,
    of_what: str,
    target_kg: float | None,
    to_end: bool,
    budget: float | None,
    budget_total: float | None,
    confidence: float | None,
    most_per_kg: float | None,
    full: bool,
    saved: Path | None,
    folder: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Find the cheapest plan for a target, or avoid the most mercury for a budget: unit, option, year.

    A share is a reduction of one year's emission; mercury in kg is counted to the end of life. Cost is the net present
    value of all years. Each unit gets one option, or a pair of them, in one year.

    \b
    Examples:
      hginv optimize --target 50% --by 2035 --fleet indonesia.xlsx
      hginv optimize --target 33.2% --by 2030 --of base-year --max-per-year 20 --confidence 0.9 --fleet indonesia.xlsx
      hginv optimize --budget 80e6 --save plan.toml --fleet indonesia.xlsx
      hginv optimize --max-units 10 --fleet indonesia.xlsx
    """
    from hginv.optimize_text import show_plan
    from hginv.output import say, say_command, show_json
    from hginventory.errors import UsageError
    from hginventory.report.record import PLAN_FILE, PLAN_PLACE
    from hginventory.scenarios import check_new_scenario

    if to_end and target_kg is None:
        raise UsageError("--to-end goes with --target-kg, as --target-kg 50000 --to-end.")
    if saved is not None:
        check_new_scenario(saved, "save")  # before the work, and before the tables are written
    if given["max_units"] is not None and (target, target_kg, budget, budget_total) == (None,) * 4:
        _refuse({"by": by, "confidence": confidence, "save": saved, **{n: given[n] for n in OF_A_PLAN if given[n]}})
        _show_best(source, given, folder, as_json=as_json)
        return
    rules = _rules(given)
    run = source.open()
    catalogue = make_catalogue(run, given)
    plan = run.optimize(
        target=target,
        by=by,
        of_base_year=of_what == "base-year",
        target_kg=target_kg,
        budget=budget,
        budget_total=budget_total,
        confidence=confidence,
        most_per_kg=most_per_kg,
        catalogue=catalogue,
        **rules,
    )
    written = say_written(run, plan.tables(), folder, PLAN_PLACE, more={PLAN_FILE: plan.save})
    if saved is not None:
        plan.save(saved)
    if as_json:
        paths = {"folder": written, "scenario": None if saved is None else str(saved)}
        show_json("optimize", {**plan.as_dict(), **paths}, (*run.findings, *catalogue.findings))
        return
    show_plan(plan, catalogue, full=full)
    click.echo()
    say(f"Wrote {written}/ with {', '.join((*(f'{name}.csv' for name in plan.tables()), PLAN_FILE))}.")
    if not full:
        say("Lead times, build-up rates, cost frontier and solver: --full")
    of_plan = LAST if folder is None else str(Path(written) / PLAN_FILE)
    say_command("What drives the result:", "sensitivity", "--plan", of_plan, *same_run(OF_SENSITIVITY))
    if saved is not None:
        say(f"Wrote {saved}.")
    lead = "Next:" if saved is not None else "Next: add --save plan.toml, then"
    say_command(lead, "scenario", "compare", saved or "plan.toml", "blanket_bat", *same_run())


def _refuse(given: dict[str, Any]) -> None:
    """Raise where an option is given that says something of a plan only."""
    from hginventory.errors import UsageError

    found = [name for name, value in given.items() if value is not None]
    if found:
        words = "this goes with a goal. Add one, as `target='50%'` with `by`, or leave it out."
        raise UsageError(words, parameter=found[0])


def _show_best(source: RunSource, given: dict[str, Any], folder: str | None, *, as_json: bool) -> None:
    """Show the units of lowest cost per kilogram avoided, each with its best step."""
    from hginv.equal_text import show_best_units
    from hginv.output import say, say_command, show_json
    from hginventory.decisions.optimisation import best_units, make_rules

    rules = make_rules(**_rules(given))
    run = source.open()
    catalogue = make_catalogue(run, given)
    table = best_units(catalogue, rules)
    written = say_written(run, {"best_units": table}, folder, "best-units")
    if as_json:
        units = table.to_dict("records")
        show_json("optimize", {"best_units": units, "folder": written}, (*run.findings, *catalogue.findings))
        return
    show_best_units(table, run.targeting_sentences())
    click.echo()
    say(f"Wrote {written}/ with best_units.csv.")
    say_command("Next:", "scenario", "compare", "best_value_10", "blanket_bat", "--equal-kg", *same_run())


def _rules(given: dict[str, Any]) -> dict[str, Any]:
    """Return the rules given on the command line as parameters of `Analysis.optimize`; they are taken out."""
    from hginventory.errors import UsageError

    price, offered = given.pop("retirement_cost"), given.pop("with_retirement")
    if offered and price is None:
        raise UsageError("--with-retirement: no price of closure is available. Give one, as --retirement-cost 1200.")
    if price is not None and not offered:
        raise UsageError("--retirement-cost goes with --with-retirement.")
    rate = tuple(given.pop("build_rate"))
    return {
        **steps_given(given),
        "per_year": given.pop("max_per_year"),
        "max_units": given.pop("max_units"),
        "closure_usd_per_kw": price,
        "build_rate": "none" if rate == ("none",) else numbers_by_kind("build_rate", rate),
    }
