"""``hginv measure``: whom to measure, how, at what price, and what that is worth."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import (
    make_catalogue,
    money,
    site_options,
    step_options,
    steps_given,
    terms_options,
)
from hginv.numbers import NUMBER, WHOLE, WholeFrom
from hginv.options import same_run
from hginv.places import say_written
from hginv.run_command import RunSource, run_command

if TYPE_CHECKING:
    from hginventory.decisions.measuring import MeasuringPlan

KINDS = {"coal_analysis": "coal", "limestone_analysis": "limestone", "stack_test": "stack", "CEMS": "monitor"}
OF_SENSITIVITY = ("fleet", "base_year", "rule", "profile", "where", "seed", "named")


@click.group("measure")
def command() -> None:
    """Plan measurements: coal analyses, stack tests, continuous monitors."""


@command.add_command
@run_command("plan", out="Folder for the table.")
@click.option("--target", metavar="SHARE", help="Worth to a plan for this reduction of the year --by, as 50%.")
@click.option("--by", type=WHOLE, metavar="YEAR", help="Year of the target; else the last year of a step.")
@click.option("--target-kg", type=NUMBER, metavar="KG", help="Worth to a plan that avoids so much to the end of life.")
@click.option(
    "--usd-per-kg", type=NUMBER, metavar="USD/KG", help="Instead of a plan: what a kilogram avoided is worth."
)
@click.option("--top", default=10, show_default=True, type=WholeFrom(1), metavar="N", help="Measurements.")
@click.option(
    "--units", "named", default=10, show_default=True, type=WholeFrom(1), metavar="N", help="Units ranked highest."
)
@click.option("--form", type=click.Path(path_type=Path), metavar="FILE.xlsx", help="Write a field form to print.")
@click.option("--lang", "language", default="en", show_default=True, metavar="CODE", help="Language of the form.")
@click.option("--overwrite", is_flag=True, help="Replace the form where it exists.")
@step_options
@site_options
@terms_options
def plan(
    source: RunSource,
    target: str | None,
    by: int | None,
    target_kg: float | None,
    usd_per_kg: float | None,
    top: int,
    named: int,
    form: Path | None,
    language: str,
    overwrite: bool,
    folder: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Make a monitoring programme: one measurement at each plant or stack, with method, price and worth.

    Without a target or a price of a kilogram, measurements are in the order of how much they narrow the ranking of the
    largest units; with one, in the order of their value to the plan less their price.
    The plan chooses among the same steps as hginv optimize; limits on what can be built in a year are ignored.

    \b
    Examples:
      hginv measure plan --fleet indonesia.xlsx
      hginv measure plan --target 50% --by 2035 --form form.xlsx --fleet indonesia.xlsx
    """
    from hginv.output import say, say_command, show_json
    from hginventory.decisions.optimisation import make_rules
    from hginventory.files import check_target
    from hginventory.translations import translator

    translator(language)
    if form is not None:
        check_target(form, "form", ".xlsx", overwrite=overwrite)  # before the work
    rules = make_rules(**steps_given(given))
    run = source.open()
    catalogue = make_catalogue(run, given)
    found = run.measuring_plan(
        catalogue=catalogue, target=target, by=by, target_kg=target_kg, usd_per_kg=usd_per_kg, rules=rules,
        top=named, shown=top,
    )  # fmt: skip
    written = say_written(run, {"measuring_plan": found.table}, folder, "measuring")
    if form is not None:
        found.save_form(form, language=language, overwrite=overwrite)
    if as_json:
        paths = {"folder": written, "form": None if form is None else str(form)}
        show_json("measure plan", {**found.as_dict(), **paths}, (*run.findings, *catalogue.findings))
        return
    show_programme(found)
    click.echo()
    say(f"Wrote {written}/ with measuring_plan.csv.")
    if form is not None:
        say(f"Wrote {form}: one page to print for each, and the rows of the sheet Measurements.")
    if found.to_plan is None:
        say("Next: add --target 50% --by 2035, for what each is worth to a plan.")
    elif form is None:
        say("Next: add --form form.xlsx, to print and to take the results.")
    else:
        say_command("All measurements:", "sensitivity", "--plan", *same_run(OF_SENSITIVITY))


