"""``hginv sensitivity``: what drives the result, and which measurements would make it surer."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import LAST, last_plan
from hginv.options import (
    draws_unless_of_a_run,
    json_option,
    lifetime_option,
    projection_options,
    same_run,
    source_option,
    table_options,
)
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.decisions.measuring import PlanSensitivity
    from hginventory.decisions.sensitivity import SamplingPlan, Sensitivity

LEAST_SHOWN = 0.005  # groups that explain less than this of everything are summed up in one line

DRAWS, DRAWS_OF_A_PLAN = 4000, 1000  # a plan needs a run for every factor, as the fleet is and as it becomes
TO_MEASURE = ""  # value of --plan without a plan
OF_THE_PLAN = ("fleet", "base_year", "rule", "profile", "where", "lifetime_spread", "seed", "named")


@click.command("sensitivity")
@source_option
@projection_options
@lifetime_option
@click.option(
    "--draws", type=int, metavar="N",
    help=f"Draws of each run.  [default: {DRAWS}; {DRAWS_OF_A_PLAN} with the file of a plan]",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=int, metavar="S", help="Seed of the draws.")
@click.option(
    "--units", "named", default=10, show_default=True, type=click.IntRange(1), metavar="N", help="Units named."
)
@click.option(
    "--plan", is_flag=False, flag_value=TO_MEASURE, metavar="[FILE|last]",
    help="Instead: what to measure, where, and what it would be worth. With the file of a plan, or last: what drives "
    "what the plan avoids, and what to measure first for it.",
)  # fmt: skip
@click.option("--top", default=10, show_default=True, type=click.IntRange(1), metavar="N", help="Measurements shown.")
@table_options("Write the whole table as CSV.")
@json_option
def command(
    fleet: str,
    base_year: int | None,
    rule: str | None,
    profile: str | None,
    where: str | None,
    lifetime_spread: float | None,
    draws: int | None,
    seed: int,
    named: int,
    plan: str | None,
    top: int,
    out: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Show what drives the total and the names of the largest units; with --plan, what to measure to settle them.

    \b
    Examples:
      hginv sensitivity --fleet indonesia.xlsx
      hginv sensitivity --plan --fleet indonesia.xlsx -o sampling_plan.csv
      hginv sensitivity --plan last --fleet indonesia.xlsx
    """
    from hginv.output import show_json
    from hginv.progress import bar, waiting
    from hginventory.files import check_target, new_file, write_csv
    from hginventory.reopen import open_run

    if out is not None:
        check_target(out, "path", ".csv", overwrite=overwrite)  # before the work
    if draws is None:
        draws = DRAWS if plan in (None, TO_MEASURE) else DRAWS_OF_A_PLAN
    run = open_run(
        fleet, base_year=base_year, rule=rule, lifetime_spread=lifetime_spread, profile=profile, where=where,
        draws=draws, seed=draws_unless_of_a_run(fleet, draws, seed)["seed"],
    )  # fmt: skip
    data: dict[str, Any]
    if plan == TO_MEASURE:
        with waiting(f"drawing {draws:,} times"):
            found = run.sampling_plan(top=named)
        table, data = found.table, found.as_dict(top)
    elif plan is not None:
        path = last_plan(run) if plan == LAST else plan
        with bar(f"drawing {draws:,} times a factor") as told:
            of_plan = run.plan_sensitivity(path, draws, progress=told)
        table, data = of_plan.table, of_plan.as_dict(top)
    else:
        with bar(f"drawing {draws:,} times a factor") as told:
            shares = run.sensitivity(draws, top=named, progress=told)
        table, data = shares.table, shares.as_dict()
    if out is not None:
        with new_file(out, "path") as new:
            write_csv(table, new)
    if as_json:
        show_json("sensitivity", {**data, "written": None if out is None else str(out)}, run.findings)
        return
    if plan == TO_MEASURE:
        _show_plan(found, top)
        if run.projection.settings.lifetime_spread:
            click.echo("Lifetimes are held fixed here: no measurement tells when a unit closes.")
    elif plan is not None:
        _show_of_plan(of_plan, top)
    else:
        _show_shares(shares)
    if out is not None:
        click.echo(f"Wrote {out}.")


