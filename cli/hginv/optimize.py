"""``hginv optimize``: which unit gets what and when, at least cost for a target, or most mercury for a budget."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import PLAN_FILE, make_catalogue, numbers_by_kind, say_written, site_options, terms_options
from hginv.options import same_run
from hginv.run_command import RunSource, run_command

if TYPE_CHECKING:
    from hginventory.decisions.optimisation import Rules

OF_SENSITIVITY = ("fleet", "base_year", "rule", "profile", "where", "seed")


@run_command("optimize", out="Folder for the tables.")
@click.option("--target", metavar="SHARE", help="Reduction of the emission of the year --by, as 50%.")
@click.option("--by", type=int, metavar="YEAR", help="Year of the target; without a target the last year of a step.")
@click.option(
    "--of", "of_what", type=click.Choice(["that-year", "base-year"]), default="that-year", show_default=True,
    help="Emissions that the share refers to: those of that year without action, or of the base year.",
)  # fmt: skip
@click.option("--target-kg", type=float, metavar="KG", help="Mercury avoided to the end of life.")
@click.option("--to-end", is_flag=True, help="Optional with --target-kg, which always counts to the end of life.")
@click.option("--budget", type=float, metavar="MONEY", help="Equal yearly payment over all years of the run, as 80e6.")
@click.option("--budget-total", type=float, metavar="MONEY", help="Net present value of all costs.")
@click.option("--not-before", type=int, metavar="YEAR", help="First year in which a step may start.")
@click.option("--max-per-year", type=click.IntRange(min=1), metavar="N", help="Most retrofits that start in a year.")
@click.option("--exclude", multiple=True, metavar="UNIT", help="Unit that stays as it is; may be repeated.")
@click.option("--only", default="", metavar="EXPR", help="Units that may be changed; the target counts all units.")
@click.option("--with-retirement", is_flag=True, help="Earlier closure may replace a retrofit.")
@click.option("--retirement-cost", type=float, metavar="USD/KW", help="Its price per kW net, paid once.")
@click.option("--accept", metavar="LIST", help="Conditions that the plan may depend on, as so2,article_9.")
@click.option(
    "--moved-price", type=float, metavar="USD/KG",
    help="Price of mercury moved to the sea or into sold ash.  [default: cost_basis: 0, not priced]",
)  # fmt: skip
@click.option(
    "--build-rate",
    multiple=True,
    metavar="LIST",
    help="GW a year that can be built, as scrubber=2.5,injection=5, in each country; none: no limit.  "
    "[default: build_rate]",
)
@click.option("--with-kilns", is_flag=True, help="Kilns may be changed, too; only their capital costs are known.")
@click.option("--confidence", type=float, metavar="P", help="Meet the target with this probability, as 0.9.")
@click.option("--most-per-kg", type=float, metavar="USD/KG",
    help="Show the frontier up to this cost of the next kg.  [default: cost_basis]")  # fmt: skip
@click.option("--full", is_flag=True, help="Print also lead times, build-up, frontier, solver and single draws.")
@click.option("--save", "saved", type=click.Path(path_type=Path), metavar="FILE", help="Write the plan as a scenario.")
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
    """
    from hginv.optimize_text import show_plan
    from hginv.output import say, say_command, show_json
    from hginventory.decisions.optimisation import make_goal, make_plan
    from hginventory.errors import UsageError
    from hginventory.scenarios import check_new_scenario

    if to_end and target_kg is None:
        raise UsageError("--to-end goes with --target-kg, as --target-kg 50000 --to-end.")
    if saved is not None:
        check_new_scenario(saved, "save")  # before the work, and before the tables are written
    rules = _rules(given)
    run = source.open()
    catalogue = make_catalogue(run, given)
    goal = make_goal(
        run.projection,
        target=target,
        target_kg=target_kg,
        budget=budget,
        budget_total=budget_total,
        by=by,
        of_base_year=of_what == "base-year",
    )
    plan = make_plan(
        catalogue, goal, rules, draws=run.draws, seed=run.seed, confidence=confidence, most_per_kg=most_per_kg
    )
    written = say_written(run, plan.tables(), folder, "plan")
    (Path(written) / PLAN_FILE).unlink(missing_ok=True)
    plan.save(Path(written) / PLAN_FILE)
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
    if folder is None:
        say_command("What drives the result:", "sensitivity", "--plan", "last", *same_run(OF_SENSITIVITY))
    if saved is not None:
        say(f"Wrote {saved}.")
    lead = "Next:" if saved is not None else "Next: add --save plan.toml, then"
    say_command(lead, "scenario", "compare", saved or "plan.toml", "blanket_bat", *same_run())


def _rules(given: dict[str, Any]) -> Rules:
    """Return the rules given on the command line; they are taken out."""
    from hginventory.decisions.optimisation import Rules
    from hginventory.decisions.options import read_conditions
    from hginventory.errors import UsageError

    price, offered = given.pop("retirement_cost"), given.pop("with_retirement")
    if offered and price is None:
        raise UsageError("--with-retirement: no price of closure is available. Give one, as --retirement-cost 1200.")
    if price is not None and not offered:
        raise UsageError("--retirement-cost goes with --with-retirement.")
    if price is not None and not price >= 0:
        raise UsageError(f"--retirement-cost: {price:g} USD/kW cannot be used. Write 0 or more.")
    return Rules(
        not_before=given.pop("not_before"),
        per_year=given.pop("max_per_year"),
        exclude=frozenset(given.pop("exclude")),
        only=given.pop("only"),
        closure_usd_per_kw=price,
        accept=read_conditions(filter(None, (given.pop("accept") or "").split(","))),
        moved_price=given.pop("moved_price"),
        build_rate=_build_rate(given.pop("build_rate")),
        with_kilns=given.pop("with_kilns"),
    )


def _build_rate(given: Sequence[str]) -> dict[str, float] | None:
    """Return the rates given on the command line; None for no limit."""
    return None if tuple(given) == ("none",) else numbers_by_kind("build_rate", given)