def show_programme(found: MeasuringPlan) -> None:
    """Print a programme at the width of the terminal."""
    from hginv.output import number, say, show_table
    from hginventory.decisions.costs import Range
    from hginventory.inputs.fleet import as_records

    sampling, rows = found.sampling, as_records(found.table)
    if not rows:
        say("Nothing to measure: all values that a measurement could give are known.")
        return
    say(
        f"Now {sampling.right:.1f} of the {sampling.top} units ranked highest are likely to be in the true top "
        f"{sampling.top}; the 90 % interval of the total is {sampling.width_t:,.0f} t wide."
    )
    if found.to_plan is not None:
        price = found.to_plan
        worth = (
            f"{price.usd_per_kg:,.0f} {found.currency}"
            if not math.isnan(price.usd_per_kg)
            else f"{price.price:,.0f} {found.currency} of present value, if in the year of the target"
        )
        say(
            f"A kilogram avoided is worth {worth} ({price.words}). The value of a measurement is the present value "
            "that a plan gains on average when the measurement is made first. Limits on what can be built in a year "
            "are ignored."
        )
    show_table(
        ["#", "measure", "plant", "id", "method", "expected", "limit", "margin"],
        [
            [str(row["number"]), ", ".join(filter(None, (KINDS[row["kind"]], str(row["stack"])))), str(row["plant"]),
             str(row["unit_id"]), str(row["standard"]), _with_unit(row["expected"], row["measured_in"]),
             "" if math.isnan(row["detection_limit"]) else f"{row['detection_limit']:g}", _times(row["margin"])]
            for row in rows
        ],
        title="What to measure, and by which method (limit: the lowest value that the method detects)",
        words=(0, 1, 2, 3, 4),
    )  # fmt: skip
    heads = ["#", "plant", f"price {found.currency}", "units correct", "t found", "width t"]
    million = f"million {found.currency}"
    in_money = [f"value {million}", f"value less price {million}"] if found.to_plan is not None else []
    show_table(
        heads + in_money,
        [
            [str(row["number"]), str(row["plant"]), Range(*(row[f"price{end}"] for end in ("", "_low", "_high"))).ends,
             number(row["gain_right"], 2, signed=True), number(row["gain_t"], 2, signed=True),
             number(-row["width_fall_t"], 1, signed=True),
             *([money(row["worth"]), money(row["worth_less_price"])] if in_money else [])]
            for row in rows
        ],
        title=f"Value of each measurement: more units of the true top {sampling.top} found, their emissions, and "
        "change of the width of the interval of the total"
        + (f"; money of {found.price_year}" if in_money else ""),
        words=(0, 1),
    )  # fmt: skip
    _methods(rows)
    under = [str(row["number"]) for row in rows if row["standard"] and not row["told_at_p05"]]
    if under:
        say(
            f"At the low end of what is expected, {', '.join(under)} would be below the limit of the method: sample "
            "longer, or ask the laboratory for a lower limit."
        )


def _methods(rows: list[dict[str, Any]]) -> None:
    from hginv.output import say
    from hginventory.decisions.measuring import WITHOUT

    for standard, row in {row["standard"]: row for row in reversed(rows) if row["standard"]}.items():
        say(
            f"{standard}: {row['measures']}; {row['averaging']}; how often: {row['frequency']}; "
            f"limit: {row['limit_is']}; price: {row['campaign'] or 'first year of a monitor'}; {row['price_from']}.",
            indent=2,
        )
    if any(not row["standard"] for row in rows):
        say("Limestone and raw meal: no method and no price are available.")
    if any(row["standard"] for row in rows):
        say(WITHOUT)


def _with_unit(value: float, unit: str) -> str:
    return "" if math.isnan(value) else f"{value:.3g} {unit}"


def _times(margin: float) -> str:
    return "" if math.isnan(margin) else f"{margin:,.0f} x" if margin >= 10 else f"{margin:.1f} x"