def _show_shares(found: Sensitivity) -> None:
    from hginv.output import command_line, say, show_table

    names = ("total", "right", "lost")
    rows, small = [], [0.0, 0.0, 0.0]
    for row in found.table.to_dict("records"):
        shares = [row[f"{name}_alone"] for name in names]
        if row["scope"] and max(map(abs, shares)) < LEAST_SHOWN:
            small = [left + share for left, share in zip(small, shares, strict=True)]
            continue
        cells = [_share(row[f"{name}_alone"], row[f"{name}_alone_error"]) for name in names]
        rows.append([row["factor"], row["scope"], *cells])
    if any(small):
        rows.insert(len(rows) - 1, ["all others", "", *(_share(share) for share in small)])
    headings = ["factor", "shared by", f"total {found.total_mean_t:.0f} t", "named right", "missed t"]
    show_table(headings, rows, title="Share of variance explained alone, with its standard error", words=(0, 1))
    sentences = (
        f"Total over the remaining life {found.total_mean_t:,.0f} t (standard deviation {found.total_sd_t:,.0f}); "
        f"{found.right_mean:.1f} of the named {found.top} are right ({found.right_sd:.1f}); "
        f"the named miss {found.lost_mean_t:,.1f} t ({found.lost_sd_t:,.1f}).",
        "Interactions are what no factor explains alone. A small negative share is a zero with its sampling error.",
    )
    for sentence in sentences:
        say(sentence)
    click.echo(f"Next, for what to measure: {command_line('sensitivity', '--plan', *same_run(OF_THE_PLAN))}")


def _show_of_plan(found: PlanSensitivity, top: int) -> None:
    from hginv.output import say, show_table

    rows = [[row["factor"], row["scope"], _share(row["alone"], row["alone_error"])]
            for row in found.table.to_dict("records") if abs(row["alone"]) >= LEAST_SHOWN]  # fmt: skip
    title = "Share of the variance of what the plan avoids, explained alone, with its standard error"
    show_table(["factor", "shared by", "avoided"], rows, title=title, words=(0, 1))
    say(f"The plan {found.name} avoids {found.mean_kg:,.0f} kg over the remaining life (standard deviation "
        f"{found.sd_kg:,.0f} kg).")  # fmt: skip
    told = found.measurements.head(top).to_dict("records")
    if not told:
        click.echo("No measurement at a unit of the plan would tell more of it.")
        return
    rows = [[str(row["number"]), str(row["kind"]).replace("_", " "), str(row["plant"]), str(row["unit_id"]),
             f"{row['told_kg']:,.0f}", f"{row['told']:.1%}"] for row in told]  # fmt: skip
    title = "What to measure first for the plan; told: of what it avoids, as a standard deviation"
    show_table(["", "measure", "plant", "id", "kg told", "of variance"], rows, title=title, words=(0, 1, 2, 3))
    say(f"1. {told[0]['words']}", indent=3)


def _share(share: float, error: float | None = None) -> str:
    if math.isnan(share):  # nothing varies
        return "none"
    shown = round(share, 3) + 0.0  # no minus before a zero
    return percent(shown, 1) if error is None else f"{percent(shown, 1)} +-{percent(error, 1)}"


def _show_plan(plan: SamplingPlan, top: int) -> None:
    from hginv.output import say, show_table

    say(
        f"Now {plan.right:.1f} of the named {plan.top} are expected to be right, and to miss {plan.lost_t:,.1f} t; "
        f"the 90 % interval of the total is {plan.width_t:,.0f} t wide."
    )
    rows = [
        [
            str(row["number"]), str(row["kind"]).replace("_", " "), str(row["plant"]), str(row["units_served"]),
            f"+{row['gain_right']:.2f}", f"+{row['gain_t']:.2f}", f"-{row['width_fall_t']:.2f}", str(row["cell"]),
        ]
        for row in plan.table.head(top).to_dict("records")
    ]  # fmt: skip
    headings = ["", "measure", "plant", "units", "right", "t held", "width t", "write to"]
    show_table(headings, rows, title="Measurements by what they would be worth", words=(1, 2, 7))
    for row in plan.table.head(top).to_dict("records"):
        say(f"{row['number']}. {row['words']}", indent=3)
    after = plan.table.head(top)[["right_so_far", "lost_t_so_far"]].dropna()
    if len(after):
        right, lost = after.iloc[-1]
        say(
            f"All {len(after)} together: {right:.1f} of {plan.top} right, {lost:,.1f} t missed. "
            "What they are worth one by one does not add up."
        )
