"""``hginv sensitivity``: what explains the uncertainty of the result, and which measurements would narrow it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import LAST, last_plan
from hginv.numbers import WHOLE, WholeFrom
from hginv.options import (
    draws_unless_of_a_run,
    json_option,
    lifetime_option,
    projection_options,
    same_run,
    source_option,
    table_options,
)
from hginv.places import given_record, say_written
from hginventory.units import percent

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.decisions.measuring import PlanSensitivity
    from hginventory.decisions.sensitivity import SamplingPlan, Sensitivity
    from hginventory.run import Run

LEAST_SHOWN = 0.005  # groups that explain less than this of everything are summed up in one line

DRAWS, DRAWS_OF_A_PLAN = 4000, 1000  # a plan needs a run for every factor, as the fleet is and as it becomes
TO_MEASURE = ""  # value of --plan without a plan
OF_THE_PLAN = ("fleet", "base_year", "rule", "profile", "where", "lifetime_spread", "seed", "named")


@click.command("sensitivity")
@source_option
@projection_options
@lifetime_option
@click.option(
    "--draws", type=WHOLE, metavar="N",
    help=f"Draws of each run.  [default: {DRAWS}; {DRAWS_OF_A_PLAN} with the file of a plan]",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=WHOLE, metavar="S", help="Seed of the draws.")
@click.option(
    "--units", "named", default=10, show_default=True, type=WholeFrom(1), metavar="N", help="Units ranked highest."
)
@click.option(
    "--plan", is_flag=False, flag_value=TO_MEASURE, metavar="[FILE|last]",
    help="Instead: what to measure, where, and what it would be worth. With the file of a plan, or last: what "
    "explains the uncertainty of the mercury that the plan avoids, and what to measure first for it.",
)  # fmt: skip
@click.option("--top", default=10, show_default=True, type=WholeFrom(1), metavar="N", help="Measurements shown.")
@table_options("Write the whole table as CSV.  [default: in the run folder of --fleet]")
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
    """Show what explains the uncertainty of the total and of the top units; with --plan, what to measure first.

    \b
    Examples:
      hginv sensitivity --fleet indonesia.xlsx
      hginv sensitivity --plan --fleet indonesia.xlsx -o sampling_plan.csv
      hginv sensitivity --plan last --fleet indonesia.xlsx
    """
    from hginv.output import say, show_json
    from hginv.progress import bar, waiting
    from hginventory.files import check_target
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
        with bar(f"drawing {draws:,} times a factor") as shown:
            of_plan = run.plan_sensitivity(path, draws, progress=shown)
        table, data = of_plan.table, of_plan.as_dict(top)
    else:
        with bar(f"drawing {draws:,} times a factor") as shown:
            shares = run.sensitivity(draws, top=named, progress=shown)
        table, data = shares.table, shares.as_dict()
    out = _write(run, table, out, plan)
    if as_json:
        show_json("sensitivity", {**data, "written": None if out is None else str(out)}, run.findings)
        return
    if plan == TO_MEASURE:
        _show_plan(found, top)
        if run.projection.settings.lifetime_spread:
            say("Lifetimes are fixed here: no measurement can show when a unit closes.")
    elif plan is not None:
        _show_of_plan(of_plan, top)
    else:
        _show_shares(shares)
    if out is not None:
        say(f"Wrote {out}.")


def _write(run: Run, table: pd.DataFrame, out: Path | None, plan: str | None) -> Path | None:
    """Write the table into the file named, else into the run folder given, and return the file; None for neither."""
    from hginventory.files import new_file, write_csv

    if out is not None:
        with new_file(out, "path") as new:
            write_csv(table, new)
    elif given_record(run) is not None:
        place = "sensitivity" if plan is None else "sampling"
        name = {None: "sensitivity", TO_MEASURE: "measurements"}.get(plan, "plan_sensitivity")
        return Path(say_written(run, {name: table}, None, place)) / f"{name}.csv"
    return out


def _show_shares(found: Sensitivity) -> None:
    from hginv.output import say, say_command, show_table

    names = ("total", "right", "lost")
    rows, small = [], [0.0, 0.0, 0.0]
    for row in found.table.to_dict("records"):
        shares = [row[f"{name}_alone"] for name in names]
        if row["scope"] and max(map(abs, shares)) < LEAST_SHOWN:
            small = [left + share for left, share in zip(small, shares, strict=True)]
            continue
        cells = [_share(row[f"{name}_alone"], row[f"{name}_alone_error"]) for name in names]
        rows.append([row["factor"], _scope(row["scope"]), *cells])
    if any(small):
        rows.insert(len(rows) - 1, ["all others", "", *(_share(share) for share in small)])
    headings = ["factor", "same for each", "total", f"top {found.top} correct", "t missed"]
    title = "Share of the variance that each factor explains alone, with its standard error"
    show_table(headings, rows, title=title, words=(0, 1))
    say(
        f"Total: remaining-lifetime emissions, {found.total_mean_t:,.0f} t (standard deviation "
        f"{found.total_sd_t:,.0f} t).",
        "- ",
    )
    say(
        f"Top {found.top} correct: how many of the {found.top} units ranked highest are in the true top {found.top}, "
        f"{found.right_mean:.1f} (standard deviation {found.right_sd:.1f}).",
        "- ",
    )
    say(
        f"t missed: what the true top {found.top} emit more than these units, {found.lost_mean_t:,.1f} t (standard "
        f"deviation {found.lost_sd_t:,.1f} t).",
        "- ",
    )
    say("Interactions: variance that no factor explains alone. A small negative share is sampling error around zero.")
    say_command("Next, what to measure:", "sensitivity", "--plan", *same_run(OF_THE_PLAN))


def _show_of_plan(found: PlanSensitivity, top: int) -> None:
    from hginv.output import number, say, show_table

    rows = [[row["factor"], _scope(row["scope"]), _share(row["alone"], row["alone_error"])]
            for row in found.table.to_dict("records") if abs(row["alone"]) >= LEAST_SHOWN]  # fmt: skip
    title = (
        "Share of the variance of the mercury that the plan avoids that each factor explains alone, with its "
        "standard error"
    )
    show_table(["factor", "same for each", "avoided"], rows, title=title, words=(0, 1))
    say(f"The plan {found.name} avoids {number(found.mean_kg)} kg over the remaining life (standard deviation "
        f"{found.sd_kg:,.0f} kg).")  # fmt: skip
    first = found.measurements.head(top).to_dict("records")
    if not first:
        say("No measurement at a unit of the plan would narrow the interval of the mercury that it avoids.")
        return
    rows = [[str(row["number"]), str(row["kind"]).replace("_", " "), str(row["plant"]), str(row["unit_id"]),
             number(row["told_kg"]), percent(row["told"], 1)] for row in first]  # fmt: skip
    title = "What to measure first for the plan, and the uncertainty of its avoided mercury that this removes"
    headings = ["#", "measurement", "plant", "id", "standard deviation [kg]", "share of variance"]
    show_table(headings, rows, title=title, words=(0, 1, 2, 3))
    say(f"1. {first[0]['words']}", indent=3)


def _scope(name: str) -> str:
    """Return what shares an error in words, as ``coal class`` for ``coal_class``."""
    return name.replace("_", " ")


def _share(share: float, error: float | None = None) -> str:
    if math.isnan(share):  # nothing varies
        return "none"
    return percent(share, 1) if error is None else f"{percent(share, 1)} +-{percent(error, 1)}"


def _show_plan(plan: SamplingPlan, top: int) -> None:
    from hginv.output import number, say, show_table

    say(
        f"Now {plan.right:.1f} of the {plan.top} units ranked highest are likely to be in the true top {plan.top}, "
        f"which would emit {plan.lost_t:,.1f} t more. The 90 % interval of the total is {plan.width_t:,.0f} t wide."
    )
    rows = [
        [
            str(row["number"]), str(row["kind"]).replace("_", " "), str(row["plant"]), str(row["units_served"]),
            number(row["gain_right"], 2, signed=True), number(row["gain_t"], 2, signed=True),
            number(-row["width_fall_t"], 2, signed=True), str(row["cell"]),
        ]
        for row in plan.table.head(top).to_dict("records")
    ]  # fmt: skip
    headings = ["#", "measurement", "plant", "units", "units correct", "t found", "width t", "write to"]
    title = (
        f"Measurements worth most: more units of the true top {plan.top} found, their emissions, and change of the "
        "width of the interval of the total"
    )
    show_table(headings, rows, title=title, words=(0, 1, 2, 7))
    for row in plan.table.head(top).to_dict("records"):
        say(f"{row['number']}. {row['words']}", indent=3)
    after = plan.table.head(top)[["right_so_far", "lost_t_so_far"]].dropna()
    if len(after):
        right, lost = after.iloc[-1]
        say(
            f"All {len(after)} together: {right:.1f} of {plan.top} units correct, {lost:,.1f} t missed. The values of "
            "single measurements do not add up."
        )
